// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* An access path as written in C. */
#include "decode/core/text.h"

#include "decode/core/spec.h"

struct text {
	char *buf;
	size_t len;
};

static void put(struct text *t, const char *lead, const char *s)
{
	int n = snprintf(t->buf + t->len, CORE_TEXT_MAX - t->len, "%s%s", lead, s);

	t->len += n < 0 ? 0 : (size_t)n;
	if (t->len >= CORE_TEXT_MAX)
		t->len = CORE_TEXT_MAX - 1;
}

static void put_index(struct text *t, uint32_t index)
{
	char number[16];

	snprintf(number, sizeof(number), "[%u]", index);
	put(t, number, "");
}

int core_relo_text(struct err *e, const struct btf_image *local, const struct btf_ext_relo *r,
		   char buf[static CORE_TEXT_MAX])
{
	struct text t = { .buf = buf };
	struct core_spec spec = {};
	int err = core_spec_read(e, local, r, &spec);

	buf[0] = '\0';
	if (err)
		return err;
	if (core_kind_is_field(spec.kind) && spec.first)
		put_index(&t, spec.first);
	for (uint32_t i = 0; i < spec.n; i++) {
		if (spec.path[i].name)
			put(&t, core_kind_is_enumerator(spec.kind) ? "::" : ".", spec.path[i].name);
		else
			put_index(&t, spec.path[i].index);
	}
	return 0;
}
