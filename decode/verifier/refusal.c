// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * From a log to a refusal: the complaint is looked up in the table, its row names who finds the
 * cause, and the texts are filled in. A report of the kernel itself (from 7.3 on) goes first.
 */
#include <errno.h>
#include <stdarg.h>

#include "decode/verifier/expr.h"
#include "decode/verifier/inquiry.h"
#include "decode/verifier/report.h"
#include "decode/verifier/walk.h"

/* What a text says of a thing whose name is not known. */
static const struct {
	const char *key, *word;
} unnamed[] = {
	{ "ptr", "the pointer" },
	{ "len", "the length" },
	{ "index", "the index" },
	{ "callee", "the function" },
	{ "call", "the call" },
	{ "arg", "an argument" },
	{ "release", "the release function" },
	{ "does", "accesses" },
	{ "do", "access" },
	{ "bytes", "bytes" },
	{ "derive", "derive the pointer again" },
	{ "last", "" },
	{ "n", "1,000,000" },
	{ "result", "something else" },
	{ "got", "of another type" },
	{ "wanted", "what it takes" },
};

void fact(struct inquiry *q, const char *key, const char *fmt, ...)
{
	struct fact *f = &q->facts[q->n_facts];
	unsigned int i;
	va_list ap;

	for (i = 0; i < q->n_facts; i++)
		if (streq(q->facts[i].key, key))
			return;
	if (q->n_facts >= FACTS_MAX)
		return;
	f->key = key;
	va_start(ap, fmt);
	vsnprintf(f->value, sizeof(f->value), fmt, ap);
	va_end(ap);
	q->n_facts++;
}

void fact_span(struct inquiry *q, const char *key, struct span value)
{
	if (value.len && value.len < sizeof(q->facts[0].value))
		fact(q, key, SPAN_FMT, SPAN_ARG(value));
}

static struct span value_of(const struct inquiry *q, struct span key)
{
	unsigned int i;
	size_t k;

	if (key.len == 1 && *key.at >= '0' && *key.at <= '7' &&
	    (unsigned int)(*key.at - '0') < q->m.n)
		return q->m.text[*key.at - '0'];
	for (i = 0; i < q->n_facts; i++)
		if (span_is(key, q->facts[i].key))
			return span_of(q->facts[i].value);
	for (k = 0; k < ARRAY_SIZE(unnamed); k++)
		if (span_is(key, unnamed[k].key))
			return span_of(unnamed[k].word);
	return (struct span){};
}

/* Replaces every {KEY}. */
static void fill(const struct inquiry *q, const char *text, char *ret, size_t size)
{
	size_t len = 0;

	ret[0] = '\0';
	while (text && *text && len + 1 < size) {
		const char *end = *text == '{' ? strchr(text, '}') : NULL;
		struct span v = { text, 1 };

		if (end)
			v = value_of(q, (struct span){ text + 1, (size_t)(end - text - 1) });
		text = end ? end + 1 : text + 1;
		len += (size_t)snprintf(ret + len, size - len, SPAN_FMT, SPAN_ARG(v));
	}
}

/* What a finder has written, or else the row's text, filled in. */
static void refill(const struct inquiry *q, char *buf, size_t size, const char *otherwise)
{
	char text[sizeof(q->r->suggestion)];

	snprintf(text, sizeof(text), "%s", buf[0] ? buf : otherwise);
	fill(q, text, buf, size);
}

static void place_set(const struct inquiry *q, struct place *p, uint32_t step, uint32_t insn)
{
	struct vsource s;

	*p = (struct place){ .known = true, .step = step, .insn = insn };
	p->branch = step != VLOG_NONE && vlog_step(q->log, step).kind == STEP_BRANCH;
	if (step != VLOG_NONE)
		snprintf(p->insn_text, sizeof(p->insn_text), SPAN_FMT,
			 SPAN_ARG(vlog_insn(q->log, step)));
	if (q->finder && q->finder->find(q->finder, insn, &p->source))
		return;
	if (step == VLOG_NONE)
		return;
	s = vlog_source(q->log, step);
	p->source = (struct source_line){ .line = s.line };
	snprintf(p->source.text, sizeof(p->source.text), SPAN_FMT, SPAN_ARG(s.text));
	snprintf(p->source.file, sizeof(p->source.file), SPAN_FMT, SPAN_ARG(s.file));
}

struct span variable_of(struct inquiry *q, uint32_t step, struct source_line *room)
{
	struct place p;

	place_set(q, &p, step, q->log->steps[step].insn);
	*room = p.source;
	return expr_assigned(span_of(room->text), room->column);
}

#define SET_LABEL(buf, fmt)                                                                        \
	do {                                                                                       \
		va_list ap_;                                                                       \
		va_start(ap_, fmt);                                                                \
		if (fmt)                                                                           \
			vsnprintf(buf, sizeof(buf), fmt, ap_);                                     \
		va_end(ap_);                                                                       \
	} while (0)

void blame(struct inquiry *q, uint32_t step, const char *fmt, ...)
{
	if (step == VLOG_NONE)
		return;
	place_set(q, &q->r->cause, step, q->log->steps[step].insn);
	SET_LABEL(q->r->cause.label, fmt);
}

void blame_insn(struct inquiry *q, uint32_t insn, const char *fmt, ...)
{
	place_set(q, &q->r->cause, walk_insn(q->log, insn), insn);
	SET_LABEL(q->r->cause.label, fmt);
}

void pass(struct inquiry *q, uint32_t step, const char *fmt, ...)
{
	struct place *p = &q->r->path[q->r->n_path];

	if (step == VLOG_NONE || q->r->n_path >= REFUSAL_PATH_MAX)
		return;
	place_set(q, p, step, q->log->steps[step].insn);
	SET_LABEL(p->label, fmt);
	q->r->n_path++;
}

void advise(struct inquiry *q, const char *fmt, ...)
{
	SET_LABEL(q->r->suggestion, fmt);
}

void say_here(struct inquiry *q, const char *fmt, ...)
{
	SET_LABEL(q->r->at.label, fmt);
}

void title(struct inquiry *q, const char *fmt, ...)
{
	SET_LABEL(q->r->problem, fmt);
}

void call_it(struct inquiry *q, enum refusal_class kind)
{
	q->r->kind = class_name(kind);
}

/* The argument that the complaint is about, from 1; 0: none. */
static unsigned int argument_number(const struct inquiry *q)
{
	struct span arg = span_find(q->line, "arg#");
	int64_t n;
	size_t len;

	if (q->m.reg >= 1 && q->m.reg <= 5)
		return (unsigned int)q->m.reg;
	arg = arg.len ? span_skip(arg, 4) : span_find(q->line, "trusted arg");
	if (span_starts(arg, "trusted arg"))
		arg = span_skip(arg, strlen("trusted arg"));
	n = span_number(arg, &len);
	return len && n >= 0 && n < 5 ? (unsigned int)n + 1 : 0;
}

static void gather_argument(struct inquiry *q, struct span callee)
{
	unsigned int n = argument_number(q);
	struct span arg;

	if (!n)
		return;
	arg = expr_argument(span_of(q->r->at.source.text), callee, n);
	if (arg.len && arg.len < 40) {
		fact(q, "arg", "argument %u (" SPAN_FMT ")", n, SPAN_ARG(arg));
		if (expr_is_plain(arg)) {
			fact_span(q, "len", arg);
			fact_span(q, "ptr", arg);
		}
	}
	fact(q, "arg", "argument %u", n);
}

/* The name of a function of the program is that of where it starts. */
static void gather_call(struct inquiry *q, const struct step *s)
{
	struct source_line target = {};
	struct span name = s->name;

	if (s->kind == STEP_SUB && q->finder &&
	    q->finder->find(q->finder, (uint32_t)((int32_t)q->r->at.insn + 1 + s->jump), &target))
		name = span_of(target.function);
	fact_span(q, "callee", name);
	fact_span(q, "call", name);
	if (s->kind == STEP_CALL)
		snprintf(q->r->call, sizeof(q->r->call), SPAN_FMT, SPAN_ARG(name));
	gather_argument(q, name);
}

/* What is known of every access and call. */
static void gather_facts(struct inquiry *q)
{
	struct span text = span_of(q->r->at.source.text), expr;
	struct step s;

	expr = expr_at(text, q->r->at.source.column);
	if (q->at == VLOG_NONE)
		return;
	s = vlog_step(q->log, q->at);
	if (s.kind == STEP_CALL || s.kind == STEP_SUB) {
		gather_call(q, &s);
		return;
	}
	fact(q, "does", "%s", s.kind == STEP_STORE ? "writes" : "reads");
	fact(q, "do", "%s", s.kind == STEP_STORE ? "write" : "read");
	if (q->r->at.source.column) {
		fact_span(q, "ptr", expr_pointer(expr));
		fact_span(q, "index", expr_index(expr));
	}
}

static void set_at(struct inquiry *q)
{
	if (!q->log->n) { /* refused before the walk: it is about the program */
		if (q->finder)
			place_set(q, &q->r->at, VLOG_NONE, 0);
		q->r->at.known = q->r->at.source.line;
		return;
	}
	q->at = q->log->n - 1;
	place_set(q, &q->r->at, q->at, q->log->steps[q->at].insn);
}

/* The complaint as it stands, its lines joined. */
static void quote(const struct vlog *log, struct refusal *r)
{
	size_t len = 0;
	unsigned int i = log->n_lines > 6 ? log->n_lines - 6 : 0;

	for (; i < log->n_lines && len < sizeof(r->reason); i++)
		len += (size_t)snprintf(r->reason + len, sizeof(r->reason) - len, "%s" SPAN_FMT,
					len ? "; " : "", SPAN_ARG(log->lines[i]));
}

static void apply_row(struct inquiry *q, const struct pattern *p)
{
	struct refusal *r = q->r;

	r->known = true;
	r->category = category_name(p->category);
	r->kind = class_name(p->kind);
	r->flags = p->flags;
	gather_facts(q);
	if (p->find)
		p->find(q);
	if (!r->problem[0])
		fill(q, p->problem, r->problem, sizeof(r->problem));
	refill(q, r->at.label, sizeof(r->at.label), p->here);
	refill(q, r->suggestion, sizeof(r->suggestion), p->suggestion);
	if ((p->flags & (PAT_HELPER | PAT_KFUNC)) && q->m.n && !r->call[0])
		snprintf(r->call, sizeof(r->call), SPAN_FMT, SPAN_ARG(q->m.text[0]));
	if (!r->cause.known)
		r->cause = r->at;
}

static void examine(struct inquiry *q)
{
	struct refusal *r = q->r;
	const struct pattern *p;
	unsigned int line = 0;

	set_at(q);
	quote(q->log, r);
	p = pattern_find(q->log->lines, q->log->n_lines, &q->m, &line);
	q->line = q->log->lines[p ? line : q->log->n_lines - 1];
	snprintf(r->message, sizeof(r->message), SPAN_FMT, SPAN_ARG(q->line));
	if (p)
		apply_row(q, p);
	else
		r->cause = r->at;
}

int refusal_read(struct span text, const struct source_finder *finder, struct refusal *ret)
{
	auto_vlog struct vlog log;
	struct inquiry q = { .log = &log, .finder = finder, .r = ret, .at = VLOG_NONE };
	int err = vlog_read(text, &log);

	*ret = (struct refusal){ .stats = log.stats };
	if (err)
		return err;
	if (!log.n_lines && !log.report.at)
		return -ENOENT;
	if (log.n_lines)
		examine(&q);
	if (log.report.at)
		report_read(log.report, ret);
	return ret->message[0] ? 0 : -ENOENT;
}
