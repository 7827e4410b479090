// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The writer: names and strings of any bytes, nested as in the input, incomplete records, in all
 * four modes.
 */
#include "cli/err.h"
#include "fuzz.h"

#define DEPTH_MAX 8

struct walk {
	struct out *o;
	struct input in;
	unsigned int depth;
	bool lists[DEPTH_MAX + 1];	/* is what is open at this depth a list? */
};

static char *string_of(struct walk *w)
{
	size_t len = take(&w->in, 1);
	char *s;

	if (len > w->in.size)
		len = w->in.size;
	s = strndup((const char *)w->in.data, len);
	must(s, "memory");
	w->in.data += len;
	w->in.size -= len;
	return s;
}

/* A unique key for each item of a record: the writer's callers never use one twice. */
static const char *key_for(const struct walk *w, char key[static 16])
{
	if (w->lists[w->depth])
		return NULL;
	snprintf(key, 16, "k%zu", w->in.size);
	return key;
}

static void put_item(struct walk *w, uint32_t kind)
{
	char *s = string_of(w), buf[16], small[9];
	const char *key = key_for(w, buf);

	switch (kind) {
	case 0:
		out_str(w->o, key, "label %s", s);
		break;
	case 1:
		out_uint(w->o, key, "n %llu", take(&w->in, 4));
		break;
	case 2:
		out_int(w->o, key, "n %lld", (int32_t)take(&w->in, 4));
		break;
	case 3:
		out_enum(w->o, key, "%s", *s ? s : NULL, 7);
		break;
	case 4:
		out_json_strn(w->o, key, s, strlen(s));
		out_text(w->o, "%s", "text");
		break;
	case 5:
		out_json_bytes(w->o, key, s, strlen(s));
		out_text_bytes(w->o, s, strlen(s));
		break;
	default:
		out_flag(w->o, key ?: "flag", "flag", *s);
		must(strlen(out_escape(small, sizeof(small), s)) < sizeof(small), "an escape fits");
		break;
	}
	free(s);
}

static void open_one(struct walk *w, bool list)
{
	char buf[16];
	const char *key = key_for(w, buf);

	if (w->depth == DEPTH_MAX)
		return;
	if (list)
		out_list(w->o, key, w->depth ? "list " : NULL);
	else
		out_rec(w->o, key);
	w->lists[++w->depth] = list;
}

static void close_one(struct walk *w)
{
	if (w->lists[w->depth--])
		out_list_end(w->o);
	else
		out_rec_end(w->o);
}

static void write_in(enum out_mode mode, const uint8_t *data, size_t size, bool tear)
{
	int fd = memfd_create("out", 0);
	struct walk w = { .o = out_open(fd, mode), .in = { data, size } };
	struct err e = {};
	size_t len;
	char *text;

	w.lists[0] = true;
	out_begin(w.o);
	open_one(&w, take(&w.in, 1) & 1);
	while (w.in.size && w.depth) {
		uint32_t step = take(&w.in, 1) % 16;

		if (step < 8 && (w.lists[w.depth] ? step != 6 : true))
			put_item(&w, step);
		else if (step < 12)
			open_one(&w, step & 1);
		else
			close_one(&w);
	}
	if (tear && w.depth)
		fail(&e, -2, "tear '%.100s'", size ? (const char *)data : "");
	while (!tear && w.depth)
		close_one(&w);
	out_end(w.o, e.code ? &e : NULL);
	must(!out_close(w.o), "it can be written");
	text = written(fd, &len);
	if (mode == OUT_TEXT)
		must_be_clean(text, len);
	else if (mode != OUT_JSONL)
		must_be_json(text, len);
	err_clear(&e);
	free(text);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The error quotes the input, so its length is limited. */
	char *text = calloc(1, size + 1);

	must(text, "memory");
	memcpy(text, data, size);
	for (int mode = OUT_TEXT; mode <= OUT_JSONL; mode++) {
		write_in(mode, (const uint8_t *)text, size, false);
		write_in(mode, (const uint8_t *)text, size, true);
	}
	free(text);
	return 0;
}
