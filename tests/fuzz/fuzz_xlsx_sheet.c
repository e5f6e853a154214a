/* SPDX-License-Identifier: Apache-2.0 */
/* The XML of a tab: any bytes, in pieces of any size, read by libxml2 alone and with plain rows cut out. */
#include "tests/fuzz/sheet_ways.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const char *xml = (const char *)bytes + 1; /* the first byte chooses the size of pieces */
    size_t piece = 1 + (size_t)bytes[0] * 16;
    struct way_result alone = way_read(WAY_LIBXML2, xml, size - 1, XLSX_PIECE_BYTES);
    struct way_result plain = way_read(WAY_PLAIN, xml, size - 1, piece);
    if (!ways_agree(&alone, &plain))
        abort();
    return 0;
}
