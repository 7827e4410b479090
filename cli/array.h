/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Growing arrays, and sorted arrays where bsearch() is not enough because equal elements may occur
 * several times.
 */
#ifndef CLI_ARRAY_H
#define CLI_ARRAY_H

#include "cli/defs.h"

/*
 * Ensures room for one more element after the n elements of size bytes in an array with room for
 * *max (initially 0, with a NULL array). Returns the array, which may have moved, or NULL if out of
 * memory; then nothing has changed.
 */
void *array_room(void *array, size_t n, size_t *max, size_t size);

/*
 * Number of elements of a sorted array before the position searched for, which is also the index
 * of that position. is_before: an expression that is true for an element "it" (a pointer, named by
 * the caller) before that position.
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
