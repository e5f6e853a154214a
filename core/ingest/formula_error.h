/* SPDX-License-Identifier: Apache-2.0 */
/* What a spreadsheet shows where a formula failed: "#REF!", "#N/A", "#ССЫЛКА!", … */
#ifndef INGEST_FORMULA_ERROR_H
#define INGEST_FORMULA_ERROR_H

#include <sluice/plugin.h>

bool formula_error(struct sluice_cell text);

#endif
