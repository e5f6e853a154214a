/* SPDX-License-Identifier: Apache-2.0 */
#include "reply.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

enum { RUN_ID_MOST = 63, EXCERPT_SIZE = 160 };

static const struct {
    const char *code; /* the first word of Redis' message */
    enum sluice_status status;
    const char *sentence;
} known[] = {
    {"NOAUTH", SLUICE_AUTH, "wants a password; give it in the url of section state"},
    {"WRONGPASS", SLUICE_AUTH, "refuses the user or the password in the url of section state"},
    {"NOPERM", SLUICE_AUTH,
     "gives this user too few rights; the README of state-redis has the ACL line that is needed"},
    {"WRONGTYPE", SLUICE_CONFIG,
     "has something that is not Sluice's under one of its keys; remove it or choose another prefix"},
    {"MOVED", SLUICE_CONFIG, "is part of a cluster; name a single Redis, or a primary with replicas"},
    {"ASK", SLUICE_CONFIG, "is part of a cluster; name a single Redis, or a primary with replicas"},
    {"CROSSSLOT", SLUICE_CONFIG, "is part of a cluster; name a single Redis, or a primary with replicas"},
    {"CLUSTERDOWN", SLUICE_CONFIG, "is part of a cluster; name a single Redis, or a primary with replicas"},
    {"READONLY", SLUICE_RETRY, "is a read-only replica; name the primary in the url of section state"},
    {"LOADING", SLUICE_RETRY, "is still loading its data; it answers when that is done"},
    {"OOM", SLUICE_RETRY, "has reached its maxmemory and takes nothing new; raise it or let it evict keys"},
    {"MISCONF", SLUICE_RETRY, "cannot save to its disk and refuses to write; see its log"},
    {"BUSY", SLUICE_RETRY, "is busy with someone's script; see SCRIPT KILL"},
    {"MASTERDOWN", SLUICE_RETRY, "is a replica that has lost its primary"},
    {"NOREPLICAS", SLUICE_RETRY, "has too few replicas to write; see min-replicas-to-write"},
};

enum sluice_status reply_check(const struct sluice_host *host, const char *name, const redisReply *reply,
                               struct sluice_error *err)
{
    if (reply->type != REDIS_REPLY_ERROR)
        return SLUICE_OK;
    size_t code = strcspn(reply->str, " ");
    for (size_t i = 0; i < ELEMENTS(known); i++) {
        if (strlen(known[i].code) != code || strncmp(known[i].code, reply->str, code) != 0)
            continue;
        if (known[i].status == SLUICE_RETRY)
            return host->retry(host, err, 0, "redis at %s %s", name, known[i].sentence);
        return host->fail(host, err, known[i].status, "redis at %s %s", name, known[i].sentence);
    }
    char excerpt[EXCERPT_SIZE];
    text_excerpt((struct sluice_cell){.ptr = reply->str, .len = (uint32_t)reply->len}, excerpt,
                 sizeof excerpt);
    return host->retry(host, err, 0, "redis at %s answers with an error: %s", name, excerpt);
}

struct sluice_cell reply_text(const redisReply *reply, size_t most)
{
    bool text = reply != NULL && (reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS);
    if (!text || reply->len > most)
        return (struct sluice_cell){0};
    return (struct sluice_cell){.ptr = reply->str, .len = (uint32_t)reply->len};
}

bool reply_is(const redisReply *reply, const char *word)
{
    return text_is(reply_text(reply, RUN_ID_MOST), word);
}

const redisReply *reply_element(const redisReply *reply, size_t i)
{
    return reply != NULL && reply->type == REDIS_REPLY_ARRAY && i < reply->elements ? reply->element[i]
                                                                                    : NULL;
}

const char *reply_run_id(const redisReply *reply, struct arena *arena)
{
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:";
    struct sluice_cell text = reply_text(reply, RUN_ID_MOST);
    if (text.len == 0 || strspn(text.ptr, allowed) != text.len)
        return NULL;
    return arena_copy(arena, text.ptr, text.len);
}
