/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Links of any type: reading a link's info, and its attach target. A new type is a layout in
 * kern/abi.h and a row in link_info.c; a row in link.c if numbers are not enough.
 */
#ifndef KERN_ATTACH_LINK_INFO_H
#define KERN_ATTACH_LINK_INFO_H

#include "kern/abi.h"
#include "kern/object/obj.h"

struct attachment;		/* kern/attach/attachments.h */

#define LINK_PLACES_MAX (1U << 24)	/* more than the kernel accepts */

/* Buffers that the kernel fills; which ones depends on the type. All owned: link_bufs_free(). */
struct link_bufs {
	char *text; /* a name or path; NUL-terminated; NULL: the type has none */
	uint64_t *addrs, *offsets, *ref_ctr_offsets, *cookies;
	uint32_t *ids;			/* BTF types */
	uint32_t n;			/* elements of each array */
};

/*
 * Reads names, and the arrays if they have at most max_places elements. The caller zeroes *bufs.
 * Returns 0 or a negative errno (-E2BIG: more than LINK_PLACES_MAX were requested and exist); *bufs
 * must be freed in both cases.
 */
int link_info_read(int fd, uint32_t max_places, struct abi_link_info *ret, struct link_bufs *bufs);
void link_bufs_free(struct link_bufs *b);

/*
 * Kind and target of the link's attachment. Borrows nothing; its name (bufs->text) must be copied
 * by the caller.
 */
void link_describe(const struct abi_link_info *info, const struct link_bufs *bufs,
		   struct attachment *ret);

/* Can the kernel detach links of this type? Unknown types: try it. */
bool link_type_can_detach(uint32_t type);

#endif
