// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * From a reference to objects: by id, by the path of a pin, or by a walk over all names and tags.
 * What was not found, or is ambiguous, is said with what there is.
 */
#include <errno.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/magic.h>

#include "cli/nearest.h"
#include "kern/abi.h"
#include "kern/libbpf_opts.h"
#include "kern/object/candidates.h"
#include "kern/object/obj.h"
#include "kern/procs.h"

#define N_SIMILAR_MAX 3			       /* names a "not found" suggests */

/* A link has no name: people name it by its program. */
static int read_link_name(int fd, struct obj_label *label)
{
	struct abi_link_info info = {};
	struct obj_label of_prog = {};
	auto_close int prog_fd = -1;
	int err = obj_info(fd, &info, sizeof(info));

	if (err || !info.prog_id)
		return err;
	prog_fd = obj_prog.open_id(info.prog_id, 0);
	if (prog_fd < 0)
		return prog_fd;
	err = obj_full_label(&obj_prog, prog_fd, &of_prog);
	if (!err)
		memcpy(label->name, of_prog.name, sizeof(label->name));
	return err;
}

int obj_read_names(const struct obj_kind *kind, int fd, struct obj_label *ret)
{
	int err = obj_full_label(kind, fd, ret);

	return err || kind != &obj_link ? err : read_link_name(fd, ret);
}

/* Does the object match the tag or name? Returns 1, 0 or a negative errno. */
static int matches(const struct obj_kind *kind, int fd, const struct ref *ref)
{
	struct obj_label label = {};
	int err = kind->read_label(fd, &label);

	if (err)
		return err;
	if (ref->how == REF_TAG)
		return label.has_tag && !memcmp(label.tag, ref->tag, sizeof(label.tag));
	/* The full name is expensive: look it up only if the kernel's part of it matches. */
	if (label.cut && ref->how == REF_NAME && !has_prefix(ref->text, label.name))
		return 0;
	if (label.cut || kind == &obj_link)
		err = obj_read_names(kind, fd, &label);
	return err ? err : ref_is_name(ref, label.name);
}

struct found {
	int *fds;
	size_t n;
};

static void cleanup_found(struct found *f)
{
	obj_close_all(f->fds, f->n);
}

#define auto_found __attribute__((cleanup(cleanup_found)))

void obj_close_all(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
	free(fds);
}

static int found_add(struct found *f, int fd)
{
	int *grown = reallocarray(f->fds, f->n + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	f->fds = grown;
	f->fds[f->n++] = fd;
	return 0;
}

/* Every object that matches the tag or name, possibly none. Reports nothing. */
static int find_matching(const struct obj_kind *kind, const struct ref *ref, unsigned int flags,
			 struct found *found)
{
	uint32_t id = 0;
	int err, fd;

	while (!(err = obj_next(kind, flags, &id, &fd))) {
		auto_close int owned = fd;

		err = matches(kind, owned, ref);
		if (err > 0)
			err = found_add(found, owned);
		else if (!err)
			continue;
		if (err)
			return err;
		take_fd(&owned);
	}
	return err == -ENOENT ? 0 : err;
}

static const char *how_word(const struct ref *ref)
{
	return ref->how == REF_TAG ? "tag" : ref->how == REF_GLOB ? "pattern" : "name";
}

/* A name that the user may have meant: it contains what was typed, or is contained in it. */
static bool is_similar(const char *name, const char *typed)
{
	return *name && *typed && (strcasestr(name, typed) || strcasestr(typed, name));
}

/* "a, b, c": names of this kind similar to what was typed, each once. */
static void find_similar(const struct obj_kind *kind, const char *typed, char *buf, size_t size)
{
	unsigned int n = 0;
	uint32_t id = 0;
	int fd;

	*buf = '\0';
	while (n < N_SIMILAR_MAX && !obj_next(kind, OBJ_RDONLY, &id, &fd)) {
		auto_close int owned = fd;
		struct obj_label label = {};
		char part[OBJ_NAME_MAX + 4];

		if (obj_read_names(kind, owned, &label) || !is_similar(label.name, typed))
			continue;
		snprintf(part, sizeof(part), "'%s'", label.name);
		if (strstr(buf, part))
			continue;
		add_word(buf, size, "%s", part);
		n++;
	}
}

static int fail_none(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref)
{
	const char *of = kind == &obj_link ? " of a program" : "";
	char similar[512] = "";

	if (ref->how == REF_TAG) {
		fail_msg(ctx->err, -ENOENT, "no %s with tag %s", kind->noun, ref->text);
	} else if (ref->how == REF_GLOB) {
		fail_msg(ctx->err, -ENOENT, "no %s%s whose name matches '%s'", kind->noun, of,
			 ref->text);
	} else {
		fail_msg(ctx->err, -ENOENT, "no %s%s named '%s'", kind->noun, of, ref->text);
		find_similar(kind, ref->text, similar, sizeof(similar));
	}
	if (ref->near)
		err_hint(ctx->err, "did you mean '%s'?", ref->near);
	else if (*similar)
		err_hint(ctx->err, "similar names: %s", similar);
	else
		err_hint(ctx->err, "'%s %s show' lists all %s", ctx->progname, kind->group,
			 kind->nouns);
	return -ENOENT;
}

static int check_ref(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref)
{
	if (ref->how != REF_NAME)
		return 0;
	if (kind->type == OBJ_MAP && strlen(ref->text) > KERNEL_NAME_MAX) {
		fail_usage(ctx->err, "map name '%s' is too long: the kernel keeps %d characters",
			   ref->text, KERNEL_NAME_MAX);
		err_hint(ctx->err, "try '%.*s'", KERNEL_NAME_MAX, ref->text);
		return -EINVAL;
	}
	if (strlen(ref->text) >= OBJ_NAME_MAX)
		return fail_usage(ctx->err, "name '%.20s...' is too long: at most %d characters",
				  ref->text, OBJ_NAME_MAX - 1);
	return 0;
}

/* Why a pinned path could not be opened, and what to do. */
static int fail_pinned(struct ctx *ctx, const struct obj_kind *kind, const char *path, int err)
{
	struct statfs fs;
	struct stat st;
	bool elsewhere = statfs(path, &fs) == 0 && fs.f_type != BPF_FS_MAGIC;

	if (err == -ENOENT) {
		fail(ctx->err, err, "open pinned %s '%s'", kind->noun, path);
		err_hint(ctx->err, "'%s -f %s show' lists what is pinned", ctx->progname,
			 kind->group);
	} else if (elsewhere && (err == -EACCES || err == -EINVAL)) {
		fail_msg(ctx->err, err, "'%s' is not on a BPF file system", path);
		err_hint(ctx->err, "pins live on bpffs, usually below /sys/fs/bpf");
	} else {
		fail(ctx->err, err, "open pinned %s '%s'", kind->noun, path);
		if (err == -EACCES && !stat(path, &st) && S_ISDIR(st.st_mode))
			err_hint(ctx->err, "it is a directory");
		else if (err == -EROFS)
			err_hint(ctx->err, "the mount is read-only; use an id from '%s %s show'",
				 ctx->progname, kind->group);
		else if (err == -EACCES)
			err_hint(ctx->err, "the permissions of the file or a parent directory deny "
					   "it; run it as root");
		err_hint_denied(ctx->err, obj_caps);
	}
	return err;
}

static int open_pinned(struct ctx *ctx, const struct obj_kind *kind, const char *path,
		       unsigned int flags)
{
	LIB_OPTS(bpf_obj_get_opts, opts);
	const struct obj_kind *found = NULL;
	auto_close int fd = -1;
	int err;

	if (flags & OBJ_RDONLY && kind->type == OBJ_MAP)
		opts.file_flags = BPF_F_RDONLY;
	fd = bpf_obj_get_opts(path, &opts);
	if (fd == -EROFS &&
	    kind->type == OBJ_PROG) { /* on a read-only mount; irrelevant for programs */
		opts.file_flags = BPF_F_RDONLY;
		fd = bpf_obj_get_opts(path, &opts);
	}
	if (fd < 0)
		return fail_pinned(ctx, kind, path, fd);
	err = obj_kind_of(fd, &found);
	if (err && !procs_are_there())
		return procs_fail_none(ctx, "find out what is pinned");
	if (err)
		return fail(ctx->err, err, "find out what is pinned at '%s'", path);
	if (found == kind)
		return take_fd(&fd);
	fail_msg(ctx->err, -EINVAL, "'%s': incorrect object type: %s", path,
		 found ? found->group : "unknown");
	if (found)
		err_hint(ctx->err, "this is a %s: '%s %s show pinned %s'", found->noun,
			 ctx->progname, found->group, path);
	return -EINVAL;
}

static int open_by_id(struct ctx *ctx, const struct obj_kind *kind, uint32_t id, unsigned int flags)
{
	int fd = kind->open_id(id, flags);

	if (fd >= 0)
		return fd;
	fail(ctx->err, fd, "open %s %u", kind->noun, id);
	if (fd == -ENOENT)
		err_hint(ctx->err, "'%s %s show' lists all %s", ctx->progname, kind->group,
			 kind->nouns);
	err_hint_denied(ctx->err, obj_caps);
	return fd;
}

static int fail_add(struct ctx *ctx, const struct obj_kind *kind, int err)
{
	return err ? fail(ctx->err, err, "open %s", kind->noun) : 0;
}

/* The objects of one reference, at least one. */
static int find_ref(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
		    unsigned int flags, struct found *ret)
{
	auto_close int fd = -1;
	int err = check_ref(ctx, kind, ref);

	if (err)
		return err;
	if (ref->how == REF_NONE)
		return fail_usage(ctx->err, "missing a reference to the %s", kind->noun);
	if (ref->how == REF_ID || ref->how == REF_PINNED) {
		fd = ref->how == REF_ID ? open_by_id(ctx, kind, ref->id, flags)
					: open_pinned(ctx, kind, ref->text, flags);
		if (fd < 0)
			return fd;
		err = found_add(ret, fd);
		if (!err)
			take_fd(&fd);
		return fail_add(ctx, kind, err);
	}
	err = find_matching(kind, ref, flags, ret);
	if (err)
		return obj_fail_list(ctx, kind, err);
	return ret->n ? 0 : fail_none(ctx, kind, ref);
}

static uint32_t id_of(const struct obj_kind *kind, int fd)
{
	struct obj_label label = {};

	return kind->read_label(fd, &label) ? 0 : label.id;
}

static bool has_object(const struct obj_kind *kind, const struct found *all, uint32_t id)
{
	for (size_t i = 0; i < all->n; i++)
		if (id && id_of(kind, all->fds[i]) == id)
			return true;
	return false;
}

/* What several references find is taken once. */
static int merge(const struct obj_kind *kind, struct found *from, struct found *all)
{
	int err = 0;

	for (size_t i = 0; i < from->n && !err; i++) {
		if (has_object(kind, all, id_of(kind, from->fds[i])))
			continue;
		err = found_add(all, from->fds[i]);
		if (!err)
			take_fd(&from->fds[i]);
	}
	return err;
}

static int find_several(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
			unsigned int flags, struct found *all)
{
	int err = 0;

	for (; ref; ref = ref->next) {
		auto_found struct found found = {};

		err = find_ref(ctx, kind, ref, flags, &found);
		if (!err && merge(kind, &found, all))
			return fail_add(ctx, kind, -ENOMEM);
		if (err && (ref->next || all->n))
			report_and_skip(ctx);
	}
	return all->n ? 0 : err;
}

int obj_find(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	     unsigned int flags, int **ret_fds, size_t *ret_n)
{
	auto_found struct found found = {};
	int err = ref->next ? find_several(ctx, kind, ref, flags, &found)
			    : find_ref(ctx, kind, ref, flags, &found);

	if (err)
		return err;
	*ret_n = found.n;
	found.n = 0;
	*ret_fds = take_ptr(found.fds);
	return 0;
}

/* "several programs...: 7, 9, 12": the user needs the ids to select one. */
static int fail_several(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
			const struct found *found)
{
	char ids[256] = "";

	for (size_t i = 0; i < found->n; i++) {
		struct obj_label label = {};

		if (!kind->read_label(found->fds[i], &label))
			add_word(ids, sizeof(ids), "%u", label.id);
	}
	fail_msg(ctx->err, -ENOTUNIQ, "several %s match %s '%s': ids %s", kind->nouns,
		 how_word(ref), ref->text, ids);
	err_hint(ctx->err, "choose one with 'id N'");
	if (!ctx_is_bpftool(ctx))
		candidates_log(ctx, kind, found->fds, found->n);
	return -ENOTUNIQ;
}

int obj_open(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	     unsigned int flags, int *ret_fd)
{
	auto_found struct found found = {};
	int err = obj_find(ctx, kind, ref, flags, &found.fds, &found.n);

	if (err)
		return err;
	if (found.n > 1)
		return fail_several(ctx, kind, ref, &found);
	*ret_fd = take_fd(&found.fds[0]);
	found.n = 0;
	return 0;
}

