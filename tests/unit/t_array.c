// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * cli/array.h: positions in arrays of every small length, compared with a linear search; growing.
 */
#include "cli/array.h"
#include "tap.h"

#define LONGEST 9

static size_t walk(const unsigned int *all, size_t n, unsigned int v)
{
	size_t i = 0;

	while (i < n && all[i] < v)
		i++;
	return i;
}

/* Bit i: is element i larger than the one before? */
static void fill(unsigned int *all, size_t n, unsigned int bits)
{
	for (size_t i = 0; i < n; i++)
		all[i] = (i ? all[i - 1] : 0) + (bits >> i & 1);
}

static int differs(size_t n, unsigned int bits)
{
	unsigned int all[LONGEST];

	fill(all, n, bits);
	for (unsigned int v = 0; v <= LONGEST + 1; v++)
		if (count_before(all, n, it, *it < v) != walk(all, n, v))
			return 1;
	return 0;
}

/* A sanitizer's allocator fails like the C library's. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void test_room(void)
{
	uint32_t *all = NULL, *room;
	size_t max = 0, n, n_moves = 0, n_wrong = 0;

	for (n = 0; n < 1000; n++) {
		size_t before = max;

		room = array_room(all, n, &max, sizeof(*room));
		if (!room)
			break;
		n_moves += max != before;
		all = room;
		all[n] = (uint32_t)n * 3;
	}
	for (size_t i = 0; i < n; i++)
		n_wrong += all[i] != i * 3;
	ok(n == 1000 && !n_wrong && max >= n, "an array grows and keeps what is in it");
	ok(n_moves < 12, "and seldom moves");
	n = max;
	ok(!array_room(all, n, &max, SIZE_MAX / 2) && max == n,
	   "out of memory: nothing has changed");
	ok(all[999] == 2997, "the old array is there");
	free(all);
}

int main(void)
{
	const unsigned int *none = NULL;
	int n_wrong = 0;

	is_int((long long)count_before(none, 0, it, *it < 5), 0, "an array that is not there");
	for (size_t n = 0; n <= LONGEST; n++)
		for (unsigned int bits = 0; bits < 1u << n; bits++)
			n_wrong += differs(n, bits);
	is_int(n_wrong, 0, "the first of equals, the end, gaps");
	test_room();
	return tap_done();
}
