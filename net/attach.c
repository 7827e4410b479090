// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl net attach, detach: their arguments, the evaluation of these, and the loop over devices.
 * See net/net.h for the other files.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <net/if.h>

#include "json_writer.h"
#include "kern/abi.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"
#include "net/net.h"

/* The order is part of the interface: an abbreviation means the first match. */
static const char *const type_words[] = {
	"xdp", "xdpgeneric", "xdpdrv", "xdpoffload", "tcx_ingress", "tcx_egress",
	"netkit_primary", "netkit_peer", "clsact_ingress", "clsact_egress", NULL
};

static const struct net_type types[] = {
	{ "xdp", "xdp", &net_xdp, 0, NULL, NULL },
	{ "xdpgeneric", "xdp", &net_xdp, XDP_FLAGS_SKB_MODE, NULL, NULL },
	{ "xdpdrv", "xdp", &net_xdp, XDP_FLAGS_DRV_MODE, NULL,
	  "the driver does not support XDP; 'xdpgeneric' works with every device" },
	{ "xdpoffload", "xdp", &net_xdp, XDP_FLAGS_HW_MODE, NULL,
	  "few devices support offload, and only programs loaded with 'prog load ... "
	  "offload_dev'" },
	{ "tcx_ingress", "tcx/ingress", &net_hook, ABI_ATTACH_TCX_INGRESS, NULL, NULL },
	{ "tcx_egress", "tcx/egress", &net_hook, ABI_ATTACH_TCX_EGRESS, NULL, NULL },
	{ "netkit_primary", "netkit/primary", &net_hook, ABI_ATTACH_NETKIT_PRIMARY, "netkit",
	  NULL },
	{ "netkit_peer", "netkit/peer", &net_hook, ABI_ATTACH_NETKIT_PEER, "netkit", NULL },
	{ "clsact_ingress", "clsact/ingress", &net_tc, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
	  NULL, NULL },
	{ "clsact_egress", "clsact/egress", &net_tc, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS), NULL,
	  NULL },
};

/* The kernel answers a wrong type with a bare EINVAL: check it before. */
static int check_prog(struct ctx *ctx, int prog_fd, uint32_t want, uint32_t *ret_id)
{
	struct bpf_prog_info info = {};
	const char *have;
	int err = obj_info(prog_fd, &info, sizeof(info));

	if (err)
		return fail(ctx->err, err, "read program");
	*ret_id = info.id;
	if (info.type == want)
		return 0;
	have = name_of(ctx, NAMES_PROG_TYPE, info.type);
	return fail_msg(ctx->err, -EINVAL, "program %u is of type %s, not %s", info.id,
			have ? have : "unknown", name_of(ctx, NAMES_PROG_TYPE, want));
}

static int open_prog(struct net_job *job, const struct ref *ref, int *ret_fd, uint32_t *ret_id)
{
	int err = obj_open(job->ctx, &obj_prog, ref, 0, ret_fd);

	return err ? err : check_prog(job->ctx, *ret_fd, job->type->way->prog_type, ret_id);
}

/* The id of the program or link next to which the new one is inserted. */
static int find_place(struct net_job *job)
{
	const struct net_anchor *p = job->args->before.ref.how != REF_NONE ? &job->args->before :
									    &job->args->after;
	struct obj_label label = {};
	auto_close int fd = -1;
	int err;

	if (p->ref.how == REF_NONE)
		return 0;
	if (!p->is_link)
		return open_prog(job, &p->ref, &fd, &job->place_id);
	err = obj_open(job->ctx, &obj_link, &p->ref, 0, &fd);
	if (err)
		return err;
	err = obj_link.read_label(fd, &label);
	if (err)
		return fail(job->ctx->err, err, "read link");
	job->place_id = label.id;
	return 0;
}

static void job_free(struct net_job *job)
{
	nl_close(&job->nl);
	free(job->done.filters);
	cleanup_close(&job->prog_fd);
	cleanup_close(&job->expect_fd);
}

#define auto_job __attribute__((cleanup(job_free)))

/* Words that do not apply to every type. */
static int check_words(struct ctx *ctx, const struct net_args *a)
{
	const struct {
		const char *word;
		bool given;
	} words[] = {
		{ "overwrite", a->overwrite },
		{ "prepend", a->prepend },
		{ "before", a->before.ref.how != REF_NONE },
		{ "after", a->after.ref.how != REF_NONE },
		{ "revision", a->revision },
		{ "prio", a->prio },
		{ "qdisc", a->qdisc },
	};
	const struct net_type *type = &types[a->type];

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *of = NULL;

		if (!words[i].given || strstr(type->way->words, words[i].word))
			continue;
		of = strstr(net_xdp.words, words[i].word) ? "xdp" :
		     strstr(net_tc.words, words[i].word) ? "clsact" : "tcx and netkit";
		return fail_usage(ctx->err, "'%s' is for %s, not for %s", words[i].word, of,
				  type->word);
	}
	if (a->prio > UINT16_MAX)
		return fail_usage(ctx->err, "prio is at most %u", UINT16_MAX);
	return 0;
}

/* Everything that is the same for all devices. Pins and objects first, then into the namespace. */
static int prepare(struct net_job *job, struct netns *ns)
{
	const struct net_args *a = job->args;
	int err = check_words(job->ctx, a);

	if (!err && a->prog.how != REF_NONE)
		err = open_prog(job, &a->prog, &job->prog_fd, &job->prog_id);
	if (!err && a->expect.how != REF_NONE)
		err = open_prog(job, &a->expect, &job->expect_fd, &job->expect_id);
	if (!err)
		err = find_place(job);
	if (!err)
		err = netns_enter(job->ctx, &a->netns, ns);
	if (err)
		return err;
	err = nl_open(&job->nl);
	return err ? fail(job->ctx->err, err, "open rtnetlink") : 0;
}

static int check_dev_kind(struct net_job *job, const struct nl_dev *dev)
{
	if (!job->type->dev_kind || streq(dev->kind, job->type->dev_kind))
		return 0;
	fail_msg(job->ctx->err, -EOPNOTSUPP, "%s is not a %s device%s%s", dev->name,
		 job->type->dev_kind, dev->kind[0] ? " but of kind " : "", dev->kind);
	err_hint(job->ctx->err, "they need Linux 6.7 built with support: ip link add type %s",
		 job->type->dev_kind);
	return -EOPNOTSUPP;
}

static void show_filter(struct out *o, const struct net_filter *f)
{
	out_uint(o, "prio", "prio %llu", f->prio);
	out_uint(o, "handle", "handle 0x%llx", f->handle);
}

/* All of them in JSON; in text those after the first, which is part of the head. */
static void show_removed(struct out *o, const struct net_done *d)
{
	out_list(o, "filters", NULL);
	for (size_t i = !out_is_json(o); i < d->n; i++) {
		out_json_rec(o, NULL);
		out_line(o);
		show_filter(o, &d->filters[i]);
		out_json_rec_end(o);
	}
	out_list_end(o);
}

/* What was done to a device. XDP and hooks print nothing by themselves, like bpftool. */
static void show_done(struct net_job *job, const struct nl_dev *dev)
{
	struct out *o = job->ctx->out;
	bool attached = job->prog_fd >= 0;

	out_rec(o, NULL);
	out_str(o, "devname", "%s", dev->name);
	out_sep(o, "");
	out_uint(o, "ifindex", "(%llu)", dev->ifindex);
	out_sep(o, " ");
	out_str(o, "kind", "%s", job->type->kind);
	out_sep(o, " ");
	out_bool(o, "attached", "attached", "detached", attached);
	if (job->type->way == &net_tc) {
		show_filter(o, &job->done.filters[0]);
		out_flag(o, attached ? "qdisc_created" : "qdisc_removed",
			 attached ? "qdisc created" : "qdisc removed", job->done.qdisc);
		if (!attached)
			show_removed(o, &job->done);
	}
	out_rec_end(o);
}

static int do_one(struct net_job *job, const struct nl_dev *dev)
{
	bool attaches = job->prog_fd >= 0;
	int err;

	job->done.n = 0;
	job->done.qdisc = false;
	job->nl.ext_ack[0] = '\0';
	job->nl.lost = false;
	err = attaches ? job->type->way->attach(job, dev) : job->type->way->detach(job, dev);
	if (!err && attaches)
		ctx_changed(job->ctx, "program %u is attached to %s", job->prog_id, dev->name);
	else if (!err)
		ctx_changed(job->ctx, "the program is detached from %s", dev->name);
	return err;
}

/*
 * Attach: to devices that are up, except loopback. Detach: from devices with such a program.
 * Returns 1, 0 or an error.
 */
static int is_meant(struct net_job *job, const struct nl_dev *dev)
{
	const struct net_type *type = job->type;

	if (type->dev_kind && (!streq(dev->kind, type->dev_kind) || !dev->netkit_primary))
		return 0;
	if (job->prog_fd < 0)
		return type->way->has(job, dev);
	return (dev->flags & IFF_UP) && !(dev->flags & IFF_LOOPBACK);
}

static int fail_nowhere(struct net_job *job, unsigned int n_failed)
{
	struct ctx *ctx = job->ctx;

	if (n_failed)
		return fail_msg(ctx->err, -EIO, "%s none of %u device%s",
				job->prog_fd >= 0 ? "attached to" : "detached from", n_failed,
				plural(n_failed, "", "s"));
	if (job->prog_fd < 0) {
		notice(ctx, "no device has such a program");
		return 0;
	}
	return fail_msg(ctx->err, -ENODEV, job->type->dev_kind ? "no %s device is up" :
			"no %s device but loopback is up", job->type->dev_kind ?: "network");
}

static int do_all(struct net_job *job)
{
	auto_free struct nl_dev *devs = NULL;
	struct ctx *ctx = job->ctx;
	unsigned int n_done = 0, n_failed = 0;
	size_t n = 0;
	int err = nl_read_devs(&job->nl, 0, &devs, &n);

	if (err)
		return fail(ctx->err, err, "list network devices");
	out_list(ctx->out, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		err = is_meant(job, &devs[i]);
		if (!err)
			continue;
		err = err < 0 ? err : do_one(job, &devs[i]);
		if (err == -ENODEV) {		/* removed since it was listed */
			err_clear(ctx->err);
			continue;
		}
		if (err) {
			n_failed++;
			report_and_skip(ctx);
			continue;
		}
		n_done++;
		show_done(job, &devs[i]);
	}
	err = n_done ? 0 : fail_nowhere(job, n_failed);
	if (!err)
		out_list_end(ctx->out);
	return err;
}

static int do_dev(struct net_job *job)
{
	auto_free struct nl_dev *dev = NULL;
	uint32_t ifindex;
	size_t n = 0;
	int err = net_find_dev(job->ctx, job->args->dev, &job->args->netns, &ifindex);

	if (err)
		return err;
	err = nl_read_devs(&job->nl, ifindex, &dev, &n);
	if (err || !n)
		return fail(job->ctx->err, err ? err : -ENODEV, "read device '%s'", job->args->dev);
	err = check_dev_kind(job, dev);
	if (!err)
		err = do_one(job, dev);
	if (!err && job->type->way == &net_tc)
		show_done(job, dev);
	return err;
}

static int run_job(struct ctx *ctx, const struct net_args *args)
{
	auto_job struct net_job job = {
		.ctx = ctx,
		.args = args,
		.type = &types[args->type],
		.prog_fd = -1,
		.expect_fd = -1,
	};
	auto_netns struct netns ns = {};
	int err = prepare(&job, &ns);

	if (err)
		return err;
	return args->all ? do_all(&job) : do_dev(&job);
}

static int net_attach(struct ctx *ctx, const void *args)
{
	return run_job(ctx, args);
}

/* A program given here is the one expected to be attached. */
static int net_detach(struct ctx *ctx, const void *args)
{
	struct net_args a = *(const struct net_args *)args;

	if (a.prog.how != REF_NONE && a.expect.how != REF_NONE)
		return fail_usage(ctx->err, "'expect' conflicts with PROG");
	if (a.prog.how != REF_NONE)
		a.expect = a.prog;
	a.prog = (struct ref){};
	return run_job(ctx, &a);
}

int net_parse_netns(struct ctx *ctx, struct args *a, void *member)
{
	struct netns_ref *ref = member;
	const char *word = args_next(a);

	if (!streq(word, "pid")) {
		ref->text = word;
		return 0;
	}
	word = args_next(a);
	if (!word)
		return fail_usage(ctx->err, "'netns pid' needs N");
	if (parse_u32(ctx->err, "pid", word, &ref->pid))
		return -EINVAL;
	return ref->pid ? 0 : fail_usage(ctx->err, "there is no process 0");
}

/* The kernel counts from 1; for it, 0 means any. */
static int parse_revision(struct ctx *ctx, struct args *a, void *member)
{
	uint64_t *ret = member;
	int err = parse_u64(ctx->err, "revision", args_next(a), ret);

	if (!err && !*ret)
		return fail_usage(ctx->err, "revisions begin with 1");
	return err;
}

/* "412" means "id 412", also as bpftool, which has no such word. */
static int parse_expect(struct ctx *ctx, struct args *a, void *member)
{
	const char *word = args_peek(a);
	struct ref *ref = member;

	if (!word_is_number(word))
		return args_ref(ctx, a, ref_words_prog, ref);
	*ref = (struct ref){ .how = REF_ID, .text = args_next(a) };
	return parse_u32(ctx->err, "id", word, &ref->id);
}

/* "PROG", or "link LINK". */
static int parse_place(struct ctx *ctx, struct args *a, void *member)
{
	struct net_anchor *place = member;

	place->is_link = word_is(args_peek(a), "link");
	if (place->is_link)
		args_next(a);
	return args_ref(ctx, a, place->is_link ? ref_words_link : ref_words_prog, &place->ref);
}

/* Programs, or links after "link". */
static void complete_place(struct ctx *ctx, UNUSED const char *selector, UNUSED const char *typed)
{
	struct args value = complete_value(ctx);
	bool is_link = value.n && word_is(value.words[0], "link");

	if (!value.n)
		complete_word(ctx, "link");
	value.words += is_link;
	value.n -= is_link;
	if (value.n > 1 ||
	    (value.n && word_find(value.words[0], is_link ? ref_words_link : ref_words_prog) < 0))
		return;
	complete_goes_on(ctx);
	if (is_link)
		complete_ref(ctx, ref_words_link, obj_complete_link, &value);
	else
		complete_ref(ctx, ref_words_prog, obj_complete_prog, &value);
}

static const struct param attach_params[] = {
	PARAM_CHOICE(struct net_args, type, "", "ATTACH_TYPE", type_words, "attach type",
		     .flags = PF_REQUIRED),
	PARAM_REF(struct net_args, prog, "", "PROG", ref_words_prog, "the program",
		  .flags = PF_REQUIRED, .complete = obj_complete_prog),
	PARAM_IFACE(struct net_args, dev, "dev", "IF", "the device", .flags = PF_REQUIRED,
		    .group = 2),
	PARAM_FLAG(struct net_args, overwrite, "overwrite", "xdp: replace the current program",
		   .group = 1),
	PARAM_FLAG(struct net_args, prepend, "prepend", "tcx, netkit: at the head of the chain",
		   .group = 1),
	PARAM_FLAG(struct net_args, all, "all", "every device that is up, except loopback",
		   .group = 2),
	PARAM_CUSTOM(struct net_args, before, struct net_anchor, "before", "{ PROG | link LINK }",
		     parse_place, "tcx, netkit: directly before this one", .group = 1,
		     .complete = complete_place),
	PARAM_CUSTOM(struct net_args, after, struct net_anchor, "after", "{ PROG | link LINK }",
		     parse_place, "tcx, netkit: directly after this one", .group = 1,
		     .complete = complete_place),
	PARAM_CUSTOM(struct net_args, expect, struct ref, "expect", "PROG", parse_expect,
		     "replace this program; fail if it is not attached", .group = 1,
		     .words = ref_words_prog, .complete = obj_complete_prog),
	PARAM_CUSTOM(struct net_args, revision, uint64_t, "revision", "N", parse_revision,
		     "tcx, netkit: only if the chain is at this revision"),
	PARAM_U32(struct net_args, prio, "prio", "N", "clsact: priority, low ones run first"),
	PARAM_NETNS(struct net_args),
	{}
};

static const struct param detach_params[] = {
	PARAM_CHOICE(struct net_args, type, "", "ATTACH_TYPE", type_words, "attach type",
		     .flags = PF_REQUIRED),
	PARAM_REF(struct net_args, prog, "", "PROG", ref_words_prog, "only this program",
		  .complete = obj_complete_prog),
	PARAM_IFACE(struct net_args, dev, "dev", "IF", "the device", .flags = PF_REQUIRED,
		    .group = 2),
	PARAM_FLAG(struct net_args, all, "all", "every device with such a program", .group = 2),
	PARAM_CUSTOM(struct net_args, expect, struct ref, "expect", "PROG", parse_expect,
		     "same as PROG", .words = ref_words_prog, .complete = obj_complete_prog),
	PARAM_CUSTOM(struct net_args, revision, uint64_t, "revision", "N", parse_revision,
		     "tcx, netkit: only if the chain is at this revision"),
	PARAM_FLAG(struct net_args, qdisc, "qdisc",
		   "clsact: also remove the qdisc if it is unused"),
	PARAM_NETNS(struct net_args),
	{}
};

const struct cmd net_attach_cmd = {
	.name = "attach", .help = "attach a program to a device",
	.params = attach_params, .args_size = sizeof(struct net_args),
	.run = net_attach,
};

const struct cmd net_detach_cmd = {
	.name = "detach", .help = "detach a program from a device",
	.params = detach_params, .args_size = sizeof(struct net_args),
	.run = net_detach,
};
