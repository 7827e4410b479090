// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* JSON as tokens: valid and invalid documents, the results for strings and numbers. */
#include <errno.h>

#include "cli/err.h"
#include "decode/json_tokens.h"
#include "tap.h"

static const char *const good[] = {
	"null", " true ", "false", "0", "-0", "12.5e+3", "1E9", "123456789012345678901234567890",
	"0x1f", "-0xFF", "\"\"", "[]", "{}", "[ ]", "[1,[2,{\"a\":[]}],\"x\"]",
	"{\"a\":1,\"b\":{\"a\":2}}", "\"\\u0000\\ud83d\\ude00\\n\\/\"",
	"\"\xc3\xa4\xf0\x9f\x98\x80\"", "\t\r\n[\n        1        ]        ",
};

static const char *const bad[] = {
	"", " ", "nul", "tru", "+1", "01", "1.", ".5", "1e", "1e+", "-", "0x", "0xg", "1 2", "[",
	"]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
	"{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "[1}", "{\"a\":1]", "\"", "\"a",
	"\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"",
	"\"\\ud800\\u0041\"", "\"\n\"", "\"\x1f\"", "\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"",
	"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[]]", "nullx", "1x",
};

static bool reads(const char *text, struct json_tokens *t)
{
	/* Exactly as long as the text, so that the sanitizers detect reads beyond it. */
	size_t len = strlen(text);
	auto_free char *copy = malloc(len ? len : 1);
	struct err e = {};
	int err;

	memcpy(copy, text, len);
	err = json_tokens_read(&e, "text", copy, len, t);
	if (err && !has_prefix(e.text, "text: not JSON: "))
		printf("# an error of another kind\n");
	err_clear(&e);
	return !err;
}

/* The same as an unwanted member, which is only skipped; there names may be duplicate. */
static bool passes(const char *text, struct json_tokens *t)
{
	static const char *const wanted[] = { "a", NULL };
	size_t len = strlen(text);
	auto_free char *copy = malloc(len ? len : 1), *whole = NULL;
	const char *at = copy;
	struct err e = {};
	bool passed, read;

	memcpy(copy, text, len);
	passed = json_pass(&at, copy + len) && json_skip_blanks(at, copy + len) == copy + len;
	if (asprintf(&whole, "{\"x\":%s,\"a\":\"\\u00e4\"}", text) < 0)
		return false;
	t->wanted = wanted;
	read = !json_tokens_read(&e, "text", whole, strlen(whole), t);
	err_clear(&e);
	t->wanted = NULL;
	if (read != passed)
		printf("# json_pass() and json_tokens_read() disagree\n");
	return passed && read && t->n == 5 && t->all[2].kind == TOKEN_PASSED &&
	       json_is(json_member(t->all, "a"), "\xc3\xa4");
}

static void test_documents(void)
{
	struct json_tokens t = {};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ok(reads(good[i], &t) && passes(good[i], &t), "document %zu", i);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(!reads(bad[i], &t) && passes(bad[i], &t) == !!strstr(bad[i], "\"a\":1,\""),
		   "no document %zu", i);
	json_tokens_free(&t);
}

/* n names, all different, except that the last equals the first if twice. */
static bool reads_names(unsigned int n, bool twice)
{
	auto_free char *text = malloc(16 * n + 64);
	struct json_tokens t = {};
	size_t len = 1;
	bool done;

	text[0] = '{';
	for (unsigned int i = 0; i < n; i++)
		len += (size_t)sprintf(text + len, "\"n%u\":1,", i + 1 == n && twice ? 0 : i);
	strcpy(text + len - 1, "}");
	done = reads(text, &t);
	json_tokens_free(&t);
	return done;
}

static void test_deep(void)
{
	static char text[2000];
	struct json_tokens t = {};

	memset(text, '[', 1000);
	ok(!reads(text, &t), "nested without end");
	memset(text, '[', 500);
	memset(text + 500, ']', 500);
	ok(reads(text, &t), "nested deep");
	json_tokens_free(&t);
	ok(reads_names(8, false) && reads_names(1000, false), "many names");
	ok(!reads_names(8, true) && !reads_names(1000, true), "one of them twice");
}

static void test_values(void)
{
	static const char text[] = "{\"a\":[1,\"\\u00e4\\ud83d\\ude00\",-5],\"b\":null,\"c\":"
				   "9223372036854775808,\"d\":1.5,\"\":\"x\"}";
	struct json_tokens t = {};
	const struct json_token *a, *at;
	struct err e = {};
	int64_t v = 0;

	is_int(json_tokens_read(&e, "text", text, strlen(text), &t), 0, "an object");
	a = json_member(t.all, "a");
	ok(a && a->kind == TOKEN_ARRAY && a->n == 3 && a->span == 4, "an array in it");
	at = json_first(a);
	ok(json_int(at, &v) && v == 1, "a number");
	ok(json_is(json_behind(at), "\xc3\xa4\xf0\x9f\x98\x80"), "a string with escapes");
	ok(json_int(at + 2, &v) && v == -5, "a negative one");
	ok(json_behind(a) == json_member(t.all, "b") - 1, "behind it the next name");
	ok(!json_int(json_member(t.all, "c"), &v) && !json_int(json_member(t.all, "d"), &v),
	   "what is no integer of 64 bits");
	ok(json_is(json_member(t.all, ""), "x"), "an empty name");
	ok(!json_member(t.all, "nosuch") && !json_member(a, "a") && !json_member(NULL, "a"),
	   "what is not there");
	json_tokens_free(&t);
}

int main(void)
{
	test_documents();
	test_deep();
	test_values();
	return tap_done();
}
