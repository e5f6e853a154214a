/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint.h"

#include "base/cleanup.h"
#include "ingest/synonyms.h"

#include <stdio.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY /* for a state that is no allocation */
#include <xxhash.h>

/* Changes when equal bytes and equal options give other items than before. */
enum { INGEST_VERSION = 1 };

/* A length before each text keeps "ab", "c" and "a", "bc" apart. */
static void add_text(XXH3_state_t *state, const char *text)
{
    uint64_t length = text == NULL ? UINT64_MAX : strlen(text);
    XXH3_128bits_update(state, &length, sizeof length);
    if (text != NULL)
        XXH3_128bits_update(state, text, (size_t)length);
}

static void add_number(XXH3_state_t *state, uint64_t number)
{
    XXH3_128bits_update(state, &number, sizeof number);
}

static void add_list(XXH3_state_t *state, const struct sluice_list *list)
{
    add_number(state, list->n_items);
    for (size_t i = 0; i < list->n_items; i++)
        add_text(state, list->items[i]);
}

static void add_value(XXH3_state_t *state, const struct sluice_option *option, const void *value)
{
    switch ((enum sluice_option_type)option->type) {
    case SLUICE_OPTION_STRING:
        add_text(state, *(const char *const *)value);
        return;
    case SLUICE_OPTION_SECRET:
        return;
    case SLUICE_OPTION_INT:
        add_number(state, (uint64_t) * (const int64_t *)value);
        return;
    case SLUICE_OPTION_BOOL:
        add_number(state, *(const bool *)value);
        return;
    case SLUICE_OPTION_DURATION:
        add_number(state, (uint64_t)((const struct sluice_duration *)value)->ms);
        return;
    case SLUICE_OPTION_SIZE:
        add_number(state, ((const struct sluice_size *)value)->bytes);
        return;
    case SLUICE_OPTION_CHOICE:
        add_number(state, ((const struct sluice_choice *)value)->index);
        return;
    case SLUICE_OPTION_LIST:
        add_list(state, value);
        return;
    }
}

static void add_options(XXH3_state_t *state, const struct sluice_option *table, size_t n, const void *options)
{
    for (size_t i = 0; i < n; i++) {
        add_text(state, table[i].name);
        add_value(state, &table[i], (const char *)options + table[i].offset);
    }
}

void fingerprint_make(const struct sluice_plugin *plugin, const void *plugin_options,
                      const struct ingest_options *options, char ret_fingerprint[FINGERPRINT_SIZE])
{
    _Alignas(64) XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    add_number(&state, INGEST_VERSION);
    add_number(&state, SYNONYMS_VERSION);
    add_text(&state, plugin->name);
    add_text(&state, plugin->version);
    if (plugin_options != NULL)
        add_options(&state, plugin->options, plugin->n_options, plugin_options);
    add_options(&state, ingest_option_table, ingest_option_count, options);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state));
    for (size_t i = 0; i < sizeof canonical.digest; i++)
        snprintf(ret_fingerprint + 2 * i, 3, "%02x", canonical.digest[i]);
}
