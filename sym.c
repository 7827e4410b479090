// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl sym: addresses to names and back, in the kernel, its modules and BPF programs. The symbols
 * are read once, however many are asked.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>

#include "cli/buf.h"
#include "cli/file.h"
#include "commands.h"
#include "json_writer.h"
#include "kern/object/prog_ranges.h"
#include "kern/symtab.h"

#define INPUT_MAX (64 << 20)
#define HEX_DIGITS 16

struct sym_args {
	struct args words;
};

struct sym {
	struct ctx *ctx;
	struct symtab table;
	struct prog_ranges progs;
	size_t n_found;
	bool more;			/* words follow */
};

/* "0xffffffff81000000", or 16 digits as the kernel prints them. */
static bool is_addr(const char *word, uint64_t *ret)
{
	bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	char *end;

	if (!hex && (strlen(word) != HEX_DIGITS ||
		     word[strspn(word, "0123456789abcdefABCDEF")] != '\0'))
		return false;
	if (hex && !isxdigit((unsigned char)word[2]))
		return false;
	errno = 0;
	*ret = strtoull(word, &end, 16);
	return !*end && !errno;
}

static void show(struct sym *s, uint64_t addr, const struct symbol *sym)
{
	const struct prog_range *in = prog_range_at(&s->progs, addr);
	struct out *o = s->ctx->out;
	char text[24];

	snprintf(text, sizeof(text), "0x%016llx", (unsigned long long)addr);
	out_rec(o, NULL);
	out_form(o, "{address}  {name}{offset}{module}{prog_id}");
	out_str(o, "address", "%s", text);
	if (sym) {
		out_str(o, "name", "%s", sym->name);
		out_nonzero(o, "offset", "+0x%llx", addr - sym->addr);
		if (*sym->module)
			out_str(o, "module", "  [%s]", sym->module);
	} else {
		out_nonzero(o, "offset", "+0x%llx", addr - in->start);
	}
	if (in)
		out_uint(o, "prog_id", "  prog %llu", in->prog_id);
	out_form_end(o);
	out_rec_end(o);
	s->n_found++;
}

static int fail_unknown(struct sym *s, const char *word, bool is_addr)
{
	struct err *e = s->ctx->err;

	if (is_addr)
		return fail_msg(e, -ENOENT, "no symbol contains the address %s", word);
	fail_msg(e, -ENOENT, "no symbol is named '%s'", word);
	err_hint(e, "an address is 0x and digits, or %d digits; patterns are possible: '%s*'",
		 HEX_DIGITS, word);
	return -ENOENT;
}

static int find_addr(struct sym *s, const char *word, uint64_t addr)
{
	const struct symbol *sym = symtab_at(&s->table, addr);
	const struct prog_range *in = prog_range_at(&s->progs, addr);

	/* A name far below is not that of a program which kallsyms does not list. */
	if (in && sym && sym->addr < in->start)
		sym = NULL;
	if (!sym && !in)
		return fail_unknown(s, word, true);
	show(s, addr, sym);
	return 0;
}

/* BPF programs also by the name that people gave them. */
static bool is_named(const struct symbol *sym, const char *name, bool pattern)
{
	const char *bpf = *sym->module ? symbol_bpf_name(sym) : NULL;

	if (pattern)
		return !fnmatch(name, sym->name, 0) || (bpf && !fnmatch(name, bpf, 0));
	return streq(sym->name, name) || (bpf && streq(bpf, name));
}

/* NAME, or NAME+OFFSET (and "/SIZE", as in a stack trace). */
static int find_name(struct sym *s, const char *word)
{
	const char *plus = strchr(word, '+');
	uint64_t off = plus ? strtoull(plus + 1, NULL, 0) : 0;
	auto_free char *name = strndup(word, plus ? (size_t)(plus - word) : strlen(word));
	bool pattern, found = false;

	if (!name)
		return fail(s->ctx->err, -ENOMEM, "look up '%s'", word);
	pattern = strpbrk(name, "*?[");
	for (size_t i = 0; i < s->table.n; i++) {
		if (!is_named(&s->table.all[i], name, pattern))
			continue;
		show(s, s->table.all[i].addr + off, &s->table.all[i]);
		found = true;
	}
	return found ? 0 : fail_unknown(s, word, false);
}

/* What is not found is reported; the last word's error, if nothing was found, is the command's. */
static int answer(struct sym *s, const char *word)
{
	uint64_t addr = 0;
	int err = is_addr(word, &addr) ? find_addr(s, word, addr) : find_name(s, word);

	if (!err || (!s->more && !s->n_found))
		return err;
	report_and_skip(s->ctx);
	return out_failed(s->ctx->out);
}

static int answer_words(struct sym *s, const struct args *words)
{
	int err = 0;

	for (unsigned int i = words->at; i < words->n && !err; i++) {
		s->more = i + 1 < words->n;
		err = answer(s, words->words[i]);
	}
	return err;
}

static int answer_stdin(struct sym *s)
{
	static const char blanks[] = " \t\r\n";
	struct buf b = {};
	char *save = NULL, *word, *next;
	int err = file_read(s->ctx->err, "-", INPUT_MAX, &b);

	buf_putc(&b, '\0');
	if (!err && b.err)
		err = fail(s->ctx->err, b.err, "read stdin");
	for (word = err ? NULL : strtok_r((char *)b.data, blanks, &save); word && !err;
	     word = next) {
		next = strtok_r(NULL, blanks, &save);
		s->more = next;
		err = answer(s, word);
	}
	buf_free(&b);
	return err;
}

static int load(struct sym *s)
{
	int err = symtab_load(&s->table, -1);

	if (err) {
		fail(s->ctx->err, err, "read the kernel's symbols");
		if (err == -EACCES)
			err_hint(s->ctx->err, "the kernel hides its addresses: see "
					      "kernel.kptr_restrict and CAP_SYSLOG");
		return err;
	}
	/* Without the right to list programs their symbols are still there. */
	if (prog_ranges_collect(s->ctx, &s->progs))
		report_and_skip(s->ctx);
	return 0;
}

static int sym_run(struct ctx *ctx, const void *args)
{
	const struct sym_args *a = args;
	struct sym s = { .ctx = ctx };
	int err = load(&s);

	if (!err) {
		out_list(ctx->out, NULL, NULL);
		err = args_left(&a->words) ? answer_words(&s, &a->words) : answer_stdin(&s);
	}
	if (!err)
		out_list_end(ctx->out);
	symtab_free(&s.table);
	free(s.progs.all);
	return err;
}

static const struct param sym_params[] = {
	PARAM_TAIL(struct sym_args, words, "[ADDRESS|NAME]...",
		   "addresses in hexadecimal, names or patterns; without them from standard input"),
	{ }
};

const struct cmd sym_cmd = {
	.name = "sym", .help = "kernel and BPF addresses to names and back",
	.params = sym_params, .args_size = sizeof(struct sym_args),
	.run = sym_run,
};
