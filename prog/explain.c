// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The numbers are the verifier's own; how often it passed each line is counted in a log of all
 * paths. A log that does not fit (16 MB) keeps its end, and the counts are of that.
 */
#include <errno.h>

#include <bpf/libbpf.h>

#include "cli/array.h"
#include "decode/verifier/log.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "load/code_lines.h"
#include "load/log_buffer.h"
#include "prog/explain.h"

#define LEVEL_ALL (2 | 4)		/* all paths, and statistics */
#define LINES_SHOWN 5

/* A source line, or a function: the instructions of it that were verified. */
struct spot {
	struct source_line at;
	uint32_t n_insns;
	uint64_t passed;		/* sum over its instructions */
	uint32_t rounds;		/* of the one passed most often */
};

struct spots {
	struct spot *all;		/* owned */
	size_t n, max;
	bool functions;			/* else lines */
};

static bool same_spot(const struct spots *s, const struct source_line *a,
		      const struct source_line *b)
{
	return streq(a->function, b->function) &&
	       (s->functions || (a->line == b->line && streq(a->file, b->file)));
}

static void count(struct spots *s, const struct source_line *at, uint32_t passed)
{
	struct spot *spot = s->all;

	while (spot < s->all + s->n && !same_spot(s, &spot->at, at))
		spot++;
	if (spot == s->all + s->n) {
		spot = array_room(s->all, s->n, &s->max, sizeof(*s->all));
		if (!spot)
			return;		/* the list is shorter then */
		s->all = spot;
		spot += s->n++;
		*spot = (struct spot){ .at = *at };
	}
	spot->n_insns++;
	spot->passed += passed;
	if (passed > spot->rounds)
		spot->rounds = passed;
}

static int by_passed(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	return x->passed < y->passed ? 1 : -(x->passed > y->passed);
}

static void collect(const struct vlog *log, const struct code_lines *lines, struct spots *s)
{
	struct source_line at;
	uint32_t i;

	for (i = 0; i < log->n_last; i++)
		if (log->passed[i] && lines->finder.find(&lines->finder, i, &at))
			count(s, &at, log->passed[i]);
	qsort(s->all, s->n, sizeof(*s->all), by_passed);
}

static void show_statistics(struct out *o, const struct vlog *log)
{
	struct match m;

	out_line(o);
	if (text_match("processed %d insns (limit %d) max_states_per_insn %d total_states %d "
		       "peak_states %d", log->stats, &m)) {
		out_uint(o, "insns_processed", "processed %llu instructions", m.number[0]);
		out_uint(o, "insns_limit", "of %llu", m.number[1]);
		out_uint(o, "total_states", "%llu states", m.number[3]);
		out_uint(o, "peak_states", "peak %llu", m.number[4]);
	} else if (text_match("processed %d insns", log->stats, &m)) {
		out_uint(o, "insns_processed", "processed %llu instructions", m.number[0]);
	}
	if (text_match("stack depth %s", log->stack, &m)) {
		char depth[64];

		snprintf(depth, sizeof(depth), SPAN_FMT, SPAN_ARG(m.text[0]));
		out_str(o, "stack_depth", "stack %s bytes", depth);
	}
}

static void show_function(struct out *o, const struct spot *s)
{
	out_rec(o, NULL);
	out_line(o);
	out_str(o, "function", "function %s:", s->at.function);
	out_uint(o, "insns", "%llu instructions", s->n_insns);
	out_uint(o, "passed", "passed %llu times in all", s->passed);
	out_rec_end(o);
}

static void show_line(struct out *o, const struct spot *s)
{
	out_rec(o, NULL);
	out_line(o);
	out_uint(o, "rounds", "line passed %llu times:", s->rounds);
	out_json_uint(o, "passed", s->passed);
	out_str(o, "file", "%s", s->at.file);
	out_sep(o, ":");
	out_uint(o, "line", "%llu", s->at.line);
	out_source(o, "source", "", s->at.text + strspn(s->at.text, " \t"));
	out_rec_end(o);
}

static void show_spots(struct out *o, const struct vlog *log, const struct code_lines *lines)
{
	struct spots functions = { .functions = true }, hot = {};
	size_t i;

	collect(log, lines, &functions);
	collect(log, lines, &hot);
	out_json_list(o, "functions");
	for (i = 0; i < functions.n; i++)
		show_function(o, &functions.all[i]);
	out_json_list_end(o);
	out_json_list(o, "lines");
	for (i = 0; i < hot.n && i < LINES_SHOWN; i++)
		show_line(o, &hot.all[i]);
	out_json_list_end(o);
	free(functions.all);
	free(hot.all);
}

static int show_prog(struct ctx *ctx, const char *path, const struct log_buffer *l,
		     const struct bpf_program *prog)
{
	auto_code_lines struct code_lines lines = {};
	auto_vlog struct vlog log;
	struct out *o = ctx->out;
	int err = vlog_read(log_buffer_text(l, prog), &log);

	if (err)
		return fail(ctx->err, err, "read the log of '%s'", bpf_program__name(prog));
	out_rec(o, NULL);
	out_str(o, "name", "%s", bpf_program__name(prog));
	out_enum(o, "type", "%s", name_of(ctx, NAMES_PROG_TYPE, bpf_program__type(prog)),
		 bpf_program__type(prog));
	show_statistics(o, &log);
	if (!code_lines_open(path, prog, &lines))
		show_spots(o, &log, &lines);
	out_rec_end(o);
	return 0;
}

int explain_object(struct ctx *ctx, const char *path, struct bpf_object *obj)
{
	const struct log_wish wish = { .file = path, .level = LEVEL_ALL };
	auto_log_buffer struct log_buffer l = {};
	struct bpf_program *prog;
	int err;

	log_buffer_give(&l, obj, &wish);
	err = bpf_object__load(obj);
	if (err && err != -ENOSPC)
		return fail(ctx->err, err, "verify '%s' once more", path);
	err_log_clear(ctx->err);
	err = 0;
	out_list(ctx->out, NULL, NULL);
	bpf_object__for_each_program(prog, obj)
		if (bpf_program__autoload(prog) && !err)
			err = show_prog(ctx, path, &l, prog);
	out_list_end(ctx->out);
	return err;
}
