// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog dump jited: the machine code of programs. Calls and jumps out of a function are
 * followed by the name of their destination: a function of the same program, or the symbol in
 * kallsyms (helpers, kernel functions, other programs). Jumps within a function show the offset
 * that the destination has in the first column.
 */
#include "decode/btf/text.h"
#include "decode/code/machine.h"
#include "json_writer.h"
#include "prog/dump.h"
#include "prog/dump_maps.h"

#define SYMBOL_MAX 256

/* A function that is being printed. */
struct machine_at {
	const struct dump *dump;
	const struct prog_code *code;
	const struct map_refs *maps;
	struct jited_func func;
	uint32_t line;			/* the next line that was not shown yet */
	size_t pc;
};

static bool is_inside(const struct jited_func *f, uint64_t addr)
{
	return addr >= f->addr && addr - f->addr < f->len;
}

/* The function of the program that contains an address. */
static bool find_own(const struct prog_code *code, uint64_t addr, uint32_t *ret_i,
		     uint64_t *ret_off)
{
	const struct bpf_prog_info *info = &code->info;
	const uint64_t *addrs = u64_to_ptr(info->jited_ksyms);
	const uint32_t *lens = u64_to_ptr(info->jited_func_lens);

	for (uint32_t i = 0; addrs && i < info->nr_jited_ksyms; i++) {
		size_t len = lens && i < info->nr_jited_func_lens ? lens[i] : 0;

		if (!i && !len)
			len = info->jited_prog_len;
		if (!addrs[i] || addr < addrs[i] || addr - addrs[i] >= len)
			continue;
		*ret_i = i;
		*ret_off = addr - addrs[i];
		return true;
	}
	return false;
}

/* --- preparation: addresses to look up in kallsyms --- */

static int want_targets(struct dump *d, const struct prog_code *code, const struct jited_func *f)
{
	struct machine_insn insn;
	uint64_t off;
	uint32_t own;
	int err = 0;

	for (size_t pc = 0; pc < f->len && !err; pc += insn.len) {
		machine_insn(d->machine, f->bytes + pc, f->len - pc, f->addr + pc, &insn);
		if (insn.has_target && !is_inside(f, insn.target) &&
		    !find_own(code, insn.target, &own, &off))
			err = ksyms_want(d->ksyms, insn.target);
	}
	return err;
}

static int want_symbols(struct dump *d, const struct prog_code *code)
{
	struct jited_func f;
	int err = 0;

	if (code->info.ifindex) {
		notice(d->ctx, "program %u is offloaded: its machine code is shown as bytes",
		       code->info.id);
		return 0;
	}
	ksyms_accept_near(d->ksyms);
	for (uint32_t i = 0; d->machine && !err && prog_code_jited(code, i, &f); i++)
		if (f.addr)
			err = want_targets(d, code, &f);
	return err;
}

/* --- printing --- */

/* "__htab_map_lookup_elem", and the offset in it. */
static bool find_name(const struct machine_at *at, uint64_t addr, char name[static SYMBOL_MAX],
		      uint64_t *ret_off)
{
	const char *symbol;
	uint32_t own;

	if (find_own(at->code, addr, &own, ret_off))
		return prog_code_symbol(at->code, own, name, SYMBOL_MAX);
	symbol = ksyms_near_name(at->dump->ksyms, addr, ret_off);
	if (symbol)
		snprintf(name, SYMBOL_MAX, "%s", symbol);
	return symbol != NULL;
}

static void show_symbol(struct out *o, const char *name, uint64_t off)
{
	out_str(o, "target", " <%s", name);
	if (off)
		out_uint(o, "target_off", "+0x%llx", off);
	out_text(o, ">");
}

/* The destination of a jump or call, after the operands. */
static void show_target(const struct machine_at *at, const struct machine_insn *insn)
{
	struct out *o = at->dump->ctx->out;
	char text[SYMBOL_MAX];
	uint64_t off;

	if (!at->func.addr)
		return;
	if (is_inside(&at->func, insn->target)) {
		snprintf(text, sizeof(text), "0x%zx", (size_t)(insn->target - at->func.addr));
		out_json_str(o, "target_pc", text);
	} else if (find_name(at, insn->target, text, &off)) {
		show_symbol(o, text, off);
	}
}

/* A constant: the address of one of our functions (a callback), or of a map. */
static void show_constant(const struct machine_at *at, uint64_t value)
{
	const struct map_ref *ref = map_refs_find(at->maps, value);
	struct out *o = at->dump->ctx->out;
	char name[SYMBOL_MAX];
	uint64_t off;
	uint32_t own;

	if (find_own(at->code, value, &own, &off) && !off &&
	    prog_code_symbol(at->code, own, name, sizeof(name)))
		show_symbol(o, name, 0);
	if (!ref)
		return;
	out_form(o, ref->is_value ? " <map[id:{map_id}][0]+{map_off}{map_name}>"
				  : " <map[id:{map_id}]{map_name}>");
	out_uint(o, "map_id", "%llu", ref->id);
	if (ref->name[0])
		out_str(o, "map_name", " %s", ref->name);
	if (ref->is_value)
		out_uint(o, "map_off", "%llu", ref->off);
	out_form_end(o);
}

/* The operands separately; null if there are none. */
static void json_operands(struct out *o, const char *operands)
{
	static const char separators[] = " ,()";
	const char *at = operands + strspn(operands, separators);

	out_json_list(o, "operands");
	if (!*at)
		out_json_null(o, NULL);
	while (*at) {
		size_t len = strcspn(at, separators);

		out_json_strn(o, NULL, at, len);
		at += len;
		at += strspn(at, separators);
	}
	out_json_list_end(o);
}

static void text_operands(const struct machine_at *at, const struct machine_insn *insn)
{
	struct out *o = at->dump->ctx->out;
	bool is_local = insn->has_target && at->func.addr && is_inside(&at->func, insn->target);

	if (!insn->operands[0])
		return;
	if (is_local)
		out_text(o, "\t%.*s0x%zx", (int)insn->target_at, insn->operands,
			 (size_t)(insn->target - at->func.addr));
	else
		out_text(o, "\t%s", insn->operands);
}

static void show_bytes(struct out *o, const struct machine_insn *insn)
{
	char text[16 * 3 + 1] = "";

	for (size_t i = 0; i < insn->len && i < 16; i++)
		snprintf(text + 3 * i, sizeof(text) - 3 * i, "%02x ", insn->bytes[i]);
	out_text(o, "\n\t%s", text);
	out_json_bytes(o, "opcodes", insn->bytes, insn->len);
}

/* The kernel reports the address of each line; it ends where the next one starts. */
static uint64_t line_addr(const struct prog_code *code, uint32_t i)
{
	const struct bpf_prog_info *info = &code->info;
	const char *first = u64_to_ptr(info->jited_line_info);
	uint64_t addr;

	if (!first || i >= info->nr_jited_line_info || !prog_code_line(code, i))
		return 0;
	memcpy(&addr, first + (size_t)i * info->jited_line_info_rec_size, sizeof(addr));
	return addr;
}

static uint32_t first_line(const struct prog_code *code, const struct jited_func *f)
{
	uint32_t i;

	for (i = 0; i < code->info.nr_jited_line_info; i++)
		if (f->addr && is_inside(f, line_addr(code, i)))
			break;
	return i;
}

/* The source line, if another one starts here. Returns the number of bytes that belong to it. */
static size_t show_source(struct machine_at *at)
{
	const struct bpf_line_info *line = NULL;
	const struct jited_func *f = &at->func;
	uint64_t next;

	while ((next = line_addr(at->code, at->line)) && is_inside(f, next) &&
	       next <= f->addr + at->pc)
		line = prog_code_line(at->code, at->line++);
	dump_show_source(at->dump, at->code, line);
	if (!next || !is_inside(f, next))
		return f->len - at->pc;
	return next - f->addr - at->pc;
}

/* Returns its length. */
static size_t show_insn(struct machine_at *at)
{
	struct machine *m = at->code->info.ifindex ? NULL : at->dump->machine;
	struct out *o = at->dump->ctx->out;
	struct machine_insn insn;
	uint64_t value;
	char pc[24];

	out_rec(o, NULL);
	out_no_sep(o);
	machine_insn(m, at->func.bytes + at->pc, show_source(at), at->func.addr + at->pc, &insn);
	snprintf(pc, sizeof(pc), "0x%zx", at->pc);
	out_json_str(o, "pc", pc);
	out_text(o, "%4zx:\t", at->pc);
	out_str(o, "operation", "%s", insn.mnemonic);
	json_operands(o, insn.operands);
	text_operands(at, &insn);
	if (insn.has_target)
		show_target(at, &insn);
	else if (machine_constant(m, &insn, &value))
		show_constant(at, value);
	if (at->dump->args->opcodes)
		show_bytes(o, &insn);
	out_rec_end(o);
	return insn.len;
}

static void show_insns(struct machine_at *at)
{
	at->line = first_line(at->code, &at->func);
	for (at->pc = 0; at->pc < at->func.len && !out_failed(at->dump->ctx->out);)
		at->pc += show_insn(at);
}

static void show_func(struct machine_at *at, uint32_t i)
{
	struct out *o = at->dump->ctx->out;
	char text[BTF_PROTO_MAX];

	out_rec(o, NULL);
	if (dump_proto(at->code, prog_code_func(at->code, i), text))
		out_str(o, "proto", "%s:\n", text);
	if (!prog_code_symbol(at->code, i, text, sizeof(text)))
		snprintf(text, sizeof(text), "0x%016llx", (unsigned long long)at->func.addr);
	out_str(o, "name", "%s:\n", text);
	out_list(o, "insns", NULL);
	show_insns(at);
	out_list_end(o);
	out_text(o, "\n");
	out_rec_end(o);
}

static void show_funcs(const struct dump *d, const struct prog_code *code)
{
	struct machine_at at = { .dump = d, .code = code };
	struct map_refs maps = {};
	int err = 0;

	if (!code->info.ifindex)
		err = map_refs_read(d->machine, code, &maps);
	if (err)
		unread(d->ctx, err, "cap_sys_admin", "name the maps of program %u", code->info.id);
	at.maps = &maps;
	for (uint32_t i = 0; prog_code_jited(code, i, &at.func); i++)
		if (code->info.nr_jited_func_lens)
			show_func(&at, i);
		else
			show_insns(&at);
	map_refs_free(&maps);
}

static int prog_dump_jited(struct ctx *ctx, const void *args)
{
	static const struct dump_mode mode = { want_symbols, show_funcs, true };
	const struct dump_args *a = args;

	if (a->no_visual)
		notice(ctx, "'visual' applies to xlated: machine code is listed as usual");
	return dump_programs(ctx, args, &mode);
}

static const struct param jited_params[] = {
	DUMP_PARAMS,
	PARAM_FLAG(struct dump_args, intel, "intel", "x86: Intel syntax instead of AT&T"),
	PARAM_FLAG(struct dump_args, no_visual, "visual", "ignored", .flags = PF_HIDDEN),
	{ }
};

const struct cmd prog_dump_jited_cmd = {
	.name = "jited", .help = "print machine code",
	.params = jited_params, .args_size = sizeof(struct dump_args),
	.run = prog_dump_jited,
};
