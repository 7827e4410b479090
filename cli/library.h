/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Libraries that only some commands need: loaded on demand, so that other commands neither need
 * them nor wait for them.
 */
#ifndef CLI_LIBRARY_H
#define CLI_LIBRARY_H

#define LIBRARY_WHY_MAX 256

struct library_symbol {
	const char *name;		/* NULL ends the list */
	void *at;			/* where to store its address: a pointer to a pointer */
	unsigned int optional;		/* it may be missing: the pointer is not changed */
};

/*
 * Loads the first of sonames (terminated by NULL) that is installed, with the symbols (may be
 * NULL). *ret is owned: library_close(). On failure, with a message in why: -ENOENT, none is
 * installed; -ELIBACC, it is installed but cannot be loaded; -ENOSYS, a symbol is missing.
 */
int library_open(const char *const *sonames, const struct library_symbol *symbols, void **ret,
		 char why[static LIBRARY_WHY_MAX]);
void library_close(void *lib);		/* NULL is fine */

#endif
