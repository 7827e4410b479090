// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The writer: both renditions of everything, and one valid document whatever happens. Every
 * JSON result is parsed back.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "json_writer.h"
#include "tap.h"

/* A writer into memory; take() closes it and returns the output. */
static struct out *start(enum out_mode mode, int *fd)
{
	struct out *o;

	*fd = memfd_create("out", 0);
	o = out_open(*fd, mode);
	out_begin(o);
	return o;
}

static char *take(struct out *o, int fd, const struct err *e)
{
	off_t len;
	char *text;

	out_end(o, e);
	ok(out_close(o) == 0, "closes without an error");
	len = lseek(fd, 0, SEEK_END);
	text = calloc(1, (size_t)len + 1);
	ok(pread(fd, text, (size_t)len, 0) == len, "output can be read back");
	close(fd);
	return text;
}

static void check(enum out_mode mode, void (*fill)(struct out *o), const struct err *e,
		  const char *want, const char *what)
{
	int fd;
	struct out *o = start(mode, &fd);
	auto_free char *got = NULL;

	fill(o);
	got = take(o, fd, e);
	is_str(got, want, what);
	if (mode == OUT_JSON || mode == OUT_PRETTY) {
		json_t *j = json_loads(got,
				       JSON_DECODE_ANY | JSON_REJECT_DUPLICATES |
					       JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL,
				       NULL);

		ok(j != NULL, "%s: parses", what);
		json_decref(j);
	}
}

static void one_map(struct out *o, uint64_t id)
{
	out_rec(o, NULL);
	out_id(o, "id", id);
	out_enum(o, "type", "%s", id == 7 ? "hash" : NULL, (uint64_t)99);
	out_str(o, "name", "name %s", "m\x1b[1m");
	out_flag(o, "frozen", "frozen", id == 7);
	out_line(o);
	out_uint(o, "bytes_key", "key %lluB", (uint64_t)4);
	out_int(o, "prio", "prio %lld", (int64_t)-5);
	out_sep(o, " ");
	out_uint(o, "run_cnt", "run_cnt %llu", (uint64_t)3);
	out_line(o);
	out_list(o, "map_ids", "map_ids ");
	out_uint(o, NULL, "%llu", (uint64_t)1);
	out_uint(o, NULL, "%llu", UINT64_MAX);
	out_list_end(o);
	out_line(o);
	out_list(o, "pids", "pids ");
	out_rec(o, NULL);
	out_str(o, "comm", "%s", "a b");
	out_uint(o, "pid", "(%llu)", (uint64_t)12);
	out_rec_end(o);
	out_rec(o, NULL);
	out_str(o, "comm", "%s", "c");
	out_uint(o, "pid", "(%llu)", (uint64_t)13);
	out_rec_end(o);
	out_list_end(o);
	out_line(o);		/* nothing follows: no empty line */
	out_rec_end(o);
}

static void listing(struct out *o)
{
	out_list(o, NULL, NULL);
	one_map(o, 7);
	one_map(o, 8);
	out_list_end(o);
}

static void lone(struct out *o)
{
	one_map(o, 7);
}

static void torn(struct out *o)
{
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_id(o, "id", 1);
	out_rec_end(o);
	out_rec(o, NULL);
	out_id(o, "id", 2);
	out_list(o, "map_ids", "map_ids ");
	out_uint(o, NULL, "%llu", (uint64_t)1);
}

static void torn_lone(struct out *o)
{
	out_rec(o, NULL);
	out_id(o, "id", 2);
}

static void nothing(struct out *o)
{
	(void)o;
}

static void empty_list(struct out *o)
{
	out_list(o, NULL, NULL);
	out_list_end(o);
}

static void streamed(struct out *o)
{
	out_rec(o, NULL);
	out_id(o, "id", 3);
	out_stream(o, "types");
	out_rec(o, NULL);
	out_uint(o, "n", "n %llu", (uint64_t)1);
	out_rec_end(o);
	out_rec(o, NULL);
	out_uint(o, "n", "n %llu", (uint64_t)2);
	out_rec_end(o);
	out_stream_end(o);
	out_rec_end(o);
}

static void stream_only(struct out *o)
{
	out_rec(o, NULL);
	out_stream(o, "types");
	out_json_uint(o, NULL, 1);
	out_json_uint(o, NULL, 2);
	out_stream_end(o);
	out_rec_end(o);
}

static void torn_stream(struct out *o)
{
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_id(o, "id", 3);
	out_stream(o, "types");
	out_rec(o, NULL);
	out_uint(o, "n", "n %llu", (uint64_t)1);
	out_rec_end(o);
	out_rec(o, NULL);
	out_uint(o, "n", "n %llu", (uint64_t)2);
}

static void tree(struct out *o)
{
	out_tree(o);
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_rec(o, "key");
	out_json_uint(o, "a", 1);
	out_rec_end(o);
	out_list(o, "v", NULL);
	out_json_int(o, NULL, -1);
	out_bare(o, NULL, "0x1f");
	out_list_end(o);
	out_list(o, "none", NULL);
	out_list_end(o);
	out_key(o, "k");
	out_json_str(o, NULL, "x");
	out_rec_end(o);
	out_rec(o, NULL);
	out_rec_end(o);
	out_list_end(o);
	out_tree_end(o);
}

static void strings(struct out *o)
{
	out_list(o, NULL, NULL);
	out_json_str(o, NULL, "q\" b\\ \n\t\r\f\b \x01 \x7f");
	out_json_str(o, NULL,
		     "\xc3\xa9 \xff \xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xc2\x9b \xe2\x82");
	out_json_strn(o, NULL, "a\0b", 3);
	out_list_end(o);
}

#define HEX18                                                                                      \
	"\"0x00\",\"0x01\",\"0xff\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\","   \
	"\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x10\",\"0x11\""

static void bytes(struct out *o)
{
	static const uint8_t data[18] = { 0, 1, 0xff, [16] = 0x10, [17] = 0x11 };

	out_rec(o, NULL);
	out_json_bytes(o, "key", data, 3);
	out_json_bytes(o, "none", data, 0);
	out_bytes(o, "both", "key: ", data, sizeof(data));
	out_rec_end(o);
}

/* One call for both where they differ in order, or in what they show. */
static void form(struct out *o, bool all)
{
	out_rec(o, NULL);
	out_str(o, "name", "%s:\n", "n");
	out_item(o, "at");
	out_sep(o, " ");
	out_form(o, "<{addr} {func}{none|module|addr}>{none}{list}");
	out_str(o, "func", "%s", "f\x1b");
	out_str(o, "module", " [%s]", all ? "m" : NULL);
	out_uint(o, "addr", "%04llx", (uint64_t)255);
	out_uint(o, "unnamed", "%llu", (uint64_t)7);
	out_list(o, "list", " of ");
	out_uint(o, NULL, "%llu", (uint64_t)1);
	out_enum(o, NULL, "%s", NULL, (uint64_t)2);
	out_list_end(o);
	out_form_end(o);
	out_nonzero(o, "missed", "missed %llu", (uint64_t)all);
	out_form(o, "{empty}");
	out_nonzero(o, "empty", "%llu", (uint64_t)0);
	out_form_end(o);
	out_bool(o, "last", "yes", "no", all);
	out_rec_end(o);
}

static void forms(struct out *o)
{
	out_list(o, NULL, NULL);
	form(o, true);
	form(o, false);
	out_list_end(o);
}

/* As owners are in a cell. */
static void nested_forms(struct out *o)
{
	out_rec(o, NULL);
	out_form(o, "{, x}{, y|who}{, none}{, z}");
	out_list(o, "who", "");
	for (uint64_t i = 1; i < 3; i++) {
		out_rec(o, NULL);
		out_form(o, "{comm}({pid})");
		out_uint(o, "pid", "%llu", i);
		out_str(o, "comm", "%s", "c");
		out_form_end(o);
		out_rec_end(o);
	}
	out_list_end(o);
	out_rec(o, "z");
	out_uint(o, "a", "%llu", (uint64_t)3);
	out_raw(o, "b", " %s", "1.5");
	out_rec_end(o);
	out_form_end(o);
	out_rec_end(o);
}

static void deep_forms(struct out *o)
{
	for (int i = 0; i < 5; i++)
		out_form(o, "{a}");
}

static void wide_form(struct out *o)
{
	out_rec(o, NULL);
	out_form(o, "{a}");
	for (int i = 0; i < 25; i++)
		out_uint(o, "a", "%llu", (uint64_t)1);
	out_rec_end(o);
}

static void refuses(void (*fill)(struct out *o), int err, const char *what)
{
	int fd;
	struct out *o = start(OUT_TEXT, &fd);

	fill(o);
	is_int(out_failed(o), err, what);
	out_close(o);
	close(fd);
}

static void taken(void)
{
	struct buf b = {};
	int fd;
	struct out *o = start(OUT_TEXT, &fd);
	auto_free char *got = NULL;

	out_item(o, "a");
	out_form(o, "<{x}>");
	out_uint(o, "x", "%llu", (uint64_t)1);
	out_form_take(o, &b);
	out_item(o, "b");
	got = take(o, fd, NULL);
	is_str(got, "a  b\n", "a taken form leaves no trace");
	buf_putc(&b, '\0');
	is_str(b.data, "<1>", "its text is the caller's");
	b.len = 0;
	o = out_open_plain();
	out_form(o, "{}{x}");
	out_str(o, "x", "%s", "\033");
	out_form(o, "a");
	out_form_end(o);
	out_str(o, "x", "%2s", "\377");
	out_form_take(o, &b);
	buf_putc(&b, '\0');
	is_str(b.data, "a\033 \377", "plain text is not escaped");
	is_int(out_close(o), 0, "and not written");
	buf_free(&b);
}

static void bare_items(struct out *o)
{
	out_rec(o, NULL);
	out_no_sep(o);
	out_uint(o, "a", "%llu:", (uint64_t)1);
	out_str(o, "b", "\t%s", "x");
	out_str(o, "c", "\t%s", NULL);
	out_bool(o, "d", ";\n", "", true);
	out_rec(o, "e");
	out_uint(o, "f", "%llu", (uint64_t)2);
	out_uint(o, "g", "%llu", (uint64_t)3);
	out_rec_end(o);
	out_list(o, "h", " [");
	out_no_sep(o);
	out_uint(o, NULL, "{%llu}", (uint64_t)4);
	out_rec(o, NULL);
	out_uint(o, "i", "{%llu}", (uint64_t)5);
	out_rec_end(o);
	out_list_end(o);
	out_section(o, "j", "\nhead:\n");
	out_rec(o, NULL);
	out_uint(o, "k", "%llu", (uint64_t)6);
	out_rec_end(o);
	out_list_end(o);
	out_section(o, "l", NULL);
	out_list_end(o);
	out_rec_end(o);
}

/* A batch of two: the inner scopes fail and succeed on their own. */
static void nested(struct out *o)
{
	struct err e = { .code = -ENOENT, .text = "bad \"thing\"", .hint = "do" };

	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_key(o, "output");
	out_begin(o);
	torn(o);
	out_end(o, &e);
	out_rec_end(o);
	out_rec(o, NULL);
	out_key(o, "output");
	out_begin(o);
	out_end(o, NULL);
	out_rec_end(o);
	out_rec(o, NULL);
	out_key(o, "output");
	out_begin(o);
	lone(o);
	out_end(o, NULL);
	out_rec_end(o);
	out_list_end(o);
}

/* The second of three objects fails, once before and once inside its stream. */
static void one_bad(struct out *o)
{
	struct err e = { .code = -EPERM, .text = "read" };
	unsigned int depth;

	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_id(o, "id", 1);
	out_rec_end(o);
	depth = out_depth(o);
	torn_lone(o);
	out_rollback(o);
	out_error(o, &e);
	out_unwind(o, depth);
	out_rec(o, NULL);
	out_id(o, "id", 3);
	out_stream(o, "elements");
	out_json_uint(o, NULL, 1);
	out_rec(o, NULL);
	out_rollback(o);
	out_error(o, &e);
	out_unwind(o, depth);
	out_rec(o, NULL);
	out_id(o, "id", 4);
	out_rec_end(o);
	out_list_end(o);
}

#define ERR_A "{\"error\":\"a: [EPERM] Operation not permitted\",\"errno\":\"EPERM\"}"
#define ERR_B "{\"error\":\"b: [EIO] Input/output error\",\"errno\":\"EIO\",\"hint\":\"h\"}"

/* Errors where no element is possible: before the data, in a record, in a record of a list. */
static void late_errors(struct out *o)
{
	struct err a = { .code = -EPERM, .text = "a" },
		   b = { .code = -EIO, .text = "b", .hint = "h" };

	out_error(o, &a);
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_id(o, "id", 1);
	out_error(o, &a);
	out_rec(o, "in");
	out_json_uint(o, "x", 2);
	out_error(o, &b);
	out_rec_end(o);
	out_error(o, &b);
	out_json_uint(o, "y", 3);
	out_rec_end(o);
	out_rec(o, NULL);
	out_error(o, &a);
	out_rollback(o);
	out_rec(o, NULL);
	out_id(o, "id", 4);
	out_rec_end(o);
	out_list_end(o);
}

static void late_lone(struct out *o)
{
	struct err a = { .code = -EPERM, .text = "a" };

	out_error(o, &a);
	out_rec(o, NULL);
	out_id(o, "id", 1);
	out_rec_end(o);
}

static void late_homeless(struct out *o)
{
	struct err a = { .code = -EPERM, .text = "a" };

	out_error(o, &a);
	out_error(o, &a);
}

static void sections(struct out *o)
{
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_text(o, "xdp:\n");
	out_list(o, "xdp", NULL);
	out_rec(o, NULL);
	out_str(o, "devname", "%s", "v0");
	out_uint(o, "ifindex", "(%llu)", (uint64_t)8);
	out_rec_end(o);
	out_list_end(o);
	out_text(o, "\ntc:\n");
	out_list(o, "tc", NULL);
	out_list_end(o);
	out_rec_end(o);
	out_list_end(o);
}

#define MAP7_JSON                                                                                  \
	"{\"id\":7,\"type\":\"hash\",\"name\":\"m\\u001b[1m\",\"frozen\":true,\"bytes_key\":4,"    \
	"\"prio\":-5,\"run_cnt\":3,\"map_ids\":[1,18446744073709551615],"                          \
	"\"pids\":[{\"comm\":\"a b\",\"pid\":12},{\"comm\":\"c\",\"pid\":13}]}"
#define MAP8_JSON                                                                                  \
	"{\"id\":8,\"type\":99,\"name\":\"m\\u001b[1m\",\"frozen\":false,\"bytes_key\":4,"         \
	"\"prio\":-5,\"run_cnt\":3,\"map_ids\":[1,18446744073709551615],"                          \
	"\"pids\":[{\"comm\":\"a b\",\"pid\":12},{\"comm\":\"c\",\"pid\":13}]}"
#define MAP_TEXT                                                                                   \
	"\tkey 4B  prio -5 run_cnt 3\n"                                                            \
	"\tmap_ids 1,18446744073709551615\n"                                                       \
	"\tpids a b(12), c(13)\n"

static void records(void)
{
	check(OUT_JSON, listing, NULL, "[" MAP7_JSON "," MAP8_JSON "]\n", "list, compact");
	check(OUT_JSONL, listing, NULL, MAP7_JSON "\n" MAP8_JSON "\n", "list, lines");
	check(OUT_TEXT, listing, NULL,
	      "7: hash  name m\\x1b[1m  frozen\n" MAP_TEXT "8: type 99  name m\\x1b[1m\n" MAP_TEXT,
	      "list, text");
	check(OUT_JSON, lone, NULL, MAP7_JSON "\n", "lone record, compact");
	check(OUT_JSONL, lone, NULL, MAP7_JSON "\n", "lone record, line");
	check(OUT_JSON, nothing, NULL, "null\n", "no data is null");
	check(OUT_TEXT, nothing, NULL, "", "no data is no text");
	check(OUT_JSON, empty_list, NULL, "[]\n", "empty list");
	check(OUT_PRETTY, empty_list, NULL, "[]\n", "empty list, pretty");
	check(OUT_JSONL, empty_list, NULL, "", "empty list, lines");
	check(OUT_TEXT, empty_list, NULL, "", "empty list, text");
}

static void failures(void)
{
	struct err e = { .code = -EPERM, .text = "read", .hint = "be root" };

	check(OUT_JSON, torn, &e,
	      "[{\"id\":1},{\"error\":\"read: [EPERM] Operation not "
	      "permitted\",\"errno\":\"EPERM\","
	      "\"hint\":\"be root\"}]\n",
	      "torn record in a list is replaced by the error");
	check(OUT_TEXT, torn, &e, "1:\n", "torn record in text is dropped");
	check(OUT_JSON, torn_lone, &e,
	      "{\"error\":\"read: [EPERM] Operation not "
	      "permitted\",\"errno\":\"EPERM\",\"hint\":\"be "
	      "root\"}\n",
	      "torn lone record is replaced by the error");
	check(OUT_JSON, torn_stream, &e,
	      "[{\"id\":3,\"types\":[{\"n\":1},{\"error\":\"read: [EPERM] Operation not "
	      "permitted\","
	      "\"errno\":\"EPERM\",\"hint\":\"be root\"}]}]\n",
	      "torn stream ends with the error");
	check(OUT_JSONL, torn, &e,
	      "{\"id\":1}\n{\"error\":\"read: [EPERM] Operation not "
	      "permitted\",\"errno\":\"EPERM\","
	      "\"hint\":\"be root\"}\n",
	      "lines end with the error");
	check(OUT_JSON, nested, NULL,
	      "[{\"output\":[{\"id\":1},{\"error\":\"bad \\\"thing\\\": [ENOENT] No such file or "
	      "directory\",\"errno\":\"ENOENT\",\"hint\":\"do\"}]},{\"output\":null},{"
	      "\"output\":" MAP7_JSON "}]\n",
	      "scopes nest");
	check(OUT_JSON, late_errors, NULL,
	      "[" ERR_A ",{\"id\":1,\"in\":{\"x\":2,\"errors\":[" ERR_B
	      "]},\"y\":3,\"errors\":[" ERR_A "," ERR_B "]},"
	      "{\"id\":4}]\n",
	      "errors that wait for their place");
	check(OUT_JSONL, late_errors, NULL,
	      ERR_A "\n{\"id\":1,\"in\":{\"x\":2,\"errors\":[" ERR_B "]},\"y\":3,\"errors\":[" ERR_A
		    "," ERR_B "]}\n"
		    "{\"id\":4}\n",
	      "the same in lines");
	check(OUT_TEXT, late_lone, NULL, "1:\n", "text has no place for them");
	check(OUT_JSON, late_lone, NULL, "{\"id\":1,\"errors\":[" ERR_A "]}\n",
	      "an error before a lone record");
	check(OUT_JSON, late_homeless, NULL, "[" ERR_A "," ERR_A "]\n", "errors without data");
	check(OUT_JSON, late_lone, &e,
	      "{\"error\":\"read: [EPERM] Operation not "
	      "permitted\",\"errno\":\"EPERM\",\"hint\":\"be root\"}\n",
	      "the command's own error takes the place of all");
	check(OUT_JSON, one_bad, NULL,
	      "[{\"id\":1},{\"error\":\"read: [EPERM] Operation not "
	      "permitted\",\"errno\":\"EPERM\"},"
	      "{\"id\":3,\"elements\":[1,{\"error\":\"read: [EPERM] Operation not "
	      "permitted\",\"errno\":"
	      "\"EPERM\"}]},{\"id\":4}]\n",
	      "one bad object does not hide the rest");
}

static void streams(void)
{
	check(OUT_JSON, streamed, NULL, "{\"id\":3,\"types\":[{\"n\":1},{\"n\":2}]}\n",
	      "stream in a record");
	check(OUT_JSONL, streamed, NULL, "{\"id\":3}\n{\"n\":1}\n{\"n\":2}\n", "stream as lines");
	check(OUT_TEXT, streamed, NULL, "3:\nn 1\nn 2\n", "stream in text");
	check(OUT_JSONL, stream_only, NULL, "1\n2\n",
	      "a record with nothing but a stream has no line");
	check(OUT_JSON, stream_only, NULL, "{\"types\":[1,2]}\n", "the same, compact");
}

static void layouts(void)
{
	static const char tree_text[] = "[{\n"
					"        \"key\": {\n"
					"            \"a\": 1\n"
					"        },\n"
					"        \"v\": [-1,%s\n"
					"        ],\n"
					"        \"none\": [],\n"
					"        \"k\": \"x\"\n"
					"    },{}\n"
					"]\n";
	char want[512];

	snprintf(want, sizeof(want), tree_text, "\"0x1f\"");
	check(OUT_PRETTY, tree, NULL, want, "pretty layout");
	snprintf(want, sizeof(want), tree_text, "0x1f");
	check(OUT_TEXT, tree, NULL, want, "tree in text");
	check(OUT_JSON, tree, NULL,
	      "[{\"key\":{\"a\":1},\"v\":[-1,\"0x1f\"],\"none\":[],\"k\":\"x\"},{}]\n",
	      "tree, compact");
	check(OUT_JSON, strings, NULL,
	      "[\"q\\\" b\\\\ \\n\\t\\r\\f\\b \\u0001 \\u007f\","
	      "\"\xc3\xa9 \\\\xff \\\\xc0\\\\x80 \\\\xed\\\\xa0\\\\x80 "
	      "\\\\xf4\\\\x90\\\\x80\\\\x80 \\u009b "
	      "\\\\xe2\\\\x82\",\"a\\u0000b\"]\n",
	      "strings are escaped");
	check(OUT_TEXT, forms, NULL,
	      "n:\nat <00ff f\\x1b [m]> of 1,2  missed 1  yes\nn:\nat <00ff f\\x1b00ff> of 1,2  no\n",
	      "forms in text");
	check(OUT_JSON, forms, NULL,
	      "[{\"name\":\"n\",\"func\":\"f\\u001b\",\"module\":\"m\",\"addr\":255,\"unnamed\":7,"
	      "\"list\":[1,2],\"missed\":1,\"empty\":0,\"last\":true},{\"name\":\"n\",\"func\":"
	      "\"f\\u001b\",\"module\":null,\"addr\":255,\"unnamed\":7,\"list\":[1,2],\"missed\":0,"
	      "\"empty\":0,\"last\":false}]\n",
	      "forms in JSON");
	check(OUT_TEXT, bare_items, NULL, "1:\tx;\n23 [{4}{5}\nhead:\n6\n", "no separators, in text");
	check(OUT_JSON, bare_items, NULL,
	      "{\"a\":1,\"b\":\"x\",\"c\":null,\"d\":true,\"e\":{\"f\":2,\"g\":3},"
	      "\"h\":[4,{\"i\":5}],\"j\":[{\"k\":6}],\"l\":[]}\n",
	      "and in JSON");
	check(OUT_TEXT, nested_forms, NULL, "c(1), c(2), 3 1.5\n", "forms in a form");
	check(OUT_JSON, nested_forms, NULL,
	      "{\"who\":[{\"pid\":1,\"comm\":\"c\"},{\"pid\":2,\"comm\":\"c\"}],"
	      "\"z\":{\"a\":3,\"b\":1.5}}\n",
	      "and in JSON");
	refuses(deep_forms, -ELOOP, "but not too deep");
	refuses(wide_form, -E2BIG, "a form has 24 items");
	taken();
	check(OUT_JSON, bytes, NULL, "{\"key\":[\"0x00\",\"0x01\",\"0xff\"],\"none\":[],"
	      "\"both\":[" HEX18 "]}\n",
	      "bytes in JSON");
	check(OUT_PRETTY, bytes, NULL,
	      "{\n    \"key\": [\"0x00\",\"0x01\",\"0xff\"\n    ],\n    \"none\": [],\n    \"both\": [" HEX18
	      "\n    ]\n}\n",
	      "bytes, pretty");
	check(OUT_TEXT, bytes, NULL,
	      "key: 00 01 ff 00 00 00 00 00  00 00 00 00 00 00 00 00\n10 11\n", "bytes in text");
	check(OUT_TEXT, sections, NULL, "xdp:\nv0  (8)\n\ntc:\n", "sections in text");
	check(OUT_JSON, sections, NULL,
	      "[{\"xdp\":[{\"devname\":\"v0\",\"ifindex\":8}],\"tc\":[]}]\n", "sections in JSON");
}

static void write_errors(void)
{
	int fd = open("/dev/full", O_WRONLY);
	struct out *o = out_open(fd, OUT_JSON);
	int fds[2];

	out_begin(o);
	listing(o);
	out_end(o, NULL);
	is_int(out_failed(o), -ENOSPC, "a full disk is seen");
	is_int(out_close(o), -ENOSPC, "a full disk surfaces at close");
	close(fd);

	signal(SIGPIPE, SIG_IGN);
	ok(pipe(fds) == 0, "pipe");
	close(fds[0]);
	o = out_open(fds[1], OUT_TEXT);
	out_begin(o);
	listing(o);
	out_end(o, NULL);
	is_int(out_close(o), -EPIPE, "a closed pipe surfaces at close");
	close(fds[1]);
}

/* Depth beyond the limit is an error, not a crash, and pushes and pops stay balanced. */
static void too_deep(void)
{
	int fd = memfd_create("out", 0), i;
	struct out *o = out_open(fd, OUT_JSON);

	out_begin(o);
	for (i = 0; i < 1000; i++)
		out_list(o, NULL, NULL);
	for (i = 0; i < 1000; i++)
		out_list_end(o);
	out_end(o, NULL);
	is_int(out_close(o), -ELOOP, "containers nested too deep are an error");
	close(fd);
}

static void fill_memory(struct out *o)
{
	char text[4096];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 16384; i++)
		out_str(o, "text", "%s", text);
}

/* Without memory, the error is still shown, after what was complete. */
static void no_memory(enum out_mode mode, bool in_list, const char *want)
{
	const struct rlimit none = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };
	struct err e = { .code = -ENOMEM, .no_errno = true, .text = "compose", .hint = "h" };
	struct rlimit before;
	int fd, err;
	struct out *o = start(mode, &fd);
	auto_free char *got = NULL;

	if (in_list) {
		out_list(o, NULL, NULL);
		one_map(o, 7);
	}
	getrlimit(RLIMIT_AS, &before);
	setrlimit(RLIMIT_AS, &none);
	out_rec(o, NULL);
	fill_memory(o);
	out_rec_end(o);
	one_map(o, 8);
	err = out_recover(o);
	out_end(o, &e);
	setrlimit(RLIMIT_AS, &before);
	is_int(err, -ENOMEM, "missing memory is an error");
	out_begin(o);
	got = take(o, fd, NULL);
	is_str(got, want, "the torn record is dropped, the error shown");
}

/* Allocates the rest, in a list. */
static void *take_memory(size_t size)
{
	void **first = NULL, **p;

	while ((p = malloc(size))) {
		*p = first;
		first = p;
	}
	return first;
}

static void give_memory(void *first)
{
	while (first) {
		void *next = *(void **)first;

		free(first);
		first = next;
	}
}

/* An error that waits for its place needs no memory: no output is lost because of it. */
static void late_without_memory(void)
{
	const struct rlimit none = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };
	struct err e = { .code = -EIO, .no_errno = true, .text = "x" };
	struct rlimit before;
	int fd;
	struct out *o = start(OUT_JSON, &fd);
	auto_free char *got = NULL;
	void *taken;

	getrlimit(RLIMIT_AS, &before);
	setrlimit(RLIMIT_AS, &none);
	taken = take_memory(1024);
	out_error(o, &e);
	out_list(o, NULL, NULL);
	one_map(o, 7);
	out_list_end(o);
	give_memory(taken);
	setrlimit(RLIMIT_AS, &before);
	got = take(o, fd, NULL);
	ok(strstr(got, "\"error\":\"x\"") && strstr(got, "\"id\":7"),
	   "an error that waited, without memory: %s", got);
}

/* Incomplete data composed elsewhere makes the record incomplete. */
static void torn_elsewhere(void)
{
	struct err e = { .code = -ENOMEM, .no_errno = true, .text = "compose" };
	int fd;
	struct out *o = start(OUT_JSON, &fd);
	auto_free char *got = NULL;

	out_list(o, NULL, NULL);
	one_map(o, 7);
	out_rec(o, NULL);
	out_torn(o, 0);
	is_int(out_failed(o), 0, "nothing is torn");
	out_torn(o, -ENOMEM);
	out_rec_end(o);
	is_int(out_recover(o), -ENOMEM, "a piece that was torn elsewhere is an error");
	got = take(o, fd, &e);
	ok(!strstr(got, "{}") && strstr(got, "\"id\":7") && strstr(got, "compose"),
	   "the record is dropped: %s", got);
}

static void open_list_only(struct out *o)
{
	out_list(o, NULL, NULL);
}

/* Before the first record an error is the document; a flushed list is not affected. */
static void error_alone(void)
{
	struct err e = { .code = -EIO, .no_errno = true, .text = "x" };
	int fd;
	struct out *o;
	auto_free char *got = NULL;

	check(OUT_JSON, open_list_only, &e, "{\"error\":\"x\",\"errno\":\"EIO\"}\n",
	      "no element: the error alone");
	check(OUT_PRETTY, open_list_only, &e,
	      "{\n    \"error\": \"x\",\n    \"errno\": \"EIO\"\n}\n", "the same, pretty");
	check(OUT_JSONL, open_list_only, &e, "{\"error\":\"x\",\"errno\":\"EIO\"}\n",
	      "the same as a line");
	o = start(OUT_JSON, &fd);
	out_list(o, NULL, NULL);
	out_flush(o);
	got = take(o, fd, &e);
	is_str(got, "{\"error\":\"x\",\"errno\":\"EIO\"}\n",
	       "a flush does not give the bracket away");
}

static void raw(struct out *o)
{
	out_text_raw(o, "a\0\033[1m", 6);
	out_text_raw(o, "b", 1);
}

/* Bytes unchanged, without a newline after them; they stay if the command fails later. */
static void raw_bytes(void)
{
	struct err e = { .code = -EIO, .text = "x" };
	int fd;
	struct out *o = start(OUT_TEXT, &fd);
	auto_free char *got = NULL;

	raw(o);
	got = take(o, fd, &e);
	ok(!memcmp(got, "a\0\033[1mb", 8), "raw bytes in text");
	check(OUT_JSON, raw, NULL, "null\n", "nothing in JSON");
}

int main(void)
{
	records();
	failures();
	streams();
	layouts();
	write_errors();
	too_deep();
	error_alone();
	late_without_memory();
	torn_elsewhere();
	no_memory(OUT_JSON, false,
		  "{\"error\":\"compose\",\"errno\":\"ENOMEM\",\"hint\":\"h\"}\nnull\n");
	no_memory(OUT_JSON, true,
		  "[{\"id\":7,\"type\":\"hash\",\"name\":\"m\\u001b[1m\",\"frozen\":true,\"bytes_"
		  "key\":4,\"prio\":-5,"
		  "\"run_cnt\":3,\"map_ids\":[1,18446744073709551615],\"pids\":[{\"comm\":\"a "
		  "b\",\"pid\":12},"
		  "{\"comm\":\"c\",\"pid\":13}]},{\"error\":\"compose\",\"errno\":\"ENOMEM\","
		  "\"hint\":\"h\"}]\nnull\n");
	no_memory(OUT_TEXT, false, "");
	raw_bytes();
	return tap_done();
}
