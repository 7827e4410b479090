// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * libcrypto without linking to it: the functions used are looked up when something is signed, so
 * that other commands need not load it. Types and numbers come from its headers.
 */
#include "load/sign.h"

#include <errno.h>

bool sign_is_built_in(void)
{
#ifdef HAVE_LIBCRYPTO
	return true;
#else
	return false;
#endif
}

#ifdef HAVE_LIBCRYPTO
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "cli/buf.h"
#include "cli/file.h"
#include "cli/library.h"

#define PEM_MAX (1 << 20)

#ifdef OPENSSL_SHLIB_VERSION
#define VERSION_TEXT_(x) #x
#define VERSION_TEXT(x) VERSION_TEXT_(x)
#define LIBRARY "libcrypto.so." VERSION_TEXT(OPENSSL_SHLIB_VERSION)
#else
#define LIBRARY "libcrypto.so.1.1"
#endif

#define FUNCTIONS(X)                                                                               \
	X(BIO_free)                                                                                \
	X(BIO_new_mem_buf) X(CMS_ContentInfo_free) X(CMS_add1_signer) X(CMS_final) X(CMS_sign)     \
		X(CRYPTO_free) X(ERR_clear_error) X(ERR_peek_error) X(ERR_reason_error_string)     \
			X(EVP_Digest) X(EVP_PKEY_free) X(EVP_sha256) X(PEM_read_bio_PrivateKey)    \
				X(PEM_read_bio_X509) X(X509_check_private_key) X(X509_free)        \
					X(X509_get0_subject_key_id) X(d2i_X509)                    \
						X(i2d_CMS_ContentInfo) X(i2d_X509)

struct crypto {
#define MEMBER(name) __typeof__(&name) name;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

struct signer {
	struct crypto c;
	EVP_PKEY *key;
	X509 *cert;
};

/* It stays loaded: it cannot be unloaded cleanly. */
static int load_library(struct ctx *ctx, struct crypto *c)
{
	static const char *const sonames[] = { LIBRARY, NULL };
	const struct library_symbol functions[] = {
#define ROW(name) { #name, &c->name, 0 },
		FUNCTIONS(ROW)
#undef ROW
		{ 0 },
	};
	char why[LIBRARY_WHY_MAX];
	void *lib;

	if (library_open(sonames, functions, &lib, why))
		return fail_msg(ctx->err, -ELIBACC, "sign: %s", why);
	return 0;
}

/* Stores OpenSSL's first error, which is closest to the cause; some failures have none. */
static int fail_crypto(struct ctx *ctx, const struct signer *s, const char *what, const char *on)
{
	const char *reason = s->c.ERR_reason_error_string(s->c.ERR_peek_error());

	return fail_msg(ctx->err, -EINVAL, "%s '%s': OpenSSL says '%s'", what, on,
			reason ?: "failed");
}

/* Never ask for a passphrase: the command would hang. */
static int no_passphrase(UNUSED char *buf, UNUSED int size, UNUSED int writes, void *data)
{
	*(bool *)data = true;
	return -1;
}

static int read_key(struct ctx *ctx, struct signer *s, BIO *bio)
{
	const char *path = ctx->opts->key;
	bool is_locked = false;

	s->key = s->c.PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &is_locked);
	if (s->key)
		return 0;
	if (!is_locked) {
		fail_crypto(ctx, s, "read private key", path);
		err_hint(ctx->err, "-k takes a private key in PEM");
		return -EINVAL;
	}
	fail_msg(ctx->err, -EACCES, "read private key '%s': it is encrypted", path);
	err_hint(ctx->err, "'openssl pkey -in FILE -out FILE' removes the passphrase");
	return -EACCES;
}

static int read_cert(struct ctx *ctx, struct signer *s, BIO *bio, const struct buf *b)
{
	const uint8_t *der = (const uint8_t *)b->data;

	s->cert = s->c.PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (!s->cert && !memmem(b->data, b->len, "-----BEGIN", 10))
		s->cert = s->c.d2i_X509(NULL, &der, (long)b->len);
	if (!s->cert) {
		fail_crypto(ctx, s, "read certificate", ctx->opts->cert);
		err_hint(ctx->err, "-i takes an X.509 certificate in PEM or DER");
		return -EINVAL;
	}
	if (!s->c.X509_get0_subject_key_id(s->cert))
		return fail_msg(ctx->err, -EINVAL,
				"certificate '%s' has no subject key identifier, which the kernel "
				"looks it up by",
				ctx->opts->cert);
	return 0;
}

enum what { KEY, CERT };

static int read_pem(struct ctx *ctx, struct signer *s, const char *path, enum what what)
{
	struct buf b = {};
	BIO *bio = NULL;
	int err;

	s->c.ERR_clear_error();
	err = file_read(ctx->err, path, PEM_MAX, &b);
	if (!err)
		bio = s->c.BIO_new_mem_buf(b.data ?: "", (int)b.len);
	if (!err && !bio)
		err = fail(ctx->err, -ENOMEM, "read '%s'", path);
	if (!err)
		err = what == KEY ? read_key(ctx, s, bio) : read_cert(ctx, s, bio, &b);
	s->c.BIO_free(bio);
	if (b.data)
		explicit_bzero(b.data, b.len);
	buf_free(&b);
	return err;
}

int signer_open(struct ctx *ctx, struct signer **ret)
{
	auto_signer struct signer *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return fail(ctx->err, -ENOMEM, "sign");
	err = load_library(ctx, &s->c);
	err = err ?: read_pem(ctx, s, ctx->opts->key, KEY);
	err = err ?: read_pem(ctx, s, ctx->opts->cert, CERT);
	if (err)
		return err;
	if (!s->c.X509_check_private_key(s->cert, s->key))
		return fail_msg(ctx->err, -EINVAL,
				"certificate '%s' does not match private key '%s'", ctx->opts->cert,
				ctx->opts->key);
	*ret = take_ptr(s);
	return 0;
}

void signer_close(struct signer *s)
{
	if (!s)
		return;
	if (s->c.EVP_PKEY_free)
		s->c.EVP_PKEY_free(s->key);
	if (s->c.X509_free)
		s->c.X509_free(s->cert);
	free(s);
}

/* Copies libcrypto's memory to ours. */
static int copy_der(struct ctx *ctx, const struct signer *s, uint8_t *der, int len, uint8_t **ret,
		    size_t *ret_len)
{
	uint8_t *copy = len > 0 ? malloc(len) : NULL;

	if (copy)
		memcpy(copy, der, len);
	s->c.CRYPTO_free(der, __FILE__, __LINE__);
	if (!copy)
		return fail(ctx->err, -ENOMEM, "sign");
	*ret = copy;
	*ret_len = len;
	return 0;
}

static int sign_bio(struct ctx *ctx, struct signer *s, BIO *bio, CMS_ContentInfo *cms,
		    uint8_t **ret, size_t *ret_len)
{
	const unsigned int flags = CMS_NOCERTS | CMS_BINARY;
	uint8_t *der = NULL;
	int len;

	if (!s->c.CMS_add1_signer(cms, s->cert, s->key, s->c.EVP_sha256(),
				  flags | CMS_NOSMIMECAP | CMS_USE_KEYID | CMS_NOATTR) ||
	    !s->c.CMS_final(cms, bio, NULL, flags))
		return fail_crypto(ctx, s, "sign with", ctx->opts->key);
	len = s->c.i2d_CMS_ContentInfo(cms, &der);
	return copy_der(ctx, s, der, len, ret, ret_len);
}

int signer_sign(struct ctx *ctx, struct signer *s, const void *data, size_t len, uint8_t **ret,
		size_t *ret_len)
{
	BIO *bio = s->c.BIO_new_mem_buf(data, (int)len);
	CMS_ContentInfo *cms;
	int err;

	cms = s->c.CMS_sign(NULL, NULL, NULL, NULL,
			    CMS_NOCERTS | CMS_PARTIAL | CMS_BINARY | CMS_DETACHED);
	if (bio && cms)
		err = sign_bio(ctx, s, bio, cms, ret, ret_len);
	else
		err = fail(ctx->err, -ENOMEM, "sign");
	s->c.CMS_ContentInfo_free(cms);
	s->c.BIO_free(bio);
	return err;
}

int signer_certificate(struct ctx *ctx, struct signer *s, uint8_t **ret, size_t *ret_len)
{
	uint8_t *der = NULL;
	int len = s->c.i2d_X509(s->cert, &der);

	return copy_der(ctx, s, der, len, ret, ret_len);
}

int signer_sha256(struct ctx *ctx, struct signer *s, const void *data, size_t len,
		  uint8_t ret[static SHA256_LEN])
{
	if (!s->c.EVP_Digest(data, len, ret, NULL, s->c.EVP_sha256(), NULL))
		return fail_crypto(ctx, s, "hash for", "SHA-256");
	return 0;
}

#else

int signer_open(struct ctx *ctx, UNUSED struct signer **ret)
{
	fail_msg(ctx->err, -EOPNOTSUPP, "cannot sign (-S): this %s was built without libcrypto",
		 ctx->progname);
	err_hint(ctx->err, "build it where OpenSSL's headers are installed (package libssl-dev)");
	return -EOPNOTSUPP;
}

void signer_close(UNUSED struct signer *s)
{
}

int signer_sign(UNUSED struct ctx *ctx, UNUSED struct signer *s, UNUSED const void *data,
		UNUSED size_t len, UNUSED uint8_t **ret, UNUSED size_t *ret_len)
{
	return -EOPNOTSUPP;
}

int signer_certificate(UNUSED struct ctx *ctx, UNUSED struct signer *s, UNUSED uint8_t **ret,
		       UNUSED size_t *ret_len)
{
	return -EOPNOTSUPP;
}

int signer_sha256(UNUSED struct ctx *ctx, UNUSED struct signer *s, UNUSED const void *data,
		  UNUSED size_t len, UNUSED uint8_t ret[static SHA256_LEN])
{
	return -EOPNOTSUPP;
}

#endif
