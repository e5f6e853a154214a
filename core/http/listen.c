/* SPDX-License-Identifier: Apache-2.0 */
#include "http/listen.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { BACKLOG = 512 };

static const char unix_prefix[] = "unix:";

static enum sluice_status refuse(const char *text, struct sluice_error *err)
{
    return error_set(err, SLUICE_CONFIG,
                     "\"%s\" is no address; write host:port as in 127.0.0.1:8080, or unix:/path", text);
}

static bool port_is_valid(const char *port)
{
    size_t n = strspn(port, "0123456789");
    return n > 0 && n <= 5 && port[n] == '\0' && strtol(port, NULL, 10) <= UINT16_MAX;
}

static enum sluice_status parse_tcp(const char *text, struct listen_place *place, struct sluice_error *err)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !port_is_valid(colon + 1))
        return refuse(text, err);
    size_t n = (size_t)(colon - text);
    const char *host = text;
    bool bracketed = n >= 2 && host[0] == '[' && host[n - 1] == ']';
    if (bracketed) {
        host++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof place->host || (!bracketed && memchr(host, ':', n) != NULL))
        return refuse(text, err);
    memcpy(place->host, host, n);
    memcpy(place->port, colon + 1, strlen(colon + 1) + 1);
    return SLUICE_OK;
}

enum sluice_status listen_parse(const char *text, struct listen_place *ret_place, struct sluice_error *err)
{
    struct listen_place place = {.kind = LISTEN_TCP};
    enum sluice_status status = SLUICE_OK;
    if (text == NULL || strncmp(text, unix_prefix, strlen(unix_prefix)) != 0) {
        status = parse_tcp(text == NULL ? "" : text, &place, err);
    } else {
        const char *path = text + strlen(unix_prefix);
        place.kind = LISTEN_UNIX;
        if (path[0] == '\0' || strlen(path) >= sizeof place.path)
            return error_set(err, SLUICE_CONFIG, "the path of a unix socket has 1 to %zu bytes",
                             sizeof place.path - 1);
        memcpy(place.path, path, strlen(path) + 1);
    }
    if (status == SLUICE_OK)
        *ret_place = place;
    return status;
}

/* A socket that a former process left behind goes; anything else at that path stays. BUSY: someone answers
 * there. */
static enum sluice_status remove_stale(const struct sockaddr_un *address, struct sluice_error *err)
{
    struct stat found;
    if (lstat(address->sun_path, &found) != 0 || !S_ISSOCK(found.st_mode))
        return SLUICE_OK;
    _cleanup_close_ int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe >= 0 && connect(probe, (const struct sockaddr *)address, sizeof *address) == 0)
        return error_set(err, SLUICE_BUSY, "another process listens on %s", address->sun_path);
    unlink(address->sun_path);
    return SLUICE_OK;
}

static enum sluice_status open_unix(const struct listen_place *place, int *ret_fd, struct sluice_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    _cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    memcpy(address.sun_path, place->path, strlen(place->path) + 1);
    if (fd < 0)
        return error_errno(err, errno, "a socket");
    enum sluice_status status = remove_stale(&address, err);
    if (status != SLUICE_OK)
        return status;
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(place->path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0 || listen(fd, BACKLOG) != 0)
        return error_errno(err, errno, place->path);
    *ret_fd = fd;
    fd = -1;
    return SLUICE_OK;
}

static int try_address(const struct addrinfo *info)
{
    const int on = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, info->ai_protocol);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static enum sluice_status open_tcp(const struct listen_place *place, int *ret_fd, struct sluice_error *err)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    int failed = getaddrinfo(place->host, place->port, &hints, &found);
    if (failed != 0)
        return error_set(err, SLUICE_CONFIG, "http.listen: %s: %s", place->host, gai_strerror(failed));
    int fd = -1;
    for (const struct addrinfo *info = found; info != NULL && fd < 0; info = info->ai_next)
        fd = try_address(info);
    int reason = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return error_set(err,
                         reason == EADDRINUSE ? SLUICE_BUSY
                         : reason == EACCES   ? SLUICE_AUTH
                                              : SLUICE_CONFIG,
                         "cannot listen on %s:%s: %s; choose another http.listen", place->host, place->port,
                         strerror(reason));
    *ret_fd = fd;
    return SLUICE_OK;
}

enum sluice_status listen_open(const struct listen_place *place, int *ret_fd, struct sluice_error *err)
{
    return place->kind == LISTEN_UNIX ? open_unix(place, ret_fd, err) : open_tcp(place, ret_fd, err);
}

bool listen_is_local(const struct listen_place *place)
{
    return place->kind == LISTEN_UNIX || strcmp(place->host, "localhost") == 0 ||
           strcmp(place->host, "::1") == 0 || strncmp(place->host, "127.", 4) == 0;
}

char *listen_address(const struct listen_place *place, int fd)
{
    char *text = NULL;
    char port[NI_MAXSERV] = "";
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (place->kind == LISTEN_UNIX)
        return asprintf(&text, "unix:%s", place->path) < 0 ? NULL : text;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0 ||
        getnameinfo((struct sockaddr *)&address, size, NULL, 0, port, sizeof port, NI_NUMERICSERV) != 0)
        return NULL;
    const char *form = strchr(place->host, ':') == NULL ? "http://%s:%s" : "http://[%s]:%s";
    return asprintf(&text, form, place->host, port) < 0 ? NULL : text;
}
