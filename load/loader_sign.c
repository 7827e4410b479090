// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A signed loader: an overview of signing, and the part that signs a loader program.
 *
 * A loader program's instructions are signed. Programs of an object cannot be signed one by one,
 * as libbpf changes their instructions while loading; a loader's are loaded unmodified. The data
 * it loads is in its map, which the signature does not cover. So some instructions of ours come
 * first (this file): they compare the kernel's hash of the map's contents with the one in the
 * instructions, which is signed with them, and check that the map is exclusive to a program. If
 * not, the loader returns -EBADMSG and has loaded nothing.
 *
 * In this order:
 *   load/sign.c         key and certificate, SHA-256, CMS signature, by libcrypto; no BPF here
 *   load/loader.c       the loader program of an object, by libbpf: instructions and map contents
 *   load/loader_sign.c  inserts the comparison; hash of the instructions, their signature
 *   kern/run/signed.c   into the kernel: the key into a session keyring; map created exclusive,
 *                       filled, frozen, hashed; program loaded with signature and keyring, and run
 *   prog/loader.c       prog load -L -S: generates and runs it here
 *   gen/light_signed.c  gen skeleton -L -S: the same steps as C, in a light skeleton's header
 *
 * What the kernel checks (Linux 6.18): when loading, that the signature matches the instructions
 * and a key of the keyring; for the map, that only a program with the SHA-256 given at its creation
 * uses it, and, once it is frozen, that user space does not write to it. Only our instructions
 * check that its contents are the intended ones. Kernels since about 7.2 also support signatures
 * that cover the maps; the signatures here are of the first kind.
 */
#include <errno.h>
#include <stddef.h>

#include <linux/bpf.h>

#include "load/loader.h"
#include "load/sign.h"

/* struct bpf_map starts like this; the kernel guarantees it for loaders. */
struct abi_map_head {
	uint64_t sha[4]; /* of a frozen map, after it was requested (BPF_OBJ_GET_INFO_BY_FD) */
	uint32_t excl;		/* only the program with this hash may use it */
};

/* R1 is the loader's context and must be preserved. */
#define MAP BPF_REG_2
#define IS BPF_REG_3
#define WANT BPF_REG_4

/* Two for the map, four comparisons, one more, two exits. */
#define N_GUARD (2 + 4 * 4 + 2 + 1 + 2)
#define REFUSED 2		/* at the end: r0 = -EBADMSG; exit */

static struct bpf_insn insn(uint8_t code, uint8_t dst, uint8_t src, int16_t off, int32_t imm)
{
	return (struct bpf_insn){
		.code = code, .dst_reg = dst, .src_reg = src, .off = off, .imm = imm
	};
}

static size_t put_word(struct bpf_insn *out, uint8_t dst, uint8_t src, uint64_t value)
{
	out[0] = insn(BPF_LD | BPF_DW | BPF_IMM, dst, src, 0, (int32_t)(uint32_t)value);
	out[1] = insn(0, 0, 0, 0, (int32_t)(value >> 32));
	return 2;
}

/* The jump distance from the instruction after the n-th to the rejection. */
static int16_t to_refusal(size_t n)
{
	return (int16_t)(N_GUARD - REFUSED - (n + 1));
}

static void make_guard(const uint8_t hash[static SHA256_LEN], struct bpf_insn out[static N_GUARD])
{
	size_t i, n = put_word(out, MAP, BPF_PSEUDO_MAP_IDX, 0);
	uint64_t words[4];

	memcpy(words, hash, sizeof(words));
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		out[n++] = insn(BPF_LDX | BPF_MEM | BPF_DW, IS, MAP,
				offsetof(struct abi_map_head, sha) + i * sizeof(words[0]), 0);
		n += put_word(out + n, WANT, 0, words[i]);
		out[n] = insn(BPF_JMP | BPF_JNE | BPF_X, IS, WANT, to_refusal(n), 0);
		n++;
	}
	out[n++] = insn(BPF_LDX | BPF_MEM | BPF_W, IS, MAP, offsetof(struct abi_map_head, excl), 0);
	out[n] = insn(BPF_JMP | BPF_JEQ | BPF_K, IS, 0, to_refusal(n), 0);
	n++;
	out[n++] = insn(BPF_JMP | BPF_JA, 0, 0, REFUSED, 0);
	out[n++] = insn(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, -EBADMSG);
	out[n] = insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int add_guard(struct ctx *ctx, struct signer *s, struct loader *l)
{
	struct bpf_insn guard[N_GUARD];
	uint8_t hash[SHA256_LEN];
	int err;

	err = signer_sha256(ctx, s, l->data, l->data_len, hash);
	if (err)
		return err;
	l->own_insns = malloc(sizeof(guard) + l->insns_len);
	if (!l->own_insns)
		return fail(ctx->err, -ENOMEM, "sign the loader program");
	make_guard(hash, guard);
	memcpy(l->own_insns, guard, sizeof(guard));
	memcpy((char *)l->own_insns + sizeof(guard), l->insns, l->insns_len);
	l->insns = l->own_insns;
	l->insns_len += sizeof(guard);
	return 0;
}

int loader_sign(struct ctx *ctx, struct loader *l)
{
	auto_signer struct signer *s = NULL;
	int err;

	err = signer_open(ctx, &s);
	err = err ?: add_guard(ctx, s, l);
	err = err ?: signer_sha256(ctx, s, l->insns, l->insns_len, l->hash);
	err = err ?: signer_sign(ctx, s, l->insns, l->insns_len, &l->signature, &l->signature_len);
	return err ?: signer_certificate(ctx, s, &l->certificate, &l->certificate_len);
}
