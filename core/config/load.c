/* SPDX-License-Identifier: Apache-2.0 */
/* The way from file, environment and --set to one tree, in the order of precedence. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "config/node.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { ARENA_LIMIT = 64 << 20 };

static enum sluice_status open_failed(const char *file, int number, struct sluice_error *err)
{
    if (number == ENOENT || number == ENOTDIR)
        return error_set(err, SLUICE_CONFIG,
                         "%.500s: there is no such file; name the configuration with -c FILE", file);
    return error_errno(err, number, file);
}

static enum sluice_status bytes_read(const char *file, struct buffer *bytes, unsigned *ret_mode,
                                     struct sluice_error *err)
{
    _cleanup_close_ int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return open_failed(file, errno, err);
    struct stat status;
    if (fstat(fd, &status) != 0)
        return error_errno(err, errno, file);
    if (S_ISDIR(status.st_mode))
        return error_set(err, SLUICE_CONFIG, "%.500s: is a folder; name the file in it", file);
    while (bytes->size <= CONFIG_FILE_LIMIT) {
        char *room = buffer_reserve(bytes, 4096);
        if (room == NULL)
            return error_no_memory(err);
        ssize_t n = read(fd, room, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, errno, file);
        if (n == 0)
            break;
        buffer_grown(bytes, (size_t)n);
    }
    if (bytes->size > CONFIG_FILE_LIMIT)
        return error_set(err, SLUICE_CONFIG, "%.500s: is larger than %u KiB; a configuration is not", file,
                         (unsigned)(CONFIG_FILE_LIMIT >> 10));
    *ret_mode = status.st_mode & 07777;
    return SLUICE_OK;
}

/* Where the byte at `offset` stands, for bytes that no YAML parser ever sees. */
static struct node_place place_of(const char *text, size_t offset)
{
    struct node_place place = {1, 1};
    for (size_t i = 0; i < offset; i++) {
        bool continues = ((unsigned char)text[i] & 0xc0) == 0x80;
        place.column = text[i] == '\n' ? 1 : place.column + !continues;
        place.line += text[i] == '\n';
    }
    return place;
}

static enum sluice_status text_check(const struct config *config, const struct buffer *bytes,
                                     struct sluice_error *err)
{
    size_t valid = utf8_valid_prefix(bytes->data, bytes->size);
    const char *zero = memchr(bytes->data, '\0', valid);
    if (zero != NULL)
        valid = (size_t)(zero - bytes->data);
    if (valid == bytes->size)
        return SLUICE_OK;
    struct node_place place = place_of(bytes->data, valid);
    return error_set(err, SLUICE_CONFIG,
                     "%.500s:%u:%u: byte 0x%02x at offset %zu is no UTF-8 text; save the file as "
                     "UTF-8",
                     config->file, place.line, place.column, (unsigned char)bytes->data[valid], valid);
}

/* At the start of a line as libfyaml sees lines: after LF, a lone CR or a byte order mark. */
static bool begins_line(const char *text, size_t offset)
{
    if (offset == 0 || text[offset - 1] == '\n' || text[offset - 1] == '\r')
        return true;
    return offset >= 3 && memcmp(text + offset - 3, "\xef\xbb\xbf", 3) == 0;
}

/* A line that begins with '%' is a YAML directive. None has a use here, and libfyaml takes minutes for a long
 * one. */
static enum sluice_status directive_check(const struct config *config, const struct buffer *bytes,
                                          struct sluice_error *err)
{
    for (size_t i = 0; i < bytes->size; i++) {
        if (bytes->data[i] != '%' || !begins_line(bytes->data, i))
            continue;
        return error_set(err, SLUICE_CONFIG,
                         "%.500s:%u:1: directives (%%NAME) are not used here; remove the line", config->file,
                         place_of(bytes->data, i).line);
    }
    return SLUICE_OK;
}

static enum sluice_status file_load(struct config *config, const char *file, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer bytes = BUFFER_INIT(CONFIG_FILE_LIMIT + 8192);
    const char *slash = strrchr(file, '/');
    config->file = arena_text(&config->arena, file);
    config->folder = arena_copy(&config->arena, file, slash == NULL ? 0 : (size_t)(slash - file) + 1);
    if (config->file == NULL || config->folder == NULL)
        return error_no_memory(err);
    enum sluice_status status = bytes_read(file, &bytes, &config->file_mode, err);
    if (status != SLUICE_OK || bytes.size == 0)
        return status;
    if (bytes.size >= 3 && memcmp(bytes.data, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
        bytes.size -= 3;
        memmove(bytes.data, bytes.data + 3, bytes.size + 1);
    }
    status = text_check(config, &bytes, err);
    if (status == SLUICE_OK)
        status = directive_check(config, &bytes, err);
    return status != SLUICE_OK ? status : parse_file(config, bytes.data, bytes.size, err);
}

static enum sluice_status overlays_put(struct config *config, const struct config_input *input,
                                       struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < input->n_defaults && status == SLUICE_OK; i++)
        status = overlay_assignment(config, input->defaults[i], NODE_DEFAULT, err);
    if (status == SLUICE_OK && input->environment != NULL)
        status = overlay_environment(config, input->environment, err);
    for (size_t i = 0; i < input->n_set && status == SLUICE_OK; i++)
        status = overlay_assignment(config, input->set[i], NODE_SET, err);
    return status;
}

enum sluice_status config_load(const struct config_input *input, struct config **ret_config,
                               struct sluice_error *err)
{
    _cleanup_(config_freep) struct config *config = calloc(1, sizeof *config);
    if (config == NULL)
        return error_no_memory(err);
    config->arena.ceiling = ARENA_LIMIT;
    config->folder = "";
    config->root.kind = NODE_MAPPING;
    enum sluice_status status = SLUICE_OK;
    if (input->file != NULL)
        status = file_load(config, input->file, err);
    if (status == SLUICE_OK)
        status = references_replace(config, input->environment, err);
    if (status == SLUICE_OK)
        status = overlays_put(config, input, err);
    if (status != SLUICE_OK)
        return status;
    *ret_config = config;
    config = NULL;
    return SLUICE_OK;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    arena_free(&config->arena);
    free(config);
}
