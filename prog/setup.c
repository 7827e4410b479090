// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Sets up an object's programs and maps for prog load before they are loaded. */
#include <errno.h>
#include <net/if.h>
#include <sys/stat.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "cli/nearest.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"
#include "kern/object/prog_types.h"
#include "load/object.h"
#include "prog/setup.h"

#define XDP_DEV_BOUND_ONLY (1U << 6)	/* BPF_F_XDP_DEV_BOUND_ONLY, since 6.3 */
#define NO_ATTACH UINT32_MAX

/* Types. */

struct prog_kind {
	uint32_t type, attach;		/* attach NO_ATTACH: not set */
};

/* A word for "type": a section name, with or without the part after the slash. */
static int find_kind(struct ctx *ctx, const char *word, struct prog_kind *ret)
{
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
	int err;

	if (!section_types(word, &ret->type, &ret->attach))
		return 0;
	if (*word && !libbpf_prog_type_by_name(word, &type, &attach)) {
		*ret = (struct prog_kind){ type, attach };
		return 0;
	}
	err = fail_usage(ctx->err, "unknown program type '%s'", word);
	err_hint(ctx->err,
		 "a section name: socket, xdp, tc, classifier, action, kprobe, uprobe, tracepoint, "
		 "raw_tracepoint, tp_btf, fentry, fexit, iter, lsm, perf_event, syscall, "
		 "cgroup_skb/ingress, "
		 "cgroup/sock, cgroup/dev, cgroup/connect4, sockops, sk_skb, sk_msg, sk_lookup, "
		 "netfilter, "
		 "lwt_in, flow_dissector, struct_ops and so on");
	return err;
}

/* What a program's own section name specifies; false if the section is not known. */
static bool own_kind(const struct bpf_program *prog, struct prog_kind *ret)
{
	*ret = (struct prog_kind){ bpf_program__type(prog),
				   bpf_program__expected_attach_type(prog) };
	return ret->type != BPF_PROG_TYPE_UNSPEC;
}

static void set_kind(struct bpf_program *prog, const struct prog_kind *k)
{
	bpf_program__set_type(prog, k->type);
	bpf_program__set_expected_attach_type(prog, k->attach == NO_ATTACH ? 0 : k->attach);
}

/* "xpd" for "xdp", "cgroup_skb/egres" for "cgroup_skb/egress", "kprob/f" for "kprobe/f" */
static void hint_section(struct ctx *ctx, const char *section)
{
	auto_free char *head = strndup(section, strcspn(section, "/"));
	struct nearest whole = { .word = section }, first = { .word = head ?: "" };

	for (size_t i = 0; section_words[i]; i++) {
		nearest_try(&whole, section_words[i]);
		nearest_try(&first, section_words[i]);
	}
	if (whole.best)
		err_hint(ctx->err, "did you mean '%s'? Or use 'type %s'", whole.best, whole.best);
	else if (first.best && strchr(section, '/'))
		err_hint(ctx->err, "did you mean '%s%s'?", first.best, strchr(section, '/'));
	else
		err_hint(ctx->err, "use 'type TYPE', for example 'type xdp'");
}

static int check_own_types(struct ctx *ctx, struct bpf_object *obj)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		if (!bpf_program__autoload(prog) || bpf_program__type(prog) != BPF_PROG_TYPE_UNSPEC)
			continue;
		fail_msg(ctx->err, -EINVAL, "section '%s' of program '%s' gives no program type",
			 bpf_program__section_name(prog), bpf_program__name(prog));
		hint_section(ctx, bpf_program__section_name(prog));
		return -EINVAL;
	}
	return 0;
}

/* Does a program accept this type: its section specifies no type, or the same? */
static bool takes_kind(const struct bpf_program *prog, const struct prog_kind *k)
{
	struct prog_kind own;

	return !own_kind(prog, &own) || own.type == k->type;
}

/* The number of programs, and how many of them accept the type. */
static unsigned int count_takers(struct bpf_object *obj, const struct prog_kind *k,
				 unsigned int *ret_all)
{
	struct bpf_program *prog;
	unsigned int n = 0;

	*ret_all = 0;
	bpf_object__for_each_program(prog, obj) {
		if (!bpf_program__autoload(prog))
			continue;
		++*ret_all;
		n += takes_kind(prog, k);
	}
	return n;
}

static void apply_type(struct ctx *ctx, struct bpf_program *prog, const struct prog_kind *k)
{
	struct prog_kind own;
	const char *word;

	if (!own_kind(prog, &own)) {
		set_kind(prog, k);
		return;
	}
	if (own.type == k->type)
		return;
	word = name_of(ctx, NAMES_PROG_TYPE, own.type);
	notice(ctx, "program '%s' keeps type %s: its section is '%s'", bpf_program__name(prog),
	       word ?: "of its own", bpf_program__section_name(prog));
}

/*
 * bpftool gives the type to every program, tc programs become XDP. Here it applies to programs
 * whose sections do not contradict; if all do (or there is only one program), it applies to all.
 */
static int set_type(struct ctx *ctx, const char *word, struct bpf_object *obj)
{
	struct bpf_program *prog;
	struct prog_kind k;
	unsigned int n, all;
	int err;

	err = find_kind(ctx, word, &k);
	if (err)
		return err;
	n = count_takers(obj, &k, &all);
	bpf_object__for_each_program(prog, obj) {
		if (!bpf_program__autoload(prog))
			continue;
		if (!n || all == 1)
			set_kind(prog, &k);
		else
			apply_type(ctx, prog, &k);
	}
	return 0;
}

int set_types(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj)
{
	return a->type ? set_type(ctx, a->type, obj) : check_own_types(ctx, obj);
}

/* Devices. */

static int find_device(struct ctx *ctx, const char *name, uint32_t *ret)
{
	*ret = if_nametoindex(name);
	return *ret ? 0 : fail(ctx->err, -errno, "find network device '%s'", name);
}

static int offload(struct ctx *ctx, const char *dev, struct bpf_object *obj)
{
	struct bpf_program *prog;
	struct bpf_map *map;
	uint32_t ifindex;
	int err;

	err = find_device(ctx, dev, &ifindex);
	if (err)
		return err;
	bpf_object__for_each_program(prog, obj)
		bpf_program__set_ifindex(prog, ifindex);
	/* Perf event arrays are read by user space: the driver requires them on the host. */
	bpf_object__for_each_map(map, obj) {
		if (bpf_map__type(map) != BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			bpf_map__set_ifindex(map, ifindex);
	}
	return 0;
}

static int bind_to(struct ctx *ctx, const char *dev, struct bpf_object *obj)
{
	struct bpf_program *prog;
	uint32_t ifindex;
	int err;

	err = find_device(ctx, dev, &ifindex);
	if (err)
		return err;
	bpf_object__for_each_program(prog, obj) {
		if (!(prog_type(bpf_program__type(prog))->traits & PROG_DEV_BOUND))
			continue;
		bpf_program__set_flags(prog, bpf_program__flags(prog) | XDP_DEV_BOUND_ONLY);
		bpf_program__set_ifindex(prog, ifindex);
	}
	return 0;
}

int set_devices(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj)
{
	const char *dev = a->offload_dev ?: a->dev;

	if (dev)
		return offload(ctx, dev, obj);
	return a->xdpmeta_dev ? bind_to(ctx, a->xdpmeta_dev, obj) : 0;
}

/* Maps. */

struct map_swap {
	struct map_swap *next;
	const char *name;		/* in the object; NULL: idx is used */
	uint32_t idx;
	struct ref ref;			/* the replacement */
};

int parse_map_swap(struct ctx *ctx, struct args *args, void *member)
{
	struct map_swap **list = member, *s = cmd_alloc(ctx, sizeof(*s));
	const char *how = args_next(args);
	const char *which = args_next(args);
	int err;

	if (!s)
		return fail(ctx->err, -ENOMEM, "read the command line");
	if (!how || !which)
		return fail_usage(ctx->err, "'map' needs {idx N | name NAME} and a MAP");
	if (word_is(how, "idx")) {
		err = parse_u32(ctx->err, "map index", which, &s->idx);
		if (err)
			return err;
	} else if (word_is(how, "name")) {
		s->name = which;
	} else {
		return fail_usage(ctx->err, "'map' needs idx or name, not '%s'", how);
	}
	err = args_ref(ctx, args, ref_words_map, &s->ref);
	if (err)
		return err;
	s->next = *list;
	*list = s;
	return 0;
}

static int find_by_name(struct ctx *ctx, const char *name, struct bpf_object *obj,
			struct bpf_map **ret)
{
	char names[ERR_TEXT_MAX] = "";
	struct bpf_map *map;

	*ret = bpf_object__find_map_by_name(obj, name);
	if (*ret)
		return 0;
	fail_msg(ctx->err, -ENOENT, "the object has no map '%s'", name);
	bpf_object__for_each_map(map, obj)
		add_word(names, sizeof(names), "%s", bpf_map__name(map));
	err_hint(ctx->err, "it has %s", names[0] ? names : "no maps at all");
	return -ENOENT;
}

static int find_by_idx(struct ctx *ctx, uint32_t idx, struct bpf_object *obj, struct bpf_map **ret)
{
	struct bpf_map *map;
	uint32_t i = 0;

	bpf_object__for_each_map(map, obj) {
		if (i++ == idx) {
			*ret = map;
			return 0;
		}
	}
	return fail_msg(ctx->err, -ENOENT, "the object has %u map%s, none with index %u", i,
			plural(i, "", "s"), idx);
}

/* A replacement that was found but not made yet. */
struct swap_plan {
	struct bpf_map *map;
	int fd;				/* owned */
};

static int plan_swap(struct ctx *ctx, struct bpf_object *obj, const struct map_swap *s,
		     struct swap_plan *ret)
{
	int err;

	err = s->name ? find_by_name(ctx, s->name, obj, &ret->map)
		      : find_by_idx(ctx, s->idx, obj, &ret->map);
	err = err ?: obj_open(ctx, &obj_map, &s->ref, 0, &ret->fd);
	return err ?: object_check_reuse(ctx, ret->map, ret->fd);
}

static int make_swaps(struct ctx *ctx, const struct swap_plan *plan, size_t n)
{
	struct stat st;
	size_t i, k;
	int err;

	for (i = 0; i < n; i++) {
		for (k = 0; k < i; k++) {
			if (plan[k].map == plan[i].map)
				return fail_usage(ctx->err,
						  "a map of the object is replaced twice");
		}
	}
	for (i = 0; i < n; i++) {
		const char *path = bpf_map__pin_path(plan[i].map);

		err = bpf_map__reuse_fd(plan[i].map, plan[i].fd);
		if (!err && path &&
		    lstat(path, &st) == 0) /* the user's choice, not what is pinned there */
			err = bpf_map__set_pin_path(plan[i].map, NULL);
		if (err)
			return fail(ctx->err, err, "replace map '%s'", bpf_map__name(plan[i].map));
	}
	return 0;
}

/* All are found before the first is replaced: after that it has the name of its replacement. */
int swap_maps(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj)
{
	auto_free struct swap_plan *plan = NULL;
	const struct map_swap *s;
	size_t i, n = 0;
	int err = 0;

	for (s = a->maps; s; s = s->next)
		n++;
	plan = calloc(n + 1, sizeof(*plan));
	if (!plan)
		return fail(ctx->err, -ENOMEM, "replace maps");
	for (i = 0; i < n; i++)
		plan[i].fd = -1;
	for (s = a->maps, i = 0; !err && s; s = s->next)
		err = plan_swap(ctx, obj, s, &plan[i++]);
	if (!err)
		err = make_swaps(ctx, plan, n);
	for (i = 0; i < n; i++)
		cleanup_close(&plan[i].fd);
	return err;
}
