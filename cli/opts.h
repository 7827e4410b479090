/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Global options: one table for parsing, help, completion and description. They may stand anywhere
 * on the line until "--"; a word that is a negative number is no option.
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

extern const struct opt opt_table[];	/* ends with a row without names */
extern const size_t n_opts;

/*
 * Take the options out of words[0..n): the others are moved to the front, their number goes to
 * *ret_n. A long word that is no option stays: a command's keyword may be written so; and so do the
 * short ones that are keywords. 0, or -EINVAL with a usage error; even then all valid options on
 * the line are honoured (so that -j behind a bad word still gives JSON).
 */
int opts_parse(struct err *e, struct opts *opts, const char **words, unsigned int n,
	       unsigned int *ret_n);

/* "-o" is another way to write output, "-v" verbose, "-vv" detail; NULL for other words. */
const char *opts_keyword(const char *word);

/* The OPTIONS section of the help text. Owned; NULL when out of memory. */
char *opts_help(void);

/* Option words that begin with typed, one a line (for completion). */
void opts_complete(const char *typed, FILE *f);

#endif
