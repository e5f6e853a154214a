/* SPDX-License-Identifier: Apache-2.0 */
/* Error values of Excel (ECMA-376 part 1 §18.17.3 and later ones), Google Sheets and LibreOffice, as they are
 * shown in English and in Russian. */
#include "ingest/formula_error.h"

#include "base/cleanup.h"
#include "base/text.h"

bool formula_error(struct sluice_cell text)
{
    static const char *const names[] = {
        "#REF!",    "#N/A",   "#VALUE!", "#DIV/0!",   "#NAME?",    "#NULL!",    "#NUM!",   "#ERROR!",
        "#SPILL!",  "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!",  "#GETTING_DATA",
        "#ССЫЛКА!", "#Н/Д",   "#ЗНАЧ!",  "#ДЕЛ/0!",   "#ИМЯ?",     "#ПУСТО!",   "#ЧИСЛО!", "#ОШИБКА!",
    };
    if (text.len == 0 || text.ptr[0] != '#')
        return false;
    for (size_t i = 0; i < ELEMENTS(names); i++)
        if (text_is(text, names[i]))
            return true;
    return false;
}
