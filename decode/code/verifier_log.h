/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The messages of libbpf and the verifier for an object that failed to load: which program or map
 * failed, and the line with the reason.
 */
#ifndef DECODE_CODE_VERIFIER_LOG_H
#define DECODE_CODE_VERIFIER_LOG_H

#include "cli/defs.h"

struct err;

struct load_failure {
	char prog[128], map[128];	/* "": none was named */
	char reason[256]; /* the verifier's last message, or else libbpf's; "": none */
	bool from_verifier;
};

/* Reads the log of e. Names and text come from the file and the kernel: not trusted. */
void load_failure_read(const struct err *e, struct load_failure *ret);

/* An explanation of a verifier's reason; NULL if there is none. */
const char *verifier_advice(const char *reason);

#endif
