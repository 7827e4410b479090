/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Attachments (kern/attach/attachments.h) in words: their kind, and the attach target. For attach.c
 * and prog/unload.c.
 */
#ifndef VIEW_ATTACH_PLACE_H
#define VIEW_ATTACH_PLACE_H

#include "cli/buf.h"
#include "cli/ctx.h"
#include "kern/attach/attachments.h"

/* "xdp", "tracepoint"...: in the order of enum att_kind, NULL-terminated. */
extern const char *const attach_place_kinds[];

/* "eth0 driver", "/sys/fs/cgroup/x cgroup_device": appended to b, not escaped. */
void attach_place_text(struct ctx *ctx, const struct attachments *set, const struct attachment *a,
		struct buf *b);

/* The same as members of the open record, in JSON only: devname, ifindex, cgroup, tracepoint... */
void attach_place_json(struct ctx *ctx, const struct attachment *a);

#endif
