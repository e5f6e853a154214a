/* SPDX-License-Identifier: Apache-2.0 */
/* How many columns of a terminal text takes. Independent of the user's locale: our text is always UTF-8. */
#ifndef CLI_WIDTH_H
#define CLI_WIDTH_H

#include <sluice/plugin.h>

struct width_step {
    size_t length;    /* bytes of the character, at least 1 */
    unsigned columns; /* 0, 1 or 2; 1 for a harmful one, which is shown as one sign */
    bool harmful;     /* a control, a mark that turns the reading direction, or no UTF-8 */
};

/* The first character of n > 0 bytes. */
struct width_step width_next(const char *text, size_t n);
size_t width_of(struct sluice_cell text);
/* The longest beginning that takes at most `columns`. */
struct sluice_cell width_cut(struct sluice_cell text, size_t columns);

#endif
