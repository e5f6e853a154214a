/* SPDX-License-Identifier: Apache-2.0 */
/* conformance PLUGIN.so [-o option=value]… [-l LIST] [-a HOST] [-c CASE] [-b COMMAND] [-m COMMAND] [-p] [-t]:
 * plays the suite of the plugin's kind and prints TAP. */
#include "base/cleanup.h"
#include "conformance.h"

#include <string.h>

enum { MOST_ASSIGNMENTS = 32 };

static void print(void *context, const char *name, enum conformance_verdict verdict, const char *message)
{
    size_t *n = context;
    ++*n;
    if (verdict == CONFORMANCE_SKIPPED)
        printf("ok %zu - %s # SKIP %s\n", *n, name, message);
    else if (verdict == CONFORMANCE_PASSED)
        printf("ok %zu - %s\n", *n, name);
    else
        printf("not ok %zu - %s\n  # %s\n", *n, name, message);
    fflush(stdout);
}

static int usage(void)
{
    fprintf(
        stderr,
        "usage: sluice-conformance PLUGIN.so [-o option=value]... [-l LIST] [-a HOST] [-c CASE] [-b COMMAND] "
        "[-m COMMAND] [-p] [-t]\n"
        "  LIST: what a source is to read; {dir} in a value is a fresh folder; HOST: the only one that a "
        "source may speak to; -b: run by the shell before each case; -m: run to let $MS milliseconds "
        "pass; -p: the plugin keeps its data in one process; -t: it counts by a clock of its own\n");
    return 64;
}

int main(int argc, char **argv)
{
    const char *assignments[MOST_ASSIGNMENTS];
    size_t cases = 0;
    char scratch[] = "/tmp/sluice-conformance-XXXXXX";
    struct conformance conformance = {
        .assignments = assignments, .scratch = scratch, .report = print, .context = &cases};
    int option;
    while ((option = getopt(argc, argv, "o:l:a:c:b:m:pt")) != -1) {
        if (option == 'o' && conformance.n_assignments < MOST_ASSIGNMENTS)
            assignments[conformance.n_assignments++] = optarg;
        else if (option == 'l')
            conformance.location = optarg;
        else if (option == 'a')
            conformance.api_host = optarg;
        else if (option == 'c')
            conformance.only = optarg;
        else if (option == 'b')
            conformance.before = optarg;
        else if (option == 'm')
            conformance.pass = optarg;
        else if (option == 'p')
            conformance.flags |= CONFORMANCE_ONE_PROCESS;
        else if (option == 't')
            conformance.flags |= CONFORMANCE_OWN_CLOCK;
        else
            return usage();
    }
    if (optind + 1 != argc)
        return usage();
    struct sluice_error err;
    if (plugin_load(argv[optind], 0, &conformance.plugin, &err) != SLUICE_OK || mkdtemp(scratch) == NULL) {
        fprintf(stderr, "conformance: %s\n", err.message);
        return EXIT_FAILURE;
    }
    _cleanup_free_ char *file = conformance.location == NULL ? NULL : realpath(conformance.location, NULL);
    if (file != NULL) /* each case has a folder of its own, from which a relative path leads nowhere */
        conformance.location = file;
    size_t failed = 0;
    if (conformance.plugin->kind == SLUICE_STORE)
        failed = conformance_store(&conformance);
    else if (conformance.plugin->kind == SLUICE_STATE)
        failed = conformance_state(&conformance);
    else if (conformance.location != NULL)
        failed = conformance_source(&conformance);
    else
        fprintf(stderr, "conformance: a source needs a list to read; name one with -l\n");
    printf("1..%zu\n", cases);
    rmdir(scratch);
    return failed == 0 && cases > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
