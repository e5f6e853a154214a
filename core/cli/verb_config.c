/* SPDX-License-Identifier: Apache-2.0 */
/* config check, show, schema: what the configuration says, before anything acts on it. */
#include "base/cleanup.h"
#include "cli/compose.h"

#include <stdio.h>

enum exit_code verb_config_check(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct sluice_error err;
    if (compose_load(invocation, COMPOSE_INSTALLED, &composition, &err) != SLUICE_OK)
        return output_error(&err);
    size_t errors = compose_check(&composition, CONFIG_NOTE);
    if (errors == 0 && compose_ranges(&composition, &err) != SLUICE_OK) {
        output_error(&err);
        errors = 1;
    }
    if (given_flag(invocation, OPTION_JSON))
        printf("{\"errors\": %zu}\n", errors);
    else if (errors == 0)
        puts("The configuration is right.");
    return errors == 0 ? EXIT_DONE : EXIT_CONFIG;
}

enum exit_code verb_config_show(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    _cleanup_free_ char *yaml = NULL;
    struct sluice_error err;
    if (compose_load(invocation, COMPOSE_NAMED, &composition, &err) != SLUICE_OK)
        return output_error(&err);
    if (compose_check(&composition, CONFIG_ERROR) > 0)
        return EXIT_CONFIG;
    enum config_show_style style =
        given_flag(invocation, OPTION_ORIGIN) ? CONFIG_SHOW_ORIGIN : CONFIG_SHOW_PLAIN;
    if (config_show(composition.config, composition.sections.items, SECTION_COUNT, style, &yaml, &err) !=
        SLUICE_OK)
        return output_error(&err);
    fputs(yaml, stdout);
    return EXIT_DONE;
}

enum exit_code verb_config_schema(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    _cleanup_free_ char *json = NULL;
    struct sluice_error err;
    if (compose_load(invocation, COMPOSE_INSTALLED, &composition, &err) != SLUICE_OK)
        return output_error(&err);
    if (config_schema(composition.sections.items, SECTION_COUNT, &json, &err) != SLUICE_OK)
        return output_error(&err);
    puts(json);
    return EXIT_DONE;
}
