/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF from fuzzed bytes: unchanged, or with a valid header, so that mutations reach the types after
 * it.
 */
#ifndef FUZZ_BTF_INPUT_H
#define FUZZ_BTF_INPUT_H

#include "decode/btf/image.h"
#include "fuzz.h"

/*
 * The rest of in as BTF, owned, at the start of a guarded allocation. With our own header, the
 * first two bytes are the length of the types; the rest is strings, made valid at both ends. With a
 * layout section, too, a byte before that is the number of its entries for kinds from 20 on, of two
 * bytes each.
 */
enum btf_form { BTF_AS_IS, BTF_WITH_HEADER, BTF_WITH_LAYOUT };

/* The section, with entries for the kinds that we know. Returns its length. */
static inline size_t take_layout(struct input *in, struct btf_kind_len ret[static BTF_N_KINDS])
{
	uint32_t n = 20 + take(in, 1) % (BTF_N_KINDS - 20);

	for (uint32_t i = 0; i < n; i++) {
		ret[i] = btf_kind_len_known(i);
		if (i >= 20) {
			ret[i].info_size = take(in, 1);
			ret[i].elem_size = take(in, 1);
		}
	}
	return n * sizeof(*ret);
}

__attribute__((unused)) static void *btf_bytes(struct input *in, enum btf_form form, size_t *ret_len)
{
	struct btf_head h = { .magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(h) };
	struct btf_kind_len kinds[BTF_N_KINDS] = {};
	struct btf_head_layout l = {};
	uint8_t *bytes, *at;

	if (form == BTF_AS_IS) {
		*ret_len = in->size;
		return guarded(in->data, in->size);
	}
	if (form == BTF_WITH_LAYOUT) {
		l.len = take_layout(in, kinds);
		h.hdr_len += sizeof(l);
	}
	h.type_len = take(in, 2) & ~3u;
	if (h.type_len > in->size)
		h.type_len = in->size & ~3u;
	l.off = h.type_len;
	h.str_off = h.type_len + l.len;
	h.str_len = in->size - h.type_len + 2;
	*ret_len = h.hdr_len + h.str_off + h.str_len;
	bytes = calloc(1, *ret_len);
	must(bytes, "memory");
	memcpy(bytes, &h, sizeof(h));
	if (l.len)
		memcpy(bytes + sizeof(h), &l, sizeof(l));
	at = bytes + h.hdr_len;
	memcpy(at, in->data, h.type_len);
	memcpy(at + l.off, kinds, l.len);
	memcpy(at + h.str_off + 1, in->data + h.type_len, h.str_len - 2);
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
