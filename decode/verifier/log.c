// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The log with level 1 contains one path: what was printed on a branch is erased when that branch
 * turns out well. With level 2 it contains all of them, and "from A to B" goes back to a branch: to
 * the last time that A was passed and its branch was not followed yet.
 */
#include <ctype.h>
#include <errno.h>

#include <linux/bpf.h>

#include "decode/verifier/log.h"

#define INSN_TEXT_MAX_LEN 512

struct reader {
	struct vlog *log;
	uint32_t source, state; /* printed since the last step */
	uint16_t frame;
	bool jumped;
	int err;
};

void vlog_free(struct vlog *log)
{
	free(log->steps);
	free(log->last);
	free(log->passed);
	log->steps = NULL;
	log->last = log->passed = NULL;
}

static uint32_t offset(const struct vlog *log, struct span s)
{
	return (uint32_t)(s.at - log->text.at);
}

static struct span span_at(const struct vlog *log, uint32_t off)
{
	if (off >= log->text.len)
		return (struct span){};
	return span_line(span_skip(log->text, off));
}

/* The half that is longer ago is forgotten. */
static void drop_half(struct vlog *log)
{
	uint32_t half = log->n / 2, i;

	memmove(log->steps, log->steps + half, (log->n - half) * sizeof(*log->steps));
	log->n -= half;
	log->dropped += half;
	for (i = 0; i < log->n_last; i++)
		log->last[i] = log->last[i] == VLOG_NONE || log->last[i] < half
				       ? VLOG_NONE
				       : log->last[i] - half;
	for (i = 0; i < log->n; i++) {
		uint32_t *same = &log->steps[i].same;

		*same = *same == VLOG_NONE || *same < half ? VLOG_NONE : *same - half;
	}
}

static int grow(uint32_t **array, uint32_t n_old, uint32_t n, int fill)
{
	uint32_t *more = realloc(*array, n * sizeof(**array));

	if (!more)
		return -ENOMEM;
	memset(more + n_old, fill, (n - n_old) * sizeof(**array));
	*array = more;
	return 0;
}

static int room_for_insn(struct vlog *log, uint32_t insn)
{
	uint32_t n = log->n_last ?: 256;
	int err;

	if (insn < log->n_last)
		return 0;
	while (n <= insn)
		n *= 2;
	err = grow(&log->last, log->n_last, n, 0xff);
	err = err ?: grow(&log->passed, log->n_last, n, 0);
	if (!err)
		log->n_last = n;
	return err;
}

static int room_for_step(struct vlog *log)
{
	uint32_t max = log->max ? log->max * 2 : 1024;
	struct vstep *steps;

	if (log->n >= VLOG_STEPS_MAX)
		drop_half(log);
	if (log->n < log->max)
		return 0;
	steps = realloc(log->steps, max * sizeof(*steps));
	if (!steps)
		return -ENOMEM;
	log->steps = steps;
	log->max = max;
	return 0;
}

static void pop_step(struct vlog *log)
{
	const struct vstep *s = &log->steps[--log->n];

	if (log->last[s->insn] == log->n)
		log->last[s->insn] = s->same;
}

static void forget_walk(struct reader *r)
{
	while (r->log->n)
		pop_step(r->log);
	r->log->dropped = 0;
	r->frame = 0;
	r->source = VLOG_NONE;
}

static bool is_jump(uint8_t code)
{
	uint8_t class = BPF_CLASS(code), op = BPF_OP(code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL && op != BPF_EXIT;
}

static struct span behind_opcode(struct span line)
{
	struct span s = span_find(line, ": (");

	s.len = s.len > INSN_TEXT_MAX_LEN ? INSN_TEXT_MAX_LEN : s.len;
	return s.len > 7 ? span_skip(s, 7) : (struct span){};
}

/* "frame1: R0=..." -> 1; without the word it is the program itself. */
static uint16_t frame_of(struct span state)
{
	struct span s = span_trim(state);
	struct match m;

	return text_match("frame%d:", s, &m) && m.number[0] > 0 && m.number[0] < 8
		       ? (uint16_t)m.number[0]
		       : 0;
}

/* "R0=...", "R10_w=...", "frame1: ..." */
static bool is_state(struct span s)
{
	size_t i = 1;

	s = span_trim(s);
	if (span_starts(s, "frame"))
		return true;
	while (i < s.len && isdigit((unsigned char)s.at[i]))
		i++;
	return i > 1 && i < s.len && *s.at == 'R' && (s.at[i] == '=' || s.at[i] == '_');
}

/* "10: (15) if r2 == 0x3 goto pc+6 17: R0=...": the branch is followed, 17 is next. */
static void read_goto(struct reader *r, struct span line)
{
	struct span at = span_find(line, "goto pc"), state = span_find(at, ": ");

	if (!state.len || !is_state(span_skip(state, 2)) || (size_t)(state.at - at.at) > 40)
		return;
	r->state = offset(r->log, span_skip(state, 2));
	r->frame = frame_of(span_skip(state, 2));
	r->log->steps[r->log->n - 1].taken = true;
}

/* The frame in which the next instruction will be: calls are read from "callee:". */
static void follow_frame(struct reader *r, struct span line, uint8_t code)
{
	if (code == (BPF_JMP | BPF_EXIT) && r->frame)
		r->frame--;
	else if (is_jump(code))
		read_goto(r, line);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

static void add_step(struct reader *r, struct span line, int64_t insn, struct span rest)
{
	uint8_t code = rest.len > 4 ? (uint8_t)(hex(rest.at[3]) << 4 | hex(rest.at[4])) : 0;
	struct vlog *log = r->log;
	struct vstep *s;

	log->n_printed++;
	if (insn < 0 || insn >= VLOG_INSNS_MAX)
		return;
	r->err = r->err ?: room_for_insn(log, (uint32_t)insn);
	r->err = r->err ?: room_for_step(log);
	if (r->err)
		return;
	s = &log->steps[log->n];
	*s = (struct vstep){ .insn = (uint32_t)insn,
			     .line = offset(log, line),
			     .source = r->source,
			     .state = r->state,
			     .same = log->last[insn],
			     .frame = r->frame,
			     .jumped = r->jumped,
			     .code = code };
	log->passed[insn]++;
	log->last[insn] = log->n++;
	log->n_lines = 0;
	r->state = VLOG_NONE;
	r->jumped = false;
	follow_frame(r, line, code);
}

/* Back to the branch: what was walked since then is another path. */
static void go_back(struct reader *r, int64_t from)
{
	struct vlog *log = r->log;
	uint32_t at;

	if (from < 0 || from >= log->n_last)
		return;
	at = log->last[from];
	while (at != VLOG_NONE && log->steps[at].taken)
		at = log->steps[at].same;
	if (at == VLOG_NONE)
		return;
	while (log->n > at + 1)
		pop_step(log);
	log->steps[at].taken = true;
}

static bool read_from(struct reader *r, struct span line)
{
	struct match m;

	if (!text_match("from %d to %d:", line, &m))
		return false;
	line = span_find(line, ": ");
	go_back(r, m.number[0]);
	r->log->n_lines = 0;
	r->jumped = true;
	if (line.len) {
		r->state = offset(r->log, span_skip(line, 2));
		r->frame = frame_of(span_skip(line, 2));
	}
	return true;
}

/* Lines about the walk that are neither an instruction nor a complaint. */
static const char *const noise[] = {
	"caller:",
	"returning from callee:",
	"to caller at",
	"mark_precise:",
	"last_idx",
	"regs=",
	"parent ",
	"propagating ",
	"verification time ",
	"Live regs before insn:",
	"Using insn_set",
	"max_states",
	"peak_states",
	"insns_state",
	"old_",
	"cur state:",
	"stack=",
	"from ",
	"subprog ",
	"-- BEGIN PROG LOAD LOG",
	"-- END PROG LOAD LOG",
	"magic: ",
	"verified: ",
};

/* Lines that begin a state of their own: "old state:" is followed by one that did not matter. */
static bool is_noise(struct span line)
{
	struct match m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(noise); i++)
		if (span_starts(line, noise[i]))
			return true;
	return is_state(line) || text_match("func#%d @", line, &m) ||
	       (span_starts(line, "Func#") && span_find(line, "assumed valid").len) ||
	       (span_starts(line, "func#") && span_find(line, "assumed valid").len);
}

static void add_line(struct vlog *log, struct span line)
{
	struct span text = span_trim(line);

	if (!text.len || is_noise(text))
		return;
	if (log->n_lines == VLOG_LINES_MAX) {
		memmove(log->lines, log->lines + 1, (VLOG_LINES_MAX - 1) * sizeof(*log->lines));
		log->n_lines--;
	}
	log->lines[log->n_lines++] = text;
}

static void read_words(struct reader *r, struct span line)
{
	struct vlog *log = r->log;

	if (span_starts(line, "from ") && read_from(r, line))
		return;
	if (span_starts(line, "callee:")) {
		r->frame = log->n ? log->steps[log->n - 1].frame + 1 : 1;
	} else if (span_starts(line, "Validating ")) {
		forget_walk(r);
		log->function = line;
		log->n_lines = 0;
	} else if (span_starts(line, "processed ")) {
		log->stats = line;
	} else if (span_starts(line, "stack depth ")) {
		log->stack = line;
	} else if (span_starts(line, "Verification failed: ")) {
		log->report = span_skip(log->text, offset(log, line));
	} else {
		add_line(log, line);
	}
}

/* "12: (61) r2 = ...", "12: R0=...", "12: safe". */
static void read_numbered(struct reader *r, struct span line)
{
	size_t len;
	int64_t insn = span_number(line, &len);
	struct span rest = span_skip(line, len);

	if (span_starts(rest, ": (")) {
		add_step(r, line, insn, rest);
	} else if (span_starts(rest, ": ") && is_state(span_skip(rest, 2))) {
		r->state = offset(r->log, span_skip(rest, 2));
		r->frame = frame_of(span_skip(rest, 2));
	} else if (!span_starts(rest, ": safe") && !span_is(rest, ":")) {
		add_line(r->log, line);
	}
}

/* "; @ FILE:0": an instruction that the compiler gives no place. */
static void read_source(struct reader *r, struct span line)
{
	if (line.len < 2 || line.at[line.len - 1] != '0' || line.at[line.len - 2] != ':')
		r->source = offset(r->log, line);
}

static void read_line(struct reader *r, struct span line)
{
	if (!line.len ||
	    (*line.at == ' ' && !span_starts(span_trim(line), "Verification failed: ")))
		return;
	line = *line.at == ' ' ? span_trim(line) : line;
	if (*line.at == ';')
		read_source(r, line);
	else if (*line.at >= '0' && *line.at <= '9')
		read_numbered(r, line);
	else
		read_words(r, line);
}

int vlog_read(struct span text, struct vlog *ret)
{
	struct reader r = { .log = ret, .source = VLOG_NONE, .state = VLOG_NONE };

	*ret = (struct vlog){ .text = text };
	if (ret->text.len >= VLOG_NONE) /* the end matters */
		ret->text = span_skip(text, text.len - (VLOG_NONE - 1));
	for (text = ret->text; text.len && !r.err && !ret->report.at;) {
		struct span line = span_line(text);

		read_line(&r, line);
		text = span_skip(text, line.len + 1);
	}
	return r.err;
}

bool vlog_jumps(const struct vlog *log, uint32_t step)
{
	return is_jump(log->steps[step].code);
}

bool vlog_calls(const struct vlog *log, uint32_t step)
{
	return log->steps[step].code == (BPF_JMP | BPF_CALL);
}

bool vlog_stores(const struct vlog *log, uint32_t step)
{
	uint8_t class = BPF_CLASS(log->steps[step].code);

	return class == BPF_ST || class == BPF_STX;
}

struct span vlog_insn(const struct vlog *log, uint32_t step)
{
	struct span s = behind_opcode(span_at(log, log->steps[step].line));
	struct span state = span_find(s, ";");

	if (state.len)
		s.len -= state.len;
	return span_trim(s);
}

struct step vlog_step(const struct vlog *log, uint32_t step)
{
	return step_parse(vlog_insn(log, step));
}

struct span vlog_after(const struct vlog *log, uint32_t step)
{
	struct span state = span_find(span_at(log, log->steps[step].line), "; ");

	return state.len ? span_trim(span_skip(state, 2)) : state;
}

struct span vlog_before(const struct vlog *log, uint32_t step)
{
	return span_trim(span_at(log, log->steps[step].state));
}

/* The place follows the last " @ ": the text may contain one, too. */
static void split_place(struct span line, struct vsource *ret)
{
	struct span at = {}, next = line;
	const char *colon;
	size_t len;

	while ((next = span_find(next, " @ ")).len) {
		at = next;
		next = span_skip(next, 3);
	}
	if (!at.len)
		return;
	colon = memrchr(at.at, ':', at.len);
	if (!colon || colon < at.at + 3)
		return;
	ret->line = (uint32_t)span_number(span_skip(at, (size_t)(colon + 1 - at.at)), &len);
	if (!len)
		return;
	ret->file = (struct span){ at.at + 3, (size_t)(colon - at.at - 3) };
	ret->text.len = (size_t)(at.at - line.at);
}

struct vsource vlog_source(const struct vlog *log, uint32_t step)
{
	struct span line = span_at(log, log->steps[step].source);
	struct vsource s = {};

	if (line.len < 2)
		return s;
	line = span_skip(line, 2);
	s.text = line;
	split_place(line, &s);
	return s;
}
