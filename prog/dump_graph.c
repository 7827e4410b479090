// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog dump xlated PROG visual|graph: control flow, as a graph for Graphviz or as arrows
 * beside the instructions. decode/code/cfg.c computes it; here it is only drawn.
 */
#include <errno.h>

#include "cli/buf.h"
#include "decode/btf/text.h"
#include "decode/code/cfg.h"
#include "decode/code/insn.h"
#include "decode/code/lanes.h"
#include "json_writer.h"
#include "prog/dump.h"

#define PATH_SHOWN 32

/* A program that is being drawn. */
struct drawing {
	const struct dump *dump;
	const struct prog_code *code;
	const struct bpf_insn *insns;
	struct cfg cfg;
	struct buf buf;
	uint32_t func, line;		/* the next records that were not shown yet */
};

/* --- shared by both graphs --- */

static bool name_call(void *data, const struct bpf_insn *insn, char *buf, size_t size)
{
	const struct drawing *w = data;

	return dump_name_call(w->dump, w->code, insn, buf, size);
}

static void text_of(struct drawing *w, uint32_t pos, char text[static INSN_TEXT_MAX])
{
	const struct insn_names names = { .call = name_call, .data = w };
	size_t n;

	prog_code_insns(w->code, &n);
	insn_text(&w->insns[pos], n - pos, &names, text);
}

/* The prototype, if a function starts at pos. */
static bool proto_at(struct drawing *w, uint32_t pos, char *text)
{
	const struct bpf_func_info *func;

	while ((func = prog_code_func(w->code, w->func)) && func->insn_off < pos)
		w->func++;
	return func && func->insn_off == pos && dump_proto(w->code, func, text);
}

/* Compilers give a line without text to instructions without a source line. */
static bool has_text(const struct drawing *w, const struct bpf_line_info *line)
{
	const char *text = dump_source(w->code, line);

	return text && *text;
}

/* The source line, if another one starts at pos. */
static const struct bpf_line_info *line_at(struct drawing *w, uint32_t pos)
{
	const struct bpf_line_info *line = NULL, *next;

	while ((next = prog_code_line(w->code, w->line)) && next->insn_off <= pos) {
		line = next;
		w->line++;
	}
	return has_text(w, line) ? line : NULL;
}

/* The source line of the instruction at pos, wherever it started; after line_at(). */
static const struct bpf_line_info *line_over(const struct drawing *w)
{
	const struct bpf_line_info *line = w->line ? prog_code_line(w->code, w->line - 1) : NULL;

	return has_text(w, line) ? line : NULL;
}

/* "main.c line:7 col:2"; for a long path its end. */
static void put_place(struct buf *b, const struct drawing *w, const struct bpf_line_info *line)
{
	const char *file = btf_image_str(&w->code->types->img, line->file_name_off);
	size_t len = file ? strlen(file) : 0;
	char text[PATH_SHOWN + 64];

	snprintf(text, sizeof(text), "%s%s line:%u col:%u", len > PATH_SHOWN ? "..." : "",
		 !file ? "" : len > PATH_SHOWN ? file + len - PATH_SHOWN + 3 : file,
		 BPF_LINE_INFO_LINE_NUM(line->line_col), BPF_LINE_INFO_LINE_COL(line->line_col));
	buf_text_str(b, text, strlen(text));
}

static void put_opcodes(struct buf *b, const struct bpf_insn *insn)
{
	const uint8_t *bytes = (const uint8_t *)insn;
	char hex[4];

	for (size_t i = 0; i < insn_slots(insn) * sizeof(*insn); i++) {
		if (i)
			buf_putc(b, ' ');
		snprintf(hex, sizeof(hex), "%02x", bytes[i]);
		buf_puts(b, hex);
	}
}

/* --- DOT --- */

/* In labels some characters need a backslash. */
static void put_label(struct buf *b, const char *text, const char *special)
{
	struct buf plain = {};

	buf_text_line(&plain, text, strlen(text));
	for (size_t i = 0; i < plain.len; i++) {
		if (strchr(special, plain.data[i]))
			buf_putc(b, '\\');
		buf_putc(b, plain.data[i]);
	}
	b->err = b->err ? b->err : plain.err;
	buf_free(&plain);
}

static void dot_insn(struct drawing *w, uint32_t pos, bool is_first)
{
	static const char in_source[] = "\\\"{}<>| ";
	const struct bpf_line_info *line;
	struct buf *b = &w->buf;
	char text[BTF_PROTO_MAX > INSN_TEXT_MAX ? BTF_PROTO_MAX : INSN_TEXT_MAX];

	if (!is_first)
		buf_puts(b, "| ");
	if (proto_at(w, pos, text)) {
		buf_puts(b, "; ");
		put_label(b, text, "\\\"{}<>|");
		buf_puts(b, ":\\l\\\n");
	}
	line = line_at(w, pos);
	if (!line && is_first)	/* each block can be read alone */
		line = line_over(w);
	if (line && w->dump->args->linum) {
		struct buf place = {};

		put_place(&place, w, line);
		buf_putc(&place, '\0');
		buf_puts(b, "; [");
		put_label(b, place.data ? place.data : "", "\\\"{}<>|");
		buf_puts(b, "]\\l\\\n");
		buf_free(&place);
	}
	if (line) {
		buf_puts(b, "; ");
		put_label(b, dump_source(w->code, line), in_source);
		buf_puts(b, "\\l\\\n");
	}
	text_of(w, pos, text);
	buf_fmt(b, "%u: ", pos);
	put_label(b, text, "<>|&{}\"\\");
	buf_puts(b, "\\l\\\n");
	if (w->dump->args->opcodes) {
		buf_puts(b, "\\ \\ \\ \\ ");
		put_opcodes(b, &w->insns[pos]);
		buf_puts(b, "\\l\\\n");
	}
}

/* ENTRY and EXIT are blocks 0 and 1; each line of a label ends in a backslash. */
static void dot_block(struct drawing *w, uint32_t f, uint32_t block)
{
	const struct cfg_block *b = &w->cfg.blocks[block];

	buf_fmt(&w->buf, "\tfn_%u_bb_%u [shape=record,style=filled,label=\"{\\\n", f,
		block - w->cfg.funcs[f].first + 2);
	for (uint32_t i = b->start; i < b->end; i += insn_slots(&w->insns[i]))
		dot_insn(w, i, i == b->start);
	buf_puts(&w->buf, "}\"];\n\n");
}

static void dot_edge(struct drawing *w, uint32_t f, uint32_t from, uint32_t to)
{
	buf_fmt(&w->buf,
		"\tfn_%u_bb_%u:s -> fn_%u_bb_%u:n [style=\"solid,bold\", color=black, weight=10, "
		"constraint=true];\n",
		f, from, f, to);
}

/* The targets of gotox are only in a table in a map. */
static void dot_indirect(struct drawing *w, uint32_t f, uint32_t from)
{
	buf_fmt(&w->buf, "\tfn_%u_any_%u [shape=diamond,label=\"by table\"];\n", f, from);
	buf_fmt(&w->buf, "\tfn_%u_bb_%u:s -> fn_%u_any_%u:n [style=dashed, color=black];\n", f,
		from, f, from);
}

static void dot_edges(struct drawing *w, uint32_t f)
{
	const struct cfg_func *func = &w->cfg.funcs[f];

	dot_edge(w, f, 0, 2);
	for (uint32_t i = 0; i < func->n_blocks; i++) {
		const struct cfg_block *b = &w->cfg.blocks[func->first + i];

		if (b->next != CFG_NONE)
			dot_edge(w, f, i + 2, b->next - func->first + 2);
		if (b->jump != CFG_NONE)
			dot_edge(w, f, i + 2, b->jump - func->first + 2);
		if (b->is_indirect)
			dot_indirect(w, f, i + 2);
		if (b->exits)
			dot_edge(w, f, i + 2, 1);
	}
	buf_fmt(&w->buf, "\tfn_%u_bb_0:s -> fn_%u_bb_1:n [style=\"invis\", constraint=true];\n", f,
		f);
}

static void dot_func(struct drawing *w, uint32_t f)
{
	const struct cfg_func *func = &w->cfg.funcs[f];

	buf_fmt(&w->buf, "subgraph \"cluster_%u\" {\n\tstyle=\"dashed\";\n\tcolor=\"black\";\n"
			 "\tlabel=\"func_%u ()\";\n", f, f);
	buf_fmt(&w->buf, "\tfn_%u_bb_0 [shape=Mdiamond,style=filled,label=\"ENTRY\"];\n\n", f);
	for (uint32_t i = 0; i < func->n_blocks; i++)
		dot_block(w, f, func->first + i);
	buf_fmt(&w->buf, "\tfn_%u_bb_1 [shape=Mdiamond,style=filled,label=\"EXIT\"];\n\n", f);
	dot_edges(w, f);
	buf_puts(&w->buf, "}\n");
}

static void draw_dot(struct drawing *w)
{
	buf_puts(&w->buf, "digraph \"DOT graph for eBPF program\" {\n");
	for (uint32_t i = 0; i < w->cfg.n_funcs; i++)
		dot_func(w, i);
	buf_puts(&w->buf, "}\n");
}

/* --- arrows beside the instructions --- */

static void arrow_notes(struct drawing *w, const struct lanes *lanes, uint32_t pos)
{
	const struct bpf_line_info *line;
	struct buf *b = &w->buf;
	const char *source;

	line = line_at(w, pos);
	if (!line)
		return;
	lanes_put(lanes, pos, LANES_BEFORE, b);
	buf_puts(b, "; ");
	source = dump_source(w->code, line);
	buf_text_line(b, source, strlen(source));
	if (w->dump->args->linum) {
		buf_puts(b, " [");
		put_place(b, w, line);
		buf_putc(b, ']');
	}
	buf_putc(b, '\n');
}

static void arrow_insn(struct drawing *w, const struct lanes *lanes, uint32_t pos)
{
	uint32_t n = w->cfg.blocks[w->cfg.n_blocks - 1].end;
	uint32_t target = cfg_target(&w->insns[pos], pos, n);
	struct buf *b = &w->buf;
	char text[INSN_TEXT_MAX];

	text_of(w, pos, text);
	lanes_put(lanes, pos, LANES_AT, b);
	buf_fmt(b, "%4u: ", pos);
	buf_text_str(b, text, strlen(text));
	if (target != CFG_NONE)
		buf_fmt(b, "  -> %u", target);
	buf_putc(b, '\n');
	if (!w->dump->args->opcodes)
		return;
	lanes_put(lanes, pos, LANES_AFTER, b);
	buf_puts(b, "      ");
	put_opcodes(b, &w->insns[pos]);
	buf_putc(b, '\n');
}

static void arrow_block(struct drawing *w, const struct lanes *lanes, const struct cfg_block *block)
{
	for (uint32_t i = block->start; i < block->end; i += insn_slots(&w->insns[i])) {
		arrow_notes(w, lanes, i);
		arrow_insn(w, lanes, i);
	}
}

/* Between blocks there is an empty line, through which the arrows continue. */
static void arrow_func(struct drawing *w, uint32_t f)
{
	const struct cfg_func *func = &w->cfg.funcs[f];
	char proto[BTF_PROTO_MAX];
	struct lanes lanes = {};
	int err = lanes_build(&w->cfg, f, &lanes);

	if (err) {
		w->buf.err = err;
		return;
	}
	if (f)
		buf_putc(&w->buf, '\n');
	if (proto_at(w, func->start, proto))
		buf_text_str(&w->buf, proto, strlen(proto));
	else
		buf_fmt(&w->buf, "func_%u ()", f);
	buf_puts(&w->buf, ":\n");
	for (uint32_t i = 0; i < func->n_blocks; i++) {
		const struct cfg_block *block = &w->cfg.blocks[func->first + i];

		if (i) {
			lanes_put(&lanes, block->start, LANES_BEFORE, &w->buf);
			while (w->buf.len && w->buf.data[w->buf.len - 1] == ' ')
				w->buf.len--;
			buf_putc(&w->buf, '\n');
		}
		arrow_block(w, &lanes, block);
	}
	lanes_free(&lanes);
}

static void draw_arrows(struct drawing *w)
{
	for (uint32_t i = 0; i < w->cfg.n_funcs; i++)
		arrow_func(w, i);
}

/* --- both --- */

static void draw(const struct dump *d, const struct prog_code *code, void (*fn)(struct drawing *w))
{
	auto_free uint32_t *starts = calloc((size_t)code->info.nr_func_info + 1, sizeof(*starts));
	struct drawing w = { .dump = d, .code = code };
	const struct bpf_func_info *func;
	uint32_t n_starts = 0;
	size_t n;

	w.insns = prog_code_insns(code, &n);
	while (starts && (func = prog_code_func(code, n_starts)))
		starts[n_starts++] = func->insn_off;
	if (!starts || cfg_build(w.insns, n, starts, n_starts, &w.cfg)) {
		fail(d->ctx->err, -ENOMEM, "draw program %u", code->info.id);
		return;
	}
	fn(&w);
	if (w.buf.err)
		fail(d->ctx->err, w.buf.err, "draw program %u", code->info.id);
	else
		out_text_verbatim(d->ctx->out, w.buf.data, w.buf.len);
	buf_free(&w.buf);
	cfg_free(&w.cfg);
}

void dump_show_dot(const struct dump *d, const struct prog_code *code)
{
	draw(d, code, draw_dot);
}

void dump_show_graph(const struct dump *d, const struct prog_code *code)
{
	draw(d, code, draw_arrows);
}
