/* SPDX-License-Identifier: Apache-2.0 */
/* plugin check: becomes sluice-conformance, the program with the suites, which is built and installed beside
 * this one. */
#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/output.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <string.h>

/* Below the folder that holds bin/: the build tree's, and what GNUInstallDirs may have chosen. */
static const char *const places[] = {"libexec/sluice", "lib*/sluice", "lib/*/sluice"};

#define PROGRAM "sluice-conformance"

static bool place_has(const char *folder, const char *place, char ret_path[PATH_MAX])
{
    char pattern[PATH_MAX];
    glob_t found;
    int n = snprintf(pattern, sizeof pattern, "%s/%s/" PROGRAM, folder, place);
    bool has = n > 0 && (size_t)n < sizeof pattern && glob(pattern, 0, NULL, &found) == 0;
    if (!has)
        return false;
    snprintf(ret_path, PATH_MAX, "%s", found.gl_pathv[0]);
    globfree(&found);
    return true;
}

static enum sluice_status program_find(char ret_path[PATH_MAX], struct sluice_error *err)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return error_errno(err, errno, "/proc/self/exe");
    self[n] = '\0';
    for (int up = 0; up < 2 && strrchr(self, '/') != NULL; up++)
        *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < ELEMENTS(places); i++)
        if (place_has(self, places[i], ret_path))
            return SLUICE_OK;
    return error_set(err, SLUICE_CONFIG,
                     "%s/%s/" PROGRAM " is missing; install Sluice with `cmake --install`", self, places[0]);
}

static void add(const char **words, size_t *n, const char *option, const char *value)
{
    if (value == NULL)
        return;
    words[(*n)++] = option;
    words[(*n)++] = value;
}

enum exit_code verb_plugin_check(const struct invocation *invocation)
{
    char path[PATH_MAX];
    struct sluice_error err;
    if (program_find(path, &err) != SLUICE_OK)
        return output_error(&err);
    size_t n_options = 0, n = 0;
    _cleanup_free_ const char **options = given_all(invocation, OPTION_ASSIGN, &n_options);
    _cleanup_free_ const char **words = calloc(2 * n_options + 8, sizeof *words);
    if (words == NULL || (options == NULL && n_options > 0)) {
        error_no_memory(&err);
        return output_error(&err);
    }
    words[n++] = path;
    for (size_t i = 0; i < n_options; i++)
        add(words, &n, "-o", options[i]);
    add(words, &n, "-l", given_text(invocation, OPTION_LIST));
    add(words, &n, "-c", given_text(invocation, OPTION_CASE));
    add(words, &n, "--", invocation->arguments[0]);
    execv(path, (char *const *)(uintptr_t)words);
    error_errno(&err, errno, path);
    return output_error(&err);
}
