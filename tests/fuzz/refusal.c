// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Logs of the verifier: any text is a log. The first byte selects whether source lines are known;
 * their text is the log's own.
 */
#include "decode/verifier/refusal.h"
#include "fuzz.h"

struct lines {
	struct source_finder finder;
	struct span text;
};

static bool find_line(const struct source_finder *f, uint32_t insn, struct source_line *ret)
{
	struct span text = ((const struct lines *)f)->text;

	text = span_line(span_skip(text, text.len ? insn % text.len : 0));
	*ret = (struct source_line){ .line = insn + 1, .column = insn % 80, .function = "f" };
	snprintf(ret->text, sizeof(ret->text), SPAN_FMT, SPAN_ARG(text));
	return insn % 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lines lines = { .finder.find = find_line };
	struct refusal r;

	if (!size)
		return 0;
	lines.text = (struct span){ (const char *)data + 1, size - 1 };
	if (refusal_read(lines.text, data[0] & 1 ? &lines.finder : NULL, &r))
		return 0;
	must(r.known || !r.suggestion[0], "nothing is suggested for an unknown message");
	must(!r.known || (r.category && r.kind), "what is known has a category and a class");
	must(!r.at.known || r.cause.known, "a place has a cause");
	must(r.n_path <= REFUSAL_PATH_MAX, "the path is bounded");
	return 0;
}
