/* SPDX-License-Identifier: Apache-2.0 */
#include "base/resolve.h"
#include "check_main.h"

#include <string.h>
#include <time.h>

static enum resolve_state look_up(const char *host, char ret_address[INET6_ADDRSTRLEN], const char **ret_why)
{
    struct resolve *resolve = resolve_begin(host);
    ck_assert_ptr_nonnull(resolve);
    enum resolve_state state = resolve_look(resolve, ret_address, ret_why);
    while (state == RESOLVE_RUNNING) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        state = resolve_look(resolve, ret_address, ret_why);
    }
    resolve_free(resolve);
    return state;
}

START_TEST(a_numeric_address_is_its_own)
{
    static const char *const addresses[] = {"127.0.0.1", "192.0.2.255", "::1", "2001:db8::7"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        char address[INET6_ADDRSTRLEN] = "";
        const char *why = NULL;
        ck_assert_int_eq(look_up(addresses[i], address, &why), RESOLVE_DONE);
        ck_assert_str_eq(address, addresses[i]);
    }
}
END_TEST

START_TEST(this_machine_has_a_name)
{
    char address[INET6_ADDRSTRLEN] = "";
    const char *why = NULL;
    ck_assert_int_eq(look_up("localhost", address, &why), RESOLVE_DONE);
    ck_assert_msg(strcmp(address, "127.0.0.1") == 0 || strcmp(address, "::1") == 0, "localhost is %s",
                  address);
}
END_TEST

START_TEST(a_name_that_cannot_be_one_fails_with_a_reason)
{
    char address[INET6_ADDRSTRLEN] = "";
    const char *why = NULL;
    ck_assert_int_eq(look_up("no..name", address, &why), RESOLVE_FAILED);
    ck_assert_ptr_nonnull(why);
    ck_assert_str_eq(address, "");
}
END_TEST

START_TEST(a_lookup_may_be_given_up)
{
    resolve_free(resolve_begin("localhost"));
    resolve_free(resolve_begin("127.0.0.1"));
    resolve_free(NULL);
}
END_TEST

CHECK_MAIN("base.resolve", a_numeric_address_is_its_own, this_machine_has_a_name,
           a_name_that_cannot_be_one_fails_with_a_reason, a_lookup_may_be_given_up)
