// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#include "cli/array.h"

#define FIRST_ROOM 16

void *array_room(void *array, size_t n, size_t *max, size_t size)
{
	size_t want = *max ? 2 * *max : FIRST_ROOM;
	void *grown;

	if (n < *max)
		return array;
	grown = reallocarray(array, want, size);
	if (grown)
		*max = want;
	return grown;
}
