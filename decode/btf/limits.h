/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* How far hostile BTF is followed. Compilers stay below these by far. */
#ifndef DECODE_BTF_LIMITS_H
#define DECODE_BTF_LIMITS_H

#define BTF_CHAIN_MAX 64 /* const, typedef, array... in a row; the kernel itself resolves 32 */
#define BTF_CHAIN_STRICT 32	/* the same, where libbpf or the kernel reads it after us */
#define BTF_NAME_MAX 4096	/* bytes of a name, where it matters: the kernel takes 512 */

#define BTF_DECL_DEPTH_MAX 64	/* pointers, arrays, functions in one declaration */
#define BTF_PLAN_DEPTH_MAX 64	/* records in records in a value that is printed */
#define BTF_SIZE_DEPTH_MAX 256	/* records in records when alignment is worked out */
#define BTF_C_DEPTH_MAX 1000	/* types in types in a header */

#endif
