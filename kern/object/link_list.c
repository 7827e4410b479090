// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * All links at once: converts the output of bpf/links.bpf.c to what the kernel itself would return
 * for each link.
 */
#include <errno.h>

#include "bpf/links.h"
#include "cli/buf.h"
#include "kern/iterate.h"
#include "kern/object/link_list.h"

#ifdef HAVE_BPF_HELPERS

/* Embedded by the linker: see Makefile. */
extern const char links_bpf_start[], links_bpf_end[];

static int iterate_links(struct buf *b, uint32_t *ret_own_id)
{
	const struct helper h = { links_bpf_start, links_bpf_end, "links" };

	return iterate(&h, b, ret_own_id);
}

#else

static int iterate_links(UNUSED struct buf *b, UNUSED uint32_t *ret_own_id)
{
	return -EOPNOTSUPP;
}

#endif

static void fill_target(const struct links_record *r, struct abi_link_info *info)
{
	if (r->type == ABI_LINK_TYPE_CGROUP) {
		info->cgroup.cgroup_id = r->cgroup_id;
		info->cgroup.attach_type = r->attach_type;
	} else {
		info->dev.ifindex = r->ifindex;
		if (r->type != ABI_LINK_TYPE_XDP)
			info->dev.attach_type = r->attach_type;
	}
}

static struct link_brief to_brief(const struct links_record *r)
{
	struct link_brief brief = { .info = {
					    .type = r->type, .id = r->id, .prog_id = r->prog_id } };

	fill_target(r, &brief.info);
	if (r->is_ours) {
		memcpy(brief.dev, r->dev, sizeof(brief.dev));
		brief.dev[sizeof(brief.dev) - 1] = '\0';
	}
	return brief;
}

/* A device whose name was just being changed is queried like any link. */
static bool is_known(const struct links_record *r)
{
	return r->is_whole && (!r->ifindex || *r->dev);
}

static int open_one(struct ctx *ctx, const struct link_visit *visit, uint32_t id, const void *data)
{
	auto_close int fd = obj_link.open_id(id, 0);

	if (fd == -ENOENT)
		return 0;
	if (fd >= 0)
		return visit->opened(ctx, fd, data);
	fail(ctx->err, fd, "open link %u", id);
	err_hint_denied(ctx->err, obj_caps);
	return fd;
}

static int visit_one(struct ctx *ctx, const struct link_visit *visit, const struct links_record *r,
		     const void *data)
{
	struct link_brief brief;

	if (!is_known(r))
		return open_one(ctx, visit, r->id, data);
	brief = to_brief(r);
	return visit->brief(ctx, &brief, data);
}

int links_each(struct ctx *ctx, size_t n_expected, const struct link_visit *visit, const void *data)
{
	uint32_t own_id = 0;
	struct links_record r;
	struct buf b = {};
	int err = n_expected < LINKS_MANY ? -EOPNOTSUPP : iterate_links(&b, &own_id);

	if (err) {
		buf_free(&b);
		return obj_each(ctx, &obj_link, 0, visit->opened, data);
	}
	for (size_t at = 0; !err && at + sizeof(r) <= b.len; at += sizeof(r)) {
		memcpy(&r, b.data + at, sizeof(r));
		if (r.id != own_id)
			err = visit_one(ctx, visit, &r, data);
	}
	buf_free(&b);
	return err;
}
