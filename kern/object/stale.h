/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Pinned objects that do nothing and never will again. */
#ifndef KERN_OBJECT_STALE_H
#define KERN_OBJECT_STALE_H

#include "kern/object/obj.h"

/*
 * Why the object is certainly stale: what its link was attached to, or the device that it was made
 * for, is gone and cannot come back. NULL: it is not, or that is not known. Programs that are
 * attached nowhere and maps that nobody uses are not stale: they were pinned to be kept.
 */
const char *obj_stale(const struct obj_kind *kind, int fd);

#endif
