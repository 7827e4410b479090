// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog unload: everything that keeps a program loaded is listed first, with what will happen
 * to it. This plan is either printed (dry_run) or carried out: then only the listed holders are
 * removed, each after another check that it still belongs to the program.
 */
#include <errno.h>
#include <linux/limits.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/array.h"
#include "json_writer.h"
#include "kern/abi.h"
#include "kern/object/bpffs.h"
#include "kern/attach/link_info.h"
#include "view/attach_place.h"
#include "view/owner.h"

struct prog_unload_args {
	struct ref prog;
	bool dry_run;			/* only list */
};

#define GONE_TRIES 100 /* freeing an object may wait for a grace period */
#define HELD_TRIES 3			/* if we know that a process holds it */
#define GONE_WAIT_NS 10000000L

enum holder_kind {
	HOLDER_PIN, HOLDER_ATTACHMENT, HOLDER_LINK_PIN, HOLDER_PROCESS, HOLDER_PROG, HOLDER_UNKNOWN,
};

struct holder {
	enum holder_kind kind;
	const struct attachment *a;	/* HOLDER_ATTACHMENT, HOLDER_PROG: the other program's */
	const char *path;		/* of a pin */
	const struct owner *who;	/* a process */
	uint32_t link_id;		/* held by a pin or process; 0: the program */
	bool removed;
	char reason[160];		/* why not; "" = it is to be removed */
};

struct unload {
	uint32_t id;
	int prog_fd;			/* owned */
	struct attachments *set;
	struct pins *prog_pins, *link_pins;
	struct owners *prog_owners, *link_owners;
	struct holder *all;		/* owned; n of them */
	size_t n, max;
	bool partly;			/* not all that may hold it could be read; reported */
	bool dry;			/* the plan is only printed */
	bool unloaded;			/* or, with dry, would be */
};

static void unload_free(struct unload *u)
{
	if (u->prog_fd >= 0)
		close(u->prog_fd);
	attachments_free(u->set);
	pins_free(u->prog_pins);
	pins_free(u->link_pins);
	owners_free(u->prog_owners);
	owners_free(u->link_owners);
	free(u->all);
}

#define auto_unload __attribute__((cleanup(unload_free)))

static int make_room(struct unload *u)
{
	struct holder *all = array_room(u->all, u->n, &u->max, sizeof(*all));

	if (!all)
		return -ENOMEM;
	u->all = all;
	return 0;
}

static int add(struct unload *u, const struct holder *h)
{
	int err = make_room(u);

	if (!err)
		u->all[u->n++] = *h;
	return err;
}

static int add_pins(struct unload *u, const struct pins *pins, uint32_t id, enum holder_kind kind)
{
	size_t n;
	const char *const *paths = pins_of(pins, id, &n);
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = add(u, &(struct holder){ .kind = kind, .path = paths[i],
					       .link_id = kind == HOLDER_LINK_PIN ? id : 0 });
	return err;
}

static int add_processes(struct unload *u, const struct owners *owners, uint32_t id,
			 uint32_t link_id)
{
	const struct owner *who;
	size_t n;
	int err = 0;

	who = owners_of(owners, id, &n);
	for (size_t i = 0; i < n && !err; i++)
		err = add(u, &(struct holder){
				     .kind = HOLDER_PROCESS, .who = &who[i], .link_id = link_id });
	return err;
}

/* Its attachments, and those of other programs to it. */
static int add_attachments(struct unload *u)
{
	const struct attachment *a;
	int err = 0;

	for (size_t i = 0; !err && (a = attachments_at(u->set, i)); i++) {
		bool uses = (a->kind == ATT_EXT || a->kind == ATT_TRACING) &&
			    a->target.prog_id == u->id;

		if (a->prog_id == u->id)
			err = add(u, &(struct holder){ .kind = HOLDER_ATTACHMENT, .a = a });
		else if (uses)
			err = add(u, &(struct holder){ .kind = HOLDER_PROG, .a = a });
	}
	return err;
}

static int add_link_holders(struct unload *u)
{
	const struct attachment *a;
	int err = 0;

	for (size_t i = 0; !err && (a = attachments_at(u->set, i)); i++)
		if (a->prog_id == u->id && a->link_id && a->kind != ATT_STRUCT_OPS)
			err = add_pins(u, u->link_pins, a->link_id, HOLDER_LINK_PIN);
	for (size_t i = 0; !err && (a = attachments_at(u->set, i)); i++)
		if (a->prog_id == u->id && a->link_id && a->kind != ATT_STRUCT_OPS)
			err = add_processes(u, u->link_owners, a->link_id, a->link_id);
	return err;
}

/* What keeps one kind of pins from being seen mostly does so with the other: report it once. */
static void report_hidden(struct ctx *ctx, const struct unload *u)
{
	unsigned int n_partly = ctx->n_partly;

	pins_partly(ctx, u->prog_pins);
	if (ctx->n_partly == n_partly)
		pins_partly(ctx, u->link_pins);
	owners_partly(ctx, u->prog_owners);
}

/* In the order of removal. */
static int find_holders(struct ctx *ctx, struct unload *u)
{
	unsigned int n_partly = ctx->n_partly;
	int err = attachments_collect(ctx, ATT_FROM_ALL, &u->set);

	if (!err)
		err = pins_collect(ctx, &obj_prog, &u->prog_pins);
	if (!err)
		err = pins_collect(ctx, &obj_link, &u->link_pins);
	if (!err)
		err = owners_collect(ctx, &obj_prog, 1, &u->prog_owners);
	if (!err)
		err = owners_collect(ctx, &obj_link, 1, &u->link_owners);
	if (err)
		return fail(ctx->err, err, "find what holds program %u", u->id);
	report_hidden(ctx, u);
	u->partly = ctx->n_partly != n_partly;
	err = add_pins(u, u->prog_pins, u->id, HOLDER_PIN);
	if (!err)
		err = add_attachments(u);
	if (!err)
		err = add_link_holders(u);
	if (!err)
		err = add_processes(u, u->prog_owners, u->id, 0);
	if (!err)
		err = make_room(u);		/* for one that appears at the end */
	return err ? fail(ctx->err, err, "find what holds program %u", u->id) : 0;
}

static const struct obj_kind *pinned_kind(const struct holder *h)
{
	return h->link_id ? &obj_link : &obj_prog;
}

static uint32_t pinned_id(const struct unload *u, const struct holder *h)
{
	return h->link_id ? h->link_id : u->id;
}

static int remove_pin(const struct unload *u, const struct holder *h)
{
	return pin_remove(pinned_kind(h), h->path, pinned_id(u, h));
}

/* What remove_pin() would report. */
static int plan_pin(const struct unload *u, const struct holder *h)
{
	char dir[PATH_MAX];
	int err = pin_check(pinned_kind(h), h->path, pinned_id(u, h));

	if (err)
		return err;
	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(h->path, '/') - h->path), h->path);
	return access(dir, W_OK | X_OK) < 0 ? -errno : 0;
}

static void set_reason(struct holder *h, int err)
{
	char text[96];

	if (err == -ESTALE)
		snprintf(h->reason, sizeof(h->reason), "now attached to another program");
	else if (err == -ENOENT || err == -ENODEV)
		snprintf(h->reason, sizeof(h->reason), "already gone");
	else if (err == -EBUSY && h->a && h->a->kind == ATT_TC_ACTION)
		snprintf(h->reason, sizeof(h->reason), "filters use the action");
	else
		snprintf(h->reason, sizeof(h->reason), "%s", errno_text(err, text, sizeof(text)));
}

static bool exists(const struct obj_kind *kind, uint32_t id)
{
	auto_close int fd = kind->open_id(id, 0);

	return fd != -ENOENT;
}

static bool wait_gone(const struct obj_kind *kind, uint32_t id, unsigned int tries)
{
	const struct timespec pause = { .tv_nsec = GONE_WAIT_NS };

	for (unsigned int i = 0; i < tries; i++) {
		if (!exists(kind, id))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

static bool is_frozen(uint32_t map_id)
{
	auto_close int fd = obj_map.open_id(map_id, 0);
	uint64_t frozen = 0;

	return fd >= 0 && !obj_fdinfo(fd, "frozen", &frozen) && frozen;
}

/*
 * Links that the kernel cannot detach are freed with their last holder: can all holders be removed?
 */
static void explain_fixed_link(const struct unload *u, struct holder *h)
{
	const char *why = "its holder is not visible";

	for (size_t i = 0; i < u->n; i++) {
		const struct holder *of = &u->all[i];

		if (of == h || of->link_id != h->a->link_id)
			continue;
		if (of->kind == HOLDER_LINK_PIN && !of->reason[0]) {
			if (streq(why, "its holder is not visible"))
				why = NULL;
			continue;
		}
		why = of->kind == HOLDER_PROCESS ? "a process holds it" : "a pin of it stays";
		break;
	}
	if (why)
		snprintf(h->reason, sizeof(h->reason),
			 "links of this type cannot be detached, and %s", why);
}

static bool is_used_action(const struct unload *u, const struct attachment *a)
{
	size_t n_going = 0;

	for (size_t i = 0; i < u->n; i++)
		n_going += u->all[i].a && u->all[i].a->kind == ATT_TC;
	return a->kind == ATT_TC_ACTION && a->n_places > n_going;
}

static void explain_attachment(const struct unload *u, struct holder *h)
{
	const struct attachment *a = h->a;

	if (a->link_id && a->kind != ATT_STRUCT_OPS && !link_type_can_detach(a->link_type))
		explain_fixed_link(u, h);
	else if (is_used_action(u, a))
		set_reason(h, -EBUSY);
	else if (a->kind == ATT_CGROUP && !a->link_id && !a->name)
		snprintf(h->reason, sizeof(h->reason), "the cgroup has no path");
	else if (a->held == ATT_BY_FILE)
		snprintf(h->reason, sizeof(h->reason), "process %u has the event open", a->pid);
	else if (a->kind == ATT_STRUCT_OPS && a->link_id)
		snprintf(h->reason, sizeof(h->reason), "other programs are members, too: "
			 "'link detach id %u'", a->link_id);
	else if (a->kind == ATT_STRUCT_OPS)
		snprintf(h->reason, sizeof(h->reason), "other programs are members, too: "
			 "'struct_ops unregister id %u'", a->map_id);
	else if (a->kind == ATT_DEVMAP || a->kind == ATT_CPUMAP)
		snprintf(h->reason, sizeof(h->reason), "the entry has more than the program: "
						       "delete or update it in map %u", a->map_id);
	else if (a->kind == ATT_PROG_ARRAY && is_frozen(a->map_id))
		snprintf(h->reason, sizeof(h->reason), "map %u is frozen: the entry lives as long "
						       "as the map",
			 a->map_id);
}

/* Reasons that are known before anything is tried. */
static void explain(const struct unload *u, struct holder *h)
{
	int err;

	switch (h->kind) {
	case HOLDER_PIN:
	case HOLDER_LINK_PIN:
		err = plan_pin(u, h);
		if (err)
			set_reason(h, err);
		break;
	case HOLDER_PROCESS:
		snprintf(h->reason, sizeof(h->reason), "the process has it open");
		break;
	case HOLDER_PROG:
		snprintf(h->reason, sizeof(h->reason),
			 "program %u is attached to it: unload that first", h->a->prog_id);
		break;
	case HOLDER_UNKNOWN:
		snprintf(h->reason, sizeof(h->reason),
			 u->partly ? "not everything that may hold it could be read"
				   : "something not visible: a pin in another mount namespace, "
				     "a socket, a route, an iptables rule");
		break;
	case HOLDER_ATTACHMENT:
		explain_attachment(u, h);
		break;
	}
}

/* Attachments last: for a link it may depend on its pins. */
static void make_plan(struct unload *u)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->all[i].kind != HOLDER_ATTACHMENT)
			explain(u, &u->all[i]);
	for (size_t i = 0; i < u->n; i++)
		if (u->all[i].kind == HOLDER_ATTACHMENT)
			explain(u, &u->all[i]);
}

/* It will be removed, or was removed. */
static bool goes(const struct unload *u, const struct holder *h)
{
	return u->dry ? !h->reason[0] : h->removed;
}

static unsigned int tries_for(const struct unload *u, uint32_t link_id)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->all[i].kind == HOLDER_PROCESS && (!link_id || u->all[i].link_id == link_id))
			return HELD_TRIES;
	return GONE_TRIES;
}

/*
 * Links that the kernel cannot detach are freed when nothing holds them: whether they were is known
 * only after their pins are removed.
 */
static void remove_all(struct unload *u)
{
	for (size_t i = 0; i < u->n; i++) {
		struct holder *h = &u->all[i];
		int err;

		if (h->reason[0])
			continue;
		err = h->kind == HOLDER_ATTACHMENT ? attachment_remove(u->set, h->a, u->prog_fd) :
						     remove_pin(u, h);
		h->removed = !err;
		if (err && !(err == -EOPNOTSUPP && h->a && h->a->link_id))
			set_reason(h, err);
	}
	for (size_t i = 0; i < u->n; i++) {
		struct holder *h = &u->all[i];

		if (h->removed || h->reason[0])
			continue;
		h->removed = wait_gone(&obj_link, h->a->link_id, tries_for(u, h->a->link_id));
		if (!h->removed)
			snprintf(h->reason, sizeof(h->reason),
				 "links of this type cannot be detached, and %s holds it",
				 u->partly ? "something" : "a process");
	}
}

static bool all_go(const struct unload *u)
{
	for (size_t i = 0; i < u->n; i++)
		if (!goes(u, &u->all[i]))
			return false;
	return true;
}

/* There is room for it. */
static void add_unknown(struct unload *u)
{
	u->all[u->n] = (struct holder){ .kind = HOLDER_UNKNOWN };
	explain(u, &u->all[u->n++]);
}

/* Is it unloaded now? If it is not, and no listed holder is left, there is another one. */
static void finish(struct unload *u)
{
	close(take_fd(&u->prog_fd));
	u->unloaded = wait_gone(&obj_prog, u->id, tries_for(u, 0));
	if (!u->unloaded && all_go(u))
		add_unknown(u);
}

/* Would it be unloaded? Not known while something that holds it may be hidden. */
static void foresee(struct unload *u)
{
	if (all_go(u) && u->partly)
		add_unknown(u);
	u->unloaded = all_go(u);
}

static void show_process_holder(struct out *o, const struct holder *h)
{
	show_process(o, h->who->pid, h->who->comm);
	if (h->link_id)
		out_uint(o, "link_id", "has link %llu open", h->link_id);
	else
		out_item(o, "  has the program open");
}

static void show_attachment(struct ctx *ctx, const struct unload *u, const struct attachment *a)
{
	struct out *o = ctx->out;
	struct buf b = {};

	if (a->link_id) {
		out_uint(o, "link_id", "%llu", a->link_id);
		out_str(o, "type", "%s", attach_place_kinds[a->kind]);
	}
	if (a->held == ATT_BY_FILE) {
		out_uint(o, "pid", "%llu", a->pid);
		out_uint(o, "fd", "%llu", a->fd);
	}
	attach_place_text(ctx, u->set, a, &b);
	buf_putc(&b, '\0');
	if (!b.err)
		out_str(o, "target", "%s", b.data);
	buf_free(&b);
	attach_place_json(ctx, a);
}

static const char *kind_word(const struct holder *h)
{
	static const char *const words[] = {
		[HOLDER_PIN] = "pin", [HOLDER_LINK_PIN] = "link_pin", [HOLDER_PROCESS] = "process",
		[HOLDER_PROG] = "program", [HOLDER_UNKNOWN] = "unknown",
	};

	if (h->kind != HOLDER_ATTACHMENT)
		return words[h->kind];
	return h->a->link_id ? "link" : attach_place_kinds[h->a->kind];
}

static const char *kept_word(const struct unload *u, const struct holder *h)
{
	if (!h->reason[0])
		return "would remove";
	return u->dry && h->kind == HOLDER_UNKNOWN ? "may stay" : "stays";
}

static void show_holder(struct ctx *ctx, const struct unload *u, const struct holder *h)
{
	struct out *o = ctx->out;

	/* For a process the line already contains the reason. */
	out_form(o, h->kind == HOLDER_PROCESS
			    ? "{removed}  {kind}{  }{  link_id}"
			    : "{removed}  {kind}{  path}{  prog_id}{  link_id}{  type}{  target}"
			      "{  reason}");
	out_str(o, "kind", "%s", kind_word(h));
	switch (h->kind) {
	case HOLDER_PIN:
	case HOLDER_LINK_PIN:
		out_str(o, "path", "%s", h->path);
		if (h->link_id)
			out_uint(o, "link_id", "of link %llu", h->link_id);
		break;
	case HOLDER_PROCESS:
		show_process_holder(o, h);
		break;
	case HOLDER_PROG:
		out_uint(o, "prog_id", "%llu", h->a->prog_id);
		show_attachment(ctx, u, h->a);
		break;
	case HOLDER_ATTACHMENT:
		show_attachment(ctx, u, h->a);
		break;
	case HOLDER_UNKNOWN:
		break;
	}
	out_bool(o, "removed", "removed", kept_word(u, h), h->removed);
	if (u->dry)
		out_bool(o, "would_remove", "", "", goes(u, h));
	if (h->reason[0])
		out_str(o, "reason", "(%s)", h->reason);
	out_form_end(o);
}

/* Its only other holder is one that nobody can see: it may not even be there. */
static const char *kept_loaded(const struct unload *u)
{
	return u->n && u->all[u->n - 1].kind == HOLDER_UNKNOWN ? "may stay loaded"
							       : "would stay loaded";
}

static void show_end(struct out *o, const struct unload *u)
{
	bool is = u->unloaded && u->prog_fd < 0;	/* it was, not only would be */
	char form[64];

	snprintf(form, sizeof(form), "program %u %s\n", u->id,
		 is || !u->dry ? "{unloaded}" : "{would_unload}");
	out_form(o, form);
	out_bool(o, "unloaded", "is unloaded", "stays loaded", is);
	if (u->dry) {
		out_bool(o, "dry_run", "", "", true);
		out_bool(o, "would_unload", "would be unloaded", kept_loaded(u), u->unloaded);
	}
	out_form_end(o);
}

static void show_all(struct ctx *ctx, const struct unload *u)
{
	struct out *o = ctx->out;

	for (size_t i = 0; i < u->n; i++) {
		const struct holder *h = &u->all[i];

		out_rec(o, NULL);
		show_holder(ctx, u, h);
		out_rec_end(o);
	}
	out_list_end(o);
	show_end(o, u);
}

/* "process sleep(7): the process has it open" */
static void log_holder(struct ctx *ctx, const struct unload *u, const struct holder *h)
{
	char who[PROCESS_TEXT_MAX], clean[4 * PROCESS_TEXT_MAX] = "";
	struct buf b = {};

	buf_puts(&b, kind_word(h));
	buf_puts(&b, h->path || h->a || h->who ? " " : "");
	if (h->who)
		out_escape(clean, sizeof(clean), process_text(who, h->who->pid, h->who->comm));
	if (h->a)
		attach_place_text(ctx, u->set, h->a, &b);
	else
		buf_puts(&b, h->path ? h->path : clean);
	buf_puts(&b, ": ");
	buf_puts(&b, h->reason);
	buf_putc(&b, '\0');
	err_log(ctx->err, b.err ? h->reason : b.data);
	buf_free(&b);
}

/* Nothing could be removed: the error contains what holds the program. */
static int fail_held(struct ctx *ctx, const struct unload *u)
{
	fail_msg(ctx->err, -EBUSY, "program %u stays loaded: nothing that holds it can be removed",
		 u->id);
	for (size_t i = 0; i < u->n; i++)
		log_holder(ctx, u, &u->all[i]);
	return -EBUSY;
}

static bool any_goes(const struct unload *u)
{
	for (size_t i = 0; i < u->n; i++)
		if (goes(u, &u->all[i]))
			return true;
	return false;
}

static int unload(struct ctx *ctx, struct unload *u)
{
	int err = find_holders(ctx, u);

	if (err)
		return err;
	make_plan(u);
	if (!u->dry)
		remove_all(u);
	if (!u->dry || !u->n)
		finish(u);
	else
		foresee(u);
	if (!u->dry && any_goes(u))
		ctx_changed(ctx, "what held program %u is removed", u->id);
	if (!u->unloaded && !any_goes(u))
		return fail_held(ctx, u);
	if (!u->unloaded)
		ctx->n_partly++;
	show_all(ctx, u);
	return 0;
}

static int prog_unload(struct ctx *ctx, const void *args)
{
	auto_unload struct unload u = { .prog_fd = -1 };
	const struct prog_unload_args *a = args;
	struct obj_label label = {};
	int err = obj_open(ctx, &obj_prog, &a->prog, 0, &u.prog_fd);

	if (err)
		return err;
	err = obj_prog.read_label(u.prog_fd, &label);
	if (err)
		return fail(ctx->err, err, "read program");
	u.id = label.id;
	out_rec(ctx->out, NULL);
	out_json_uint(ctx->out, "prog_id", u.id);
	out_list(ctx->out, "holders", NULL);
	u.dry = a->dry_run;
	err = unload(ctx, &u);
	if (!err)
		out_rec_end(ctx->out);
	return err;
}

static const struct param prog_unload_params[] = {
	PARAM_REF(struct prog_unload_args, prog, "", "PROG", ref_words_prog, "the program",
		  .flags = PF_REQUIRED, .complete = obj_complete_prog),
	PARAM_FLAG(struct prog_unload_args, dry_run, "dry_run", "only print what would be done"),
	{ }
};

const struct cmd prog_unload_cmd = {
	.name = "unload", .help = "remove everything that keeps a program loaded",
	.params = prog_unload_params, .args_size = sizeof(struct prog_unload_args),
	.run = prog_unload,
};
