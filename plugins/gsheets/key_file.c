/* SPDX-License-Identifier: Apache-2.0 */
/* Environments and secret stores often hold the key with "\n" written out in two characters: both are taken.
 */
#include "key_file.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <string.h>

enum { FILE_LIMIT = 64 << 10 };

static bool refuse(char why[KEY_FILE_WHY_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(char why[KEY_FILE_WHY_SIZE], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, KEY_FILE_WHY_SIZE, format, args);
    va_end(args);
    return false;
}

/* The file's text, wiped and freed by the caller; NULL with errno when it cannot be read. */
static char *file_text(const char *path)
{
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = fd < 0 ? NULL : calloc(1, FILE_LIMIT + 1);
    ssize_t used = 0, n = 1;
    while (text != NULL && n > 0 && used < FILE_LIMIT) {
        n = read(fd, text + used, (size_t)(FILE_LIMIT - used));
        used += n > 0 ? n : 0;
    }
    if (text == NULL || n >= 0)
        return text;
    int number = errno;
    free(text);
    errno = number;
    return NULL;
}

static char *member_copy(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL || *text == '\0' ? NULL : strdup(text);
}

/* "\n" in two characters becomes a line end. */
static void line_ends(char *text)
{
    char *out = text;
    for (const char *at = text; *at != '\0'; at++) {
        bool written_out = at[0] == '\\' && at[1] == 'n';
        *out++ = written_out ? '\n' : *at;
        at += written_out;
    }
    *out = '\0';
}

static bool key_take(const json_t *object, struct key_file *key, char why[KEY_FILE_WHY_SIZE])
{
    const char *type = json_string_value(json_object_get(object, "type"));
    if (!json_is_object(object))
        return refuse(why, "it is no JSON; download the service account's key file again");
    if (type == NULL || strcmp(type, "service_account") != 0)
        return refuse(why,
                      "it is of type '%.40s', not the key of a service account; make one in the Google Cloud "
                      "console",
                      type == NULL ? "" : type);
    key->email = member_copy(object, "client_email");
    key->private_key = member_copy(object, "private_key");
    key->key_id = member_copy(object, "private_key_id");
    key->token_uri = member_copy(object, "token_uri");
    key->project = member_copy(object, "project_id");
    if (key->token_uri == NULL)
        key->token_uri = strdup("https://oauth2.googleapis.com/token");
    if (key->project == NULL)
        key->project = strdup("unknown");
    if (key->email == NULL || key->private_key == NULL || key->token_uri == NULL || key->project == NULL)
        return refuse(why, "client_email or private_key is missing; download the key file again");
    line_ends(key->private_key);
    if (strncmp(key->private_key, "-----BEGIN", 10) != 0)
        return refuse(why, "its private_key is no PEM text; download the key file again");
    return true;
}

bool key_file_read(const char *path, struct key_file *ret_key, char why[KEY_FILE_WHY_SIZE])
{
    struct key_file key = {0};
    char *text = file_text(path);
    if (text == NULL)
        return refuse(why, "%s; name the key file of a service account", strerror(errno));
    json_t *object = json_loads(text, 0, NULL);
    bool taken = key_take(object, &key, why);
    json_decref(object);
    explicit_bzero(text, FILE_LIMIT);
    free(text);
    if (taken)
        *ret_key = key;
    else
        key_file_free(&key);
    return taken;
}

void key_file_free(struct key_file *key)
{
    if (key->private_key != NULL)
        explicit_bzero(key->private_key, strlen(key->private_key));
    free(key->email);
    free(key->private_key);
    free(key->key_id);
    free(key->token_uri);
    free(key->project);
    *key = (struct key_file){0};
}
