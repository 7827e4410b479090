/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* How far malicious BTF is followed. Compilers stay far below these limits. */
#ifndef DECODE_BTF_LIMITS_H
#define DECODE_BTF_LIMITS_H

#define BTF_CHAIN_MAX 64 /* const, typedef, array... in sequence; the kernel itself resolves 32 */
#define BTF_CHAIN_STRICT 32	/* the same, if libbpf or the kernel reads it afterwards */
#define BTF_NAME_MAX 4096	/* maximum length of a name, if checked: the kernel accepts 512 */

#define BTF_DECL_DEPTH_MAX 64	/* pointers, arrays, functions in one declaration */
#define BTF_PLAN_DEPTH_MAX 64	/* nested structs in a value that is printed */
#define BTF_SIZE_DEPTH_MAX 256	/* nested structs when alignment is computed */
#define BTF_C_DEPTH_MAX 1000	/* nested types in a header */

#endif
