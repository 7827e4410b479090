/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The page that the driver and the preloaded library share; its path is in the environment. */
#ifndef TORTURE_ALLOC_H
#define TORTURE_ALLOC_H

#define ALLOC_PAGE "TORTURE_PAGE"

struct alloc_page {
	unsigned int calls;	/* so far, from main on */
	unsigned int fail_at;	/* this one fails (1 is the first); 0: none */
	unsigned int all_later;	/* and all after it */
};

#endif
