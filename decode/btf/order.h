/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The order in which types are declared in C (compat.md 10.2). */
#ifndef DECODE_BTF_ORDER_H
#define DECODE_BTF_ORDER_H

#include "decode/btf/image.h"

/*
 * The types from first on that can be declared by themselves in C (structs, unions, enums,
 * typedefs): by kind and name, so that headers of two kernels differ only where the kernels do.
 * unsorted: by id. Owned; NULL if out of memory.
 */
uint32_t *btf_order(const struct btf_image *img, uint32_t first, bool unsorted, size_t *ret_n);

#endif
