/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/stores/text_list.h"

#include "base/json.h"
#include "base/text.h"

void text_list_json(struct buffer *buffer, const char *const *texts, size_t n)
{
    buffer_byte(buffer, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buffer_byte(buffer, ',');
        json_text(buffer, text_of(texts[i]));
    }
    buffer_byte(buffer, ']');
}
