/* SPDX-License-Identifier: Apache-2.0 */
/* Conversion to UTF-8 through ICU, a piece at a time, so that memory does not grow with the document. */
#include "base/error.h"
#include "formats/charset.h"

#include <stdlib.h>
#include <unicode/ucnv.h>

enum { PIVOT_UNITS = 4096 };

struct charset_converter {
    UConverter *from, *to;
    const char *source, *source_end;
    UChar *pivot_source, *pivot_target;
    bool is_started, is_at_end;
    UChar pivot[PIVOT_UNITS];
};

enum sluice_status charset_converter_open(const char *name, const char *data, uint64_t size,
                                          struct charset_converter **ret_converter, struct sluice_error *err)
{
    struct charset_converter *converter = calloc(1, sizeof *converter);
    if (converter == NULL)
        return error_no_memory(err);
    UErrorCode code = U_ZERO_ERROR;
    converter->from = ucnv_open(name, &code);
    converter->to = ucnv_open("UTF-8", &code);
    converter->source = data;
    converter->source_end = data + size;
    converter->pivot_source = converter->pivot_target = converter->pivot;
    if (U_FAILURE(code)) {
        charset_converter_close(converter);
        return error_set(err, SLUICE_CONFIG, "the encoding '%s' cannot be read: %s", name, u_errorName(code));
    }
    *ret_converter = converter;
    return SLUICE_OK;
}

void charset_converter_close(struct charset_converter *converter)
{
    if (converter == NULL)
        return;
    ucnv_close(converter->from);
    ucnv_close(converter->to);
    free(converter);
}

enum sluice_status charset_convert(struct charset_converter *converter, char *to, size_t n, size_t *ret_n,
                                   struct sluice_error *err)
{
    if (converter->is_at_end) {
        *ret_n = 0;
        return SLUICE_OK;
    }
    char *target = to;
    UErrorCode code = U_ZERO_ERROR;
    ucnv_convertEx(converter->to, converter->from, &target, to + n, &converter->source, converter->source_end,
                   converter->pivot, &converter->pivot_source, &converter->pivot_target,
                   converter->pivot + PIVOT_UNITS, !converter->is_started, true, &code);
    converter->is_started = true;
    converter->is_at_end = code != U_BUFFER_OVERFLOW_ERROR;
    if (U_FAILURE(code) && code != U_BUFFER_OVERFLOW_ERROR)
        return error_set(err, SLUICE_DATA,
                         "the text cannot be converted to UTF-8: %s; check the option 'encoding'",
                         u_errorName(code));
    *ret_n = (size_t)(target - to);
    return SLUICE_OK;
}

bool charset_converter_at_end(const struct charset_converter *converter)
{
    return converter->is_at_end;
}
