/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/stores/reject.h"

#include "base/json.h"
#include "base/text.h"

void reject_json(const struct sluice_reject *reject, struct buffer *buffer)
{
    buffer_clear(buffer);
    buffer_printf(buffer, "{\"column\":%u,\"field\":", reject->column);
    json_text(buffer, text_of(reject->field));
    buffer_text(buffer, ",\"address\":");
    json_text(buffer, text_of(reject->address));
    buffer_text(buffer, ",\"raw\":");
    json_text(buffer, text_of(reject->excerpt));
    buffer_byte(buffer, '}');
}
