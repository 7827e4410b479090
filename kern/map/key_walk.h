/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The way of a walk over keys that may begin anew at any step, and of the walks after it: which
 * keys were met, in which walk, and the last steps back. For map_io.c.
 */
#ifndef KERN_MAP_KEY_WALK_H
#define KERN_MAP_KEY_WALK_H

#include "kern/map/key_set.h"

#define KEY_WALK_BACK 64

struct key_walk {
	struct key_set seen;		/* in all walks */
	uint8_t *met; /* owned: the last walk that met a key, by its number in seen */
	uint32_t met_max;
	uint8_t walk;			/* the number of this one, from 0; at most 254 */
	uint32_t back[KEY_WALK_BACK];	/* a ring of numbers in seen, the last steps */
	uint32_t n_back, top;
	uint32_t missed;		/* no key before this number is left to be met */
};

/*
 * A step to this key. 1: never met before; 0: met in earlier walks only; -EEXIST: met in this walk,
 * and the step is not made; or -ENOMEM.
 */
int key_walk_meet(struct key_walk *w, const void *key);
/* The step all the same: the key has been met. */
void key_walk_on(struct key_walk *w, const void *key);
/* The key of the last step, NULL if there is none (any more). Valid until the next meeting. */
const void *key_walk_last(const struct key_walk *w);
/* Take the last step back. */
void key_walk_back(struct key_walk *w);
/* Step to a key that this walk has not met, only earlier ones. False: there is none. */
bool key_walk_missed(struct key_walk *w);
/* The next walk, from the start. */
void key_walk_again(struct key_walk *w);
void key_walk_free(struct key_walk *w);

#endif
