// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl attach: every attachment on the host in one table. kern/attach/attachments.c finds them,
 * view/attach_place.c formats them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/object/bpffs.h"
#include "kern/attach/cgroup.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"
#include "kern/procs.h"
#include "view/attach_place.h"
#include "view/owner.h"
#include "view/show.h"
#include "view/table.h"
#include "view/units.h"

struct list_args {
	struct ref prog;
	const char *dev, *cgroup, *type;
	uint32_t pid;			/* 0: all */
	bool wide;
};

/* The filters, as numbers to compare with. */
struct filter {
	uint32_t *prog_ids;		/* owned; n_progs of them, 0: all */
	size_t n_progs;
	const char *dev;
	uint64_t cgroup_id;
	int kind;			/* -1: all */
	uint32_t pid;
};

struct att_listing {
	struct attachments *set;
	struct pins *pins;		/* of links */
	struct owners *links, *progs;	/* who holds these; NULL: not known */
	struct table *table;
	int64_t boot_ns;		/* boot_time_ns() */
	bool wide;
	size_t n_shown;
};

enum {
	COL_PROG, COL_TYPE, COL_NAME, COL_KIND, COL_TARGET, COL_LINK, COL_HELD, COL_SINCE, COL_PIDS,
	COL_PINNED, N_COLS
};

static const struct table_col cols[N_COLS] = {
	[COL_PROG] = { "prog_id", "PROG", 0, TABLE_RIGHT },
	[COL_TYPE] = { "prog_type", "TYPE", 0, TABLE_CUT },
	[COL_NAME] = { "prog_name", "NAME", 0, TABLE_CUT },
	[COL_KIND] = { "kind", "KIND", 0, 0 },
	[COL_TARGET] = { "target", "TARGET", 0, TABLE_CUT },
	[COL_LINK] = { "link_id", "LINK", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[COL_HELD] = { NULL, "HELD", 0, 0 },
	[COL_SINCE] = { NULL, "SINCE", 0, TABLE_CUT },
	[COL_PIDS] = { NULL, "OWNER", 0, TABLE_CUT | TABLE_OPTIONAL },
	[COL_PINNED] = { NULL, "PINNED", 0, TABLE_CUT | TABLE_OPTIONAL },
};

static void show_program(struct ctx *ctx, const struct att_listing *l, const struct attachment *a)
{
	const struct att_prog *p = attachments_prog(l->set, a->prog_id);

	table_uint(l->table, COL_PROG, a->prog_id);
	if (!p)
		return;
	table_enum(l->table, COL_TYPE, name_of(ctx, NAMES_PROG_TYPE, p->type), p->type);
	table_str(l->table, COL_NAME, p->name);
}

static int show_target(struct ctx *ctx, const struct att_listing *l, const struct attachment *a)
{
	struct buf b = {};
	int err;

	attach_place_text(ctx, l->set, a, &b);
	buf_putc(&b, '\0');
	err = b.err;
	table_str(l->table, COL_KIND, attach_place_kinds[a->kind]);
	if (!err)
		table_str(l->table, COL_TARGET, b.data);
	buf_free(&b);
	attach_place_json(ctx, a);
	return err;
}

/* What keeps it attached, as words: the attachment itself, and what keeps its link. */
static void show_held(struct out *o, const struct att_listing *l, const struct attachment *a,
		      bool pinned, bool open)
{
	static const char *const words[] = {
		[ATT_BY_LINK] = "link", [ATT_BY_NETLINK] = "netlink", [ATT_BY_HOOK] = "attach",
		[ATT_BY_FILE] = "process", [ATT_BY_MAP] = "map",
	};

	if (a->link_id)
		table_uint(l->table, COL_LINK, a->link_id);
	table_cell(l->table, COL_HELD, "{held}");
	out_list(o, "held", "");
	out_str(o, NULL, "%s", words[a->held]);
	if (pinned)
		out_str(o, NULL, "%s", "pin");
	if (open)
		out_str(o, NULL, "%s", "process");
	out_list_end(o);
	table_cell_end(l->table);
}

/* The creation time of a file in bpffs, that is, when it was pinned. */
static bool read_pin_time(const char *path, int64_t *ret)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	*ret = st.st_mtime;
	return true;
}

/*
 * The kernel does not record the time of attachment: a pin is created after it, the program is
 * loaded before it.
 */
static void show_since(struct out *o, const struct att_listing *l, const struct attachment *a,
		       const char *pin)
{
	const struct att_prog *p = attachments_prog(l->set, a->prog_id);
	char text[UNITS_TEXT_MAX];
	bool pinned = false;
	int64_t when = 0, now = time(NULL);

	if (pin)
		pinned = read_pin_time(pin, &when);
	if (!pinned && p && p->load_time)
		when = (l->boot_ns + (int64_t)p->load_time) / 1000000000;
	if (!when)
		return;
	out_json_int(o, pinned ? "pinned_at" : "loaded_at", when);
	table_text(l->table, COL_SINCE, "%s %s ago", pinned ? "pinned" : "loaded",
		   age_text(text, now > when ? (uint64_t)(now - when) : 0));
}

/* The holders of the attachment; in text, if there are none, the holders of the program. */
static void show_att_owners(struct out *o, const struct att_listing *l, const struct owner *owners,
			    size_t n, uint32_t prog_id)
{
	size_t n_others;
	const struct owner *others = owners_of(l->progs, prog_id, &n_others);

	table_cell(l->table, COL_PIDS, "{pids|prog_pids}");
	if (n)
		show_owner_list(o, "pids", "", owners, n);
	if (n_others)
		show_owner_list(o, "prog_pids", "program: ", others, n_others);
	table_cell_end(l->table);
}

static void show_pinned(struct out *o, const struct att_listing *l, const char *const *paths,
			size_t n)
{
	if (!n)
		return;
	table_cell(l->table, COL_PINNED, "{pinned}");
	out_list(o, "pinned", "");
	for (size_t i = 0; i < n; i++)
		out_str(o, NULL, "%s", paths[i]);
	out_list_end(o);
	table_cell_end(l->table);
}

/* The process that keeps a perf event open, in the form of a link's holders. */
static struct owner file_owner(const struct attachment *a)
{
	struct owner one = { .id = a->prog_id, .pid = a->pid };
	auto_close int dir = -1;
	struct proc_file file = { .pid = a->pid, .fd = a->fd };
	char path[32];

	snprintf(path, sizeof(path), "/proc/%u", a->pid);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	file.proc_dir = dir;
	if (dir >= 0)
		proc_comm(&file, one.comm);
	return one;
}

static const struct owner *find_owners(const struct att_listing *l, const struct attachment *a,
				       struct owner *room, size_t *ret_n)
{
	if (a->held == ATT_BY_FILE) {
		*room = file_owner(a);
		*ret_n = 1;
		return room;
	}
	return owners_of(a->link_id ? l->links : NULL, a->link_id, ret_n);
}

static int show_one(struct ctx *ctx, struct att_listing *l, const struct attachment *a)
{
	const char *const *paths = NULL;
	const struct owner *owners;
	size_t n_pins = 0, n_owners;
	struct owner room;
	int err;

	if (a->link_id)
		paths = pins_of(l->pins, a->link_id, &n_pins);
	owners = find_owners(l, a, &room, &n_owners);
	l->n_shown++;
	table_row(l->table);
	show_program(ctx, l, a);
	err = show_target(ctx, l, a);
	show_held(ctx->out, l, a, n_pins, n_owners && a->link_id);
	show_since(ctx->out, l, a, n_pins ? paths[0] : NULL);
	show_att_owners(ctx->out, l, owners, n_owners, a->prog_id);
	show_pinned(ctx->out, l, paths, n_pins);
	table_row_end(l->table);
	return err ? err : out_failed(ctx->out);
}

static bool is_held_by(const struct owners *owners, uint32_t id, uint32_t pid)
{
	size_t n;
	const struct owner *all = owners_of(owners, id, &n);

	for (size_t i = 0; i < n; i++)
		if (all[i].pid == pid)
			return true;
	return false;
}

static bool has_id(const uint32_t *ids, size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static bool is_wanted(const struct att_listing *l, const struct filter *f,
		      const struct attachment *a)
{
	if (f->n_progs && !has_id(f->prog_ids, f->n_progs, a->prog_id))
		return false;
	if (f->kind >= 0 && a->kind != (enum att_kind)f->kind)
		return false;
	if (f->dev && !(a->ifindex && a->name && streq(a->name, f->dev)))
		return false;
	if (f->cgroup_id && a->cgroup_id != f->cgroup_id)
		return false;
	return !f->pid || a->pid == f->pid || is_held_by(l->progs, a->prog_id, f->pid) ||
	       (a->link_id && is_held_by(l->links, a->link_id, f->pid));
}

static int find_progs(struct ctx *ctx, const struct ref *ref, struct filter *f)
{
	int *fds = NULL, err;
	size_t n = 0;

	err = obj_find(ctx, &obj_prog, ref, 0, &fds, &n);
	if (err)
		return err;
	f->prog_ids = calloc(n, sizeof(*f->prog_ids));
	for (size_t i = 0; f->prog_ids && i < n; i++) {
		struct obj_label label = {};

		if (!obj_prog.read_label(fds[i], &label))
			f->prog_ids[f->n_progs++] = label.id;
	}
	obj_close_all(fds, n);
	return f->prog_ids ? 0 : fail(ctx->err, -ENOMEM, "list attachments");
}

static int find_cgroup(struct ctx *ctx, const char *path, uint64_t *ret_id)
{
	auto_close int fd = cgroup_open(ctx, path);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return fail(ctx->err, -errno, "read cgroup '%s'", path);
	*ret_id = st.st_ino;
	return 0;
}

static int make_filter(struct ctx *ctx, const struct list_args *a, struct filter *f)
{
	int err = 0;

	*f = (struct filter){ .dev = a->dev, .kind = -1, .pid = a->pid };
	if (a->pid && (a->pid > INT_MAX || (kill((pid_t)a->pid, 0) && errno == ESRCH)))
		return fail_msg(ctx->err, -ESRCH, "no process %u", a->pid);
	for (int i = 0; a->type && attach_place_kinds[i]; i++)
		if (streq(a->type, attach_place_kinds[i]))
			f->kind = i;
	if (a->prog.how != REF_NONE)
		err = find_progs(ctx, &a->prog, f);
	if (!err && a->cgroup)
		err = find_cgroup(ctx, a->cgroup, &f->cgroup_id);
	return err;
}

/* Sources that cannot contain what the filters select are skipped. */
static unsigned int needed_sources(const struct filter *f)
{
	if (f->dev)
		return ATT_FROM_NET;
	if (f->cgroup_id)
		return ATT_FROM_CGROUPS;
	switch (f->kind) {
	case ATT_XDP ... ATT_NETNS:
		return ATT_FROM_NET;
	case ATT_CGROUP:
		return ATT_FROM_CGROUPS;
	case ATT_TRACEPOINT:
	case ATT_KPROBE ... ATT_UPROBE:
	case ATT_PERF_EVENT:
		return ATT_FROM_FILES;
	case ATT_SOCKMAP:
	case ATT_STRUCT_OPS ... ATT_CPUMAP:
		return ATT_FROM_MAPS;
	default:
		return f->kind < 0 ? ATT_FROM_ALL : ATT_FROM_LINKS;
	}
}

/*
 * Processes that are not accessible are so for all queries: report them once. n_partly: the value
 * before.
 */
static void collect_owners(struct ctx *ctx, size_t n, unsigned int n_partly, struct att_listing *l)
{
	l->links = listing_owners(ctx, &obj_link, n, ctx->n_partly == n_partly);
	l->progs = listing_owners(ctx, &obj_prog, n, ctx->n_partly == n_partly);
}

/* Only links are pinned. */
static bool any_link(const struct attachments *set)
{
	const struct attachment *a;

	for (size_t i = 0; (a = attachments_at(set, i)); i++)
		if (a->link_id)
			return true;
	return false;
}

/* Without owners and pins the listing is still useful. */
static int open_listing(struct ctx *ctx, const struct filter *f, struct att_listing *l)
{
	unsigned int n_partly = ctx->n_partly;
	size_t n = 0;
	int err = attachments_collect(ctx, needed_sources(f), &l->set);

	if (err)
		return err;
	while (attachments_at(l->set, n))
		n++;
	if (n)
		collect_owners(ctx, n, n_partly, l);
	if (ctx->opts->bpffs || any_link(l->set))
		listing_pins(ctx, &obj_link, &l->pins);
	l->boot_ns = boot_time_ns();
	l->table = table_new(ctx->out, cols, N_COLS);
	if (!l->table)
		return fail(ctx->err, -ENOMEM, "list attachments");
	table_fit(l->table, l->wide ? 0 : screen_width());
	return 0;
}

static void close_listing(struct att_listing *l)
{
	table_free(l->table);
	owners_free(l->links);
	owners_free(l->progs);
	pins_free(l->pins);
	attachments_free(l->set);
}

#define auto_listing __attribute__((cleanup(close_listing)))

static int list(struct ctx *ctx, const struct filter *f, struct att_listing *l)
{
	const struct attachment *a;
	int err = open_listing(ctx, f, l);

	if (err)
		return err;
	for (size_t i = 0; !err && (a = attachments_at(l->set, i)); i++)
		if (is_wanted(l, f, a))
			err = show_one(ctx, l, a);
	if (!err && l->n_shown)
		err = table_print(l->table);
	if (err)
		return fail(ctx->err, err, "list attachments");
	if (f->dev && !l->n_shown && !if_nametoindex(f->dev))
		return fail_msg(ctx->err, -ENODEV, "no network device '%s'", f->dev);
	return 0;
}

static int attach_list(struct ctx *ctx, const void *args)
{
	const struct list_args *a = args;
	auto_listing struct att_listing l = { .wide = a->wide };
	struct filter f;
	int err = make_filter(ctx, a, &f);

	if (!err) {
		out_stream(ctx->out, NULL);
		err = list(ctx, &f, &l);
		if (!err)
			out_stream_end(ctx->out);
	}
	free(f.prog_ids);
	return err;
}

static const struct param list_params[] = {
	PARAM_REF(struct list_args, prog, "prog", "PROG", ref_words_prog,
		  "only attachments of matching programs", .complete = obj_complete_prog),
	PARAM_IFACE(struct list_args, dev, "dev", "IF", "only on network devices with this name"),
	PARAM_PATH(struct list_args, cgroup, "cgroup", "CGROUP", "only on this cgroup"),
	PARAM_WORD(struct list_args, type, "type", "KIND", attach_place_kinds, "only of this kind"),
	PARAM_U32(struct list_args, pid, "pid", "N", "only held by this process",
		  .flags = PF_NOT_0),
	PARAM_WIDE(struct list_args),
	{ }
};

static const struct cmd attach_list_cmd = {
	.name = "list", .help = "list all attachments",
	.params = list_params, .args_size = sizeof(struct list_args),
	.run = attach_list, .flags = CMD_DEFAULT,
};

static const struct cmd *const attach_cmds[] = {
	&attach_list_cmd,
	&(const struct cmd){ .name = "show", .flags = CMD_ALIAS },
	NULL
};

const struct cmd attach_cmd = {
	.name = "attach", .help = "all attachments in one list",
	.sub = attach_cmds,
};
