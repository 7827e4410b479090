// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Removing pins: one by its path, or all pins of an object. */
#include <errno.h>
#include <sys/stat.h>

#include "json_writer.h"
#include "kern/object/bpffs.h"
#include "view/unpin.h"

struct unpin {
	const struct obj_kind *kind;
	uint32_t id;
	const char *const *paths;
	size_t n;
};

static int remove_one(struct ctx *ctx, const struct unpin *u, const char *path)
{
	int err = pin_remove(u->kind, path, u->id);

	if (!err) {
		ctx_changed(ctx, "%s %u is unpinned from '%s'", u->kind->noun, u->id, path);
		out_str(ctx->out, NULL, "%s", path);
		return 0;
	}
	if (err == -ENOENT && u->n > 1)
		return 0; /* the same file system at another place, or another process was faster */
	if (err == -ESTALE)
		return fail_msg(ctx->err, err, "'%s' now pins another object", path);
	fail(ctx->err, err, "remove pin '%s'", path);
	err_hint_denied(ctx->err, "cap_dac_override");
	return err;
}

static int remove_all(struct ctx *ctx, const struct unpin *u)
{
	struct out *o = ctx->out;
	char label[64];
	int err = 0;

	snprintf(label, sizeof(label), "%s %u unpinned from ", u->kind->noun, u->id);
	out_rec(o, NULL);
	out_json_uint(o, "id", u->id);
	out_list(o, "unpinned", label);
	for (size_t i = 0; !err && i < u->n; i++)
		err = remove_one(ctx, u, u->paths[i]);
	if (err)
		return err;
	out_list_end(o);
	out_rec_end(o);
	return 0;
}

/* Removing the symbolic link would leave the pin, removing the pin a dangling link. */
static int check_path(struct ctx *ctx, const char *path)
{
	auto_free char *to = NULL;
	struct stat st;

	if (lstat(path, &st) < 0)
		return fail(ctx->err, -errno, "open '%s'", path);
	if (!S_ISLNK(st.st_mode))
		return 0;
	fail_msg(ctx->err, -EINVAL, "'%s' is a symbolic link, not a pin", path);
	to = realpath(path, NULL);
	if (to)
		err_hint(ctx->err, "it leads to '%s'", to);
	return -EINVAL;
}

static int unpin_object(struct ctx *ctx, struct unpin *u)
{
	struct pins *pins = NULL;
	int err = pins_collect(ctx, u->kind, &pins);

	if (err)
		return err;
	pins_partly(ctx, pins);
	u->paths = pins_of(pins, u->id, &u->n);
	err = u->n ? remove_all(ctx, u)
		   : fail_msg(ctx->err, -ENOENT, "%s %u is not pinned", u->kind->noun, u->id);
	pins_free(pins);
	return err;
}

int unpin(struct ctx *ctx, const struct obj_kind *kind, const struct unpin_args *a)
{
	struct ref ref = a->path ? (struct ref){ .how = REF_PINNED, .text = a->path } : a->ref;
	struct unpin u = { .kind = kind, .paths = &ref.text, .n = 1 };
	bool by_path = ref.how == REF_PINNED;
	struct obj_label label = {};
	auto_close int fd = -1;
	int err = by_path ? check_path(ctx, ref.text) : 0;

	if (!err)
		err = obj_open(ctx, kind, &ref, kind == &obj_map ? OBJ_RDONLY : 0, &fd);
	if (err)
		return err;
	err = kind->read_label(fd, &label);
	if (err)
		return fail(ctx->err, err, "read %s", kind->noun);
	u.id = label.id;
	return by_path ? remove_all(ctx, &u) : unpin_object(ctx, &u);
}
