/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/buffer.h"
#include "check_main.h"

#include <stdint.h>
#include <string.h>

START_TEST(a_buffer_stops_at_its_ceiling_and_keeps_what_it_has)
{
    struct buffer buffer = BUFFER_INIT(10);
    buffer_text(&buffer, "0123456789");
    ck_assert(!buffer.failed);
    buffer_byte(&buffer, 'x');
    ck_assert(buffer.failed);
    ck_assert_str_eq(buffer.data, "0123456789");
    buffer_clear(&buffer);
    buffer_printf(&buffer, "%d-%s", 42, "ok");
    ck_assert_str_eq(buffer.data, "42-ok");
    buffer_free(&buffer);
}
END_TEST

START_TEST(a_stolen_string_is_the_callers)
{
    struct buffer buffer = BUFFER_INIT(100);
    char *empty = buffer_steal(&buffer);
    ck_assert_str_eq(empty, "");
    free(empty);
    buffer_text(&buffer, "once");
    char *text = buffer_steal(&buffer);
    ck_assert_str_eq(text, "once");
    ck_assert_ptr_null(buffer.data);
    free(text);
}
END_TEST

START_TEST(an_arena_gives_zeroed_aligned_memory_until_its_ceiling)
{
    struct arena arena = ARENA_INIT(1 << 16);
    size_t given = 0;
    for (;;) {
        unsigned char *memory = arena_alloc(&arena, 100);
        if (memory == NULL)
            break;
        ck_assert_uint_eq((uintptr_t)memory % 16, 0);
        for (int i = 0; i < 100; i++)
            ck_assert_uint_eq(memory[i], 0);
        memset(memory, 0xff, 100);
        given += 100;
    }
    ck_assert_uint_ge(given, (1 << 16) / 4);
    ck_assert_uint_le(given, 1 << 16);
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX));
    arena_free(&arena);
}
END_TEST

START_TEST(an_arena_remembers_until_its_reset_that_something_was_left_out)
{
    struct arena arena = ARENA_INIT(1 << 12);
    ck_assert(arena_text(&arena, "small") != NULL && !arena.failed);
    ck_assert_ptr_null(arena_alloc(&arena, 1 << 13));
    ck_assert(arena_text(&arena, "small again") != NULL && arena.failed);
    arena_reset(&arena);
    ck_assert(!arena.failed);
    arena_free(&arena);
}
END_TEST

START_TEST(a_reset_arena_can_be_used_again)
{
    struct arena arena = ARENA_INIT(1 << 20);
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 100; i++)
            ck_assert_ptr_nonnull(arena_printf(&arena, "%d of round %d", i, round));
        arena_reset(&arena);
    }
    ck_assert_uint_le(arena.total, 1 << 14);
    arena_free(&arena);
}
END_TEST

CHECK_MAIN("base.memory", a_buffer_stops_at_its_ceiling_and_keeps_what_it_has, a_stolen_string_is_the_callers,
           an_arena_gives_zeroed_aligned_memory_until_its_ceiling,
           an_arena_remembers_until_its_reset_that_something_was_left_out, a_reset_arena_can_be_used_again)
