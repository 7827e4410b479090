// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Typed data: any types that pass the check, with any bytes, printed and parsed again. Foreign text
 * is parsed as well. Input: choices, lengths, types and names (btf_input.h), a text, data.
 */
#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/percpu_fold.h"
#include "decode/btf/parse.h"
#include "decode/btf/raw.h"
#include "decode/btf/value.h"
#include "btf_input.h"

#define TYPES_MAX 16	/* of one input: the last ones, which contain the others */

struct sample {
	const struct btf_image *btf;
	uint8_t *data;		/* guarded */
	size_t len;
	const char *text;
	uint32_t choice;
};

/*
 * The printed value, when parsed, is the same value; unless printing loses data, which is known
 * beforehand.
 */
static void must_come_back(const struct btf_plan *p, const struct sample *s, const char *json,
			   size_t len)
{
	uint8_t *again = calloc(1, s->len + 1), *scratch = calloc(1, s->len + 1);
	struct btf_target t = { .plan = p, .what = "value", .data = again };
	bool exact = btf_plan_is_exact(p, s->data, scratch, s->len);
	struct err e = {};
	int err = btf_parse_json(&e, &t, json, len);

	must(!err || e.text[0], "a refusal says why");
	if (!err && exact)
		must(!memcmp(again, s->data, s->len), json);
	else if (exact)
		must(false, e.text);
	err_clear(&e);
	free(again);
	free(scratch);
}

static void parse_anything(const struct btf_plan *p, const struct sample *s)
{
	uint8_t *data = guarded(s->data, s->len);
	struct btf_target t = { .plan = p, .what = "value", .data = data,
				.flags = s->choice & 1 ? BTF_PARSE_NET : 0 };
	struct err e = {};

	btf_parse_assign(&e, &t, s->text);
	err_clear(&e);
	if (btf_parse_takes_word(p))
		btf_parse_word(&e, &t, s->text);
	err_clear(&e);
	if (btf_parse_json(&e, &t, s->text, strlen(s->text)))
		must(e.text[0], "a refusal says why");
	err_clear(&e);
	btf_plan_fold(p, s->choice & 2 ? BTF_PERCPU_MAX : BTF_PERCPU_SUM, data, s->data);
	free(data);
}

static void print_as(enum out_mode mode, const struct btf_plan *p, const struct sample *s)
{
	int fd = memfd_create("out", 0);
	struct out *o = out_open(fd, mode);
	char *text;
	size_t len;

	out_begin(o);
	out_tree(o);
	btf_plan_print(o, NULL, p, s->data);
	out_tree_end(o);
	out_end(o, NULL);
	must(!out_close(o), "a value can be written");
	text = written(fd, &len);
	if (mode == OUT_TEXT)
		must_be_clean(text, len);
	else
		must_be_json(text, len);
	free(text);
	close(fd);
}

static void try_type(const struct sample *s, uint32_t id)
{
	struct btf_plan *p;
	struct buf b = {};

	if (btf_plan_new(s->btf, id, s->len, &p))
		return;
	btf_plan_compose(&b, p, s->data);
	must(!b.err, "memory");
	must_be_json(b.data, b.len);
	if (b.len < 1 << 20)
		must_come_back(p, s, b.data, b.len);
	buf_free(&b);
	print_as(OUT_JSON, p, s);
	print_as(OUT_TEXT, p, s);
	parse_anything(p, s);
	btf_plan_free(p);
}

static char *text_of(struct input *in, size_t len)
{
	char *text;

	if (len > in->size)
		len = in->size;
	text = strndup((const char *)in->data, len);
	must(text, "memory");
	in->data += len;
	in->size -= len;
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct sample s = { .choice = take(&in, 1) };
	size_t n_text = take(&in, 1), n_data = take(&in, 1), len;
	struct btf_image img = {};
	struct err e = {};
	void *bytes;
	char *text;

	text = text_of(&in, n_text);
	s.text = text;
	s.len = n_data < in.size ? n_data : in.size;
	s.data = guarded(in.data, s.len);
	in.data += s.len;
	in.size -= s.len;
	bytes = btf_bytes(&in, BTF_WITH_HEADER, &len);
	if (!btf_image_open(&e, bytes, len, &img) && !btf_image_check(&e, &img)) {
		uint32_t n = btf_image_end(&img);

		s.btf = &img;
		for (uint32_t id = n > TYPES_MAX ? n - TYPES_MAX : 0; id < n + 1; id++)
			try_type(&s, id);
	}
	btf_image_close(&img);
	err_clear(&e);
	free(bytes);
	free(text);
	free(s.data);
	return 0;
}
