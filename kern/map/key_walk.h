/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The path of a walk over keys that may restart at any step, and of the walks after it: which keys
 * were met, in which walk, and the last steps. For map/io.c.
 */
#ifndef KERN_MAP_KEY_WALK_H
#define KERN_MAP_KEY_WALK_H

#include "kern/map/key_set.h"

#define KEY_WALK_BACK 64

struct key_walk {
	struct key_set seen;		/* in all walks */
	uint8_t *met; /* owned: by number in seen, the last walk that met the key */
	uint32_t met_max;
	uint8_t walk;			/* the number of the current walk, from 0; at most 254 */
	uint32_t back[KEY_WALK_BACK];	/* a ring of numbers in seen, the last steps */
	uint32_t n_back, top;
	uint32_t missed;		/* all keys before this number have been met */
};

/*
 * A step to this key. Returns 1: never met before; 0: met in earlier walks only; -EEXIST: met in
 * this walk, and the step is not made; or -ENOMEM.
 */
int key_walk_meet(struct key_walk *w, const void *key);
/* Makes the step anyway: the key has been met. */
void key_walk_on(struct key_walk *w, const void *key);
/* The key of the last step, NULL if there is none (any more). Valid until the next step. */
const void *key_walk_last(const struct key_walk *w);
/* Undoes the last step. */
void key_walk_back(struct key_walk *w);
/* Steps to a key that only earlier walks have met. False: there is none. */
bool key_walk_missed(struct key_walk *w);
/* Starts the next walk. */
void key_walk_again(struct key_walk *w);
void key_walk_free(struct key_walk *w);

#endif
