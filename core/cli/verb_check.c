/* SPDX-License-Identifier: Apache-2.0 */
/* check: everything that a sync would need, tried one after the other, each with what to do when it does not
 * work. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/list_source.h"
#include "cli/stop_signals.h"
#include "cli/store_reader.h"
#include "host/location.h"
#include "ingest/master.h"

#include <jansson.h>
#include <stdio.h>

struct check {
    struct composition *composition;
    struct terminal terminal;
    json_t *json; /* NULL: lines */
    enum exit_code worst;
};

/* One line: what was tried and how it went. `err` NULL: it works. */
static void result(struct check *check, const char *what, const char *name, const char *detail,
                   const struct sluice_error *err)
{
    enum ink ink = err == NULL ? INK_GOOD : INK_BAD;
    const char *message = err == NULL ? detail : err->message;
    if (err != NULL)
        check->worst = exit_worse(check->worst, exit_of_status(err->status));
    if (check->json != NULL) {
        json_array_append_new(check->json, json_pack("{s:s, s:s, s:b, s:s}", "what", what, "name", name, "ok",
                                                     err == NULL, "message", message));
        return;
    }
    printf("%s%-6s%s  %-8s  ", ink_begin(&check->terminal, ink), err == NULL ? "ok" : "failed",
           ink_end(&check->terminal, ink), what);
    output_text(stdout, text_of(name));
    printf("%s", *message == '\0' ? "" : ": ");
    output_text(stdout, text_of(message));
    putchar('\n');
    fflush(stdout);
}

static void check_plugin(void *context, const char *path, const struct sluice_plugin *plugin,
                         const struct sluice_error *refusal)
{
    result(context, "plugin", plugin == NULL ? path : plugin->name, plugin == NULL ? "" : plugin->summary,
           refusal);
}

static void check_store(struct check *check)
{
    _cleanup_(store_reader_close) struct store_reader reader = {0};
    struct sluice_error err = {0};
    enum sluice_status status = store_reader_open(check->composition, &reader, &err);
    if (status == SLUICE_END) /* the first sync makes it */
        result(check, "store", config_text(check->composition->config, "store.plugin"), err.message, NULL);
    else
        result(check, "store", config_text(check->composition->config, "store.plugin"),
               status == SLUICE_OK && reader.advice != NULL ? reader.advice : "",
               status == SLUICE_OK ? NULL : &err);
}

static void check_state(struct check *check)
{
    struct sluice_error err = {0};
    struct instance *instance = NULL;
    const struct sluice_lock_holder *holder = NULL;
    enum sluice_status status = compose_instance(check->composition, SLUICE_STATE, &instance, &err);
    if (status == SLUICE_OK)
        status = instance->plugin->state->holder(instance->self, &holder, &err);
    bool works = status == SLUICE_OK || status == SLUICE_END;
    result(check, "state", config_text(check->composition->config, "state.plugin"),
           status == SLUICE_OK ? "a sync is at work" : "", works ? NULL : &err);
    instance_destroy(instance);
}

/* Opens a list and asks for its first rows. */
static enum sluice_status reach(struct check *check, const struct sync_source *source, const char *location,
                                struct sluice_error *err)
{
    _cleanup_(list_source_close) struct list_source list = {0};
    const struct sluice_batch *batch = NULL;
    enum sluice_status status = list_source_open(check->composition, source, location, NULL, &list, err);
    if (status == SLUICE_OK)
        status = list_source_next(&list, &batch, err);
    if (status == SLUICE_END)
        return error_set(err, SLUICE_DATA, "it has no rows; ask its owner for a filled one");
    if (status == SLUICE_OK)
        batch->release(batch);
    return status;
}

static enum sluice_status read_master(struct check *check, const struct sync_setup *setup,
                                      struct master_reader **ret_reader,
                                      const struct master_report **ret_report, struct sluice_error *err)
{
    _cleanup_(list_source_close) struct list_source list = {0};
    enum sluice_status status =
        list_source_open(check->composition, &setup->master, setup->master_location, NULL, &list, err);
    if (status == SLUICE_OK)
        status = master_reader_new(setup->master.ingest, "master sheet", list.description, setup->formats,
                                   setup->n_formats, ret_reader, err);
    while (status == SLUICE_OK) {
        const struct sluice_batch *batch = NULL;
        status = list_source_next(&list, &batch, err);
        if (status != SLUICE_OK)
            break;
        status = master_reader_batch(*ret_reader, batch, err);
        batch->release(batch);
    }
    return status == SLUICE_END ? master_reader_finish(*ret_reader, ret_report, err) : status;
}

static void check_supplier(struct check *check, const struct sluice_supplier *supplier)
{
    struct sluice_error err = {0};
    struct sync_source source;
    if ((supplier->flags & SLUICE_SUPPLIER_ACTIVE) == 0 || (supplier->flags & SLUICE_SUPPLIER_INVALID) != 0)
        return;
    enum sluice_status status =
        source_book_find(check->composition->book, supplier->name, supplier->source_type, &source, &err);
    if (status == SLUICE_OK)
        status = reach(check, &source, supplier->source_url, &err);
    result(check, "list", supplier->name, "", status == SLUICE_OK ? NULL : &err);
}

static void check_lists(struct check *check)
{
    struct sluice_error err = {0};
    struct sync_setup setup;
    struct master_reader *reader = NULL;
    const struct master_report *report = NULL;
    char detail[64], name[LOCATION_NAME_SIZE] = "none";
    enum sluice_status status = compose_setup(check->composition, &setup, &err);
    if (status == SLUICE_OK)
        location_name(setup.master_location, name);
    if (status == SLUICE_OK)
        status = read_master(check, &setup, &reader, &report, &err);
    if (status != SLUICE_OK) {
        result(check, "master", name, "", &err);
        master_reader_free(reader);
        return;
    }
    snprintf(detail, sizeof detail, "%zu suppliers, %zu rows rejected", report->n_valid, report->n_rejects);
    result(check, "master", name, detail, NULL);
    for (size_t i = 0; i < report->n_suppliers && !cancel_requested(check->composition->services.cancel); i++)
        check_supplier(check, &report->suppliers[i]);
    master_reader_free(reader);
}

enum exit_code verb_check(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct sluice_error err = {0};
    enum exit_code code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    struct stop_signals *signals = stop_signals_begin(composition.services.cancel);
    enum colour_wish wish = given_flag(invocation, OPTION_NO_COLOR) ? COLOUR_NEVER : COLOUR_AUTO;
    struct check check = {&composition, terminal_of(stdout, wish),
                          given_flag(invocation, OPTION_JSON) ? json_array() : NULL, EXIT_DONE};
    if (plugin_each(&composition.catalog.dirs, check_plugin, &check, &err) != SLUICE_OK)
        result(&check, "plugin", "folders", "", &err);
    check_store(&check);
    check_state(&check);
    check_lists(&check);
    if (check.json != NULL) {
        json_dumpf(check.json, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(check.json);
    }
    stop_signals_end(signals);
    return cancel_requested(composition.services.cancel) ? EXIT_INTERRUPTED : check.worst;
}
