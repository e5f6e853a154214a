/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build tool: writes a C header from .sql files. A line "-- name: WORD" starts a statement of that name; a
 * file without such a line is one migration, numbered by its place among the arguments.
 *
 *     embed_sql OUTPUT.h FILE.sql…
 *
 * The header has `enum statement`, statement_text[], statement_name[] and migration_text[].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STATEMENTS = 512, MOST_BYTES = 1 << 20 };

struct piece {
    char name[64];
    const char *text;
    size_t size;
};

static struct piece statements[MOST_STATEMENTS], migrations[MOST_STATEMENTS];
static size_t n_statements, n_migrations;

static void die(const char *what, const char *name)
{
    fprintf(stderr, "embed_sql: %s: %s\n", what, name);
    exit(EXIT_FAILURE);
}

static char *read_file(const char *name)
{
    FILE *file = fopen(name, "rb");
    char *text = malloc(MOST_BYTES + 1);
    if (file == NULL || text == NULL)
        die("cannot read", name);
    size_t n = fread(text, 1, MOST_BYTES, file);
    if (n == MOST_BYTES)
        die("too large", name);
    text[n] = '\0';
    fclose(file);
    return text;
}

static void add_file(const char *name)
{
    static const char mark[] = "-- name: ";
    const char *text = read_file(name);
    const char *at = strstr(text, mark);
    if (at == NULL) {
        migrations[n_migrations++] = (struct piece){.text = text, .size = strlen(text)};
        return;
    }
    while (at != NULL) {
        if (n_statements == MOST_STATEMENTS)
            die("too many statements", name);
        struct piece *piece = &statements[n_statements++];
        at += strlen(mark);
        size_t length = strcspn(at, " \r\n");
        if (length == 0 || length >= sizeof piece->name)
            die("a statement without a proper name", name);
        memcpy(piece->name, at, length);
        piece->text = at + length;
        at = strstr(at, mark);
        piece->size = at == NULL ? strlen(piece->text) : (size_t)(at - piece->text);
    }
}

static void write_texts(FILE *out, const char *kind, const struct piece *pieces, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "static const char %s_%zu[] = {", kind, i);
        for (size_t j = 0; j < pieces[i].size; j++)
            fprintf(out, "%d,", pieces[i].text[j]);
        fprintf(out, "0};\n");
    }
    fprintf(out, "static const char *const %s_text[] = {", kind);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s_%zu, ", kind, i);
    fprintf(out, "};\n");
}

static void write_names(FILE *out)
{
    fprintf(out, "enum statement {\n");
    for (size_t i = 0; i < n_statements; i++)
        fprintf(out, "    SQL_%s,\n", statements[i].name);
    fprintf(out, "    STATEMENT_COUNT\n};\n#ifdef STATEMENT_TEXTS\n");
    fprintf(out, "static const char *const statement_name[] = {");
    for (size_t i = 0; i < n_statements; i++)
        fprintf(out, "\"%s\", ", statements[i].name);
    fprintf(out, "};\n");
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage", "embed_sql OUTPUT.h FILE.sql…");
    for (int i = 2; i < argc; i++)
        add_file(argv[i]);
    FILE *out = fopen(argv[1], "wb");
    if (out == NULL)
        die("cannot write", argv[1]);
    fprintf(out, "/* Made from .sql files; edit those. */\n");
    write_names(out);
    write_texts(out, "statement", statements, n_statements);
    fprintf(out, "#endif\n#ifdef MIGRATION_TEXTS\n");
    write_texts(out, "migration", migrations, n_migrations);
    fprintf(out, "#endif\n");
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
