// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * libbpf appends each called function once, in the order of the calls that it finds. That order is
 * not computed again here: a function is recognized by its instructions, all but what relocations
 * change.
 */
#include <errno.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "cli/array.h"
#include "cli/buf.h"
#include "cli/file.h"
#include "cli/file_settle.h"
#include "load/code_lines.h"
#include "load/object.h"

#define INSN_SIZE sizeof(struct bpf_insn)

void code_lines_close(struct code_lines *c)
{
	objfile_ext_free(&c->ext);
	objfile_close(&c->view);
	free(c->data);
	free(c->parts);
	*c = (struct code_lines){};
}

/* Calls, wide loads, and members that CO-RE moves differ in offsets and values only. */
static bool same_insn(const struct bpf_insn *a, const struct bpf_insn *b)
{
	return BPF_CLASS(a->code) == BPF_CLASS(b->code) && a->dst_reg == b->dst_reg &&
	       (a->src_reg == b->src_reg || a->code == (BPF_LD | BPF_IMM | BPF_DW) ||
		BPF_CLASS(a->code) == BPF_JMP || BPF_CLASS(a->code) == BPF_ALU64);
}

static bool same_code(const struct code_lines *c, const struct objfile_func *f,
		      const struct bpf_insn *insns, size_t n)
{
	size_t len, i;
	const uint8_t *bytes = objfile_bytes(&c->view, f->section, &len);
	struct bpf_insn insn;

	if (!bytes || !f->len || f->off + f->len > len || f->len / INSN_SIZE > n)
		return false;
	for (i = 0; i < f->len / INSN_SIZE; i++) {
		memcpy(&insn, bytes + f->off + i * INSN_SIZE, sizeof(insn));
		if (!same_insn(&insn, &insns[i]))
			return false;
	}
	return true;
}

static bool is_used(const struct code_lines *c, const struct objfile_func *f)
{
	for (size_t i = 0; i < c->n_parts; i++)
		if (c->parts[i].func == f)
			return true;
	return false;
}

static const struct objfile_func *main_func(const struct code_lines *c,
					    const struct bpf_program *prog)
{
	for (size_t i = 0; i < c->view.n_funcs; i++) {
		const struct objfile_func *f = &c->view.funcs[i];

		if (streq(f->name, bpf_program__name(prog)) &&
		    streq(elf_section_name(&c->view.img, f->section),
			  bpf_program__section_name(prog)))
			return f;
	}
	return NULL;
}

/* The longest that fits: a shorter one may be the start of another. */
static const struct objfile_func *find_func(const struct code_lines *c,
					    const struct bpf_insn *insns, size_t n)
{
	const struct objfile_func *best = NULL;

	for (size_t i = 0; i < c->view.n_funcs; i++) {
		const struct objfile_func *f = &c->view.funcs[i];

		if (!is_used(c, f) && (!best || f->len > best->len) && same_code(c, f, insns, n))
			best = f;
	}
	return best;
}

static int find_parts(struct code_lines *c, const struct bpf_program *prog)
{
	const struct bpf_insn *insns = bpf_program__insns(prog);
	size_t n = bpf_program__insn_cnt(prog), at = 0, max = 0;
	const struct objfile_func *f = main_func(c, prog);

	while (f && f->len && at < n) {
		struct code_part *room = array_room(c->parts, c->n_parts, &max, sizeof(*room));

		if (!room)
			return -ENOMEM;
		c->parts = room;
		c->parts[c->n_parts++] = (struct code_part){ .first = (uint32_t)at,
							     .n = (uint32_t)(f->len / INSN_SIZE),
							     .func = f };
		at += f->len / INSN_SIZE;
		f = insns && at < n ? find_func(c, insns + at, n - at) : NULL;
	}
	return 0;
}

/* The record for a byte of a section: the last one up to it, with a line. */
static const struct objfile_line *line_at(const struct code_lines *c, const struct objfile_func *f,
					  uint64_t off)
{
	size_t i = count_before(c->ext.lines, c->ext.n_lines, l,
				l->section < f->section ||
					(l->section == f->section && l->off <= off));

	while (i--) {
		const struct objfile_line *l = &c->ext.lines[i];

		if (l->section != f->section || l->off < f->off)
			break;
		if (l->at.line)
			return l;
	}
	return NULL;
}

static bool find_line(const struct source_finder *finder, uint32_t insn, struct source_line *ret)
{
	const struct code_lines *c = (const struct code_lines *)finder;
	const struct objfile_line *l;

	for (size_t i = 0; i < c->n_parts; i++) {
		const struct code_part *p = &c->parts[i];

		if (insn < p->first || insn >= p->first + p->n)
			continue;
		l = line_at(c, p->func, p->func->off + (uint64_t)(insn - p->first) * INSN_SIZE);
		if (!l)
			return false;
		*ret = (struct source_line){ .line = l->at.line, .column = l->at.column };
		snprintf(ret->function, sizeof(ret->function), "%s", p->func->name);
		snprintf(ret->file, sizeof(ret->file), "%s", l->at.file);
		snprintf(ret->text, sizeof(ret->text), "%s", l->at.text);
		return true;
	}
	return false;
}

int code_lines_open(const char *path, const struct bpf_program *prog, struct code_lines *ret)
{
	struct err why = {};
	struct buf b = {};
	int err;

	ret->finder.find = find_line;
	if (!file_is_named(path))
		return -ENOENT; /* a pipe gives its bytes once */
	err = file_read_kind(&why, path, &object_file_kind, &b);
	ret->data = b.data;
	err = err ?: objfile_open(&why, b.data, b.len, &ret->view);
	err = err ?: objfile_ext_read(&why, &ret->view, &ret->ext);
	err = err ?: find_parts(ret, prog);
	err_clear(&why);
	return err;
}
