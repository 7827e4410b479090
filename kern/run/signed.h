/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Running a signed loader program: Linux 6.18, with CONFIG_SYSTEM_DATA_VERIFICATION. */
#ifndef KERN_RUN_SIGNED_H
#define KERN_RUN_SIGNED_H

#include "cli/ctx.h"

/* Nothing here is owned; sizes are bytes. */
struct signed_run {
	const void *data, *insns;
	uint32_t data_len, insns_len;
	const uint8_t *hash;		/* SHA-256 of insns, 32 bytes */
	const uint8_t *signature;	/* CMS, of insns */
	uint32_t signature_len;
	uint32_t log_level, log_size;
	char *log; /* the verifier's log of the loader itself; NULL without log_level */
	void *args;			/* its context; also for its results */
	uint32_t args_len;
};

/*
 * Gives this process its own session keyring that contains the certificate (DER, what is its name
 * in errors), and ends with the process. Returns 0, or the error is stored.
 */
int session_keyring_add(struct ctx *ctx, const char *what, const void *cert, size_t len);

/*
 * Creates its map, for it alone and read-only from outside, loads it with its signature, verified
 * by the session keyring, and runs it. Returns 0 or a negative errno; *ret_step says in words what
 * failed.
 */
int signed_run(const struct signed_run *r, const char **ret_step);

#endif
