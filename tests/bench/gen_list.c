/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gen_list ROWS FILE: writes a price list of eight columns, about a hundred bytes a row, half of it not
 * ASCII, with the quoting that shops really send. The same rows every time: row n depends on nothing but n.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const goods[] = {
    "Кабель силовой", "Cordless drill", "Насос дренажный", "Hex bolt M8",           "Панель светодиодная",
    "Winkelschraube", "Перфоратор",     "Pipe, PVC",       "Розетка с заземлением", "Switch IP44"};
static const char *const brands[] = {"Nordkabel", "Электрон", "Pumpworks", "Lumière",
                                     "Север",     "Torvald",  "Крона",     "Holm"};
static const char *const colours[] = {"", "red", "белый", "чёрный", "grün", "blue"};
#define PICK(table, number) ((table)[(number) % (sizeof(table) / sizeof(*(table)))])

/* SplitMix64: a well mixed number for each counter. */
static uint64_t mixed(uint64_t counter)
{
    uint64_t z = counter * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void write_name(FILE *file, uint64_t r)
{
    const char *thing = PICK(goods, r);
    unsigned kind = (unsigned)(r >> 8) % 100, size = (unsigned)(r >> 16) % 98 + 1;
    if (kind < 10)
        fprintf(file, "\"%s %s, %u mm\",", thing, PICK(brands, r >> 24), size);
    else if (kind < 13)
        fprintf(file, "\"%s %u\"\"\",", thing, size);
    else
        fprintf(file, thing[4] == ',' ? "\"%s %s %u\"," : "%s %s %u,", thing, PICK(brands, r >> 24), size);
}

static void write_note(FILE *file, uint64_t r)
{
    unsigned kind = (unsigned)r % 100, number = (unsigned)(r >> 8) % 900 + 1;
    if (kind < 50)
        fputs("\n", file);
    else if (kind < 90)
        fprintf(file, "min. order %u pcs\n", number % 50);
    else if (kind < 98)
        fprintf(file, "\"склад, код %u\"\n", number);
    else
        fputs("\"line one\nline two\"\n", file);
}

static void write_row(FILE *file, uint64_t number)
{
    uint64_t a = mixed(3 * number), b = mixed(3 * number + 1), c = mixed(3 * number + 2);
    fprintf(file, "AB-%08" PRIu64 ",", number);
    write_name(file, a);
    fprintf(file, "%u.%02u,%s,%s,%u.%03u,%u,", (unsigned)(b % 99999) + 1, (unsigned)(b >> 20) % 100,
            PICK(brands, a >> 40), PICK(colours, b >> 32), (unsigned)(b >> 40) % 40,
            (unsigned)(b >> 48) % 1000, (unsigned)(c >> 32) % 5000);
    write_note(file, c);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: gen_list ROWS FILE\n");
        return 64;
    }
    uint64_t rows = strtoull(argv[1], NULL, 10);
    FILE *file = fopen(argv[2], "we");
    if (file == NULL) {
        perror(argv[2]);
        return 74;
    }
    fputs("sku,name,price,brand,color,weight_kg,stock,note\n", file);
    for (uint64_t number = 1; number <= rows; number++)
        write_row(file, number);
    if (fclose(file) != 0) {
        perror(argv[2]);
        return 74;
    }
    return 0;
}
