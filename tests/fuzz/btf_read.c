// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The BTF reader: raw dumps, the check, and C for BTF that passes the check. The first byte
 * selects: the rest is the whole, or follows a valid header, with a layout section or without;
 * split BTF or not.
 */
#include "cli/err.h"
#include "decode/btf/c.h"
#include "decode/btf/raw.h"
#include "btf_input.h"

static void dump_raw(const struct btf_image *img, enum out_mode mode, unsigned int flags)
{
	int fd = memfd_create("out", 0);
	struct out *o = out_open(fd, mode);
	char *text;
	size_t len;

	out_begin(o);
	btf_raw_dump(o, img, NULL, 0, flags);
	out_end(o, NULL);
	must(!out_close(o), "a dump can be written");
	text = written(fd, &len);
	if (mode != OUT_TEXT && mode != OUT_JSONL)
		must_be_json(text, len);
	else if (mode == OUT_TEXT)
		must_be_clean(text, len);
	free(text);
	close(fd);
}

static void dump_c(const struct btf_image *img, bool unsorted)
{
	struct btf_c c = { .img = img, .unsorted = unsorted };
	struct err e = {};
	int fd = memfd_create("out", 0);
	struct out *o = out_open(fd, OUT_TEXT);

	out_begin(o);
	if (btf_c_dump(&e, o, &c))
		must(e.text[0], "a failure says why");
	out_end(o, e.code ? &e : NULL);
	out_close(o);
	err_clear(&e);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint32_t choice = take(&in, 1);
	size_t len, base_len;
	enum btf_form form = !(choice & 1)   ? BTF_AS_IS
			     : !(choice & 8) ? BTF_WITH_HEADER
					     : BTF_WITH_LAYOUT;
	void *bytes = btf_bytes(&in, form, &len), *below = sound_btf(&base_len);
	struct btf_image base = {}, img = {};
	bool is_split = choice & 2;
	struct err e = {};

	must(!btf_image_open(&e, below, base_len, &base), "the base is sound");
	if (!btf_image_is_foreign(bytes, len) &&
	    !btf_image_open_split(&e, bytes, len, is_split ? &base : NULL, &img)) {
		dump_raw(&img, OUT_TEXT, 0);
		dump_raw(&img, OUT_JSON, 0);
		dump_raw(&img, OUT_PRETTY, BTF_RAW_PRETTY);
		dump_raw(&img, OUT_JSONL, BTF_RAW_LINES);
		if (!btf_image_check(&e, &img))
			dump_c(&img, choice & 4);
	}
	must(img.offsets || !size || e.code || btf_image_is_foreign(bytes, len) || !img.n_types,
	     "a refusal says why");
	btf_image_close(&img);
	btf_image_close(&base);
	err_clear(&e);
	free(bytes);
	free(below);
	return 0;
}
