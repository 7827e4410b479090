// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl prog dump xlated: the instructions after verification, line by line. */
#include "decode/btf/text.h"
#include "decode/code/insn.h"
#include "json_writer.h"
#include "prog/dump.h"

#define JSON_OFF(insn) ((const uint8_t *)(insn) + offsetof(struct bpf_insn, off))
#define JSON_IMM(insn) ((const uint8_t *)(insn) + offsetof(struct bpf_insn, imm))

/* A program that is being printed. */
struct listing_at {
	const struct dump *dump;
	const struct prog_code *code;
	uint32_t func, line;		/* the next ones that were not shown yet */
};

static bool name_call(void *data, const struct bpf_insn *insn, char *buf, size_t size)
{
	const struct listing_at *at = data;

	return dump_name_call(at->dump, at->code, insn, buf, size);
}

/* A prototype before the first instruction of a function. */
static void show_proto(struct listing_at *at, size_t pos)
{
	const struct bpf_func_info *func = prog_code_func(at->code, at->func);
	struct out *o = at->dump->ctx->out;
	char text[BTF_PROTO_MAX];

	if (!func || func->insn_off != pos)
		return;
	at->func++;
	if (!dump_proto(at->code, func, text))
		return;
	out_str(o, "proto", "%s:\n", text);
}

/* The source line, if another one starts here. */
static void show_source(struct listing_at *at, size_t pos)
{
	const struct bpf_line_info *line = NULL, *next;

	while ((next = prog_code_line(at->code, at->line)) && next->insn_off <= pos) {
		line = next;
		at->line++;
	}
	dump_show_source(at->dump, at->code, line);
}

static void text_opcodes(struct out *o, const struct bpf_insn *insn, unsigned int slots)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = (const uint8_t *)insn;
	char text[2 * sizeof(*insn) * 3 + 1], *at = text;

	for (unsigned int i = 0; i < slots * sizeof(*insn); i++) {
		*at++ = ' ';
		*at++ = digits[bytes[i] >> 4];
		*at++ = digits[bytes[i] & 15];
	}
	*at = '\0';
	out_text(o, "\n      %s", text);
}

static void json_opcodes(struct out *o, const struct bpf_insn *insn, unsigned int slots)
{
	char hex[8];

	out_json_rec(o, "opcodes");
	snprintf(hex, sizeof(hex), "0x%02x", insn->code);
	out_json_str(o, "code", hex);
	snprintf(hex, sizeof(hex), "0x%x", insn->src_reg);
	out_json_str(o, "src_reg", hex);
	snprintf(hex, sizeof(hex), "0x%x", insn->dst_reg);
	out_json_str(o, "dst_reg", hex);
	out_json_bytes(o, "off", JSON_OFF(insn), sizeof(insn->off));
	/* for a wide load the whole second slot */
	out_json_bytes(o, "imm", JSON_IMM(insn),
		       sizeof(insn->imm) + (slots - 1) * sizeof(*insn));
	out_json_rec_end(o);
}

static void show_insn(struct listing_at *at, const struct bpf_insn *insn, size_t pos, size_t n_left)
{
	const struct insn_names names = { .call = name_call, .data = at };
	unsigned int slots = n_left > 1 ? insn_slots(insn) : 1;
	struct out *o = at->dump->ctx->out;
	char text[INSN_TEXT_MAX];

	insn_text(insn, n_left, &names, text);
	out_rec(o, NULL);
	show_proto(at, pos);
	show_source(at, pos);
	out_text(o, "%4zu: ", pos);
	out_str(o, "disasm", "%s", text);
	if (at->dump->args->opcodes) {
		json_opcodes(o, insn, slots);
		text_opcodes(o, insn, slots);
	}
	out_rec_end(o);
}

static void show_insns(const struct dump *d, const struct prog_code *code)
{
	struct listing_at at = { .dump = d, .code = code };
	size_t n, pos;
	const struct bpf_insn *insns = prog_code_insns(code, &n);

	for (pos = 0; pos < n && !out_failed(d->ctx->out); pos += insn_slots(&insns[pos]))
		show_insn(&at, &insns[pos], pos, n - pos);
}

static int prog_dump_xlated(struct ctx *ctx, const void *args)
{
	static const struct dump_mode insns = { dump_want_calls, show_insns, false };
	static const struct dump_mode dot = { dump_want_calls, dump_show_dot, false };
	static const struct dump_mode graph = { dump_want_calls, dump_show_graph, false };
	const struct dump_args *a = args;

	if ((a->visual || a->graph) && out_is_json(ctx->out))
		return fail_usage(ctx->err, "'%s' is a drawing and cannot be JSON",
				  a->visual ? "visual" : "graph");
	return dump_programs(ctx, a, a->visual ? &dot : a->graph ? &graph : &insns);
}

static const struct param xlated_params[] = {
	DUMP_PARAMS,
	PARAM_FLAG(struct dump_args, visual, "visual",
		   "draw the control flow of one program as Graphviz DOT", .group = 1),
	PARAM_FLAG(struct dump_args, graph, "graph",
		   "draw the control flow as arrows next to instructions", .group = 1),
	{}
};

const struct cmd prog_dump_xlated_cmd = {
	.name = "xlated", .help = "print translated instructions",
	.params = xlated_params, .args_size = sizeof(struct dump_args),
	.run = prog_dump_xlated,
};
