/* SPDX-License-Identifier: Apache-2.0 */
#include "services.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

static void document_end(const struct sluice_document **document)
{
    if (*document != NULL)
        (*document)->release(*document);
}

#define HELLO_SHA256 "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

START_TEST(a_file_becomes_a_document)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    bench_open(&bench);
    const char *path = bench_file(&bench, "a.csv", "hello");
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_OK);
    ck_assert_uint_eq(document->size, 5);
    ck_assert_mem_eq(document->data, "hello", 6); /* and a NUL behind */
    ck_assert_str_eq(document->sha256, HELLO_SHA256);
    ck_assert_str_eq(document->name, path);
    ck_assert_uint_eq(document->http_status, 0);
    document->retain(document);
    document->release(document);
    ck_assert_int_eq(document->data[0], 'h');
    document_end(&document);
    bench_close(&bench);
}
END_TEST

START_TEST(an_empty_file_is_an_empty_document)
{
    struct bench bench;
    _cleanup_(document_end) const struct sluice_document *document = NULL;
    bench_open(&bench);
    assert_status(&bench, bench_fetch(&bench, bench_file(&bench, "a.csv", ""), NULL, &document), SLUICE_OK);
    ck_assert_uint_eq(document->size, 0);
    ck_assert_ptr_nonnull(document->data);
    ck_assert_int_eq(document->data[0], 0);
    ck_assert_str_eq(document->sha256, EMPTY_SHA256);
    bench_close(&bench);
}
END_TEST

START_TEST(a_document_of_whole_pages_ends_with_nul)
{
    struct bench bench;
    _cleanup_(document_end) const struct sluice_document *document = NULL;
    char content[8193];
    memset(content, 'x', 8192);
    content[8192] = '\0';
    bench_open(&bench);
    assert_status(&bench, bench_fetch(&bench, bench_file(&bench, "a.csv", content), NULL, &document),
                  SLUICE_OK);
    ck_assert_uint_eq(document->size, 8192);
    ck_assert_int_eq(document->data[8192], 0);
    bench_close(&bench);
}
END_TEST

START_TEST(a_truncated_original_leaves_the_document_whole)
{
    struct bench bench;
    _cleanup_(document_end) const struct sluice_document *document = NULL;
    bench_open(&bench);
    const char *path = bench_file(&bench, "a.csv", "hello");
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_OK);
    ck_assert_int_eq(truncate(path, 0), 0);
    ck_assert_mem_eq(document->data, "hello", 5);
    bench_close(&bench);
}
END_TEST

START_TEST(the_same_bytes_are_unchanged_also_in_a_rewritten_file)
{
    struct bench bench;
    _cleanup_(document_end) const struct sluice_document *first = NULL, *second = NULL;
    bench_open(&bench);
    const char *path = bench_file(&bench, "a.csv", "hello");
    assert_status(&bench, bench_fetch(&bench, path, NULL, &first), SLUICE_OK);
    bench_file(&bench, "a.csv", "hello");
    assert_status(&bench, bench_fetch(&bench, path, first->version, &second), SLUICE_UNCHANGED);
    ck_assert_ptr_null(second);
    bench_file(&bench, "a.csv", "hallo");
    assert_status(&bench, bench_fetch(&bench, path, first->version, &second), SLUICE_OK);
    bench_close(&bench);
}
END_TEST

START_TEST(a_version_that_is_none_is_ignored)
{
    static const char *const junk[] = {"", "|", "||||", "2cf24dba", "\xff\xfe", HELLO_SHA256 "x", "a|b|c|d"};
    struct bench bench;
    bench_open(&bench);
    const char *path = bench_file(&bench, "a.csv", "hello");
    for (size_t i = 0; i < ELEMENTS(junk); i++) {
        _cleanup_(document_end) const struct sluice_document *document = NULL;
        assert_status(&bench, bench_fetch(&bench, path, junk[i], &document), SLUICE_OK);
    }
    bench_close(&bench);
}
END_TEST

START_TEST(locations_name_files_in_many_ways)
{
    struct bench bench;
    char location[600];
    static const char *const forms[] = {
        "file://%s/a%%20b.csv", "file:%s/a%%20b.csv", "file://localhost%s/a%%20b.csv",
        "FILE://%s/a%%20b.csv", "%s/a b.csv",         "%s/../%s/./a b.csv"};
    bench_open(&bench);
    bench_file(&bench, "a b.csv", "hello");
    for (size_t i = 0; i < ELEMENTS(forms); i++) {
        _cleanup_(document_end) const struct sluice_document *document = NULL;
        snprintf(location, sizeof location, forms[i], bench.folder, bench.folder + strlen("/tmp/"));
        assert_status(&bench, bench_fetch(&bench, location, NULL, &document), SLUICE_OK);
    }
    _cleanup_(document_end) const struct sluice_document *document = NULL;
    assert_status(&bench, bench_fetch(&bench, "a b.csv", NULL, &document), SLUICE_OK); /* below a root */
    bench_close(&bench);
}
END_TEST

START_TEST(what_is_outside_the_roots_is_refused)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    char location[600];
    static const char *const forms[] = {"/etc/passwd",
                                        "file:///etc/passwd",
                                        "%s/../../etc/passwd",
                                        "/etc/../etc/./passwd",
                                        "file://%s/%%2e%%2e/%%2e%%2e/etc/passwd",
                                        "../../etc/passwd",
                                        "/proc/self/environ",
                                        "/no/such/file"};
    bench_open(&bench);
    for (size_t i = 0; i < ELEMENTS(forms); i++) {
        snprintf(location, sizeof location, forms[i], bench.folder);
        assert_status(&bench, bench_fetch(&bench, location, NULL, &document), SLUICE_CONFIG);
    }
    assert_status(&bench, bench_fetch(&bench, "/etc/passwd", NULL, &document), SLUICE_CONFIG);
    assert_says(&bench, "outside the folders");
    bench.fetch.roots.n_items = 0;
    assert_status(&bench, bench_fetch(&bench, "/etc/passwd", NULL, &document), SLUICE_CONFIG);
    assert_says(&bench, "fetch.roots");
    bench_close(&bench);
}
END_TEST

START_TEST(a_folder_with_a_longer_name_is_not_the_root)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    char root[128];
    bench_open(&bench);
    snprintf(root, sizeof root, "%s/a", bench.folder);
    ck_assert_int_eq(mkdir(root, 0700), 0);
    bench.roots[0] = root;
    assert_status(&bench, bench_fetch(&bench, bench_file(&bench, "ab.csv", "x"), NULL, &document),
                  SLUICE_CONFIG);
    bench_close(&bench);
}
END_TEST

START_TEST(a_symbolic_link_is_judged_by_where_it_leads)
{
    struct bench bench;
    _cleanup_(document_end) const struct sluice_document *document = NULL;
    char target[600], link[600];
    bench_open(&bench);
    snprintf(target, sizeof target, "%s", bench_file(&bench, "a.csv", "hello"));
    snprintf(link, sizeof link, "%s/inside.csv", bench.folder);
    ck_assert_int_eq(symlink(target, link), 0);
    assert_status(&bench, bench_fetch(&bench, link, NULL, &document), SLUICE_OK);
    snprintf(link, sizeof link, "%s/outside.csv", bench.folder);
    ck_assert_int_eq(symlink("/etc/passwd", link), 0);
    assert_status(&bench, bench_fetch(&bench, link, NULL, &document), SLUICE_CONFIG);
    assert_says(&bench, "outside the folders");
    snprintf(link, sizeof link, "%s/loop.csv", bench.folder);
    ck_assert_int_eq(symlink(link, link), 0);
    ck_assert_int_ne(bench_fetch(&bench, link, NULL, &document), SLUICE_OK);
    bench_close(&bench);
}
END_TEST

START_TEST(what_is_no_regular_file_is_refused_without_waiting)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    char path[600];
    bench_open(&bench);
    snprintf(path, sizeof path, "%s/fifo", bench.folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_CONFIG);
    assert_says(&bench, "no regular file");
    assert_status(&bench, bench_fetch(&bench, bench.folder, NULL, &document), SLUICE_CONFIG);
    assert_says(&bench, "it is a folder");
    bench.roots[0] = "/dev";
    assert_status(&bench, bench_fetch(&bench, "/dev/zero", NULL, &document), SLUICE_CONFIG);
    bench_close(&bench);
}
END_TEST

START_TEST(a_missing_file_says_so)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    char path[600];
    bench_open(&bench);
    snprintf(path, sizeof path, "%s/none.csv", bench.folder);
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_CONFIG);
    assert_says(&bench, "No such file");
    bench_close(&bench);
}
END_TEST

START_TEST(an_unreadable_file_is_a_matter_of_rights)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    bench_open(&bench);
    const char *path = bench_file(&bench, "a.csv", "x");
    ck_assert_int_eq(chmod(path, 0), 0);
    if (geteuid() == 0) { /* each test is a process of its own */
        ck_assert_int_eq(chmod(bench.folder, 0777), 0);
        ck_assert_int_eq(seteuid(65534), 0);
    }
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_AUTH);
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
    bench_close(&bench);
}
END_TEST

START_TEST(the_users_own_file_is_its_root)
{
    struct bench bench;
    _cleanup_(document_end) const struct sluice_document *document = NULL;
    char other[600];
    bench_open(&bench);
    snprintf(other, sizeof other, "%s", bench_file(&bench, "b.csv", "x"));
    const char *path = bench_file(&bench, "a.csv", "x");
    _cleanup_free_ char *root = NULL;
    assert_status(&bench, fetch_file_root(path, &root, &bench.err), SLUICE_OK);
    bench.roots[0] = root;
    assert_status(&bench, bench_fetch(&bench, other, NULL, &document), SLUICE_CONFIG);
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_OK);
    bench_close(&bench);
}
END_TEST

START_TEST(a_file_beyond_the_limit_is_refused_at_the_first_byte_too_many)
{
    struct bench bench;
    _cleanup_(document_end) const struct sluice_document *document = NULL;
    bench_open(&bench);
    const char *path = bench_file(&bench, "a.csv", "0123456789");
    bench.fetch.max_decoded.bytes = 9;
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_DATA);
    assert_says(&bench, "larger than 9 bytes");
    bench.fetch.max_decoded.bytes = 10;
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_OK);
    bench_close(&bench);
}
END_TEST

struct writer {
    char path[600];
    atomic_bool writing, stop;
};

static void *write_on(void *argument)
{
    struct writer *writer = argument;
    int fd = open(writer->path, O_WRONLY | O_APPEND);
    while (!writer->stop && write(fd, "more\n", 5) == 5)
        writer->writing = true;
    close(fd);
    return NULL;
}

START_TEST(a_file_that_is_being_written_is_tried_again_and_then_put_off)
{
    struct bench bench;
    struct writer writer = {.stop = false};
    const struct sluice_document *document = NULL;
    pthread_t thread;
    bench_open(&bench);
    snprintf(writer.path, sizeof writer.path, "%s", bench_file(&bench, "a.csv", ""));
    ck_assert_int_eq(truncate(writer.path, 64 << 20), 0);
    bench.fetch.max_decoded.bytes = UINT64_C(1) << 30;
    pthread_create(&thread, NULL, write_on, &writer);
    while (!writer.writing)
        sched_yield();
    enum sluice_status status = bench_fetch(&bench, writer.path, NULL, &document);
    writer.stop = true;
    pthread_join(thread, NULL);
    assert_status(&bench, status, SLUICE_RETRY);
    assert_says(&bench, "written to while it was read");
    assert_status(&bench, bench_fetch(&bench, writer.path, NULL, &document), SLUICE_OK);
    document_end(&document);
    bench_close(&bench);
}
END_TEST

START_TEST(a_missing_spool_folder_is_named)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    bench_open(&bench);
    bench.fetch.spool_dir = "/nonexistent/spool";
    assert_status(&bench, bench_fetch(&bench, bench_file(&bench, "a.csv", "x"), NULL, &document),
                  SLUICE_CONFIG);
    assert_says(&bench, "fetch.spool_dir");
    bench_close(&bench);
}
END_TEST

START_TEST(a_full_spool_says_what_to_do)
{
    struct bench bench;
    const struct sluice_document *document = NULL;
    bench_open(&bench);
    bench.fetch.spool_dir = "/dev/shm";
    const char *path = bench_file(&bench, "a.csv", "x");
    struct rlimit limit = {.rlim_cur = 0, .rlim_max = RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit),
                     0); /* the nearest to a full disk without mounting one */
    assert_status(&bench, bench_fetch(&bench, path, NULL, &document), SLUICE_IO);
    assert_says(&bench, "fetch.spool_dir");
    bench_close(&bench);
}
END_TEST

CHECK_MAIN("host.fetch_file", a_file_becomes_a_document, an_empty_file_is_an_empty_document,
           a_document_of_whole_pages_ends_with_nul, a_truncated_original_leaves_the_document_whole,
           the_same_bytes_are_unchanged_also_in_a_rewritten_file, a_version_that_is_none_is_ignored,
           locations_name_files_in_many_ways, what_is_outside_the_roots_is_refused,
           a_folder_with_a_longer_name_is_not_the_root, a_symbolic_link_is_judged_by_where_it_leads,
           what_is_no_regular_file_is_refused_without_waiting, a_missing_file_says_so,
           an_unreadable_file_is_a_matter_of_rights, the_users_own_file_is_its_root,
           a_file_beyond_the_limit_is_refused_at_the_first_byte_too_many,
           a_file_that_is_being_written_is_tried_again_and_then_put_off, a_missing_spool_folder_is_named,
           a_full_spool_says_what_to_do)
