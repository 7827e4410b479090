// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Global options. getopt_long() would parse "-1" as an option and uses globals, so the table is
 * walked here: options may be permuted, bundled, and abbreviated if unambiguous.
 */
#include <ctype.h>
#include <errno.h>

#include "cli/nearest.h"
#include "cli/opts.h"

#define OPT_FLAG(s, l, member, text) { s, l, NULL, text, offsetof(struct opts, member) }
#define OPT_FILE(s, l, member, text) { s, l, "FILE", text, offsetof(struct opts, member) }

const struct opt opt_table[] = {
	OPT_FLAG('h', "help", help, "print help for the given command"),
	OPT_FLAG('V', "version", version, "print the version"),
	OPT_FLAG('j', "json", json, "compact JSON on stdout"),
	OPT_FLAG('p', "pretty", pretty, "indented JSON on stdout"),
	OPT_FLAG(0, "jsonl", jsonl, "JSON, one record per line"),
	OPT_FLAG(0, "compat", compat, "text as bpftool prints it"),
	OPT_FLAG('d', "debug", debug,
		 "stream libbpf's messages, ask the verifier for its full log"),
	OPT_FLAG('f', "bpffs", bpffs, "show pinned paths in listings"),
	OPT_FLAG('m', "mapcompat", mapcompat, "tolerate unknown fields in map definitions"),
	OPT_FLAG('n', "nomount", nomount, "never mount bpffs or tracefs"),
	OPT_FLAG('L', "use-loader", use_loader, "load through a generated loader program"),
	OPT_FLAG('S', "sign", sign, "sign the loader program (needs -k and -i)"),
	OPT_FILE('k', NULL, key, "private key to sign with, PEM"),
	OPT_FILE('i', NULL, cert, "X.509 certificate to sign with, PEM or DER"),
	OPT_FILE('B', "base-btf", base_btf, "base BTF for split BTF"),
	{ 0, NULL, NULL, NULL, 0 }
};
const size_t n_opts = ARRAY_SIZE(opt_table) - 1;

static const struct opt *find_short(char c)
{
	size_t i;

	for (i = 0; i < n_opts; i++)
		if (opt_table[i].short_name == c)
			return &opt_table[i];
	return NULL;
}

/*
 * An exact match, or the only one with this prefix; --js is not ambiguous because of --jsonl, as
 * --json is a prefix of it.
 */
static const struct opt *find_long(const char *name, size_t len, bool *ret_ambiguous)
{
	const struct opt *found = NULL;
	size_t i;

	for (i = 0; i < n_opts; i++) {
		const char *l = opt_table[i].long_name;

		if (!l || strncmp(l, name, len) != 0)
			continue;
		if (!l[len])
			return &opt_table[i];
		if (found && has_prefix(l, found->long_name))
			continue;
		*ret_ambiguous = found != NULL;
		found = &opt_table[i];
	}
	return *ret_ambiguous ? NULL : found;
}

static void set(struct opts *opts, const struct opt *opt, const char *value)
{
	char *member = (char *)opts + opt->off;

	if (opt->metavar)
		*(const char **)member = value;
	else
		*(bool *)member = true;
}

const char *opts_keyword(const char *word)
{
	return streq(word, "-o") ? "output" :
	       streq(word, "-v") ? "verbose" :
	       streq(word, "-vv") ? "detail" : NULL;
}

/* "-jp", "-kFILE", "-k FILE": advances *i over a value in a separate word. */
static void parse_short(struct err *e, struct opts *opts, const char *const *words, unsigned int n,
			unsigned int *i)
{
	const char *c;

	for (c = words[*i] + 1; *c; c++) {
		const struct opt *opt = find_short(*c);

		if (!opt) {
			fail_usage(e, words[*i][2] ? "unrecognized option '-%c' in '%s'"
						   : "unrecognized option '-%c'",
				   *c, words[*i]);
			return;
		}
		if (!opt->metavar) {
			set(opts, opt, NULL);
			continue;
		}
		if (c[1])
			set(opts, opt, c + 1);
		else if (*i + 1 < n)
			set(opts, opt, words[++*i]);
		else
			fail_usage(e, "option '-%c' needs a %s", *c, opt->metavar);
		return;
	}
}

/* False: not a global option; the command may know it ("--dry-run"). */
static bool parse_long(struct err *e, struct opts *opts, const char *const *words, unsigned int n,
		       unsigned int *i)
{
	const char *name = words[*i] + 2, *eq = strchr(name, '=');
	size_t len = eq ? (size_t)(eq - name) : strlen(name);
	bool ambiguous = false;
	const struct opt *opt = find_long(name, len, &ambiguous);

	if (!opt && !ambiguous)
		return false;
	if (!opt)
		fail_usage(e, "ambiguous option '%s'", words[*i]);
	else if (!opt->metavar && eq)
		fail_usage(e, "option '--%s' takes no value", opt->long_name);
	else if (!opt->metavar || eq)
		set(opts, opt, eq ? eq + 1 : NULL);
	else if (*i + 1 < n)
		set(opts, opt, words[++*i]);
	else
		fail_usage(e, "option '--%s' needs a %s", opt->long_name, opt->metavar);
	return true;
}

/* "-", "-5" and "-0x10" are arguments. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !isdigit((unsigned char)word[1]);
}

static void check(struct err *e, const struct opts *opts)
{
	if (opts->sign && !(opts->key && opts->cert))
		fail_usage(e, "-S needs both a key (-k) and a certificate (-i)");
	else if ((opts->key || opts->cert) && !opts->sign)
		fail_usage(e, "-k and -i require -S");
}

int opts_parse(struct err *e, struct opts *opts, const char **words, unsigned int n,
	       unsigned int *ret_n)
{
	unsigned int i, kept = 0;

	for (i = 0; i < n; i++) {
		if (streq(words[i], "--")) {
			for (i++; i < n; i++)
				words[kept++] = words[i];
			break;
		}
		if (opts_keyword(words[i])) {
			words[kept++] = words[i];
			if (streq(words[i], "-o") && i + 1 < n)
				words[kept++] = words[++i];
		} else if (is_option(words[i]) && words[i][1] != '-') {
			parse_short(e, opts, words, n, &i);
		} else if (!is_option(words[i]) || !parse_long(e, opts, words, n, &i)) {
			words[kept++] = words[i];
		}
	}
	*ret_n = kept;
	if (!opts->help)
		check(e, opts);
	if (opts->sign)
		opts->use_loader = true;
	return e->code;
}

int opts_fail_unknown(struct ctx *ctx, const char *word)
{
	struct nearest near = { .word = word + 2 };
	int err;

	for (size_t i = 0; i < n_opts && has_prefix(word, "--"); i++)
		if (opt_table[i].long_name)
			nearest_try(&near, opt_table[i].long_name);
	err = fail_usage(ctx->err, "unrecognized option '%s'", word);
	if (near.best)
		err_hint(ctx->err, "did you mean '--%s'? see '%s help'", near.best, ctx->progname);
	else
		err_hint(ctx->err, "see '%s help'", ctx->progname);
	return err;
}

char *opts_help(void)
{
	char *text = NULL;
	size_t len, i;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	fputs("Options:\n", f);
	for (i = 0; i < n_opts; i++) {
		const struct opt *opt = &opt_table[i];
		char names[64];

		snprintf(names, sizeof(names), "%c%c%s%s%s%s%s", opt->short_name ? '-' : ' ',
			 opt->short_name ? opt->short_name : ' ',
			 opt->short_name && opt->long_name ? ", " : opt->long_name ? "  " : "",
			 opt->long_name ? "--" : "", opt->long_name ? opt->long_name : "",
			 opt->metavar ? " " : "", opt->metavar ? opt->metavar : "");
		fprintf(f, "  %-22s %s\n", names, opt->help);
	}
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

static void put_option(FILE *f, const char *dashes, const char *name, const char *help)
{
	fprintf(f, "%s%s%s%s\n", dashes, name, help ? "\t" : "", help ? help : "");
}

void opts_complete(const char *typed, bool described, FILE *f)
{
	for (size_t i = 0; i < n_opts; i++) {
		const char letter[] = { opt_table[i].short_name, '\0' };
		const char *l = opt_table[i].long_name, *help = opt_table[i].help;

		if (l && has_prefix(typed, "--") && has_prefix(l, typed + 2))
			put_option(f, "--", l, described ? help : NULL);
		else if (*letter && streq(typed, "-"))
			put_option(f, "-", letter, described ? help : NULL);
	}
	if (streq(typed, "-"))
		opts_complete("--", described, f);
}
