/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Shared by the forms of "prog dump": prog/dump.c reads the programs, each of the other files
 * prints them.
 */
#ifndef PROG_DUMP_H
#define PROG_DUMP_H

#include "kern/ksyms.h"
#include "kern/object/prog_code.h"
#include "cli/cmd.h"

struct machine;			/* decode/code/machine.h */

struct dump_args {
	struct ref prog;
	const char *file;
	bool opcodes, linum;
	bool visual, graph;		/* xlated */
	bool intel, no_visual;		/* jited; it has no graph, like bpftool's */
};

/* The rows that both share come first. */
#define DUMP_PARAMS                                                                                \
	PARAM_REF(struct dump_args, prog, "", "PROG", ref_words_prog, "the programs to dump",      \
		  .flags = PF_REQUIRED | PF_REPEAT, .complete = obj_complete_prog),                \
	PARAM_PATH(struct dump_args, file, "file", "FILE",                                         \
		   "write raw instructions of one program to FILE"),                          \
	PARAM_FLAG(struct dump_args, opcodes, "opcodes", "show the bytes of each instruction"),    \
	PARAM_FLAG(struct dump_args, linum, "linum", "show file, line and column with source lines")

/* The programs of a command. */
struct dump {
	struct ctx *ctx;
	const struct dump_args *args;
	int *fds;
	size_t n;
	struct prog_code *codes;
	struct ksyms *ksyms;
	bool hidden;			/* the kernel hides what is called */
	struct machine *machine;	/* NULL: print bytes */
};

/*
 * One form. prepare: registers the addresses to look up with ksyms; returns 0 or -ENOMEM. show: the
 * elements of a list.
 */
struct dump_mode {
	int (*prepare)(struct dump *d, const struct prog_code *code);
	void (*show)(const struct dump *d, const struct prog_code *code);
	bool is_jited;
};

int dump_programs(struct ctx *ctx, const struct dump_args *args, const struct dump_mode *mode);

/* "int cr_sub(struct xdp_md * ctx)", or false. buf has BTF_PROTO_MAX bytes. */
bool dump_proto(const struct prog_code *code, const struct bpf_func_info *func, char *buf);
/* The source line without leading blanks; NULL: not known. */
const char *dump_source(const struct prog_code *code, const struct bpf_line_info *line);
/* The source line and, with linum, its location, as items and a line of text. */
void dump_show_source(const struct dump *d, const struct prog_code *code,
		      const struct bpf_line_info *line);
/* The destination of a call, for the names in decode/code/insn.h. */
bool dump_name_call(const struct dump *d, const struct prog_code *code, const struct bpf_insn *insn,
		    char *buf, size_t size);

/* For prepare: the calls whose names ksyms has. */
int dump_want_calls(struct dump *d, const struct prog_code *code);

/* prog/dump_graph.c: control flow, as DOT or as arrows beside the instructions. */
void dump_show_dot(const struct dump *d, const struct prog_code *code);
void dump_show_graph(const struct dump *d, const struct prog_code *code);

#endif
