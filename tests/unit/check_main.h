/* SPDX-License-Identifier: Apache-2.0 */
/* The main function of a Check program: CHECK_MAIN ("base.decimal", test_a, test_b, …). */
#ifndef TESTS_CHECK_MAIN_H
#define TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>

/* Every test is a case of its own, so that a report names it. */
static inline int check_main(const char *suite_name, const TTest *const *tests, size_t n)
{
    Suite *suite = suite_create(suite_name);
    for (size_t i = 0; i < n; i++) {
        TCase *each = tcase_create(tests[i]->name);
        tcase_set_timeout(each, 60);
        tcase_add_test(each, tests[i]);
        suite_add_tcase(suite, each);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define CHECK_MAIN(suite_name, ...)                                           \
    int main(void)                                                            \
    {                                                                         \
        const TTest *const tests[] = {__VA_ARGS__};                           \
        return check_main(suite_name, tests, sizeof tests / sizeof tests[0]); \
    }

#endif
