// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What the log says is completed by what the object and the kernel say. */
#include <errno.h>

#include <bpf/libbpf.h>

#include "kern/object/names.h"
#include "load/code_lines.h"
#include "load/refusal.h"
#include "load/refusal_int.h"

static void refusals_free(struct err_detail *d)
{
	struct refusals *all = (struct refusals *)d;

	while (all->first) {
		struct refused_prog *p = all->first;

		all->first = p->next;
		free(p);
	}
	free(all);
}

static struct refusals *refusals_of(struct err *e)
{
	struct refusals *all = (struct refusals *)e->detail;

	if (all)
		return all->detail.free == refusals_free ? all : NULL;
	all = calloc(1, sizeof(*all));
	if (!all)
		return NULL;
	all->detail = (struct err_detail){ refusals_put_text, refusals_put_json, refusals_free };
	e->detail = &all->detail;
	return all;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void compose_title(struct ctx *ctx, const struct refused *what, struct refused_prog *p)
{
	const char *type = name_of(ctx, NAMES_PROG_TYPE, bpf_program__type(what->prog));

	snprintf(p->prog, sizeof(p->prog), "%s", bpf_program__name(what->prog));
	snprintf(p->title, sizeof(p->title), "the verifier refused '%s' (%s%s%s): %s", p->prog,
		 type ?: "", type ? ", " : "", base_name(what->path),
		 p->r.known ? p->r.problem : p->r.message);
}

static struct refused_prog *read_refusal(const struct refused *what)
{
	auto_code_lines struct code_lines lines = {};
	struct refused_prog *p = calloc(1, sizeof(*p));
	bool has_lines = !code_lines_open(what->path, what->prog, &lines);

	if (!p)
		return NULL;
	if (refusal_read(what->log, has_lines ? &lines.finder : NULL, &p->r)) {
		free(p);
		return NULL;
	}
	p->r.stats = (struct span){}; /* belongs to the log */
	if (what->log_file)
		snprintf(p->log_file, sizeof(p->log_file), "%s", what->log_file);
	return p;
}

static void add(struct refusals *all, struct refused_prog *p)
{
	struct refused_prog **at = &all->first;

	while (*at)
		at = &(*at)->next;
	*at = p;
}

/*
 * A log that does not fit replaces the verifier's errno, which is E2BIG for its limits and EACCES
 * in nearly all other logs of that length.
 */
static int errno_of(const struct refused *what, const struct refusal *r)
{
	if (what->err != -ENOSPC)
		return what->err;
	return r->kind && streq(r->kind, class_name(CLASS_LIMIT)) ? -E2BIG : -EACCES;
}

bool refusal_report(struct ctx *ctx, const struct refused *what)
{
	struct refused_prog *p = read_refusal(what);
	struct refusals *all;

	if (!p)
		return false;
	all = refusals_of(ctx->err);
	if (!all) {
		free(p);
		return false;
	}
	refusal_advise(ctx, name_of(ctx, NAMES_PROG_TYPE, bpf_program__type(what->prog)), &p->r);
	compose_title(ctx, what, p);
	fail_msg(ctx->err, errno_of(what, &p->r), "%s", p->title);
	if (p->r.suggestion[0])
		err_hint(ctx->err, "%s", p->r.suggestion);
	add(all, p);
	return true;
}

static struct refusals *has_refusals(const struct err *e)
{
	struct refusals *all = (struct refusals *)e->detail;

	return all && all->detail.free == refusals_free && all->first ? all : NULL;
}

bool refusal_last(const struct err *e, char ret[static REFUSED_NAME_MAX])
{
	const struct refusals *all = has_refusals(e);
	const struct refused_prog *p = all ? all->first : NULL;

	while (p && p->next)
		p = p->next;
	if (p)
		snprintf(ret, REFUSED_NAME_MAX, "%s", p->prog);
	return p;
}

bool refusal_merge(struct err *to, struct err *from)
{
	struct refusals *all = has_refusals(to), *more = has_refusals(from);

	if (!all || !more)
		return false;
	add(all, take_ptr(more->first));
	return true;
}
