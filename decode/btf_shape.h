/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Can these types be written down as C at all? libbpf, which writes them, does not ask. */
#ifndef DECODE_BTF_SHAPE_H
#define DECODE_BTF_SHAPE_H

struct btf;
struct err;

/*
 * 0, or a negative errno with the error stored: types that contain themselves by value, or with no name on the
 * way round (-ELOOP), that are nested deeper or take more text than any real ones (-E2BIG). Expects that references
 * and names have been checked: btf_image_check().
 */
int btf_shape_check(struct err *e, const struct btf *btf);

#endif
