// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Programs on all visible cgroups. Links contain only a number, the walk finds the path. */
#include <errno.h>
#include <sys/stat.h>

#include "kern/attach/attachments_int.h"
#include "kern/attach/cgroup.h"
#include "kern/object/mounts.h"

static int set_path(struct attachment *a, const char *path)
{
	free(a->name);
	a->name = strdup(path);
	return a->name ? 0 : -ENOMEM;
}

static int put_cgroup(struct ctx *ctx, const struct cgroup *cg, void *data)
{
	struct attachments *set = data;
	struct stat st;
	int err = 0;

	if (!cg->n || stat(cg->path, &st) < 0)
		return 0;
	for (size_t i = 0; i < cg->n && !err; i++) {
		struct attachment a = {
			.prog_id = cg->progs[i].id,
			.kind = ATT_CGROUP,
			.held = ATT_BY_HOOK,
			.attach_type = cg->progs[i].attach_type,
			.cgroup_id = st.st_ino,
			.xdp_mode = -1,
		};
		struct attachment *link = attachments_place(set, &a);

		err = set_path(link ? link : &a, cg->path);
		if (!err && !link)
			err = attachments_add(set, &a);
	}
	return err ? fail(ctx->err, err, "list programs on cgroups") : 0;
}

int attach_from_cgroups(struct ctx *ctx, struct attachments *set)
{
	auto_free char *root = NULL;
	int err = mounts_find("cgroup2", &root);

	if (err)	/* none is mounted: links are listed anyway */
		return err == -ENOENT ? 0 : fail(ctx->err, err, "find the cgroup2 file system");
	return cgroup_each(ctx, root, CGROUP_TREE, put_cgroup, set);
}
