/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what people write for a currency, and the list of codes (ISO 4217:2015, active ones). */
#include "ingest/currency.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/fold.h"

#include <string.h>

/* Folded. A "$" alone is read as the US dollar, a "¥" as the yen. */
static const struct {
    const char *word;
    char code[CURRENCY_SIZE];
} words[] = {
    {"€", "EUR"},        {"$", "USD"},      {"£", "GBP"},      {"₽", "RUB"},     {"руб", "RUB"},
    {"р", "RUB"},        {"₴", "UAH"},      {"грн", "UAH"},    {"zł", "PLN"},      {"eur", "EUR"},
    {"usd", "USD"},      {"gbp", "GBP"},    {"rub", "RUB"},    {"uah", "UAH"},     {"pln", "PLN"},
    {"byn", "BYN"},      {"kzt", "KZT"},    {"chf", "CHF"},    {"cny", "CNY"},     {"jpy", "JPY"},
    {"sek", "SEK"},      {"nok", "NOK"},    {"dkk", "DKK"},    {"czk", "CZK"},     {"huf", "HUF"},
    {"ron", "RON"},      {"bgn", "BGN"},    {"inr", "INR"},    {"ils", "ILS"},     {"krw", "KRW"},
    {"aud", "AUD"},      {"cad", "CAD"},    {"nzd", "NZD"},    {"brl", "BRL"},     {"gel", "GEL"},
    {"amd", "AMD"},      {"azn", "AZN"},    {"uzs", "UZS"},    {"kgs", "KGS"},     {"rur", "RUB"},
    {"euro", "EUR"},     {"euros", "EUR"},  {"евро", "EUR"},   {"us$", "USD"},     {"dollar", "USD"},
    {"dollars", "USD"},  {"долл", "USD"},   {"доллар", "USD"}, {"доллары", "USD"}, {"долларов", "USD"},
    {"долларах", "USD"}, {"рубль", "RUB"},  {"рубля", "RUB"},  {"рубли", "RUB"},   {"рублей", "RUB"},
    {"рублях", "RUB"},   {"гривна", "UAH"}, {"гривен", "UAH"}, {"zl", "PLN"},      {"¥", "JPY"},
    {"₸", "KZT"},        {"тг", "KZT"},     {"тенге", "KZT"},  {"kč", "CZK"},      {"ft", "HUF"},
    {"₺", "TRY"},        {"tl", "TRY"},     {"₹", "INR"},      {"₪", "ILS"},       {"₩", "KRW"},
    {"лв", "BGN"},       {"lei", "RON"},    {"₾", "GEL"},    {"₼", "AZN"},     {"֏", "AMD"},
    {"сум", "UZS"},      {"a$", "AUD"},     {"au$", "AUD"},    {"c$", "CAD"},      {"ca$", "CAD"},
    {"nz$", "NZD"},      {"r$", "BRL"},     {"元", "CNY"},     {"rmb", "CNY"},     {"fr", "CHF"},
    {"sfr", "CHF"},      {"kr", ""},
};

static const char codes[] = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL "
                            "BSD BTN BWP BYN BZD CAD CDF "
                            "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
                            "GHS GIP GMD GNF GTQ GYD HKD "
                            "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD "
                            "KZT LAK LBP LKR LRD LSL LYD "
                            "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
                            "OMR PAB PEN PGK PHP PKR PLN "
                            "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
                            "SZL THB TJS TMT TND TOP TRY "
                            "TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

bool currency_find_word(struct sluice_cell word, char ret_code[CURRENCY_SIZE])
{
    for (size_t i = 0; i < ELEMENTS(words); i++) {
        if (!text_is(word, words[i].word))
            continue;
        memcpy(ret_code, words[i].code, CURRENCY_SIZE);
        return true;
    }
    return false;
}

/* Three ASCII letters of the list, in any case. */
static bool code_find(struct sluice_cell text, char ret_code[CURRENCY_SIZE])
{
    char upper[CURRENCY_SIZE] = "";
    if (text.len != 3)
        return false;
    for (size_t i = 0; i < 3; i++) {
        upper[i] = (char)(text.ptr[i] & ~0x20);
        if (upper[i] < 'A' || upper[i] > 'Z')
            return false;
    }
    if (strstr(codes, upper) == NULL)
        return false;
    memcpy(ret_code, upper, CURRENCY_SIZE);
    return true;
}

bool currency_find(struct sluice_cell text, char ret_code[CURRENCY_SIZE])
{
    enum { LONGEST = 32 };
    text = text_trim(text);
    if (text.len > 1 && text.ptr[text.len - 1] == '.')
        text.len--;
    if (text.len == 0 || text.len > LONGEST)
        return false;
    if (code_find(text, ret_code) || currency_find_word(text, ret_code))
        return true;
    char folded[FOLD_WORD_SIZE];
    fold_word(text, folded);
    return currency_find_word(text_of(folded), ret_code);
}
