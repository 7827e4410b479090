// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Preloaded by make torture: counts allocations from main on, and makes one fail, or it and all
 * later ones. The page shared with the driver contains what to do (alloc.h). A trap marks the start
 * of the program, and the first failed allocation: the driver, which traces the program, handles it
 * and records where it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alloc.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

static struct alloc_page *page;

static void trap(void)
{
#ifdef __x86_64__
	__asm__ volatile("int3");
#endif
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv(ALLOC_PAGE);
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	unsetenv("LD_PRELOAD");
	unsetenv(ALLOC_PAGE);
	if (p == MAP_FAILED)
		return;
	trap();
	page = p;
}

/* True for an allocation that must fail; errno is set then. */
static bool fails(void)
{
	unsigned int n;

	if (!page)
		return false;
	n = __atomic_add_fetch(&page->calls, 1, __ATOMIC_RELAXED);
	if (!page->fail_at || n < page->fail_at || (n > page->fail_at && !page->all_later))
		return false;
	if (n == page->fail_at)
		trap();
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *memalign(size_t align, size_t size)
{
	return fails() ? NULL : __libc_memalign(align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int posix_memalign(void **ret, size_t align, size_t size)
{
	void *p = memalign(align, size);

	if (!p)
		return ENOMEM;
	*ret = p;
	return 0;
}
