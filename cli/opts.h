/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Global options: one table for parsing, help, completion and description. They are accepted
 * anywhere on the line until "--"; a word that is a negative number is not an option.
 */
#ifndef CLI_OPTS_H
#define CLI_OPTS_H

#include "cli/ctx.h"

struct opt {
	char short_name;		/* 0: long only */
	const char *long_name;		/* NULL: short only */
	const char *metavar;		/* NULL: takes no value */
	const char *help;
	size_t off;			/* of the bool or const char * in struct opts */
};

extern const struct opt opt_table[];	/* terminated by a row without names */
extern const size_t n_opts;

/*
 * Removes the options from words[0..n): the other words are moved to the front, their number is
 * stored in *ret_n. An unknown long option stays, as it may be a keyword of the command; so do
 * short options that are keywords. Returns 0, or -EINVAL with a usage error; even then all valid
 * options on the line take effect (so that -j after an invalid word still selects JSON).
 */
int opts_parse(struct err *e, struct opts *opts, const char **words, unsigned int n,
	       unsigned int *ret_n);

/* "-o" means output, "-v" verbose, "-vv" detail; NULL for other words. */
const char *opts_keyword(const char *word);

/*
 * The usage error for a word that starts with two minus signs and is neither an option nor a
 * keyword, with the nearest option as hint. Returns -EINVAL.
 */
int opts_fail_unknown(struct ctx *ctx, const char *word);

/* The OPTIONS section of the help text. Owned; NULL if out of memory. */
char *opts_help(void);

/*
 * Option words that start with typed, one per line (for completion), with a tab and a description
 * if described.
 */
void opts_complete(const char *typed, bool described, FILE *f);

#endif
