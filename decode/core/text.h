/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What a CO-RE relocation is about, in words. */
#ifndef DECODE_CORE_TEXT_H
#define DECODE_CORE_TEXT_H

#include "cli/defs.h"

#define CORE_TEXT_MAX 1024

struct btf_ext_relo;
struct btf_image;
struct err;

/*
 * What stands behind the name of the type: ".se.load[3]" for members ("[1].a" when it begins with a
 * step to another element), "::TCP_CLOSE" for enumerators, nothing for types. Cut to fit. local:
 * the object's types, checked. 0, or a negative errno with the error stored, which says what about
 * the record makes no sense.
 */
int core_relo_text(struct err *e, const struct btf_image *local, const struct btf_ext_relo *r,
		   char buf[static CORE_TEXT_MAX]);

#endif
