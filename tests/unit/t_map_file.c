// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Objects of a file: where each ends, with escapes and brackets at all positions within eight
 * bytes.
 */
#include <errno.h>
#include <sys/socket.h>

#include "map/file.h"
#include "tap.h"

/* Texts in an object after a member of any length: each ends the object, and nothing else does. */
static const char *const tails[] = {
	"}", "\"}", "\\\\\"}", "\\\"\"}", "\\\"}\\\\\"}", "\\\\\\\"}\"}", "\\u0022}\\u005c\"}",
	"{[\"}", "]}\\\"]}\"}", "\",\"b\":{\"c\":[{},[[]],\"]\"]}}",
	"\",\"b\":[{\"}\":\"\\\\\"},\"\\\"]\"]}", "\"\n,\n\"b\"\n:\n1\n}",
	"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"}", "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"}\"}",
	"_|~\x7f\xc3\xbb\xc3\xbd\xc3\x9b\xc3\x9d\"}",
};

/* A file that is read in chunks of this many bytes. */
static int open_pieces(const char *text, size_t len, size_t piece)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds))
		return -1;
	for (size_t at = 0; at < len; at += piece)
		if (write(fds[1], text + at, len - at < piece ? len - at : piece) < 0)
			return -1;
	close(fds[1]);
	return fds[0];
}

static uint64_t count_lines(const char *text)
{
	uint64_t n = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

/* An object with n bytes before its tail, followed by another. */
static bool finds_both(size_t n, const char *tail, size_t piece)
{
	char text[256];
	int len = snprintf(text, sizeof(text), "{\"a\":%s%.*s%s", *tail == '}' ? "" : "\"", (int)n,
			   *tail == '}' ? "1111111111111111111111111111"
					: "xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
			   tail);
	struct map_file f = { .fd = -1 };
	uint64_t lines = count_lines(text);
	bool found;
	const char *got;
	size_t got_len;

	snprintf(text + len, sizeof(text) - (size_t)len, "{\"n\":2}\n");
	f.fd = open_pieces(text, strlen(text), piece);
	found = map_file_next(&f, &got, &got_len) == 1 && got_len == (size_t)len &&
		!memcmp(got, text, got_len) && f.line == 1;
	found = found && map_file_next(&f, &got, &got_len) == 1 && got_len == 7 &&
		!memcmp(got, "{\"n\":2}", 7) && f.line == 1 + lines &&
		map_file_next(&f, &got, &got_len) == 0;
	close(f.fd);
	map_file_free(&f);
	return found;
}

static void test_steps(size_t piece)
{
	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		size_t n = 0;

		while (n < 25 && finds_both(n, tails[i], piece))
			n++;
		ok(n == 25, "in pieces of %zu, up to %zu bytes before tail %zu", piece, n, i);
	}
}

/* Without its last byte it does not end. */
static bool has_no_end(size_t n, const char *tail)
{
	char text[256];
	struct map_file f = { .fd = -1 };
	const char *got;
	size_t len;
	int err;

	snprintf(text, sizeof(text), "{\"a\":\"%.*s%s", (int)n, "xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		 tail);
	len = strlen(text) - 1;
	f.fd = open_pieces(text, len, len);
	err = map_file_next(&f, &got, &len);
	close(f.fd);
	map_file_free(&f);
	return err == -EINVAL;
}

static void test_cut(void)
{
	for (size_t i = 1; i < ARRAY_SIZE(tails); i++) {
		size_t n = 0;

		while (n < 25 && has_no_end(n, tails[i]))
			n++;
		ok(n == 25, "cut, up to %zu bytes before tail %zu", n, i);
	}
}

int main(void)
{
	test_steps(1024);
	test_steps(1);
	test_steps(5);
	test_cut();
	return tap_done();
}
