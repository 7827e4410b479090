// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Words to numbers, bytes and references: what is accepted, what is rejected, and the messages. */
#include <errno.h>

#include "cli/args.h"
#include "cli/err.h"
#include "tap.h"

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static struct args args_of(const char *const *words)
{
	struct args a = { .words = words };

	while (words[a.n])
		a.n++;
	return a;
}

static void test_words(void)
{
	struct args a = args_of(WORDS("a", "b"));
	static const char *const list[] = { "any", "noexist", "exist", "exists", NULL };

	is_str(args_peek(&a), "a", "peek");
	is_str(args_next(&a), "a", "next");
	is_int(args_left(&a), 1, "one is left");
	is_str(args_next(&a), "b", "next");
	ok(!args_next(&a) && !args_peek(&a) && !args_left(&a), "NULL at the end");
	ok(!args_next(&a) && a.at == 2, "and no further");

	ok(word_is("sh", "show") && word_is("show", "show"), "abbreviations");
	ok(word_is("", "show"), "the empty word abbreviates everything");
	ok(!word_is("shows", "show") && !word_is("Sh", "show"), "longer or other words do not");
	is_int(word_find("n", list), 1, "word_find");
	is_int(word_find("e", list), 2, "the first in the list wins");
	is_int(word_find("exists", list), 3, "the whole word");
	is_int(word_find("", list), 0, "the empty word is the first");
	is_int(word_find("x", list), -1, "no such word");
}

static void u32_is(const char *text, uint32_t want)
{
	struct err e = {};
	uint32_t v = 4711;
	int err = parse_u32(&e, "id", text, &v);

	ok(!err && v == want && !e.code, "u32 '%s' is %u (got %d, %u)", text, want, err, v);
}

static void u32_refused(const char *text, const char *message)
{
	struct err e = {};
	uint32_t v = 4711;
	int err = parse_u32(&e, "id", text, &v);

	ok(err == -EINVAL && e.usage && v == 4711, "u32 '%s' is refused, nothing is stored", text);
	is_str(e.text, message, message);
}

static void test_u32(void)
{
	u32_is("0", 0);
	u32_is("7", 7);
	u32_is("4294967295", UINT32_MAX);
	u32_is("0xff", 255);
	u32_is("0XfF", 255);
	u32_is("010", 8);
	u32_is("0xffffffff", UINT32_MAX);
	u32_is("+4", 4);
	u32_is("+0x10", 16);
	u32_refused("+", "can't parse '+' as id: not a whole number");
	u32_refused("++4", "can't parse '++4' as id: not a whole number");
	u32_refused("+-4", "can't parse '+-4' as id: not a whole number");
	u32_refused("-+4", "can't parse '-+4' as id: not a whole number");
	u32_refused("+ 4", "can't parse '+ 4' as id: not a whole number");
	u32_refused("4294967296", "can't parse '4294967296' as id: the largest is 4294967295");
	u32_refused("4294967297", "can't parse '4294967297' as id: the largest is 4294967295");
	u32_refused("0x100000000", "can't parse '0x100000000' as id: the largest is 4294967295");
	u32_refused("99999999999999999999999",
		    "can't parse '99999999999999999999999' as id: the largest is 4294967295");
	u32_refused("-5", "can't parse '-5' as id: it must not be negative");
	u32_refused("-0", "can't parse '-0' as id: it must not be negative");
	u32_refused("", "can't parse '' as id: a number is expected");
	u32_refused("08", "can't parse '08' as id: a leading 0 means octal");
	u32_refused("4z", "can't parse '4z' as id: not a whole number");
	u32_refused("0x", "can't parse '0x' as id: not a whole number");
	u32_refused("0x-1", "can't parse '0x-1' as id: not a whole number");
	u32_refused(" 7", "can't parse ' 7' as id: not a whole number");
	u32_refused("7 ", "can't parse '7 ' as id: not a whole number");
	u32_is("+7", 7);
	u32_refused("-", "can't parse '-' as id: not a whole number");
	u32_refused("--7", "can't parse '--7' as id: not a whole number");
	u32_refused("1.5", "can't parse '1.5' as id: not a whole number");
	u32_refused("1e3", "can't parse '1e3' as id: not a whole number");
	u32_refused("seven", "can't parse 'seven' as id: not a whole number");
}

static void test_u64(void)
{
	struct err e = {};
	uint64_t v = 1;

	is_int(parse_u64(&e, "addr", "18446744073709551615", &v), 0, "u64: 2^64-1");
	ok(v == UINT64_MAX, "is exact");
	is_int(parse_u64(&e, "addr", "0xffffffff81000000", &v), 0, "u64: a kernel address");
	ok(v == 0xffffffff81000000ULL, "is exact");
	v = 1;
	is_int(parse_u64(&e, "addr", "18446744073709551616", &v), -EINVAL, "u64: 2^64 is refused");
	is_str(e.text,
	       "can't parse '18446744073709551616' as addr: the largest is 18446744073709551615",
	       "with its reason");
	ok(v == 1, "nothing is stored");
}

static void byte_is(const char *text, int base, int want)
{
	struct err e = {};
	uint8_t v = 77;
	int err = parse_byte(&e, "key", text, base, &v);

	if (want < 0)
		ok(err == -EINVAL && e.usage && v == 77 && strstr(e.text, text),
		   "byte '%s' base %d: %s", text, base, e.text);
	else
		ok(!err && v == want, "byte '%s' in base %d is %d (got %d, %u)", text, base, want,
		   err, v);
}

static void test_byte(void)
{
	byte_is("0", 0, 0);
	byte_is("255", 0, 255);
	byte_is("256", 0, -1);
	byte_is("257", 0, -1);
	byte_is("0xff", 0, 255);
	byte_is("0x100", 0, -1);
	byte_is("017", 0, 15);
	byte_is("-1", 0, 255);
	byte_is("-128", 0, 128);
	byte_is("-129", 0, -1);
	byte_is("-0x1", 0, 255);
	byte_is("--1", 0, -1);
	byte_is("-", 0, -1);
	byte_is("", 0, -1);
	byte_is("ff", 0, -1);
	byte_is("ff", 16, 255);
	byte_is("FF", 16, 255);
	byte_is("0xff", 16, 255);
	byte_is("10", 16, 16);
	byte_is("08", 16, 8);
	byte_is("-1", 16, 255);
	byte_is("+4", 0, 4);
	byte_is("+ff", 16, 255);
	byte_is("-+1", 0, -1);
	byte_is("+256", 0, -1);
	byte_is("100", 16, -1);
	byte_is("fg", 16, -1);
	byte_is("99999999999999999999999", 0, -1);
}

static int bytes(const char *const *words, size_t len, struct args *a, uint8_t *ret, struct err *e)
{
	*a = args_of(words);
	err_clear(e);
	return args_bytes(e, a, "key", ret, len);
}

static void test_bytes(void)
{
	uint8_t b[8];
	struct args a;
	struct err e = {};

	ok(!bytes(WORDS("1", "2", "0xff", "-1", "value"), 4, &a, b, &e), "four bytes");
	ok(!memcmp(b, "\1\2\xff\xff", 4), "their values");
	is_str(args_peek(&a), "value", "and the cursor stands behind them");
	ok(!bytes(WORDS("+1", "+0x10", "value"), 2, &a, b, &e) && b[0] == 1 && b[1] == 16,
	   "bytes with a sign");
	ok(!bytes(WORDS("hex", "+a"), 1, &a, b, &e) && b[0] == 10, "in hex, too");
	ok(!bytes(WORDS("hex", "0a", "ff", "1", "0x10"), 4, &a, b, &e), "hex");
	ok(!memcmp(b, "\x0a\xff\1\x10", 4), "their values");
	ok(!bytes(WORDS("h", "ff"), 1, &a, b, &e) && b[0] == 255, "hex may be shortened");
	ok(!bytes(WORDS("hex", "1", "e"), 1, &a, b, &e), "a keyword that looks like a hex digit");
	is_str(args_peek(&a), "e", "is left");
	ok(!bytes(WORDS("value"), 0, &a, b, &e), "no bytes are wanted, none are taken");

	ok(bytes(WORDS("1", "2", "3"), 4, &a, b, &e) == -EINVAL && e.usage, "too few");
	is_str(e.text, "key expected 4 bytes got 3", "are counted");
	ok(bytes(WORDS("1", "2", "3", "value", "9"), 4, &a, b, &e), "too few before a keyword");
	is_str(e.text, "key expected 4 bytes got 3, then 'value'",
	       "are counted, the word is named");
	ok(bytes(WORDS("1", "2", "3", "4", "5", "-1", "value"), 4, &a, b, &e), "too many");
	is_str(e.text, "key expected 4 bytes got 6", "are counted");
	ok(bytes(WORDS("1"), 0, &a, b, &e), "one where none is wanted");
	is_str(e.text, "key expected 0 bytes got 1", "is counted");
	ok(bytes(WORDS("257"), 1, &a, b, &e), "257 is refused, not truncated");
	is_str(e.text, "can't parse '257' as key: a byte is 0 to 255, or -128 to -1",
	       "with its reason");
	ok(bytes(WORDS("1x"), 1, &a, b, &e), "1x is no byte");
	is_str(e.text, "can't parse '1x' as key: not a number", "with its reason");
	ok(bytes(WORDS("hex", "fz"), 1, &a, b, &e), "fz is no hex byte");
	is_str(e.text, "can't parse 'fz' as key: not a hexadecimal byte", "with its reason");
	a = (struct args){};
	err_clear(&e);
	ok(args_bytes(&e, &a, "value", b, 2), "no words at all");
	is_str(e.text, "value expected 2 bytes got 0", "none are counted");
	err_clear(&e);
}

static struct ref r;

static int ref(const char *const *words, const char *const *selectors, struct err *e)
{
	struct args a = args_of(words);
	int err;

	err_clear(e);
	memset(&r, 0, sizeof(r));
	err = args_selector(e, &a, selectors, &r);
	if (!err && a.at != 2)
		return -1000;
	return err;
}

static void test_ref(void)
{
	struct err e = {};

	ok(!ref(WORDS("id", "7"), ref_words_prog, &e) && r.how == REF_ID && r.id == 7, "id 7");
	is_str(r.text, "7", "text is the word");
	ok(!ref(WORDS("i", "0x10"), ref_words_map, &e) && r.id == 16, "i 0x10");
	ok(!ref(WORDS("", "5"), ref_words_btf, &e) && r.how == REF_ID,
	   "the empty selector is the first");
	ok(!ref(WORDS("tag", "0011223344AAbbcc"), ref_words_prog, &e) && r.how == REF_TAG, "tag");
	ok(!memcmp(r.tag, "\0\x11\x22\x33\x44\xaa\xbb\xcc", 8), "its bytes");
	ok(!ref(WORDS("n", "x", "more"), ref_words_map, &e) && r.how == REF_NAME, "name");
	is_str(r.text, "x", "its text");
	ok(!ref(WORDS("pinned", "/a/b"), ref_words_link, &e) && r.how == REF_PINNED, "pinned");
	ok(!ref(WORDS("p", ""), ref_words_link, &e), "an empty path is the opener's business");

	ok(ref(WORDS("id"), ref_words_prog, &e) == -EINVAL && e.usage, "a selector alone");
	is_str(e.text, "'id' needs a value", "is named");
	ok(ref(WORDS("tag", "1"), ref_words_map, &e), "maps have no tags");
	is_str(e.text, "expected 'id', 'name' or 'pinned', got: 'tag'", "what they have");
	ok(ref(WORDS("name", "1"), ref_words_btf, &e), "BTF has ids only");
	is_str(e.text, "expected 'id', got: 'name'", "says so");
	ok(ref(WORDS("id", "4294967297"), ref_words_prog, &e), "2^32+1 is not 1");
	is_str(e.text, "can't parse '4294967297' as id: the largest is 4294967295",
	       "with its reason");
	ok(r.how == REF_NONE, "nothing is stored");
	ok(ref(WORDS("tag", "0011"), ref_words_prog, &e), "a short tag");
	is_str(e.text, "can't parse tag '0011': 16 hexadecimal digits are expected",
	       "with its reason");
	ok(ref(WORDS("tag", "00112233445566778"), ref_words_prog, &e), "a long tag");
	ok(ref(WORDS("tag", "0x11223344556677"), ref_words_prog, &e), "a tag with 0x");
	ok(ref(WORDS("tag", " 011223344556677"), ref_words_prog, &e), "a tag with a blank");
	ok(args_selector(&e, &(struct args){}, ref_words_link, &r), "no words");
	err_clear(&e);
	ok(args_selector(&e, &(struct args){}, ref_words_link, &r), "no words");
	is_str(e.text, "expected 'id' or 'pinned'", "say what is expected");
	err_clear(&e);
}

int main(void)
{
	test_words();
	test_u32();
	test_u64();
	test_byte();
	test_bytes();
	test_ref();
	return tap_done();
}
