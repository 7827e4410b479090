// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Numbers of keys in a set, with a mark for each and a ring of the last ones. */
#include <errno.h>

#include "kern/map/key_walk.h"

static int make_marks(struct key_walk *w)
{
	uint8_t *met = realloc(w->met, w->seen.max);

	if (!met)
		return -ENOMEM;
	memset(met + w->met_max, 0, w->seen.max - w->met_max);
	w->met = met;
	w->met_max = w->seen.max;
	return 0;
}

static void put_back(struct key_walk *w, uint32_t i)
{
	w->top = (w->top + 1) % KEY_WALK_BACK;
	w->back[w->top] = i;
	if (w->n_back < KEY_WALK_BACK)
		w->n_back++;
}

static uint8_t mark_of(const struct key_walk *w)
{
	return (uint8_t)(w->walk + 1);
}

int key_walk_meet(struct key_walk *w, const void *key)
{
	uint32_t i = 0;
	int added = key_set_put(&w->seen, key, &i), err = 0;

	if (added < 0)
		return added;
	if (w->met_max < w->seen.max)
		err = make_marks(w);
	if (err)
		return err;
	if (w->met[i] == mark_of(w))
		return -EEXIST;
	w->met[i] = mark_of(w);
	put_back(w, i);
	return added;
}

const void *key_walk_last(const struct key_walk *w)
{
	return w->n_back ? key_set_at(&w->seen, w->back[w->top]) : NULL;
}

void key_walk_back(struct key_walk *w)
{
	w->n_back--;
	w->top = (w->top + KEY_WALK_BACK - 1) % KEY_WALK_BACK;
}

void key_walk_on(struct key_walk *w, const void *key)
{
	uint32_t i;

	if (!key_set_put(&w->seen, key, &i))
		put_back(w, i);
}

bool key_walk_missed(struct key_walk *w)
{
	while (w->missed < w->seen.n && w->met[w->missed] == mark_of(w))
		w->missed++;
	if (w->missed == w->seen.n)
		return false;
	w->met[w->missed] = mark_of(w);
	put_back(w, w->missed);
	return true;
}

void key_walk_again(struct key_walk *w)
{
	w->walk++;
	w->missed = 0;
	w->n_back = 0;
}

void key_walk_free(struct key_walk *w)
{
	key_set_free(&w->seen);
	free(w->met);
	*w = (struct key_walk){};
}
