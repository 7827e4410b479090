// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Shared by the forms of bpfctl prog dump: the instructions of loaded programs, and what is known
 * about them: prototypes, source lines, names of called functions.
 *
 * All programs are read first, then the symbols they call, at once and only if there are any.
 */
#include <errno.h>

#include "cli/file.h"
#include "decode/btf/text.h"
#include "decode/code/insn.h"
#include "decode/code/machine.h"
#include "json_writer.h"
#include "kern/kernel.h"
#include "kern/object/helper_names.h"
#include "kern/object/names.h"
#include "kern/object/types.h"
#include "prog/dump.h"
#include "view/show.h"

#define XLATED_MANY (2u << 20)	/* bytes; the kernel allocates a copy to return them */

/* --- names of called functions --- */

static bool is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL);
}

/* Calls that remain helper numbers: a few that the JIT implements itself. */
static bool is_helper_number(const struct bpf_insn *insn)
{
	return !insn->src_reg && insn->imm > 0 && insn->imm < N_HELPER_WORDS;
}

/* From users who may not see its addresses, the kernel hides what is called: imm is 0. */
int dump_want_calls(struct dump *d, const struct prog_code *code)
{
	size_t n, i;
	const struct bpf_insn *insns = prog_code_insns(code, &n);
	int err = 0;

	for (i = 0; i < n && !err; i += insn_slots(&insns[i])) {
		if (!is_call(&insns[i]) || insns[i].src_reg == BPF_PSEUDO_CALL ||
		    is_helper_number(&insns[i]))
			continue;
		if (insns[i].imm)
			err = ksyms_want_call(d->ksyms, insns[i].imm);
		else
			d->hidden = true;
	}
	return err;
}

/*
 * The function that a call goes to, if imm does not contain it: the one that starts there. 0:
 * unknown.
 */
static uint32_t find_func(const struct prog_code *code, size_t target)
{
	const struct bpf_func_info *func;
	uint32_t i = 0;

	while ((func = prog_code_func(code, i)))
		if (func->insn_off == target)
			return i;
		else
			i++;
	return 0;
}

/*
 * A subprogram: distance, and the name of its JIT image. The distance has only 16 bits; the
 * function's offset is complete.
 */
static void name_subprog(const struct prog_code *code, const struct bpf_insn *insn, char *buf,
			 size_t size)
{
	const struct bpf_prog_info *info = &code->info;
	const uint64_t *addrs = (const void *)(uintptr_t)info->jited_ksyms;
	char symbol[INSN_TEXT_MAX / 2];
	size_t n, pos = insn - prog_code_insns(code, &n);
	uint32_t i = insn->imm ? (uint32_t)insn->imm : find_func(code, pos + insn->off + 1);
	const struct bpf_func_info *func = prog_code_func(code, i);
	long distance = insn->off;

	if (func && func->insn_off < n && n > INT16_MAX)
		distance = (long)func->insn_off - (long)pos - 1;
	if (!info->jited_prog_len || !i)
		snprintf(buf, size, "pc%+ld", distance);
	else if (prog_code_symbol(code, i, symbol, sizeof(symbol)))
		snprintf(buf, size, "pc%+ld#%s", distance, symbol);
	else if (addrs && i < info->nr_jited_ksyms)
		snprintf(buf, size, "pc%+ld#0x%llx", distance, (unsigned long long)addrs[i]);
	else
		snprintf(buf, size, "pc%+ld", distance);
}

/* If the JIT can reach far addresses, a kernel function is called by its BTF type id. */
static const char *kfunc_by_btf_id(struct ctx *ctx, uint32_t id)
{
	const struct btf_image *img = kernel_btf(ctx, NULL);

	return img ? types_func_name(img, id) : NULL;
}

bool dump_name_call(const struct dump *d, const struct prog_code *code, const struct bpf_insn *insn,
		    char *buf, size_t size)
{
	uint64_t base = ksyms_call_base(d->ksyms);
	const char *name;

	if (insn->src_reg == BPF_PSEUDO_CALL) {
		name_subprog(code, insn, buf, size);
		return true;
	}
	if (!insn->imm)
		return false;
	if (is_helper_number(insn))
		name = name_of(d->ctx, NAMES_HELPER, insn->imm);
	else
		name = ksyms_name(d->ksyms, base + insn->imm, NULL);
	if (!name && insn->src_reg == BPF_PSEUDO_KFUNC_CALL && insn->imm > 0)
		name = kfunc_by_btf_id(d->ctx, insn->imm);
	if (name)
		snprintf(buf, size, "%s#%d", name, insn->imm);
	else if (base)
		snprintf(buf, size, "0x%llx#%d", (unsigned long long)(base + insn->imm), insn->imm);
	return name || base;
}

/* --- printing --- */

bool dump_proto(const struct prog_code *code, const struct bpf_func_info *func, char *buf)
{
	return func && code->types && !btf_proto_text(&code->types->img, func->type_id, buf);
}

static void show_place(struct out *o, const struct prog_code *code,
		       const struct bpf_line_info *line)
{
	const char *file = btf_image_str(&code->types->img, line->file_name_off);
	uint32_t num = BPF_LINE_INFO_LINE_NUM(line->line_col);
	uint32_t col = BPF_LINE_INFO_LINE_COL(line->line_col);

	char form[80];

	snprintf(form, sizeof(form), " [file:{file} line_num:%s line_col:%s]",
		 num ? "{line_num}" : "0", col ? "{line_col}" : "0");
	out_sep(o, "");
	out_form(o, form);
	if (file)
		out_str(o, "file", "%s", file);
	if (num)
		out_uint(o, "line_num", "%llu", num);
	if (col)
		out_uint(o, "line_col", "%llu", col);
	out_form_end(o);
}

const char *dump_source(const struct prog_code *code, const struct bpf_line_info *line)
{
	const char *text =
		line && code->types ? btf_image_str(&code->types->img, line->line_off) : NULL;

	return text ? text + strspn(text, " \t") : NULL;
}

void dump_show_source(const struct dump *d, const struct prog_code *code,
		      const struct bpf_line_info *line)
{
	const char *text = dump_source(code, line);
	struct out *o = d->ctx->out;

	if (!text)
		return;
	out_source(o, "src", "; ", text);
	if (d->args->linum)
		show_place(o, code, line);
	out_text(o, "\n");
}

/* Several programs: each is a record with its head line. */
static void show_all(const struct dump *d, const struct dump_mode *mode)
{
	struct out *o = d->ctx->out;

	out_list(o, NULL, NULL);
	for (size_t i = 0; i < d->n; i++) {
		if (i)
			out_text(o, "\n");
		out_rec(o, NULL);
		show_prog_head(d->ctx, d->fds[i], &d->codes[i].info);
		out_text(o, "\n");
		out_stream(o, "insns");
		mode->show(d, &d->codes[i]);
		out_stream_end(o);
		out_rec_end(o);
	}
	out_list_end(o);
}

static void show_one(const struct dump *d, const struct dump_mode *mode)
{
	out_list(d->ctx->out, NULL, NULL);
	mode->show(d, &d->codes[0]);
	out_list_end(d->ctx->out);
}

/* --- reading --- */

/* The kernel returned no bytes: there are none, or we may not see them. */
static int withheld(struct ctx *ctx, int fd, bool is_jited)
{
	struct bpf_prog_info info = {};
	int err = obj_info(fd, &info, sizeof(info));

	if (!err && is_jited && !info.jited_prog_len) {
		fail_msg(ctx->err, -ENOENT, "program %u has no machine code: it is interpreted",
			 info.id);
		err_hint(ctx->err, "see net.core.bpf_jit_enable");
		return -ENOENT;
	}
	err = fail(ctx->err, -EPERM, "read the %s of program %u",
		   is_jited ? "machine code" : "instructions", info.id);
	err_hint_denied(ctx->err, is_jited ? "cap_bpf,cap_syslog" : "cap_bpf");
	err_hint(ctx->err, "the kernel hides them: it requires CAP_BPF (or root), and CAP_SYSLOG "
			   "or kernel.kptr_restrict=0 where %s",
		 is_jited ? "machine code is requested" : "constants are blinded");
	return err;
}

/*
 * Machine code is read together with the instructions it was compiled from, which refer to maps;
 * except if they are so large that the kernel may fail to copy them.
 */
static int what_to_read(int fd, const struct dump_mode *mode, unsigned int *ret)
{
	struct bpf_prog_info info = {};
	int err = mode->is_jited ? obj_info(fd, &info, sizeof(info)) : 0;

	*ret = mode->is_jited ? PROG_CODE_JITED : PROG_CODE_XLATED;
	if (info.xlated_prog_len <= XLATED_MANY)
		*ret |= PROG_CODE_XLATED;
	/* Its device was removed: the reader reports that. */
	return err == -ENODEV ? 0 : err;
}

static const void *code_bytes(const struct prog_code *code, bool is_jited, size_t *ret_len)
{
	const struct bpf_prog_info *info = &code->info;
	uint64_t ptr = is_jited ? info->jited_prog_insns : info->xlated_prog_insns;

	*ret_len = is_jited ? info->jited_prog_len
			    : info->xlated_prog_len / sizeof(struct bpf_insn) *
				      sizeof(struct bpf_insn);
	return *ret_len ? (const void *)(uintptr_t)ptr : NULL;
}

static int read_code(struct dump *d, const struct dump_mode *mode, size_t i)
{
	struct prog_code *code = &d->codes[i];
	unsigned int what;
	int err = what_to_read(d->fds[i], mode, &what);
	size_t len;

	if (err)
		return fail(d->ctx->err, err, "read a program");
	err = prog_code_read(d->ctx, d->fds[i], what, code);
	if (err)
		return err;
	if (!code_bytes(code, mode->is_jited, &len))
		return withheld(d->ctx, d->fds[i], mode->is_jited);
	if (code->btf_err)
		unread(d->ctx, code->btf_err, "cap_sys_admin",
		       "read the BTF (id %u) of program %u, whose source lines "
		       "are missing",
		       code->info.btf_id, code->info.id);
	if (!d->args->file && mode->prepare(d, code))
		return fail(d->ctx->err, -ENOMEM, "name the calls of program %u", code->info.id);
	return 0;
}

static int write_file(const struct dump *d, const struct dump_mode *mode)
{
	size_t len;
	const void *bytes = code_bytes(&d->codes[0], mode->is_jited, &len);
	int err = file_write(d->ctx->err, d->args->file, bytes, len);

	if (!err)
		ctx_changed(d->ctx, "'%s' is written", d->args->file);
	return err;
}

static void name_calls(struct dump *d)
{
	int err = ksyms_load(d->ksyms);

	if (!err && d->hidden)
		err = -EACCES;
	if (!err)
		return;
	fail(d->ctx->err, err, "read the names of what is called");
	if (err == -EACCES)
		err_hint(d->ctx->err,
			 "the kernel hides its addresses: see kernel.kptr_restrict and CAP_SYSLOG");
	report_and_skip(d->ctx);
}

static int dump_all(struct dump *d, const struct dump_mode *mode)
{
	int err = 0;

	if ((d->args->file || d->args->visual) && d->n > 1)
		return fail_msg(d->ctx->err, -EINVAL, "%zu programs match, %s takes only one", d->n,
				d->args->file ? "a file" : "'visual'");
	for (size_t i = 0; i < d->n && !err; i++)
		err = read_code(d, mode, i);
	if (err)
		return err;
	if (d->args->file)
		return write_file(d, mode);
	name_calls(d);
	if (d->n == 1 && !ref_is_list(&d->args->prog))
		show_one(d, mode);
	else
		show_all(d, mode);
	return 0;
}

/* The disassembler library is loaded only if there is something to show. */
static void open_machine(struct dump *d)
{
	char why[128];

	d->machine = machine_open(NULL, d->args->intel ? MACHINE_INTEL : 0, why, sizeof(why));
	if (d->machine)
		return;
	if (errno == ENOSYS) {
		notice(d->ctx, "machine code is shown as bytes: %s", why);
		return;
	}
	fail_msg(d->ctx->err, -EIO, "machine code is shown as bytes: %s", why);
	report_and_skip(d->ctx);
}

int dump_programs(struct ctx *ctx, const struct dump_args *args, const struct dump_mode *mode)
{
	struct dump d = { .ctx = ctx, .args = args };
	int err;

	if (args->file &&
	    (args->opcodes || args->linum || args->visual || args->graph || args->intel))
		return fail_usage(ctx->err, "'file' writes bare instructions and excludes display "
					    "options");
	err = obj_find(ctx, &obj_prog, &args->prog, 0, &d.fds, &d.n);
	if (err)
		return err;
	d.codes = calloc(d.n, sizeof(*d.codes));
	d.ksyms = ksyms_new();
	if (mode->is_jited && !args->file)
		open_machine(&d);
	if (d.codes && d.ksyms)
		err = dump_all(&d, mode);
	else
		err = fail(ctx->err, -ENOMEM, "dump programs");
	for (size_t i = 0; d.codes && i < d.n; i++)
		prog_code_free(&d.codes[i]);
	free(d.codes);
	ksyms_free(d.ksyms);
	machine_free(d.machine);
	obj_close_all(d.fds, d.n);
	return err;
}
