/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks: a service account, an API key, or nobody. Tokens are kept in the host's memo, so that all workers of a
 * process share one, and renewed before they end. No message names a secret; the account's address is none.
 */
#ifndef GSHEETS_ACCESS_H
#define GSHEETS_ACCESS_H

#include <sluice/plugin.h>

#define SCOPE_SHEETS "https://www.googleapis.com/auth/spreadsheets.readonly"
#define SCOPE_HINTS  SCOPE_SHEETS " https://www.googleapis.com/auth/drive.metadata.readonly" /* and the sheets */
#define SCOPE_FILES  "https://www.googleapis.com/auth/drive.readonly"

enum access_kind { ACCESS_NOBODY, ACCESS_KEY, ACCESS_ACCOUNT };

struct access;

/* `credentials`: path of a service account's key file, or NULL; `api_key`: or NULL. The file wins. [any] */
enum sluice_status access_new(const struct sluice_host *host, const char *credentials, const char *api_key,
                              struct access **ret_access, struct sluice_error *err);
void access_free(struct access *access); /* accepts NULL; wipes what it knew */

enum access_kind access_kind(const struct access *access);
const char *access_address(const struct access *access); /* to share a sheet with; NULL: not an account */
/* Names of the request budgets, for the one who asks and for the project. */
const char *access_user(const struct access *access);
const char *access_project(const struct access *access);

/* The header that carries the credential for `scope`: valid until the next call. Fetches a token when there is none.
 * A name NULL: nobody asks. [run] */
enum sluice_status access_header(struct access *access, const char *scope, struct sluice_header *ret_header,
                                 struct sluice_error *err);
/* The token that was given out last, for `scope`, was not accepted: forget it. */
void access_forget(struct access *access, const char *scope);

#endif
