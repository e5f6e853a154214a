/* SPDX-License-Identifier: Apache-2.0 */
/* Locals that free themselves at the end of their scope: `_cleanup_(buffer_free) struct buffer b = …;` */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))
#define _cleanup_free_      _cleanup_(cleanup_free)
#define _cleanup_close_     _cleanup_(cleanup_close)
#define _cleanup_fclose_    _cleanup_(cleanup_fclose)

static inline void cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void cleanup_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
    if (*file != NULL)
        fclose(*file);
}

#define ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

#endif
