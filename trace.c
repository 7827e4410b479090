// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl trace: everything in tracefs that differs from the state after boot, and its reset.
 * kern/trace/state.h collects the state; this file prints it and decides what to reset.
 */
#include <errno.h>
#include <fnmatch.h>

#include "cli/buf.h"
#include "commands.h"
#include "json_writer.h"
#include "kern/trace/undo.h"
#include "view/owner.h"
#include "view/table.h"

struct show_args {
	const char *instance, *only;
	bool verbose;
};

struct reset_args {
	const char *instance, *only;
	bool dry_run, all, verbose;
};

/* --- shared by show and reset --- */

static const char *const claim_words[] = {
	[TRACE_BY_NAME] = "name", [TRACE_BY_PERF] = "perf", [TRACE_BY_FILE] = "file",
};

static bool is_wanted(const struct trace_item *item, const char *only)
{
	return !only || fnmatch(only, item->name ? item->name : item->file, 0) == 0 ||
	       (item->instance && fnmatch(only, item->instance, 0) == 0);
}

/* NULL: it has exited. */
static const char *living_comm(const struct trace_owner *owner)
{
	return owner->alive ? owner->comm : NULL;
}

static void put_owners(struct out *o, struct table *t, size_t col, const struct trace_item *item)
{
	table_cell(t, col, "{owners}");
	out_list(o, "owners", "");
	for (size_t i = 0; i < item->n_owners; i++) {
		const struct trace_owner *owner = &item->owners[i];

		out_rec(o, NULL);
		show_process(o, owner->pid, living_comm(owner));
		out_json_str(o, "claim", claim_words[owner->claim]);
		out_json_bool(o, "alive", owner->alive);
		out_rec_end(o);
	}
	out_list_end(o);
	table_cell_end(t);
}

/* "cat(812), pid 4711 gone", owned; "" if there are none. NULL if out of memory. */
static char *users_text(const struct trace_item *item)
{
	struct buf b = {};

	for (size_t i = 0; i < item->n_owners; i++)
		add_process(&b, item->owners[i].pid, living_comm(&item->owners[i]));
	buf_putc(&b, '\0');
	if (b.err) {
		buf_free(&b);
		return NULL;
	}
	return b.data;
}

/* In text the event's name next to it suffices to find a filter's file. */
static void put_file(struct table *t, size_t col, const struct trace_item *item)
{
	const char *base = strrchr(item->file, '/');

	table_str_as(t, col, item->file, "%s", base ? base + 1 : item->file);
}

/* Lists have a line per pid or function: in text only the first ones are printed. */
static void put_value(struct table *t, size_t col, const struct trace_item *item)
{
	const char *more;
	size_t n = 0;

	if (!item->value)
		return;
	for (more = strchr(item->value, '\n'); more; more = strchr(more + 1, '\n'))
		n++;
	more = strchr(item->value, '\n');
	if (more)
		table_str_as(t, col, item->value, "%.*s and %zu more", (int)(more - item->value),
			     item->value, n);
	else
		table_str(t, col, item->value);
}

static void list_unread(struct ctx *ctx, const struct trace_state *s, bool verbose)
{
	struct out *o = ctx->out;
	bool listed = verbose || out_is_json(o);
	char text[128];

	/* In JSON, and with 'verbose', they are listed below. */
	if (s->n_unread && !listed)
		unread(ctx, s->unread[0].err, NULL,
		       "read %zu file%s of tracefs ('verbose' names them)", s->n_unread,
		       plural(s->n_unread, "", "s"));
	else if (s->n_unread)
		ctx->n_partly++;
	out_list(o, "unread", NULL);
	for (size_t i = 0; listed && i < s->n_unread; i++) {
		const struct trace_unread *u = &s->unread[i];

		out_rec(o, NULL);
		if (u->instance)
			out_str(o, "instance", "unreadable: instance %s", u->instance);
		out_str(o, "file", u->instance ? "%s" : "unreadable: %s", u->file);
		out_enum(o, "errno", "[%s]", errno_name(u->err), (uint64_t)-u->err);
		out_str(o, "error", "%s", errno_text(u->err, text, sizeof(text)));
		out_rec_end(o);
	}
	out_list_end(o);
}

static int read_state(struct ctx *ctx, const struct tracefs *t, const char *instance,
		      struct trace_state *ret, unsigned int flags)
{
	int err = trace_state_read(t, instance, flags, ret);

	if (err == -ENOENT)
		return fail_msg(ctx->err, err, "no instance '%s' in %s", instance, t->path);
	if (!err)
		err = trace_find_owners(t, ret);
	return err ? fail(ctx->err, err, "read the state of tracefs") : 0;
}

/* --- show --- */

enum { S_INSTANCE, S_FILE, S_NAME, S_VALUE, S_IDLE, S_TOOL, S_STATE, S_IN_USE, S_OWNER };

static const struct table_col show_cols[] = {
	[S_INSTANCE] = { "instance", "INSTANCE", 0, TABLE_OPTIONAL },
	[S_FILE] = { "file", "FILE", 0, 0 },
	[S_NAME] = { "name", "NAME", 0, TABLE_OPTIONAL },
	[S_VALUE] = { "value", "VALUE", 0, 0 },
	[S_IDLE] = { "idle", NULL, 0, 0 },
	[S_TOOL] = { "tool", NULL, 0, 0 },
	[S_STATE] = { "enabled", "STATE", 0, TABLE_OPTIONAL },
	[S_IN_USE] = { "in_use", NULL, 0, 0 },
	[S_OWNER] = { NULL, "OWNER", 0, TABLE_OPTIONAL },
};

static void show_item(struct out *o, struct table *t, const struct trace_state *s,
		     const struct trace_item *item)
{
	const char *tool;
	uint32_t pid;

	table_row(t);
	if (item->instance)
		table_str(t, S_INSTANCE, item->instance);
	put_file(t, S_FILE, item);
	if (item->name)
		table_str(t, S_NAME, item->name);
	put_value(t, S_VALUE, item);
	if (item->idle)
		table_str(t, S_IDLE, item->idle);
	if (item->kind == TRACE_PROBE) {
		tool = trace_maker(item->name, &pid);
		if (tool)
			table_str(t, S_TOOL, tool);
		table_bool(t, S_STATE, "on", "off", item->enabled);
	}
	table_bool(t, S_IN_USE, "", "", trace_is_owned(s, item));
	put_owners(o, t, S_OWNER, item);
	table_row_end(t);
}

static int show_items(struct out *o, const struct trace_state *s, const char *only)
{
	auto_table struct table *t = table_new(o, show_cols, ARRAY_SIZE(show_cols));
	size_t n = 0;
	int err = t ? 0 : -ENOMEM;

	out_list(o, "items", NULL);
	for (size_t i = 0; i < s->n_items && !err; i++) {
		if (!is_wanted(&s->items[i], only))
			continue;
		show_item(o, t, s, &s->items[i]);
		n++;
	}
	if (!err && n)
		err = table_print(t);
	out_list_end(o);
	return err;
}

static int trace_show(struct ctx *ctx, const void *args)
{
	const struct show_args *a = args;
	auto_tracefs struct tracefs t = { .dir = -1 };
	auto_trace_state struct trace_state s = {};
	struct out *o = ctx->out;
	int err = tracefs_open(ctx, &t);

	if (!err)
		err = read_state(ctx, &t, a->instance, &s, a->verbose ? TRACE_EVERY_EVENT : 0);
	if (err)
		return err;
	out_rec(o, NULL);
	out_json_str(o, "tracefs", t.path);
	err = show_items(o, &s, a->only);
	if (err)
		return fail(ctx->err, err, "list the state of tracing");
	list_unread(ctx, &s, a->verbose);
	out_rec_end(o);
	return 0;
}

/* --- reset --- */

enum outcome { DONE, WOULD, GONE, LEFT, FAILED };

static const char *const outcome_words[] = {
	[DONE] = "reset", [WOULD] = "would_reset", [GONE] = "gone",
	[LEFT] = "left",  [FAILED] = "failed",
};

enum { R_ACTION, R_INSTANCE, R_FILE, R_NAME, R_VALUE, R_WHY, R_WRITE, R_OWNERS, R_PATH, R_TEXT };

static const struct table_col reset_cols[] = {
	[R_ACTION] = { "action", "ACTION", 0, 0 },
	[R_INSTANCE] = { "instance", "INSTANCE", 0, TABLE_OPTIONAL },
	[R_FILE] = { "file", "FILE", 0, 0 },
	[R_NAME] = { "name", "NAME", 0, TABLE_OPTIONAL },
	[R_VALUE] = { "value", "VALUE", 0, TABLE_OPTIONAL },
	[R_WHY] = { "why", "WHY", 0, TABLE_OPTIONAL },
	[R_WRITE] = { NULL, "WRITE", 0, TABLE_OPTIONAL },
	[R_OWNERS] = { NULL, NULL, 0, 0 },
	[R_PATH] = { "path", NULL, 0, 0 },
	[R_TEXT] = { "text", NULL, 0, 0 },
};

struct reset {
	struct ctx *ctx;
	const struct reset_args *args;
	const struct tracefs *tracefs;
	const struct trace_state *state;
	struct table *table;
	size_t n;
};

/* *ret_why: owned; NULL if there is no reason. Returns 0 or -ENOMEM: then nothing may be done. */
static int why_left(const struct reset *r, const struct trace_item *item, enum outcome *ret_outcome,
		    char **ret_why)
{
	auto_free char *owners = users_text(item);
	bool owned = trace_is_owned(r->state, item);

	if (!owners)
		return -ENOMEM;
	*ret_outcome = r->args->dry_run ? WOULD : DONE;
	if (!r->args->all && (item->instance || item->kind == TRACE_INSTANCE) &&
	    !r->args->instance) {
		*ret_outcome = LEFT;
		*ret_why = strdup("instances only with 'all' or 'instance NAME'");
		return *ret_why ? 0 : -ENOMEM;
	}
	if (!owners[0] && !owned)
		return 0;
	if (owned && !r->args->all)
		*ret_outcome = LEFT;
	if (!owners[0])
		*ret_why = strdup("its users may be in another pid namespace");
	else if (asprintf(ret_why, owned ? "in use: %s" : "%s", owners) < 0)
		*ret_why = NULL;
	return *ret_why ? 0 : -ENOMEM;
}

/* The kernel's error replaces our own reasons. */
static void note_failure(struct reset *r, const struct trace_item *item, int err, char **why)
{
	auto_free char *before = *why;
	const char *name = errno_name(err), *hint = "";
	char text[128];

	if (err == -EBUSY && item->kind == TRACE_PROBE)
		hint = "; a perf event, a link or an instance uses it";
	if (err == -EBUSY && item->kind == TRACE_INSTANCE)
		hint = "; files of it are open";
	if (asprintf(why, "[%s] %s%s%s%s", name ? name : "error",
		     errno_text(err, text, sizeof(text)), hint, before ? "; " : "",
		     before ? before : "") < 0)
		*why = NULL;
	r->ctx->n_partly++;
}

/* Single-quoted, as a shell reads it; the caller writes the quotes. */
static void put_quoted(struct buf *b, const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			buf_puts(b, "'\\''");
		else
			buf_putc(b, *text);
}

static void put_path(struct buf *b, const char *dir, const char *path)
{
	bool plain = !path[strspn(
		path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@+")];

	buf_puts(b, plain ? "" : "'");
	buf_puts(b, dir);
	buf_putc(b, '/');
	put_quoted(b, path);
	buf_puts(b, plain ? "" : "'");
}

/* In text as a shell command; in JSON path and text. */
static void put_write(struct reset *r, const struct trace_undo *u)
{
	struct out *o = r->ctx->out;
	struct buf b = {};

	table_str(r->table, R_PATH, u->path);
	if (u->text)
		table_str(r->table, R_TEXT, u->text);
	if (!r->args->verbose)
		return;
	if (u->text && u->text[0]) {
		buf_puts(&b, "echo '");
		put_quoted(&b, u->text);
		buf_puts(&b, u->how == TRACEFS_ADD ? "' >>" : "' >");
	} else {
		buf_puts(&b, u->text ? ": >" : "rmdir ");
	}
	put_path(&b, r->tracefs->path, u->path);
	table_text(r->table, R_WRITE, "%.*s", (int)b.len, b.data ? b.data : "");
	out_torn(o, b.err);
	buf_free(&b);
}

static void report_item(struct reset *r, const struct trace_item *item, enum outcome outcome,
			const char *why)
{
	table_str(r->table, R_ACTION, outcome_words[outcome]);
	if (item->instance)
		table_str(r->table, R_INSTANCE, item->instance);
	put_file(r->table, R_FILE, item);
	if (item->name)
		table_str(r->table, R_NAME, item->name);
	put_value(r->table, R_VALUE, item);
	if (why)
		table_str(r->table, R_WHY, why);
	put_owners(r->ctx->out, r->table, R_OWNERS, item);
}

static int reset_item(struct reset *r, const struct trace_item *item)
{
	auto_trace_undo struct trace_undo u = {};
	enum outcome outcome;
	auto_free char *why = NULL;
	int err = why_left(r, item, &outcome, &why);

	err = err ?: trace_undo_plan(item, &u);
	if (err)
		return err;
	if (outcome == DONE) {
		err = trace_undo(r->tracefs, &u);
		if (err == -ENOENT) {
			outcome = GONE;
		} else if (err) {
			outcome = FAILED;
			note_failure(r, item, err, &why);
		} else {
			ctx_changed(r->ctx, "'%s' of tracefs is reset", u.path);
		}
	}
	table_row(r->table);
	report_item(r, item, outcome, why);
	if (outcome != LEFT)
		put_write(r, &u);
	table_row_end(r->table);
	r->n++;
	return 0;
}

static int reset_items(struct reset *r)
{
	const struct trace_state *s = r->state;
	int err = 0;

	for (int kind = 0; kind < TRACE_KINDS; kind++)
		for (size_t i = 0; i < s->n_items && !err; i++)
			if ((int)s->items[i].kind == kind && is_wanted(&s->items[i], r->args->only))
				err = reset_item(r, &s->items[i]);
	return err;
}

static int trace_reset(struct ctx *ctx, const void *args)
{
	const struct reset_args *a = args;
	auto_tracefs struct tracefs t = { .dir = -1 };
	auto_trace_state struct trace_state s = {};
	auto_table struct table *table = table_new(ctx->out, reset_cols, ARRAY_SIZE(reset_cols));
	struct reset r = { ctx, a, &t, &s, table, 0 };
	int err = table ? tracefs_open(ctx, &t) : fail(ctx->err, -ENOMEM, "reset tracing");

	if (!err)
		err = read_state(ctx, &t, a->instance, &s, TRACE_EVERY_EVENT);
	if (err)
		return err;
	out_rec(ctx->out, NULL);
	out_json_str(ctx->out, "tracefs", t.path);
	out_json_bool(ctx->out, "dry_run", a->dry_run);
	out_list(ctx->out, "actions", NULL);
	err = reset_items(&r);
	if (!err && r.n)
		err = table_print(table);
	if (err)
		return fail(ctx->err, err, "reset tracing");
	out_list_end(ctx->out);
	list_unread(ctx, &s, a->verbose);
	out_rec_end(ctx->out);
	return 0;
}

/* --- tables --- */

static const struct param show_params[] = {
	PARAM_WORD(struct show_args, instance, "instance", "NAME", NULL, "only this instance"),
	PARAM_WORD(struct show_args, only, "only", "PATTERN", NULL, "only entries with this name"),
	PARAM_FLAG(struct show_args, verbose, "verbose", "check all events, name unreadable files"),
	{ }
};

static const struct param reset_params[] = {
	PARAM_FLAG(struct reset_args, dry_run, "dry_run",
		   "change nothing, only print what would be done"),
	PARAM_FLAG(struct reset_args, all, "all", "also what running processes use, and instances"),
	PARAM_WORD(struct reset_args, instance, "instance", "NAME", NULL, "only this instance"),
	PARAM_WORD(struct reset_args, only, "only", "PATTERN", NULL, "only entries with this name"),
	PARAM_FLAG(struct reset_args, verbose, "verbose", "print each written file"),
	{}
};

static const struct cmd trace_show_cmd = {
	.name = "show", .help = "list deviations from the state after boot, and their users",
	.params = show_params, .args_size = sizeof(struct show_args),
	.run = trace_show, .flags = CMD_DEFAULT,
};

static const struct cmd trace_reset_cmd = {
	.name = "reset", .help = "reset what no running process uses",
	.params = reset_params, .args_size = sizeof(struct reset_args),
	.run = trace_reset,
};

static const struct cmd *const trace_cmds[] = {
	&trace_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&trace_reset_cmd,
	NULL
};

const struct cmd trace_cmd = {
	.name = "trace", .help = "tracefs: show and reset what tracers left behind",
	.sub = trace_cmds,
};
