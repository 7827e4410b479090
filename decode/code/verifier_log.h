/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What libbpf and the verifier said when an object did not load: which program or map it was, and
 * the line that gives the reason.
 */
#ifndef DECODE_CODE_VERIFIER_LOG_H
#define DECODE_CODE_VERIFIER_LOG_H

#include "cli/defs.h"

struct err;

struct load_failure {
	char prog[128], map[128];	/* "": none was named */
	char reason[256]; /* the verifier's last word, or else libbpf's; "": nothing was said */
	bool from_verifier;
};

/* Read the log of e. Names and text come from the file and the kernel: not trusted. */
void load_failure_read(const struct err *e, struct load_failure *ret);

/* Plain words for a verifier's reason; NULL if there are none better than its own. */
const char *verifier_advice(const char *reason);

#endif
