/* SPDX-License-Identifier: Apache-2.0 */
/* What Google gives to everyone: fetched without credentials, refused in words that say what to share. */
#ifndef GSHEETS_PUBLIC_H
#define GSHEETS_PUBLIC_H

#include "cursor.h"

/* OK with a document of status 200 to release, which may still be a sign-in page; UNCHANGED when `known` (or NULL) is
 * its version. [run] */
enum sluice_status public_fetch(const struct cursor *cursor, const char *location, const char *known,
                                const struct sluice_document **ret_document, struct sluice_error *err);

/* AUTH: it asks to sign in. */
enum sluice_status public_not(const struct cursor *cursor, struct sluice_error *err);

#endif
