// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A refusal as a compiler would print it: at most 12 lines a program. Source text comes from the
 * object: the reader of the buffer escapes it.
 */
#include "cli/buf.h"
#include "decode/verifier/expr.h"
#include "json_writer.h"
#include "load/refusal_int.h"

#define TAB 4
#define TEXT_MAX 92 /* columns of source */
#define SHOWN_MAX 3 /* places with source */

/* A line of source as shown, and what is underlined in it. */
struct shown {
	char text[TEXT_MAX * 2];
	unsigned int from, to; /* columns of the mark */
};

static unsigned int put_char(struct shown *s, unsigned int col, char c)
{
	unsigned int n = c == '\t' ? TAB : 1;

	while (n-- && col < TEXT_MAX) {
		s->text[col++] = c == '\t' ? ' ' : c;
		s->text[col] = '\0';
	}
	return col;
}

static struct shown show_text(const struct place *p)
{
	struct span line = span_of(p->source.text);
	struct span mark = (p->branch ? expr_condition : expr_at)(line, p->source.column);
	struct shown s = { .text = "" };
	unsigned int col = 0;
	size_t i;

	for (i = 0; i < line.len; i++) {
		if (line.at + i == mark.at)
			s.from = col;
		col = put_char(&s, col, line.at[i]);
		if (line.at + i + 1 == mark.at + mark.len)
			s.to = col;
	}
	if (s.to <= s.from)
		s.to = s.from + 1;
	return s;
}

static bool same_line(const struct place *a, const struct place *b)
{
	return a->source.line == b->source.line && streq(a->source.file, b->source.file) &&
	       streq(a->source.text, b->source.text);
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->insn == b->insn && same_line(a, b);
}

static void put_mark(struct buf *b, const struct shown *s, char mark, const char *label)
{
	buf_puts(b, "      | ");
	buf_fill(b, ' ', s->from);
	buf_fill(b, mark, s->to - s->from);
	buf_fmt(b, "%s%s\n", label[0] ? " " : "", label);
}

static void put_place(struct buf *b, const struct place *p, bool text, char mark)
{
	struct shown s = show_text(p);

	if (text && p->source.line)
		buf_fmt(b, "%5u | %s\n", p->source.line, s.text);
	else if (text)
		buf_fmt(b, "      | %s\n", s.text);
	put_mark(b, &s, mark, p->label);
}

/* Without source: the instruction itself. */
static void put_insn(struct buf *b, const struct place *p, char mark)
{
	size_t len = strlen(p->insn_text);

	buf_fmt(b, "%5u: %s\n       ", p->insn, p->insn_text);
	buf_fill(b, mark, len ?: 1);
	buf_fmt(b, "%s%s\n", p->label[0] ? " " : "", p->label);
}

static bool has_source(const struct place *p)
{
	return p->source.text[strspn(p->source.text, " \t")];
}

static void put_where(struct buf *b, const struct refused_prog *p)
{
	const struct source_line *s = &p->r.at.source;

	buf_puts(b, "  --> ");
	if (s->line && s->column)
		buf_fmt(b, "%s:%u:%u", s->file, s->line, s->column);
	else if (s->line)
		buf_fmt(b, "%s:%u", s->file, s->line);
	else
		buf_fmt(b, "instruction %u", p->r.at.insn);
	if (s->function[0] && !streq(s->function, p->prog))
		buf_fmt(b, ", in %s()", s->function);
	buf_putc(b, '\n');
}

/* The places that are shown, in the order of the walk: the cause, what lies between, the end. */
static unsigned int choose_places(const struct refusal *r, const struct place *ret[SHOWN_MAX])
{
	unsigned int n = 0, i;

	if (r->cause.known && !same_place(&r->cause, &r->at))
		ret[n++] = &r->cause;
	for (i = 0; i < r->n_path && n < SHOWN_MAX - 1; i++) {
		const struct place *p = &r->path[i];

		if (p->label[0] && !same_line(p, &r->cause) && !same_line(p, &r->at))
			ret[n++] = p;
	}
	if (n == 2 && ret[0]->step != VLOG_NONE && ret[1]->step < ret[0]->step) {
		const struct place *later = ret[0];

		ret[0] = ret[1];
		ret[1] = later;
	}
	ret[n++] = &r->at;
	return n;
}

static void put_places(struct buf *b, const struct refused_prog *p)
{
	const struct place *places[SHOWN_MAX];
	unsigned int n = choose_places(&p->r, places), i;

	for (i = 0; i < n; i++) {
		char mark = i == n - 1 ? '^' : '-';

		if (!has_source(places[i]))
			put_insn(b, places[i], mark);
		else
			put_place(b, places[i], !i || !same_line(places[i], places[i - 1]), mark);
	}
}

static void put_note(struct buf *b, const struct refused_prog *p)
{
	buf_fmt(b, "note: verifier: \"%s\"; full log: ", p->r.message);
	if (p->log_file[0])
		buf_fmt(b, "%s\n", p->log_file);
	else
		buf_puts(b, "-d or log FILE\n");
}

void refusals_put_text(const struct err_detail *d, struct buf *b)
{
	const struct refusals *all = (const struct refusals *)d;
	const struct refused_prog *p;

	for (p = all->first; p; p = p->next) {
		if (p != all->first)
			buf_fmt(b, "\nError: %s\n", p->title);
		if (p->r.at.known) {
			put_where(b, p);
			put_places(b, p);
		}
		if (p->r.suggestion[0])
			buf_fmt(b, "help: %s\n", p->r.suggestion);
		put_note(b, p);
	}
}

static void json_text(struct out *o, const char *key, const char *text)
{
	if (text && text[0])
		out_json_str(o, key, text);
	else
		out_json_null(o, key);
}

static void json_number(struct out *o, const char *key, uint32_t v)
{
	if (v)
		out_json_uint(o, key, v);
	else
		out_json_null(o, key);
}

static void json_place(struct out *o, const char *key, const struct place *p)
{
	if (!p->known) {
		if (key)
			out_json_null(o, key);
		return;
	}
	out_rec(o, key);
	json_text(o, "function", p->source.function);
	json_text(o, "file", p->source.file);
	json_number(o, "line", p->source.line);
	json_number(o, "column", p->source.column);
	out_json_uint(o, "instruction", p->insn);
	json_text(o, "source", p->source.text);
	json_text(o, "label", p->label);
	out_rec_end(o);
}

/* From the cause to the end, in the order of the walk. */
static void json_path(struct out *o, const struct refusal *r)
{
	unsigned int i;

	out_list(o, "path", NULL);
	for (i = r->n_path; i--;)
		if (r->path[i].step < r->cause.step)
			json_place(o, NULL, &r->path[i]);
	if (r->cause.known && !same_place(&r->cause, &r->at))
		json_place(o, NULL, &r->cause);
	for (i = 0; i < r->n_path; i++)
		if (r->path[i].step >= r->cause.step)
			json_place(o, NULL, &r->path[i]);
	json_place(o, NULL, &r->at);
	out_list_end(o);
}

/* In our words where they are known, else the kernel's. */
static void json_reason(struct out *o, const struct refusal *r)
{
	char text[sizeof(r->at.label) + sizeof(r->cause.label) + 8];
	bool both = r->cause.label[0] && !same_place(&r->cause, &r->at);

	if (!r->at.label[0] && !both) {
		json_text(o, "reason", r->reason);
		return;
	}
	snprintf(text, sizeof(text), "%s%s%s", r->at.label, both && r->at.label[0] ? "; " : "",
		 both ? r->cause.label : "");
	out_json_str(o, "reason", text);
}

static void json_refusal(struct out *o, const struct refused_prog *p)
{
	const struct refusal *r = &p->r;

	out_rec(o, "verifier");
	json_text(o, "category", r->category);
	json_text(o, "problem", r->problem);
	json_reason(o, r);
	json_place(o, "at", &r->at);
	json_place(o, "cause", &r->cause);
	json_path(o, r);
	json_text(o, "suggestion", r->suggestion);
	json_text(o, "class", r->kind);
	json_text(o, "kernel_message", r->reason);
	json_text(o, "log_file", p->log_file);
	out_rec_end(o);
}

void refusals_put_json(const struct err_detail *d, struct out *o)
{
	const struct refusals *all = (const struct refusals *)d;
	const struct refused_prog *p;

	json_refusal(o, all->first);
	if (!all->first->next)
		return;
	out_list(o, "refusals", NULL);
	for (p = all->first; p; p = p->next) {
		out_rec(o, NULL);
		out_json_str(o, "program", p->prog);
		out_json_str(o, "error", p->title);
		json_refusal(o, p);
		out_rec_end(o);
	}
	out_list_end(o);
}
