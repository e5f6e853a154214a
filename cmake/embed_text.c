/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build tool: writes a C header with the bytes of a file and a NUL.
 *
 *     embed_text NAME FILE OUTPUT.h
 */
#include <stdio.h>
#include <stdlib.h>

enum { BYTES_A_LINE = 24 };

static FILE *open_file(const char *name, const char *mode)
{
    FILE *file = fopen(name, mode);
    if (file != NULL)
        return file;
    fprintf(stderr, "embed_text: cannot open %s\n", name);
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: embed_text NAME FILE OUTPUT.h\n");
        return EXIT_FAILURE;
    }
    FILE *in = open_file(argv[2], "rb"), *out = open_file(argv[3], "wb");
    fprintf(out, "/* Made from a file; edit that. */\nstatic const char %s[] = {", argv[1]);
    size_t n = 0;
    for (int byte = fgetc(in); byte != EOF; byte = fgetc(in))
        fprintf(out, "%s%d,", n++ % BYTES_A_LINE == 0 ? "\n" : "", (signed char)byte);
    fprintf(out, "0};\n");
    fclose(in);
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
