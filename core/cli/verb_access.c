/* SPDX-License-Identifier: Apache-2.0 */
/* user hash, token create: what signs people and programs in to the API. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/compose.h"
#include "cli/http_section.h"
#include "cli/names.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>

enum { PASSWORD_LEAST = 8, PASSWORD_SIZE = 514 };

/* One line of standard input, unseen when it is a terminal. false: there is none, or it is too long. */
static bool read_password(char ret_password[PASSWORD_SIZE])
{
    struct termios before, silent;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        fputs("Password: ", stderr);
    }
    bool got = fgets(ret_password, PASSWORD_SIZE, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    size_t n = got ? strcspn(ret_password, "\r\n") : 0;
    bool whole = got && (ret_password[n] != '\0' || feof(stdin));
    ret_password[n] = '\0';
    return whole;
}

enum exit_code verb_user_hash(const struct invocation *invocation)
{
    char password[PASSWORD_SIZE] = "";
    struct sluice_error err;
    _cleanup_free_ char *hash = NULL;
    if (!read_password(password) || strlen(password) < PASSWORD_LEAST)
        return usage_error(invocation->command, "a password has %d to %d bytes on one line of standard input",
                           PASSWORD_LEAST, PASSWORD_SIZE - 2);
    enum sluice_status status = http_password_hash(password, &hash, &err);
    explicit_bzero(password, sizeof password);
    if (status != SLUICE_OK)
        return output_error(&err);
    if (given_flag(invocation, OPTION_JSON))
        printf("{\"password_hash\": \"%s\"}\n", hash);
    else
        puts(hash);
    return EXIT_DONE;
}

static enum http_role role_of(const char *name)
{
    for (int i = 0; name != NULL && http_roles[i] != NULL; i++)
        if (strcmp(http_roles[i], name) == 0)
            return (enum http_role)(ROLE_VIEWER + i);
    return ROLE_PUBLIC;
}

/* Section `http`, but tokens live as long as --ttl says. */
static enum sluice_status read_section(const struct invocation *invocation, struct composition *composition,
                                       struct http_section *ret_section, struct sluice_error *err)
{
    const char *option, *ttl = given_text(invocation, OPTION_TTL);
    _cleanup_free_ char *assignment = NULL;
    if (asprintf(&assignment, "token_ttl=%s", ttl == NULL ? "1h" : ttl) < 0)
        return error_no_memory(err);
    enum sluice_status status = http_section_read(composition->config, &composition->arena, ret_section, err);
    if (status == SLUICE_OK)
        status = config_assign(composition->config, assignment, http_option_table, http_option_count,
                               &ret_section->options, err);
    if (status != SLUICE_OK || http_options_check(&ret_section->options, &option, err) == SLUICE_OK)
        return status;
    const struct sluice_error why = *err;
    return error_set(err, SLUICE_CONFIG, "--ttl: %s", why.message);
}

static enum sluice_status make_token(const struct invocation *invocation, struct composition *composition,
                                     char **ret_token, int64_t *ret_until_us, struct sluice_error *err)
{
    struct http_section section;
    char secret[HTTP_SECRET_LIMIT];
    _cleanup_free_ char *by = user_name();
    const struct clock *clock = clock_system();
    if (by == NULL)
        return error_no_memory(err);
    enum sluice_status status = read_section(invocation, composition, &section, err);
    if (status == SLUICE_OK)
        status = http_secret_load(&section.options, random_system(), secret, err);
    if (status != SLUICE_OK)
        return status;
    int64_t now_us = clock->wall_us(clock), ttl_ms = section.options.token_ttl.ms;
    *ret_until_us = now_us + ttl_ms * US_PER_MS;
    status = http_token_create(&section.options, secret, by, role_of(given_text(invocation, OPTION_ROLE)),
                               now_us, ttl_ms, ret_token, err);
    explicit_bzero(secret, sizeof secret);
    return status;
}

enum exit_code verb_token_create(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    _cleanup_free_ char *token = NULL;
    struct sluice_error err = {0};
    char until[TIME_TEXT_SIZE];
    int64_t until_us = 0;
    if (role_of(given_text(invocation, OPTION_ROLE)) == ROLE_PUBLIC)
        return usage_error(invocation->command, "say --role viewer or --role admin");
    enum exit_code code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    if (make_token(invocation, &composition, &token, &until_us, &err) != SLUICE_OK)
        return output_error(&err);
    time_format(until_us, until);
    if (given_flag(invocation, OPTION_JSON))
        printf("{\"token\": \"%s\", \"expires_at\": \"%s\"}\n", token, until);
    else
        puts(token);
    return EXIT_DONE;
}
