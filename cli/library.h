/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Libraries that only some commands want: opened when one does, so that nobody else needs or waits
 * for them. */
#ifndef CLI_LIBRARY_H
#define CLI_LIBRARY_H

#define LIBRARY_WHY_MAX 256

struct library_symbol {
	const char *name;		/* NULL ends the list */
	void *at;			/* where its address goes: a pointer to a pointer */
	unsigned int optional;		/* it may be missing: the pointer stays as it is */
};

/*
 * The first of sonames (up to NULL) that is installed, with the symbols (NULL: none). *ret is
 * owned: library_close(). Else, with a sentence in why: -ENOENT, none is installed; -ELIBACC, it is
 * there and cannot be loaded; -ENOSYS, it has not all of the symbols.
 */
int library_open(const char *const *sonames, const struct library_symbol *symbols, void **ret,
		 char why[static LIBRARY_WHY_MAX]);
void library_close(void *lib);		/* NULL is fine */

#endif
