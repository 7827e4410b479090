// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl struct_ops register, unregister: puts the tables of an object into effect, and takes them
 * back.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <linux/bpf.h>

#include "cli/nearest.h"
#include "kern/abi.h"
#include "load/libbpf_version.h"
#include "load/object.h"
#include "struct_ops/struct_ops.h"

struct register_args {
	const char *object, *dir;
};

static bool is_link_type(const struct bpf_map *map)
{
	return bpf_map__map_flags(map) & ABI_F_LINK;
}

static struct bpf_map *next_ops(const struct bpf_object *obj, const struct bpf_map *after)
{
	struct bpf_map *map = bpf_object__next_map(obj, after);

	while (map && bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
		map = bpf_object__next_map(obj, map);
	return map;
}

/*
 * A map of the link type without a pinned link would be unregistered when we exit: reported before
 * any work.
 */
static int check_object(struct ctx *ctx, const struct register_args *a,
			const struct bpf_object *obj)
{
	const struct bpf_map *map = next_ops(obj, NULL);

	if (!map) {
		fail_msg(ctx->err, -ENOENT, "'%s' contains no struct_ops map", a->object);
		err_hint(ctx->err, "such a map is a variable in SEC(\".struct_ops\") or "
				   "SEC(\".struct_ops.link\")");
		return -ENOENT;
	}
	for (; map && !a->dir; map = next_ops(obj, map)) {
		if (!is_link_type(map))
			continue;
		fail_msg(ctx->err, -EINVAL,
			 "'%s' is registered by a link, which must be pinned to persist",
			 bpf_map__name(map));
		err_hint(ctx->err,
			 "name a directory on a BPF file system: '%s struct_ops register %s "
			 "/sys/fs/bpf/DIR'",
			 ctx->progname, a->object);
		return -EINVAL;
	}
	return 0;
}

static int fail_register(struct ctx *ctx, const struct bpf_map *map, int err)
{
	fail(ctx->err, err, "register struct_ops map '%s'", bpf_map__name(map));
	if (err == -EEXIST)
		err_hint(ctx->err, "one with the same name is registered: '%s struct_ops show'",
			 ctx->progname);
	else if (err == -EINVAL)
		err_hint(ctx->err, "the kernel rejected the table: a required member is not set, "
				   "or a value is out of range");
	err_hint_denied(ctx->err, "cap_bpf,cap_net_admin");
	return err;
}

/* The link of a map whose value is already set; libbpf before 1.2 does not support it. */
static int create_link(const struct bpf_map *map)
{
	struct abi_link_create attr = {
		.prog_fd = bpf_map__fd(map), .attach_type = ABI_ATTACH_STRUCT_OPS,
	};
	int fd = syscall(__NR_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));

	return fd < 0 ? -errno : fd;
}

/* *ret_link_fd: an owned fd of the link, or -1 for a map that stays registered without one. */
static int register_map(const struct bpf_map *map, int *ret_link_fd)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(map);
	int err = libbpf_get_error(link);
	int fd = -1;

	if (err)
		return err;
	bpf_link__disconnect(link);
	if (is_link_type(map))
		fd = LIBBPF_SINCE(1, 2) ? bpf_link__fd(link) : create_link(map);
	bpf_link__destroy(link);
	if (is_link_type(map) && fd < 0)
		return fd;
	*ret_link_fd = fd;
	return 0;
}

/* It is registered: if the id of the link cannot be read, it is left out. */
static void show_registered(struct ctx *ctx, const struct struct_ops *s, const struct bpf_map *map,
			    int link_fd)
{
	struct abi_link_info link = {};

	if (link_fd < 0)
		notice(ctx, "Registered %s %s id %u", struct_ops_type(s), bpf_map__name(map),
		       s->info.id);
	else if (obj_info(link_fd, &link, sizeof(link)))
		notice(ctx, "Registered %s %s map id %u", struct_ops_type(s), bpf_map__name(map),
		       s->info.id);
	else
		notice(ctx, "Registered %s %s map id %u link id %u", struct_ops_type(s),
		       bpf_map__name(map), s->info.id, link.id);
}

/* What is reported afterwards is read before. */
static int register_one(struct ctx *ctx, const struct register_args *a, const struct bpf_map *map,
			struct undo *u)
{
	auto_struct_ops struct struct_ops_list list = {};
	auto_close int link_fd = -1;
	char path[PATH_MAX];
	int fd = fcntl(bpf_map__fd(map), F_DUPFD_CLOEXEC, 0);
	int err = fd < 0 ? fail(ctx->err, -errno, "read map '%s'", bpf_map__name(map))
			 : struct_ops_add(ctx, &list, fd);

	if (!err && is_link_type(map))
		err = pin_path(ctx, a->dir, bpf_map__name(map), path);
	if (err)
		return err;
	err = register_map(map, &link_fd);
	if (err)
		return fail_register(ctx, map, err);
	if (link_fd >= 0)
		err = undo_pin(ctx, u, link_fd, path);
	if (!err && list.n)
		show_registered(ctx, list.all, map, link_fd);
	return err;
}

/* Links are removed with their pins; maps without links are unregistered one by one. */
static void unregister_before(const struct bpf_object *obj, const struct bpf_map *end)
{
	const int key = 0;

	for (const struct bpf_map *map = next_ops(obj, NULL); map && map != end;
	     map = next_ops(obj, map))
		if (!is_link_type(map))
			bpf_map_delete_elem(bpf_map__fd(map), &key);
}

static int register_all(struct ctx *ctx, const struct register_args *a,
			const struct bpf_object *obj, struct undo *u)
{
	for (const struct bpf_map *map = next_ops(obj, NULL); map; map = next_ops(obj, map)) {
		int err = register_one(ctx, a, map, u);

		if (err) {
			unregister_before(obj, map);
			return err;
		}
	}
	return 0;
}

static int struct_ops_register(struct ctx *ctx, const void *args)
{
	const struct register_args *a = args;
	const struct object_load what = { .path = a->object };
	auto_object struct bpf_object *obj = NULL;
	auto_undo struct undo u = {};
	int err;

	err_log_clear(ctx->err);
	undo_hold(&u);
	err = object_open(ctx, a->object, NULL, &obj);
	err = err ?: check_object(ctx, a, obj);
	if (!err && a->dir)
		err = undo_make_dir(ctx, &u, a->dir);
	err = err ?: object_load(ctx, &what, obj, &u);
	err = err ?: register_all(ctx, a, obj, &u);
	if (err)
		return err;
	ctx_changed(ctx, "the tables of '%s' are registered", a->object);
	undo_done(ctx, &u);
	return 0;
}

/* "7, 9": the links that hold a map. */
static void find_links(uint32_t map_id, char *buf, size_t size)
{
	uint32_t id = 0;
	int fd;

	*buf = '\0';
	while (!obj_next(&obj_link, 0, &id, &fd)) {
		auto_close int owned = fd;
		struct abi_link_info info = {};

		if (!obj_info(owned, &info, sizeof(info)) &&
		    info.type == ABI_LINK_TYPE_STRUCT_OPS && info.map.map_id == map_id)
			add_word(buf, size, "%u", info.id);
	}
}

static void hint_link(struct ctx *ctx, uint32_t map_id)
{
	char links[128];

	find_links(map_id, links, sizeof(links));
	if (*links)
		err_hint(ctx->err, "link %s holds it: '%s link detach id %s', or remove its pin",
			 links, ctx->progname, strchr(links, ',') ? "N" : links);
	else
		err_hint(ctx->err,
			 "it is registered by link, and no link exists");
}

static int unregister_one(struct ctx *ctx, const struct struct_ops *s)
{
	const char *name = s->info.name;
	const int key = 0;
	int err = bpf_map_delete_elem(s->fd, &key);

	if (!err) {
		ctx_changed(ctx, "struct_ops map %u is unregistered", s->info.id);
		notice(ctx, "Unregistered %s %s id %u", struct_ops_type(s), name, s->info.id);
		return 0;
	}
	fail(ctx->err, err, "unregister struct_ops map %u '%s'", s->info.id, name);
	if (err == -EOPNOTSUPP)
		hint_link(ctx, s->info.id);
	else if (err == -ENOENT)
		err_hint(ctx->err, "it is not registered");
	err_hint_denied(ctx->err, "cap_bpf,cap_net_admin");
	return err;
}

static int struct_ops_unregister(struct ctx *ctx, const void *args)
{
	const struct struct_ops_args *a = args;
	auto_struct_ops struct struct_ops_list list = {};
	int err = struct_ops_find(ctx, &a->map, &list);

	for (size_t i = 0; i < list.n && !err; i++) {
		err = unregister_one(ctx, &list.all[i]);
		if (err && list.n > 1) {
			report_and_skip(ctx);
			err = 0;
		}
	}
	return err;
}

static const struct param unregister_params[] = {
	PARAM_STRUCT_OPS("the map, or those of a name", .flags = PF_REQUIRED), { }
};

static const struct param register_params[] = {
	PARAM_PATH(struct register_args, object, "", "OBJ", "object file", .flags = PF_REQUIRED),
	PARAM_PATH(struct register_args, dir, "", "LINK_DIR",
		   "directory to pin links in, for maps registered by a link"),
	{ }
};

const struct cmd struct_ops_register_cmd = {
	.name = "register", .help = "load an object and register its tables",
	.params = register_params, .args_size = sizeof(struct register_args),
	.run = struct_ops_register,
};

const struct cmd struct_ops_unregister_cmd = {
	.name = "unregister", .help = "unregister a table",
	.params = unregister_params, .args_size = sizeof(struct struct_ops_args),
	.run = struct_ops_unregister,
};
