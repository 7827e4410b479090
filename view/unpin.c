// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Removing pins: one by its path, or all pins of an object. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/magic.h>

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

/* "cd /sys/fs/bpf; map unpin flows": a bare word may be a pin in the current directory. */
static bool is_pin_here(const struct ref *ref)
{
	struct statfs fs;

	return ref->bare && !statfs(ref->text, &fs) && fs.f_type == BPF_FS_MAGIC;
}

static int unpin_one(struct ctx *ctx, const struct obj_kind *kind, const struct ref *which)
{
	bool by_path = which->how == REF_PINNED || is_pin_here(which);
	struct ref ref = by_path ? (struct ref){ .how = REF_PINNED, .text = which->text } : *which;
	struct unpin u = { .kind = kind, .paths = &ref.text, .n = 1 };
	struct obj_label label = {};
	auto_close int fd = -1;
	int err;

	ref.next = NULL;
	err = by_path ? check_path(ctx, ref.text) : 0;
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

/* Several of them. */
struct several {
	struct ctx *ctx;
	const struct obj_kind *kind;
	unsigned int n_done;
	bool more;			/* references follow */
};

/* A failure is reported and skipped; the last one, if nothing was done, is the command's. */
static void count_one(struct several *s, int err, bool more)
{
	s->n_done += !err;
	if (!err)
		return;
	out_rollback(s->ctx->out);
	if (!more && !s->n_done)
		return;
	ctx_hint_changes(s->ctx);
	report_and_skip(s->ctx);
}

/* Those of n objects that are pinned: returns how many. */
static size_t unpin_pinned(struct several *s, const struct pins *pins, const int *fds, size_t n)
{
	size_t n_pinned = 0;

	for (size_t i = 0; i < n; i++) {
		struct unpin u = { .kind = s->kind };
		struct obj_label label = {};

		if (!s->kind->read_label(fds[i], &label))
			u.paths = pins_of(pins, label.id, &u.n);
		u.id = label.id;
		n_pinned += !!u.n;
		if (u.n)
			count_one(s, remove_all(s->ctx, &u), s->more || i + 1 < n);
	}
	return n_pinned;
}

/* Everything with such a name that is pinned. */
static void unpin_matching(struct several *s, const struct ref *pattern)
{
	unsigned int flags = s->kind == &obj_map ? OBJ_RDONLY : 0;
	struct ref alone = *pattern;
	struct pins *pins = NULL;
	int *fds = NULL, err;
	size_t n = 0;

	alone.next = NULL;
	err = obj_find(s->ctx, s->kind, &alone, flags, &fds, &n);
	if (!err)
		err = pins_collect(s->ctx, s->kind, &pins);
	if (!err && !unpin_pinned(s, pins, fds, n))
		err = fail_msg(s->ctx->err, -ENOENT, "no %s whose name matches '%s' is pinned",
			       s->kind->noun, pattern->text);
	if (err)
		count_one(s, err, s->more);
	pins_free(pins);
	obj_close_all(fds, n);
}

static int unpin_several(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref)
{
	struct several s = { .ctx = ctx, .kind = kind };

	out_list(ctx->out, NULL, NULL);
	for (; ref; ref = ref->next) {
		s.more = ref->next;
		if (ref->how == REF_GLOB)
			unpin_matching(&s, ref);
		else
			count_one(&s, unpin_one(ctx, kind, ref), s.more);
	}
	if (!s.n_done)
		return ctx->err->code ?: fail_msg(ctx->err, -EIO, "no pin was removed");
	out_list_end(ctx->out);
	return 0;
}

int unpin(struct ctx *ctx, const struct obj_kind *kind, const struct unpin_args *a)
{
	struct ref path = { .how = REF_PINNED, .text = a->path };
	const struct ref *ref = a->path ? &path : &a->ref;

	return ref_is_list(ref) ? unpin_several(ctx, kind, ref) : unpin_one(ctx, kind, ref);
}
