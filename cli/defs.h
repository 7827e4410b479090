/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Small things that every file needs: array sizes, ownership in the declaration, compiler
 * attributes. Nothing here knows about BPF or about output.
 */
#ifndef CLI_DEFS_H
#define CLI_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define FORMAT_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define UNUSED __attribute__((unused))

/* auto_free char *p: freed at the end of the block, unless take_ptr(p) transferred it. */
#define auto_free __attribute__((cleanup(cleanup_free)))
/* auto_close int fd = -1: closed at the end of the block, unless take_fd(&fd) transferred it. */
#define auto_close __attribute__((cleanup(cleanup_close)))
/* auto_fclose FILE *f: closed at the end of the block. */
#define auto_fclose __attribute__((cleanup(cleanup_fclose)))

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline int take_fd(int *fd)
{
	int owned = *fd;

	*fd = -1;
	return owned;
}

#define take_ptr(p) ({ __typeof__(p) taken_ = (p); (p) = NULL; taken_; })

static inline bool streq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static inline bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Pointers are passed to the kernel as 64-bit numbers. */
/* Singular or plural: plural(n, "entry", "entries"). */
static inline const char *plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

static inline uint64_t ptr_to_u64(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

static inline const void *u64_to_ptr(uint64_t v)
{
	return (const void *)(uintptr_t)v;
}

#endif
