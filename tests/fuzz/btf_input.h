/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF from fuzzed bytes: unchanged, or with a valid header, so that mutations reach the types after
 * it.
 */
#ifndef FUZZ_BTF_INPUT_H
#define FUZZ_BTF_INPUT_H

#include "decode/btf/abi.h"
#include "fuzz.h"

/*
 * The rest of in as BTF, owned, at the start of a guarded allocation. With our own header, the
 * first two bytes are the length of the types; the rest is strings, made valid at both ends.
 */
__attribute__((unused)) static void *btf_bytes(struct input *in, bool own_header, size_t *ret_len)
{
	struct btf_header h = { .magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(h) };
	uint8_t *bytes;

	if (!own_header) {
		*ret_len = in->size;
		return guarded(in->data, in->size);
	}
	h.type_len = take(in, 2) & ~3u;
	if (h.type_len > in->size)
		h.type_len = in->size & ~3u;
	h.str_off = h.type_len;
	h.str_len = in->size - h.type_len + 2;
	*ret_len = sizeof(h) + h.type_len + h.str_len;
	bytes = calloc(1, *ret_len);
	must(bytes, "memory");
	memcpy(bytes, &h, sizeof(h));
	memcpy(bytes + sizeof(h), in->data, h.type_len);
	memcpy(bytes + sizeof(h) + h.type_len + 1, in->data + h.type_len, h.str_len - 2);
	return bytes;
}

/* A small base for split BTF: int, a struct, a pointer to it. Owned. */
__attribute__((unused)) static void *sound_btf(size_t *ret_len)
{
	struct btf *btf = btf__new_empty();
	const void *raw;
	uint32_t len;
	void *copy;

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(btf, "node", 8);
	btf__add_field(btf, "next", 3, 0, 0);
	btf__add_ptr(btf, 2);
	raw = btf__raw_data(btf, &len);
	copy = guarded(raw, len);
	btf__free(btf);
	*ret_len = len;
	return copy;
}

#endif
