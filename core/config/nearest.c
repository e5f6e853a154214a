/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest of the words that are offered. */
#include "config/nearest.h"

#include "base/text.h"

#include <string.h>

/* Two letters changed places count as two; a longer word may hold more slips. */
struct nearest nearest_to(const char *wanted)
{
    size_t n = strlen(wanted);
    return (struct nearest){.wanted = wanted, .distance = n < 3 ? 2 : 3 + (unsigned)(n / 8)};
}

void nearest_offer(struct nearest *nearest, const char *word)
{
    if (nearest->distance == 0)
        return;
    unsigned distance = text_distance(nearest->wanted, word, nearest->distance - 1);
    if (distance >= nearest->distance)
        return;
    nearest->word = word;
    nearest->distance = distance;
}
