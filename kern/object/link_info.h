/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Links of any type: read what the kernel says of one, and where it is attached. A new type is a
 * layout in kern/abi.h and a row in link_info.c; a row in link.c if numbers are not enough.
 */
#ifndef KERN_OBJECT_LINK_INFO_H
#define KERN_OBJECT_LINK_INFO_H

#include "kern/abi.h"
#include "kern/object/obj.h"

struct attachment;		/* kern/attach/attachments.h */

#define LINK_PLACES_MAX (1U << 24)	/* more than the kernel takes */

/* Buffers that the kernel fills; which ones, the type tells. All owned: link_bufs_free(). */
struct link_bufs {
	char *text; /* a name or path; NUL-terminated; NULL: the type has none */
	uint64_t *addrs, *offsets, *ref_ctr_offsets, *cookies;
	uint32_t *ids;			/* BTF types */
	uint32_t n;			/* elements of each array */
};

/*
 * Names, and the arrays if they have max_places elements at most. *bufs is zeroed by the caller. 0
 * or a negative errno (-E2BIG: more than LINK_PLACES_MAX were asked for and are there); *bufs is to
 * be freed either way.
 */
int link_info_read(int fd, uint32_t max_places, struct abi_link_info *ret, struct link_bufs *bufs);
void link_bufs_free(struct link_bufs *b);

/* Kind and target of the attachment that it makes. Borrows nothing; its name (bufs->text) is the
 * caller's to copy. */
void link_describe(const struct abi_link_info *info, const struct link_bufs *bufs,
		   struct attachment *ret);

/* Can the kernel detach links of this type? Types that are newer than we are: try it. */
bool link_type_can_detach(uint32_t type);

#endif
