/* SPDX-License-Identifier: Apache-2.0 */
#include "http/panel.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_MOST = 1024, FILE_MOST = 8 << 20 };

static const char page_path[] = "/index.html";
/* What the build puts here has the hash of its content in its name. */
static const char hashed[] = "/assets/";

struct panel_file {
    char *path; /* as it is asked for: "/assets/index-4fa2.js" */
    struct ready *plain, *gzip;
};

struct panel {
    struct panel_file files[FILES_MOST];
    size_t n;
    struct ready *absent; /* what is said when there is no panel; NULL: there is one */
};

static const struct {
    const char *suffix, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

static const char *type_of(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < ELEMENTS(types); i++) {
        size_t length = strlen(types[i].suffix);
        if (n > length && strcmp(path + n - length, types[i].suffix) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}

static struct ready *make(const char *path, struct buffer *body, const char *etag, const char *encoding)
{
    bool immutable = strncmp(path, hashed, strlen(hashed)) == 0;
    const struct ready_form form = {.status = 200,
                                    .policy = READY_PANEL,
                                    .content_type = type_of(path),
                                    .etag = etag,
                                    .encoding = encoding,
                                    .cache_control =
                                        immutable ? "public, max-age=31536000, immutable" : "no-cache",
                                    .age_s = -1};
    return ready_new(&form, body);
}

static enum sluice_status read_file(const char *name, struct buffer *body, struct sluice_error *err)
{
    _cleanup_fclose_ FILE *file = fopen(name, "rbe");
    char piece[16384];
    if (file == NULL)
        return error_errno(err, errno, name);
    for (size_t n = fread(piece, 1, sizeof piece, file); n > 0; n = fread(piece, 1, sizeof piece, file))
        buffer_append(body, piece, n);
    if (ferror(file))
        return error_errno(err, errno, name);
    return body->failed ? error_set(err, SLUICE_CONFIG, "%s is too large for a file of the panel", name)
                        : SLUICE_OK;
}

static enum sluice_status add_file(struct panel *panel, const char *name, const char *path,
                                   struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer body = BUFFER_INIT(FILE_MOST), gzip = BUFFER_INIT(2 * FILE_MOST);
    char etag[ETAG_SIZE];
    if (panel->n == FILES_MOST)
        return error_set(err, SLUICE_CONFIG,
                         "the panel's folder has more than %d files; is it the right one?", FILES_MOST);
    enum sluice_status status = read_file(name, &body, err);
    if (status != SLUICE_OK)
        return status;
    struct panel_file *file = &panel->files[panel->n++];
    etag_make(body.data == NULL ? "" : body.data, body.size, etag);
    bool smaller = body.size > 0 && gzip_make(body.data, body.size, &gzip);
    file->path = strdup(path);
    file->gzip = smaller ? make(path, &gzip, etag, "gzip") : NULL;
    file->plain = make(path, &body, etag, NULL);
    return file->path == NULL || file->plain == NULL ? error_no_memory(err) : SLUICE_OK;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct panel_file *)a)->path, ((const struct panel_file *)b)->path);
}

/* The folder's files, at most three folders deep; what begins with a dot is not served. */
static enum sluice_status add_folder(struct panel *panel, const char *folder, const char *path, int depth,
                                     struct sluice_error *err);

static enum sluice_status add_entry(struct panel *panel, const char *folder, const char *path,
                                    const char *entry, int depth, struct sluice_error *err)
{
    _cleanup_free_ char *name = NULL, *below = NULL;
    struct stat found;
    if (asprintf(&name, "%s/%s", folder, entry) < 0 || asprintf(&below, "%s/%s", path, entry) < 0)
        return error_no_memory(err);
    if (stat(name, &found) != 0)
        return error_errno(err, errno, name);
    if (S_ISDIR(found.st_mode))
        return depth > 0 ? add_folder(panel, name, below, depth - 1, err) : SLUICE_OK;
    return S_ISREG(found.st_mode) ? add_file(panel, name, below, err) : SLUICE_OK;
}

static void closedirp(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

static enum sluice_status add_folder(struct panel *panel, const char *folder, const char *path, int depth,
                                     struct sluice_error *err)
{
    _cleanup_(closedirp) DIR *dir = opendir(folder);
    if (dir == NULL)
        return error_errno(err, errno, folder);
    enum sluice_status status = SLUICE_OK;
    for (const struct dirent *entry = readdir(dir); entry != NULL && status == SLUICE_OK;
         entry = readdir(dir))
        if (entry->d_name[0] != '.')
            status = add_entry(panel, folder, path, entry->d_name, depth, err);
    return status;
}

/* Installed beside the program, or built in the source tree above a build tree; the caller frees it, NULL:
 * neither.
 */
static char *folder_find(void)
{
    static const char *const places[] = {"share/sluice/panel", "../../panel/dist"};
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n < 0 ? 0 : n] = '\0';
    for (int up = 0; up < 2 && strrchr(self, '/') != NULL; up++)
        *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < ELEMENTS(places); i++) {
        _cleanup_free_ char *page = NULL;
        char *folder = NULL;
        if (asprintf(&folder, "%s/%s", self, places[i]) < 0)
            return NULL;
        if (asprintf(&page, "%s%s", folder, page_path) >= 0 && access(page, R_OK) == 0)
            return folder;
        free(folder);
    }
    return NULL;
}

static struct ready *make_absent(void)
{
    static const char text[] =
        "The panel is not built. scripts/panel builds it; the API is there without it.\n";
    const struct ready_form form = {.status = 404,
                                    .policy = READY_PANEL,
                                    .content_type = "text/plain; charset=utf-8",
                                    .cache_control = "no-store",
                                    .age_s = -1};
    struct buffer body = BUFFER_INIT(sizeof text);
    buffer_text(&body, text);
    return ready_new(&form, &body);
}

enum sluice_status panel_load(const char *folder, struct panel **ret_panel, struct sluice_error *err)
{
    enum { DEPTH = 3 };
    _cleanup_free_ char *found = folder == NULL ? folder_find() : NULL;
    const char *where = folder == NULL ? found : folder;
    struct panel *panel = calloc(1, sizeof *panel);
    if (panel == NULL)
        return error_no_memory(err);
    enum sluice_status status = where == NULL ? SLUICE_OK : add_folder(panel, where, "", DEPTH, err);
    qsort(panel->files, panel->n, sizeof panel->files[0], by_path);
    if (status == SLUICE_OK && folder != NULL && panel_find(panel, page_path, ENCODING_PLAIN) == NULL)
        status = error_set(err, SLUICE_CONFIG,
                           "http.panel: %s has no index.html; name the folder of the built panel", folder);
    if (where == NULL)
        panel->absent = make_absent();
    if (status != SLUICE_OK) {
        panel_free(panel);
        return status;
    }
    *ret_panel = panel;
    return SLUICE_OK;
}

void panel_free(struct panel *panel)
{
    if (panel == NULL)
        return;
    for (size_t i = 0; i < panel->n; i++) {
        free(panel->files[i].path);
        ready_drop(panel->files[i].plain);
        ready_drop(panel->files[i].gzip);
    }
    ready_drop(panel->absent);
    free(panel);
}

static const struct panel_file *file_find(const struct panel *panel, const char *path)
{
    for (size_t low = 0, high = panel->n; low < high;) {
        size_t middle = (low + high) / 2;
        int order = strcmp(path, panel->files[middle].path);
        if (order == 0)
            return &panel->files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

struct ready *panel_find(const struct panel *panel, const char *path, enum encoding encoding)
{
    const struct panel_file *file = file_find(panel, strcmp(path, "/") == 0 ? page_path : path);
    if (panel->absent != NULL)
        return panel->absent;
    if (file == NULL)
        return NULL;
    return encoding == ENCODING_GZIP && file->gzip != NULL ? file->gzip : file->plain;
}
