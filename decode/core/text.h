/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The target of a CO-RE relocation, in words. */
#ifndef DECODE_CORE_TEXT_H
#define DECODE_CORE_TEXT_H

#include "cli/defs.h"

#define CORE_TEXT_MAX 1024

struct btf_ext_relo;
struct btf_image;
struct err;

/*
 * The text after the name of the type: ".se.load[3]" for members ("[1].a" if it starts with a step
 * to another element), "::TCP_CLOSE" for enumerators, nothing for types. Truncated to fit. local:
 * the object's types, checked. Returns 0, or a negative errno with the error stored, which says why
 * the record is invalid.
 */
int core_relo_text(struct err *e, const struct btf_image *local, const struct btf_ext_relo *r,
		   char buf[static CORE_TEXT_MAX]);

#endif
