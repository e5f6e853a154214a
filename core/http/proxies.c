/* SPDX-License-Identifier: Apache-2.0 */
#include "http/proxies.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { ALL_BITS = 128, MAPPED_BITS = 96 };

static const unsigned char mapped[MAPPED_BITS / 8] = {[10] = 0xff, [11] = 0xff};
static const char unix_word[] = "unix", local[] = "local";

/* How many bits an address of its family has; 0 when the text is none. */
static unsigned address_parse(const char *text, unsigned char ret_address[16])
{
    memcpy(ret_address, mapped, sizeof mapped);
    if (inet_pton(AF_INET, text, ret_address + sizeof mapped) == 1)
        return ALL_BITS - MAPPED_BITS;
    return inet_pton(AF_INET6, text, ret_address) == 1 ? ALL_BITS : 0;
}

static bool network_parse(const char *text, struct network *ret_network)
{
    char address[PEER_SIZE], *end = NULL;
    const char *slash = strchrnul(text, '/');
    size_t n = (size_t)(slash - text);
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    unsigned most = address_parse(address, ret_network->address);
    unsigned long bits = most;
    if (*slash == '/') {
        bits = strtoul(slash + 1, &end, 10);
        if (strspn(slash + 1, "0123456789") == 0 || *end != '\0' || bits > most)
            return false;
    }
    ret_network->bits = ALL_BITS - most + (unsigned)bits;
    return most > 0;
}

enum sluice_status proxies_parse(const struct sluice_list *names, struct proxies *ret_proxies,
                                 struct sluice_error *err)
{
    struct proxies proxies = {0};
    if (names->n_items > PROXIES_MOST)
        return error_set(err, SLUICE_CONFIG, "it has more than %d entries; name their networks",
                         PROXIES_MOST);
    for (size_t i = 0; i < names->n_items; i++) {
        if (strcmp(names->items[i], unix_word) == 0)
            proxies.local = true;
        else if (!network_parse(names->items[i], &proxies.networks[proxies.n++]))
            return error_set(err, SLUICE_CONFIG,
                             "\"%s\" is no address; write 192.0.2.1, 10.0.0.0/8, an IPv6 "
                             "address or network, or unix",
                             names->items[i]);
    }
    *ret_proxies = proxies;
    return SLUICE_OK;
}

static bool is_within(const unsigned char address[16], const struct network *network)
{
    unsigned bytes = network->bits / 8, rest = network->bits % 8;
    return memcmp(address, network->address, bytes) == 0 &&
           (rest == 0 || (address[bytes] ^ network->address[bytes]) >> (8 - rest) == 0);
}

bool proxies_trust(const struct proxies *proxies, const char *peer)
{
    unsigned char address[16];
    if (strcmp(peer, local) == 0)
        return proxies->local;
    if (address_parse(peer, address) == 0)
        return false;
    for (size_t i = 0; i < proxies->n; i++)
        if (is_within(address, &proxies->networks[i]))
            return true;
    return false;
}

/* Writes the canonical form of "192.0.2.1", "192.0.2.1:443", "2001:db8::1" or "[2001:db8::1]:443"; false when
 * it is none of them. */
static bool element_parse(struct sluice_cell element, char ret_address[PEER_SIZE])
{
    unsigned char address[16];
    char text[PEER_SIZE];
    if (element.len >= sizeof text)
        return false;
    memcpy(text, element.ptr, element.len);
    text[element.len] = '\0';
    char *colon = strchr(text, ':');
    bool brackets = text[0] == '[';
    if (brackets)
        text[strcspn(text, "]")] = '\0';
    else if (colon != NULL && strchr(colon + 1, ':') == NULL)
        *colon = '\0';
    if (address_parse(brackets ? text + 1 : text, address) == 0)
        return false;
    if (memcmp(address, mapped, sizeof mapped) == 0)
        inet_ntop(AF_INET, address + sizeof mapped, ret_address, PEER_SIZE);
    else
        inet_ntop(AF_INET6, address, ret_address, PEER_SIZE);
    return true;
}

void proxies_follow(const struct proxies *proxies, const char *peer, const char *line, char client[PEER_SIZE])
{
    char address[PEER_SIZE];
    for (const char *element = line, *end; *element != '\0'; element = *end == '\0' ? end : end + 1) {
        end = strchrnul(element, ',');
        struct sluice_cell text = text_trim((struct sluice_cell){element, (uint32_t)(end - element), 0});
        if (text.len == 0)
            continue;
        if (!element_parse(text, address))
            memcpy(client, peer, strlen(peer) + 1);
        else if (!proxies_trust(proxies, address))
            memcpy(client, address, strlen(address) + 1);
    }
}
