/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF as written by kernels since 7.1, for older headers of the system. In struct btf_type.info a
 * kind has 7 bits (before: 5), vlen 24 (before: 16): the accessors of <bpf/btf.h> must use these
 * macros, or a STRUCT and a later kind 36 are the same to them. So this file includes that one, and
 * no other file may.
 */
#ifndef DECODE_BTF_ABI_H
#define DECODE_BTF_ABI_H

#ifdef __LIBBPF_BTF_H
#error "include decode/btf/abi.h, not <bpf/btf.h>"
#endif

#include <linux/btf.h>
#undef BTF_INFO_KIND
#undef BTF_INFO_VLEN
#define BTF_INFO_KIND(info) (((info) >> 24) & 0x7f)
#define BTF_INFO_VLEN(info) ((info) & 0xffffff)

#include <bpf/btf.h>
#include <stdint.h>

#define BTF_N_KINDS 128

/* What all headers have; struct btf_header is longer in newer headers. */
struct btf_head {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len;
	uint32_t type_off, type_len, str_off, str_len;	/* from the end of the header */
};

/* A header with hdr_len of at least 32 continues with this. */
struct btf_head_layout {
	uint32_t off, len;		/* of the layout section, like the other offsets */
};

/* The layout section has one for each kind, starting with kind 0. */
struct btf_kind_len {
	uint8_t info_size; /* bytes after struct btf_type */
	uint8_t elem_size; /* bytes for each of its vlen items */
	uint16_t flags;
};

#endif
