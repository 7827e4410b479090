/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Removing pins, for the commands map unpin, prog unpin and link unpin. */
#ifndef VIEW_UNPIN_H
#define VIEW_UNPIN_H

#include "kern/object/obj.h"

struct unpin_args {
	struct ref ref;			/* all pins of this object; REF_PINNED: this pin */
	const char *path;		/* or this pin */
};

/*
 * Removes pins of one object of the kind, or of each of several, and reports them. Anything else at
 * a path is rejected. Stops at the first pin of an object that cannot be removed: the error
 * contains what was removed before.
 */
int unpin(struct ctx *ctx, const struct obj_kind *kind, const struct unpin_args *a);

#endif
