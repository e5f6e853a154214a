/* SPDX-License-Identifier: Apache-2.0 */
/* Which encoding a list is read in, and that none is guessed in silence. */
#include "formats/rows.h"

#include <unicode/ucnv.h>

/* `text` (UTF-8) in another encoding; the caller frees it. */
static char *encoded(const char *encoding, const char *text, size_t *ret_size)
{
    size_t room = 4 * strlen(text) + 16;
    char *bytes = malloc(room);
    UErrorCode code = U_ZERO_ERROR;
    int32_t n = ucnv_convert(encoding, "UTF-8", bytes, (int32_t)room, text, (int32_t)strlen(text), &code);
    ck_assert_msg(U_SUCCESS(code), "%s: %s", encoding, u_errorName(code));
    *ret_size = (size_t)n;
    return bytes;
}

static void expect_detected(const char *encoding, const char *text)
{
    size_t size;
    _cleanup_free_ char *bytes = encoded(encoding, text, &size);
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(bytes, size, (struct csv_options){0});
    ck_assert_msg(decoded.status == SLUICE_END, "%s <%s>: %s", encoding, text, decoded.error.message);
    ck_assert_msg(strcmp(decoded.encoding, encoding) == 0, "<%s> in %s was read as %s", text, encoding,
                  decoded.encoding);
    _cleanup_(decoded_free) struct decoded plain = decode(text);
    _cleanup_free_ char *expected = json_dumps(plain.rows, 0);
    expect_json(encoding, "rows", decoded.rows, expected);
}

static const char *const russian[] = {
    "Артикул;Наименование;Цена\nА-1;Кабель силовой медный;12,50\nА-2;Розетка с заземлением;3,10\n",
    "sku;name\n1;Насос\n",
    "ПРАЙС-ЛИСТ;№ 5\nТРУБА ПНД;100\nКран шаровый;7\n",
    "sku,name,price\n1,Перфоратор Bosch,100\n2,Drill Makita,200\n",
};

START_TEST(russian_encodings_are_told_apart)
{
    static const char *const encodings[] = {"windows-1251", "cp866"};
    for (size_t i = 0; i < ELEMENTS(russian); i++)
        for (size_t k = 0; k < ELEMENTS(encodings); k++)
            expect_detected(encodings[k], russian[i]);
    expect_detected("KOI8-R", russian[0]);
    expect_detected("KOI8-R", russian[1]);
    expect_detected("KOI8-R", russian[3]);
}
END_TEST

START_TEST(western_lists_are_windows_1252)
{
    expect_detected("windows-1252", "sku;name\n1;Größe M, weiß\n2;Stühle für Küche\n");
    expect_detected("windows-1252", "sku;name\n1;Café crème\n2;Crêpe à l'orange\n");
    expect_detected("windows-1252", "sku;name;price\n1;Año nuevo;12 €\n2;Piñata;3 €\n");
}
END_TEST

START_TEST(a_mark_decides)
{
    static const char utf16le[] = "\xff\xfe"
                                  "a\0,\0\x16\x04\n\0";
    _cleanup_(decoded_free) struct decoded le =
        decode_bytes(utf16le, sizeof utf16le - 1, (struct csv_options){0});
    expect_json("utf-16le", "rows", le.rows, "[[\"a\",\"\\u0416\"]]");
    static const char utf16be[] = "\xfe\xff\0a\0,\x04\x16\0\n";
    _cleanup_(decoded_free) struct decoded be =
        decode_bytes(utf16be, sizeof utf16be - 1, (struct csv_options){0});
    expect_json("utf-16be", "rows", be.rows, "[[\"a\",\"\\u0416\"]]");
    expect_rows("\xef\xbb\xbf"
                "a,b\n",
                "[[\"a\",\"b\"]]");
}
END_TEST

START_TEST(utf16_needs_no_mark)
{
    static const char *const encodings[] = {"UTF-16LE", "UTF-16BE"};
    for (size_t i = 0; i < ELEMENTS(encodings); i++) {
        expect_detected(encodings[i], "sku,name\n1,Drill\n");
        for (size_t k = 0; k < ELEMENTS(russian); k++)
            expect_detected(encodings[i], russian[k]);
    }
}
END_TEST

START_TEST(some_zero_bytes_make_no_utf16)
{
    static const char input[] = "name,price\nHammer\0,2\n\0Saw,3\nChisel,\0\0\0x\nLevel,5\n";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_bytes(input, sizeof input - 1, (struct csv_options){0});
    expect_json("zero bytes", "rows", decoded.rows, "[[\"name\",\"price\"],[\"Level\",\"5\"]]");
    expect_json("zero bytes", "rejects", decoded.rejects,
                "[[2,\"nul_byte\"],[3,\"nul_byte\"],[4,\"nul_byte\"]]");
}
END_TEST

START_TEST(a_lone_surrogate_rejects_its_row)
{
    static const char input[] = "\xff\xfe"
                                "a\0\n\0\x00\xd8\n\0"
                                "b\0\n\0";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_bytes(input, sizeof input - 1, (struct csv_options){0});
    expect_json("surrogate", "rows", decoded.rows, "[[\"a\"],[\"b\"]]");
    expect_json("surrogate", "rejects", decoded.rejects, "[[2,\"bad_encoding\"]]");
}
END_TEST

START_TEST(what_nothing_fits_is_an_error_with_the_offset)
{
    const char *input = "name,age\nbo\xff\xffgie,3\n";
    _cleanup_(decoded_free) struct decoded decoded = decode(input);
    ck_assert_int_eq(decoded.status, SLUICE_DATA);
    ck_assert_msg(strstr(decoded.error.message, "0xff at offset 11") != NULL, "%s", decoded.error.message);
}
END_TEST

START_TEST(a_damaged_place_in_utf8_rejects_its_row)
{
    expect_rows_and_rejects("имя,цена\nнасос,5\nтру\xd0"
                            "ба,6\n",
                            "[[\"имя\",\"цена\"],[\"насос\",\"5\"]]", "[[3,\"bad_encoding\"]]");
}
END_TEST

START_TEST(the_option_wins)
{
    const struct csv_options options = {.encoding = "koi8-r"};
    const char *input = "a,\xee\n";
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(input, strlen(input), options);
    expect_json(input, "rows", decoded.rows, "[[\"a\",\"\\u041d\"]]");
    const struct csv_options unknown = {.encoding = "klingon"};
    _cleanup_(decoded_free) struct decoded refused = decode_bytes(input, strlen(input), unknown);
    ck_assert_int_eq(refused.status, SLUICE_CONFIG);
}
END_TEST

/* Rows that the converted pieces cut must come out whole. */
START_TEST(a_long_list_is_converted_in_pieces)
{
    enum { ROWS = 100000 };
    const char *row =
        "12345;\xca\xe0\xe1\xe5\xeb\xfc \xf1\xe8\xeb\xee\xe2\xee\xe9;\"12,50\"\r\n"; /* windows-1251 */
    size_t n = strlen(row);
    _cleanup_free_ char *input = malloc(n * ROWS);
    for (size_t i = 0; i < ROWS; i++)
        memcpy(input + i * n, row, n);
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(input, n * ROWS, (struct csv_options){0});
    ck_assert_str_eq(decoded.encoding, "windows-1251");
    ck_assert_uint_eq(json_array_size(decoded.rows), ROWS);
    for (size_t i = 0; i < ROWS; i++)
        ck_assert_msg(json_equal(json_array_get(decoded.rows, i), json_array_get(decoded.rows, 0)), "row %zu",
                      i);
    ck_assert_int_eq(json_integer_value(json_array_get(decoded.lines, ROWS - 1)), ROWS);
}
END_TEST

CHECK_MAIN("formats.charset", russian_encodings_are_told_apart, western_lists_are_windows_1252,
           a_mark_decides, utf16_needs_no_mark, some_zero_bytes_make_no_utf16,
           a_lone_surrogate_rejects_its_row, what_nothing_fits_is_an_error_with_the_offset,
           a_damaged_place_in_utf8_rejects_its_row, the_option_wins, a_long_list_is_converted_in_pieces)
