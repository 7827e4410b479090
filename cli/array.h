/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Arrays that grow; and sorted ones, where bsearch() is not enough: what is equal may be there
 * several times. */
#ifndef CLI_ARRAY_H
#define CLI_ARRAY_H

#include "cli/defs.h"

/*
 * Room for one more behind the n elements of size bytes in an array that has room for *max (0 at
 * first, and the array NULL). The array, which may have moved; NULL: out of memory, and all is as
 * it was.
 */
void *array_room(void *array, size_t n, size_t *max, size_t size);

/*
 * How many elements of a sorted array come before what is looked for, which is the index where that
 *begins. is_before: an expression that says so of the element that the pointer "it", named by the
 *caller, is at.
 *
 *	i = count_before(all, n, it, it->id < id);
 */
#define count_before(array, n, it, is_before) ({                                                   \
	size_t low_ = 0, high_ = (n);                                                              \
	while (low_ < high_) {                                                                     \
		size_t middle_ = low_ + (high_ - low_) / 2;                                        \
		const __typeof__((array)[0]) *it = &(array)[middle_];                              \
		if (is_before)                                                                     \
			low_ = middle_ + 1;                                                        \
		else                                                                               \
			high_ = middle_;                                                           \
	}                                                                                          \
	low_;                                                                                      \
})

#endif
