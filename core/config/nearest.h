/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest of the words that are offered; far-away ones are not worth a guess. */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

struct nearest {
    const char *wanted;
    const char *word;  /* NULL: none is near */
    unsigned distance; /* of `word`; 0: it is the wanted one */
};

struct nearest nearest_to(const char *wanted);
void nearest_offer(struct nearest *nearest, const char *word);

#endif
