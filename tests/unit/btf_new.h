/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF as the newest kernels write it, and as later ones may: any kind, vlen of 24 bits, a layout
 * section, longer headers, either byte order. Written byte by byte, without our reader's structs.
 */
#ifndef TEST_BTF_NEW_H
#define TEST_BTF_NEW_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct new_btf {
	bool is_big;			/* byte order */
	uint32_t hdr_len;		/* 0: the usual one for what is in it */
	uint8_t types[1 << 20], strs[4096], layout[4 * 128];
	size_t types_len, strs_len, layout_len;
	uint32_t first_str;		/* split BTF: bytes of the base's strings */
};

static inline void new_put(const struct new_btf *b, uint8_t *at, uint32_t v, int n)
{
	for (int i = 0; i < n; i++)
		at[b->is_big ? n - 1 - i : i] = (uint8_t)(v >> 8 * i);
}

static inline void new_word(struct new_btf *b, uint32_t v)
{
	new_put(b, b->types + b->types_len, v, 4);
	b->types_len += 4;
}

/* The offset of a new string; the first one of BTF that is not split is empty. */
static inline uint32_t new_str(struct new_btf *b, const char *s)
{
	uint32_t off = b->first_str + (uint32_t)b->strs_len;

	if (!*s)
		return 0;
	memcpy(b->strs + b->strs_len, s, strlen(s) + 1);
	b->strs_len += strlen(s) + 1;
	return off;
}

/* A type with n words after it. */
static inline void new_type(struct new_btf *b, const char *name, uint32_t info, uint32_t size,
			    int n, ...)
{
	va_list ap;

	if (!b->strs_len && !b->first_str)
		b->strs_len = 1;
	new_word(b, new_str(b, name));
	new_word(b, info);
	new_word(b, size);
	va_start(ap, n);
	while (n--)
		new_word(b, va_arg(ap, uint32_t));
	va_end(ap);
}

/* Kinds before it that have no entry yet get an empty one. */
static inline void new_layout(struct new_btf *b, uint32_t kind, uint8_t info_size,
			      uint8_t elem_size)
{
	if (b->layout_len < 4 * (kind + 1))
		b->layout_len = 4 * (kind + 1);
	b->layout[4 * kind] = info_size;
	b->layout[4 * kind + 1] = elem_size;
	new_put(b, b->layout + 4 * kind + 2, 1, 2);
}

/* The whole, owned. */
static inline void *new_bytes(const struct new_btf *b, size_t *ret_len)
{
	uint32_t hdr_len = b->hdr_len ? b->hdr_len : b->layout_len ? 32 : 24;
	size_t len = hdr_len + b->types_len + b->layout_len + b->strs_len;
	uint8_t *data = calloc(1, len), *at = data + hdr_len;
	const uint32_t words[] = { hdr_len, 0, (uint32_t)b->types_len,
				   (uint32_t)(b->types_len + b->layout_len), (uint32_t)b->strs_len,
				   (uint32_t)b->types_len, (uint32_t)b->layout_len };

	new_put(b, data, 0xeb9f, 2);
	data[2] = 1;
	for (uint32_t i = 0; i < sizeof(words) / 4 && 4 + 4 * i < hdr_len; i++)
		new_put(b, data + 4 + 4 * i, words[i], 4);
	memcpy(at, b->types, b->types_len);
	memcpy(at + b->types_len, b->layout, b->layout_len);
	memcpy(at + b->types_len + b->layout_len, b->strs, b->strs_len);
	*ret_len = len;
	return data;
}

#endif
