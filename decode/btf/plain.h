/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF without what only newer readers know, for a libbpf before 1.8 and for kernels before 7.1: no
 * layout section, no kinds that it would describe, at most 65535 items in a type.
 */
#ifndef DECODE_BTF_PLAIN_H
#define DECODE_BTF_PLAIN_H

#include "decode/btf/image.h"

struct buf;

#define BTF_PLAIN_ITEMS UINT16_MAX

/* Has this BTF anything of that? */
bool btf_is_plain(const struct btf_image *img);
/*
 * Appends the plain form to b. Ids and names are the same. Types of unknown kinds become forward
 * declarations with their names; enums lose the values after the first 65535: *ret_simpler counts
 * both. Memory errors are kept in b. Returns 0, or -EOPNOTSUPP with the error stored: another type
 * has too many items.
 */
int btf_put_plain(struct err *e, const struct btf_image *img, struct buf *b, uint32_t *ret_simpler);

#endif
