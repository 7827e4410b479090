/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Signatures that the kernel can verify, and hashes, by OpenSSL's libcrypto: loaded on first use.
 * Not available in a bpfctl that was built without its headers.
 */
#ifndef LOAD_SIGN_H
#define LOAD_SIGN_H

#include "cli/ctx.h"

struct signer;

bool sign_is_built_in(void);

#define SHA256_LEN 32

/*
 * Reads the key (-k, PEM) and the certificate (-i, PEM or DER) of ctx->opts, and checks that they
 * belong together. Returns 0, or the error is stored: which file, and OpenSSL's error.
 */
int signer_open(struct ctx *ctx, struct signer **ret);
void signer_close(struct signer *s);
#define auto_signer __attribute__((cleanup(signer_cleanup)))
static inline void signer_cleanup(struct signer **s)
{
	signer_close(*s);
}

/*
 * A detached CMS signature of the bytes in DER: SHA-256, no certificates, no signed attributes; the
 * signer is identified by its subject key identifier. Owned: free(). Returns 0, or the error is
 * stored.
 */
int signer_sign(struct ctx *ctx, struct signer *s, const void *data, size_t len, uint8_t **ret,
		size_t *ret_len);

/* The certificate in DER, for add_key(2). Owned: free(). Returns 0, or the error is stored. */
int signer_certificate(struct ctx *ctx, struct signer *s, uint8_t **ret, size_t *ret_len);

/* Returns 0, or the error is stored. */
int signer_sha256(struct ctx *ctx, struct signer *s, const void *data, size_t len,
		  uint8_t ret[static SHA256_LEN]);

#endif
