/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/names.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <pwd.h>
#include <string.h>

const char *outcome_name(enum sluice_outcome outcome)
{
    static const char *const names[] = {"none",   "success", "unchanged", "partial",
                                        "failed", "held",    "cancelled"};
    return (size_t)outcome < ELEMENTS(names) ? names[outcome] : "unknown";
}

enum ink outcome_ink(enum sluice_outcome outcome)
{
    switch (outcome) {
    case SLUICE_OUTCOME_FAILED:
        return INK_BAD;
    case SLUICE_OUTCOME_HELD:
    case SLUICE_OUTCOME_PARTIAL:
    case SLUICE_OUTCOME_CANCELLED:
        return INK_WARN;
    default:
        return INK_PLAIN;
    }
}

void elapsed_format(int64_t us, char ret_text[ELAPSED_TEXT_SIZE])
{
    int64_t seconds = us / US_PER_SECOND;
    if (seconds >= 60)
        snprintf(ret_text, ELAPSED_TEXT_SIZE, "%lld min %02d s", (long long)(seconds / 60),
                 (int)(seconds % 60));
    else
        snprintf(ret_text, ELAPSED_TEXT_SIZE, "%.2f s", (double)us / (double)US_PER_SECOND);
}

char *user_name(void)
{
    struct passwd entry, *found = NULL;
    char text[1024], number[32];
    if (getpwuid_r(getuid(), &entry, text, sizeof text, &found) == 0 && found != NULL)
        return strdup(found->pw_name);
    snprintf(number, sizeof number, "user %u", (unsigned)getuid());
    return strdup(number);
}
