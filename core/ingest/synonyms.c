/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of synonyms.h. A column of a rule is what people were seen to write; extend it from real lists
 * only. */
#include "ingest/synonyms.h"

#define STRONG(text)         \
    {                        \
        text, SYNONYM_STRONG \
    }
#define WEAK(text)         \
    {                      \
        text, SYNONYM_WEAK \
    }
#define END     \
    {           \
        NULL, 0 \
    }

/* ---- Lists ------------------------------------------------------------------------------------------ */

static const struct synonym sku_synonyms[] = {
    STRONG("sku"),
    STRONG("product code"),
    STRONG("item code"),
    STRONG("article"),
    STRONG("article number"),
    STRONG("article no"),
    STRONG("art no"),
    STRONG("artikul"),
    STRONG("item number"),
    STRONG("item no"),
    STRONG("part number"),
    STRONG("part no"),
    STRONG("stock code"),
    STRONG("supplier sku"),
    STRONG("product sku"),
    STRONG("item sku"),
    STRONG("variant sku"),
    STRONG("артикул"),
    STRONG("артикул товара"),
    STRONG("артикул поставщика"),
    STRONG("код товара"),
    STRONG("код номенклатуры"),
    STRONG("код артикула"),
    WEAK("product id"),
    WEAK("item id"),
    WEAK("code"),
    WEAK("код"),
    WEAK("арт"),
    WEAK("reference"),
    WEAK("id"),
    WEAK("model"),
    WEAK("vendor code"),
    WEAK("номенклатурный номер"),
    WEAK("ном номер"),
    WEAK("каталожный номер"),
    END,
};
static const char *const sku_neutral[] = {"number", "no", "nr", "n", "номер", "unique", NULL};
static const char *const sku_negative[] = {
    "barcode",  "ean",       "ean13",  "upc",          "gtin",          "штрихкод", "штрих", "тнвэд",
    "category", "категории", "parent", "manufacturer", "производителя", "postal",   "zip",   "color",
    "цвета",    "currency",  "валюты", NULL,
};

static const struct synonym name_synonyms[] = {
    STRONG("name"),
    STRONG("product name"),
    STRONG("item name"),
    STRONG("product title"),
    STRONG("title"),
    STRONG("item title"),
    STRONG("наименование"),
    STRONG("наименование товара"),
    STRONG("название"),
    STRONG("название товара"),
    STRONG("наименование продукции"),
    STRONG("полное наименование"),
    STRONG("наименование номенклатуры"),
    STRONG("товар"),
    STRONG("номенклатура"),
    STRONG("product"),
    WEAK("description"),
    WEAK("product description"),
    WEAK("item description"),
    WEAK("item"),
    WEAK("goods"),
    WEAK("описание"),
    WEAK("описание товара"),
    WEAK("продукция"),
    WEAK("позиция"),
    WEAK("товары"),
    END,
};
static const char *const name_neutral[] = {"full", "полное", "en", "ru", NULL};
static const char *const name_negative[] = {
    "file",       "supplier",      "vendor",    "brand",   "category", "manufacturer", "meta",
    "seo",        "option",        "attribute", "short",   "бренда",   "бренд",        "категории",
    "поставщика", "производителя", "краткое",   "единицы", "склада",   "файла",        "user",
    "type",       "тип",           "group",     "группа",  "группы",   NULL,
};

static const struct synonym price_synonyms[] = {
    STRONG("price"),
    STRONG("unit price"),
    STRONG("net price"),
    STRONG("our price"),
    STRONG("your price"),
    STRONG("current price"),
    STRONG("price per unit"),
    STRONG("product price"),
    STRONG("item price"),
    STRONG("selling price"),
    STRONG("wholesale price"),
    STRONG("цена"),
    STRONG("цена товара"),
    STRONG("цена за единицу"),
    STRONG("цена за шт"),
    STRONG("цена за штуку"),
    STRONG("оптовая цена"),
    STRONG("цена опт"),
    STRONG("ваша цена"),
    STRONG("текущая цена"),
    STRONG("прайс"),
    WEAK("cost"),
    WEAK("unit cost"),
    WEAK("amount"),
    WEAK("value"),
    WEAK("стоимость"),
    WEAK("regular price"),
    END,
};
static const char *const price_neutral[] = {
    "per",   "unit",      "each",      "piece",   "pc",        "pcs",     "incl", "including",
    "excl",  "excluding", "ex",        "inc",     "with",      "without", "vat",  "tax",
    "net",   "gross",     "in",        "variant", "wholesale", "dealer",  "за",   "шт",
    "штуку", "ед",        "единицу",   "изм",     "с",         "без",     "ндс",  "в",
    "опт",   "оптовая",   "дилерская", "базовая", "вкл",       NULL,
};
static const char *const price_negative[] = {
    "old",           "previous",  "former",     "was",      "rrp",         "rrc",         "msrp",
    "srp",           "uvp",       "map",        "list",     "recommended", "suggested",   "compare",
    "retail",        "special",   "sale",       "promo",    "discount",    "discounted",  "min",
    "minimum",       "minimal",   "max",        "date",     "type",        "article",     "shipping",
    "delivery",      "group",     "code",       "level",    "quantity",    "qty",         "total",
    "старая",        "прежняя",   "предыдущая", "ррц",      "мрц",         "мрп",         "рекомендованная",
    "рекомендуемая", "рекоменд",  "розничная",  "розница",  "розн",        "минимальная", "мин",
    "акция",         "акционная", "скидка",     "скидки",   "скидкой",     "дата",        "тип",
    "закупочная",    "закупка",   "доставки",   "доставка", "группа",      "количество",  "кол",
    "итого",         NULL,
};

static const struct synonym currency_synonyms[] = {
    STRONG("currency"),
    STRONG("currency code"),
    STRONG("price currency"),
    STRONG("валюта"),
    STRONG("валюта цены"),
    STRONG("код валюты"),
    WEAK("вал"),
    WEAK("ccy"),
    WEAK("curr"),
    END,
};

static const char *const nothing[] = {NULL};

const struct field_rule list_rules[] = {
    {"sku", "not a SKU", true, sku_synonyms, sku_neutral, sku_negative},
    {"name", "not a name", true, name_synonyms, name_neutral, name_negative},
    {"price", "not a price", true, price_synonyms, price_neutral, price_negative},
    {"currency", "not a currency", false, currency_synonyms, nothing, nothing},
};

/* ---- Master sheets ------------------------------------------------------------------------------------ */

static const struct synonym supplier_synonyms[] = {
    STRONG("supplier name"),
    STRONG("supplier"),
    STRONG("vendor"),
    STRONG("vendor name"),
    STRONG("name"),
    STRONG("company"),
    STRONG("company name"),
    STRONG("поставщик"),
    STRONG("наименование поставщика"),
    STRONG("название поставщика"),
    STRONG("имя поставщика"),
    STRONG("наименование"),
    STRONG("название"),
    STRONG("компания"),
    WEAK("организация"),
    WEAK("контрагент"),
    WEAK("имя"),
    END,
};
static const char *const supplier_negative[] = {"contact", "контакт", "code",  "код",
                                                "id",      "file",    "файла", NULL};

static const struct synonym url_synonyms[] = {
    STRONG("source url"),
    STRONG("url"),
    STRONG("link"),
    STRONG("source"),
    STRONG("sheet url"),
    STRONG("address"),
    STRONG("source link"),
    STRONG("price list"),
    STRONG("price list url"),
    STRONG("file url"),
    STRONG("location"),
    STRONG("ссылка"),
    STRONG("ссылка на прайс"),
    STRONG("адрес прайса"),
    STRONG("источник"),
    STRONG("прайс"),
    STRONG("ссылка на источник"),
    STRONG("прайс лист"),
    STRONG("урл"),
    WEAK("адрес"),
    WEAK("файл"),
    WEAK("file"),
    END,
};
static const char *const url_negative[] = {"e", "mail", "email", "почта", "site", "сайт", "postal", NULL};

static const struct synonym format_synonyms[] = {
    STRONG("format"),
    STRONG("file type"),
    STRONG("source type"),
    STRONG("file format"),
    STRONG("type"),
    STRONG("формат"),
    STRONG("тип"),
    STRONG("тип файла"),
    STRONG("формат файла"),
    STRONG("тип источника"),
    END,
};
static const char *const format_negative[] = {"date", "даты", "contract", "договора", NULL};

static const struct synonym active_synonyms[] = {
    STRONG("active"),   STRONG("enabled"),  STRONG("is active"), STRONG("status"),
    STRONG("активен"),  STRONG("активный"), STRONG("активно"),   STRONG("включен"),
    STRONG("включено"), STRONG("статус"),   WEAK("вкл"),         END,
};
static const char *const active_negative[] = {"inactive", "disabled", "неактивен", "отключен", NULL};

static const struct synonym notes_synonyms[] = {
    STRONG("notes"),       STRONG("note"),       STRONG("comments"),   STRONG("comment"),
    STRONG("remarks"),     STRONG("примечание"), STRONG("примечания"), STRONG("комментарий"),
    STRONG("комментарии"), STRONG("заметки"),    STRONG("описание"),   END,
};

const struct field_rule master_rules[] = {
    {"name", "not a supplier's name", true, supplier_synonyms, nothing, supplier_negative},
    {"url", "not an address", true, url_synonyms, nothing, url_negative},
    {"format", "not a format", true, format_synonyms, nothing, format_negative},
    {"active", "not the switch", false, active_synonyms, nothing, active_negative},
    {"notes", "not notes", false, notes_synonyms, nothing, nothing},
};
