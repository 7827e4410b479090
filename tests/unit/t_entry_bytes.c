// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Entries given as bytes: every spelling is parsed, and what may be something else is left alone.
 */
#include "map/entry_bytes.h"
#include "tap.h"

/* All are key 1 2, value 10 11 12. */
static const char *const same[] = {
	"{\"key\":[\"0x01\",\"0x02\"],\"value\":[\"0x0a\",\"0x0b\",\"0x0c\"]}",
	"{\"key\":[\"0x1\",\"0x02\"],\"value\":[\"0xA\",\"0x0B\",\"0xc\"]}",
	"{\"key\":\"0102\",\"value\":\"0a0B0c\"}",
	"{ \"value\" : \"0a0b0c\" ,\n\t\"key\" :\r\n [ \"0x01\" , \"0x02\" ] }",
	"{\"note\":\"\\u00e4 \\\"x\\\" }\",\"key\":\"0102\",\"value\":\"0a0b0c\"}",
	"{\"key\":\"0102\",\"formatted\":{\"key\":[1,{\"a\":null}],\"value\":-1.5e3},\"value\":"
	"\"0a0b0c\"}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"formatted\":{\"x\":[]} , \"\":true, "
	"\"keys\":\"\xc3\xa4\"}",
	"{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"key\":\"0102\","
	"\"value\":\"0a0b0c\"}",
};

/* Invalid, or not only bytes, or with a name that may be a known one: for the general parser. */
static const char *const others[] = {
	"{}", "{", "[]", "{\"key\":\"0102\"}", "{\"key\":\"0102\",\"value\":\"0a0b0c\"",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",}", "{\"key\":\"0102\" \"value\":\"0a0b0c\"}",
	"{\"key\":\"010\",\"value\":\"0a0b0c\"}", "{\"key\":\"010203\",\"value\":\"0a0b0c\"}",
	"{\"key\":\"010g\",\"value\":\"0a0b0c\"}", "{\"key\":[\"0x01\"],\"value\":\"0a0b0c\"}",
	"{\"key\":[\"0x01\",\"0x\"],\"value\":\"0a0b0c\"}",
	"{\"key\":[\"0x01\",\"0x002\"],\"value\":\"0a0b0c\"}",
	"{\"key\":[\"0x01\",\"0x02\",\"0x03\"],\"value\":\"0a0b0c\"}",
	"{\"key\":[1,2],\"value\":\"0a0b0c\"}",
	"{\"key\":\"0102\",\"key\":\"0102\",\"value\":\"0a0b0c\"}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"value\":1}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x\":1,\"x\":1}",
	"{\"\\u006bey\":1,\"key\":\"0102\",\"value\":\"0a0b0c\"}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"error\":\"x\"}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"values\":[]}",
	"{\"bpfctl_map\":1,\"key\":\"0102\",\"value\":\"0a0b0c\"}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x\":}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x\":\"\\x\"}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x\":[1}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x\":01}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"\xff\":1}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x\":\"\n\"}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",x:1}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x\" 1}",
	"{\"key\":\"0102\",\"value\":\"0a0b0c\",\"x", "{\"key\":[\"0x01\",\"0x0", "{\"key\":[\"",
	"{\"key\":\"0", "{\"key\":", "{\"key", "{\"", "{\"x\":1",
};

static bool reads(const char *text, bool hex)
{
	static const uint8_t want[] = { 1, 2, 10, 11, 12 };
	uint8_t got[5] = {};
	const struct entry_bytes e = {
		.key = got, .key_size = 2, .value = got + 2, .value_size = 3, .hex = hex
	};
	/* Exactly as long as the text, so that the sanitizers detect reads beyond it. */
	size_t len = strlen(text);
	auto_free char *copy = malloc(len);

	memcpy(copy, text, len);
	return entry_bytes_read(&e, copy, len) && !memcmp(got, want, sizeof(want));
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		ok(reads(same[i], true), "read: %zu", i);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		ok(!reads(others[i], true), "left alone: %zu", i);
	ok(reads(same[0], false) && !reads(same[2], false),
	   "\"0102\" is bytes only where the file says so");
	return tap_done();
}
