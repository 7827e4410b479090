// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Global options: anywhere, bundled, abbreviated, and words that are not options. */
#include <errno.h>

#include "cli/opts.h"
#include "tap.h"

static struct opts opts;
static const char *words[16];
static unsigned int n_words;

/* Parses a line of words; returns opts_parse()'s result. */
static int parse(struct err *e, const char *line)
{
	static char copy[256];
	unsigned int n = 0;

	err_clear(e);
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		words[n++] = w;
	opts = (struct opts){};
	return opts_parse(e, &opts, words, n, &n_words);
}

static void words_are(const char *want, const char *what)
{
	char got[256] = "";

	for (unsigned int i = 0; i < n_words; i++) {
		size_t len = strlen(got);

		snprintf(got + len, sizeof(got) - len, "%s%s", i ? " " : "", words[i]);
	}
	is_str(got, want, what);
}

int main(void)
{
	struct err e = {};
	auto_free char *help = opts_help();

	ok(!parse(&e, "prog show --json id 5") && opts.json, "anywhere on the line");
	words_are("prog show id 5", "the other words stay in order");
	ok(!parse(&e, "-jpf prog") && opts.json && opts.pretty && opts.bpffs, "bundled");
	ok(!parse(&e, "--js prog") && opts.json && !opts.jsonl, "--js is --json");
	ok(!parse(&e, "--jsonl prog") && opts.jsonl && !opts.json, "--jsonl");
	ok(!parse(&e, "-B /x prog") && streq(opts.base_btf, "/x"), "a value in the next word");
	ok(!parse(&e, "-B/x prog") && streq(opts.base_btf, "/x"), "a value in the same word");
	ok(!parse(&e, "--base-btf=/x prog") && streq(opts.base_btf, "/x"), "a value behind =");
	ok(!parse(&e, "map update key -1 -0x10 -- -j -x") && !opts.json,
	   "numbers and what follows --");
	words_are("map update key -1 -0x10 -j -x", "are words");
	ok(!parse(&e, "batch file -"), "a lone dash");
	words_are("batch file -", "is a word");
	ok(parse(&e, "-q prog -j") == -EINVAL && e.usage && opts.json,
	   "unknown, but JSON all the same: %s", e.text);
	ok(strstr(e.text, "-q") != NULL, "the error names it");
	ok(parse(&e, "-B") == -EINVAL && e.usage, "a missing value: %s", e.text);
	ok(parse(&e, "--json=1") == -EINVAL, "a value too many: %s", e.text);
	ok(parse(&e, "-S version") == -EINVAL, "-S alone: %s", e.text);
	ok(parse(&e, "-k a version") == -EINVAL, "-k without -S: %s", e.text);
	ok(!parse(&e, "-S -k a -i b version") && opts.use_loader, "-S implies -L");
	ok(!parse(&e, "prog unload id 7 --dry-run"), "a long word that no option has");
	words_are("prog unload id 7 --dry-run", "is left to the command");
	ok(!parse(&e, "btf dump -o -j id 1 -p") && opts.pretty && !opts.json,
	   "-o and its value, whatever it is");
	words_are("btf dump -o -j id 1", "are left to the command");
	ok(!parse(&e, "ps -vv -j -v") && opts.json, "-v and -vv, too");
	words_are("ps -vv -v", "stay");
	ok(help && strstr(help, "--jsonl") && strstr(help, "-B, --base-btf FILE"),
	   "help lists them");
	err_clear(&e);
	return tap_done();
}
