// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog attach, detach: programs on socket maps and the flow dissector of our network
 * namespace. What the kernel answers with a bare EINVAL is checked before.
 */
#include <errno.h>
#include <fcntl.h>

#include "cli/cmd.h"
#include "kern/attach/attach.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"

struct prog_attach_args {
	struct ref prog, map;		/* map: not for the flow dissector */
	const struct hook_kind *kind;
};

/* In the order of attach types, in which the words are matched. */
static const struct hook_kind {
	const char *exact, *short_name;	/* the second may be abbreviated; NULL: none */
	uint32_t attach_type;
} kinds[] = {
	{ "sk_skb_stream_parser", "stream_parser", BPF_SK_SKB_STREAM_PARSER },
	{ "sk_skb_stream_verdict", "stream_verdict", BPF_SK_SKB_STREAM_VERDICT },
	{ "sk_msg_verdict", "msg_verdict", BPF_SK_MSG_VERDICT },
	{ "flow_dissector", NULL, BPF_FLOW_DISSECTOR },
	{ "sk_skb_verdict", "skb_verdict", BPF_SK_SKB_VERDICT },
};

static bool wants_map(const struct hook_kind *kind)
{
	return kind->short_name;
}

static void complete_kind(struct ctx *ctx, UNUSED const char *selector, UNUSED const char *typed)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		complete_word(ctx, kinds[i].exact);
}

/* Parser of TYPE; member is a const struct hook_kind *. */
static int parse_kind(struct ctx *ctx, struct args *args, void *member)
{
	const struct hook_kind **ret = member;
	const char *word = args_next(args);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *abbreviated = kinds[i].short_name;

		if (!streq(word, kinds[i].exact) && !(abbreviated && word_is(word, abbreviated)))
			continue;
		*ret = &kinds[i];
		return 0;
	}
	fail_usage(ctx->err, "'%s' is not an attach type", word);
	err_hint(ctx->err,
		 "sk_skb_stream_parser, sk_skb_stream_verdict, sk_msg_verdict or sk_skb_verdict "
		 "with a MAP, or flow_dissector; programs on devices: '%s net attach', on cgroups: "
		 "'%s cgroup attach'",
		 ctx->progname, ctx->progname);
	return -EINVAL;
}

static int check_prog(struct ctx *ctx, const struct hook_kind *kind, int fd, uint32_t *ret_id)
{
	uint32_t want = attach_prog_type(kind->attach_type);
	struct bpf_prog_info info = {};
	const char *have;
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		return fail(ctx->err, err, "read program");
	*ret_id = info.id;
	if (info.type == want)
		return 0;
	have = name_of(ctx, NAMES_PROG_TYPE, info.type);
	return fail_msg(ctx->err, -EINVAL, "program %u is of type %s, %s takes %s", info.id,
			have ? have : "unknown", kind->exact,
			name_of(ctx, NAMES_PROG_TYPE, want));
}

static int open_map(struct ctx *ctx, const struct prog_attach_args *a, int *ret_fd,
		    uint32_t *ret_id)
{
	auto_close int fd = -1;
	struct bpf_map_info info = {};
	const char *have;
	int err = obj_open(ctx, &obj_map, &a->map, 0, &fd);

	if (err)
		return err;
	err = obj_info(fd, &info, sizeof(info));
	if (err)
		return fail(ctx->err, err, "read map");
	if (info.type != BPF_MAP_TYPE_SOCKMAP && info.type != BPF_MAP_TYPE_SOCKHASH) {
		have = name_of(ctx, NAMES_MAP_TYPE, info.type);
		return fail_msg(ctx->err, -EINVAL, "map %u is of type %s, not sockmap or sockhash",
				info.id, have ? have : "unknown");
	}
	*ret_fd = take_fd(&fd);
	*ret_id = info.id;
	return 0;
}

static void hint_map(struct ctx *ctx, bool detaching, int err)
{
	if (err == -EBUSY)
		err_hint(ctx->err, "a link occupies this hook: see '%s link show' and '%s link "
				   "detach'",
			 ctx->progname, ctx->progname);
	else if (err == -ENOENT && detaching)
		err_hint(ctx->err, "not attached there; see '%s attach list'",
			 ctx->progname);
	else if (err == -EOPNOTSUPP)
		err_hint(ctx->err, "this kernel's socket maps lack the hook, or the program was "
				   "loaded for another one");
}

static void hint_dissector(struct ctx *ctx, bool detaching, int err)
{
	if (err == -EEXIST)
		err_hint(ctx->err, "a link occupies the hook, or another network namespace has a "
				   "flow dissector: the initial one excludes all others");
	else if (err == -EINVAL)
		err_hint(ctx->err,
			 detaching
				 ? "it is not attached in this network namespace; see '%s net show'"
				 : "it is already attached; see '%s net show'",
			 ctx->progname);
	else if (err == -ENOENT)
		err_hint(ctx->err, "not attached in this network namespace; see '%s net show'",
			 ctx->progname);
}

static int fail_hook(struct ctx *ctx, const char *what, uint32_t map_id, int err)
{
	bool detaching = has_prefix(what, "detach");

	if (map_id) {
		fail(ctx->err, err, "%s of map %u", what, map_id);
		hint_map(ctx, detaching, err);
	} else {
		fail(ctx->err, err, "%s", what);
		hint_dissector(ctx, detaching, err);
	}
	err_hint_denied(ctx->err, "cap_bpf,cap_net_admin");
	return err;
}

static int change(struct ctx *ctx, const struct prog_attach_args *a, const char *verb,
		  int (*call)(const struct abi_prog_attach *attr))
{
	auto_close int prog_fd = -1, map_fd = -1;
	struct abi_prog_attach attr = { .attach_type = a->kind->attach_type };
	uint32_t prog_id = 0, map_id = 0;
	char what[128], where[32] = "";
	int err;

	if (wants_map(a->kind) && a->map.how == REF_NONE)
		return fail_usage(ctx->err, "%s needs a MAP", a->kind->exact);
	if (!wants_map(a->kind) && a->map.how != REF_NONE)
		return fail_usage(ctx->err, "%s takes no MAP", a->kind->exact);
	err = obj_open(ctx, &obj_prog, &a->prog, 0, &prog_fd);
	if (!err)
		err = check_prog(ctx, a->kind, prog_fd, &prog_id);
	if (!err && wants_map(a->kind))
		err = open_map(ctx, a, &map_fd, &map_id);
	if (err)
		return err;
	attr.prog_fd = (uint32_t)prog_fd;
	attr.target = map_fd < 0 ? 0 : (uint32_t)map_fd;
	err = call(&attr);
	if (!err) {
		if (map_id)
			snprintf(where, sizeof(where), " %s map %u",
				 streq(verb, "attach") ? "to" : "from", map_id);
		ctx_changed(ctx, "program %u is %sed as %s%s", prog_id, verb, a->kind->exact,
			    where);
		return 0;
	}
	snprintf(what, sizeof(what), "%s program %u as %s", verb, prog_id, a->kind->exact);
	return fail_hook(ctx, what, map_id, err);
}

static int prog_attach(struct ctx *ctx, const void *args)
{
	return change(ctx, args, "attach", hook_attach);
}

static int prog_detach(struct ctx *ctx, const void *args)
{
	return change(ctx, args, "detach", hook_detach);
}

static const struct param prog_attach_params[] = {
	PARAM_REF(struct prog_attach_args, prog, "", "PROG", ref_words_prog, "the program",
		  .flags = PF_REQUIRED, .complete = obj_complete_prog),
	PARAM_CUSTOM(struct prog_attach_args, kind, const struct hook_kind *, "", "TYPE",
		     parse_kind,
		     "sk_skb_stream_parser, sk_skb_stream_verdict, sk_msg_verdict, sk_skb_verdict, "
		     "or flow_dissector",
		     .flags = PF_REQUIRED, .complete = complete_kind),
	PARAM_REF(struct prog_attach_args, map, "", "MAP", ref_words_map,
		  "a sockmap or sockhash; not for flow_dissector", .complete = obj_complete_map),
	{}
};

const struct cmd prog_attach_cmd = {
	.name = "attach", .help = "attach a program to a socket map or as flow dissector",
	.params = prog_attach_params, .args_size = sizeof(struct prog_attach_args),
	.run = prog_attach,
};

const struct cmd prog_detach_cmd = {
	.name = "detach", .help = "detach a program from a socket map or as flow dissector",
	.params = prog_attach_params, .args_size = sizeof(struct prog_attach_args),
	.run = prog_detach,
};
