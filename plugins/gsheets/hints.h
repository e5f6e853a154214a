/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drive as a hint that saves requests: one list of changes covers every sheet that is shared with the account. A hint
 * may be missing and nothing is wrong then; it never says that something is new. Formulas over other sheets change
 * without Drive knowing, so the engine reads in full every n-th run.
 */
#ifndef GSHEETS_HINTS_H
#define GSHEETS_HINTS_H

#include "gsheets.h"

enum { HINTS_TEXT_SIZE = 128 };

/* Where the list of changes stands now, to be kept with what is read afterwards; "" when Drive does not tell us about
 * changes of this file. [run] */
void hints_token(struct gsheets *self, const char *id, char token[HINTS_TEXT_SIZE]);

/* Whether the list of changes since `token` ("" answers false) is known and does not name the file. [run] */
bool hints_unchanged(struct gsheets *self, const char *id, const char *token);

/* Drive's version of a file, or "" when it does not say. [run] */
void hints_version(struct gsheets *self, const char *id, char version[HINTS_TEXT_SIZE]);

#endif
