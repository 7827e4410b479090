// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Every kind of type in text and JSON; split BTF; invalid data, which must be rejected or harmless.
 */
#include <errno.h>
#include <sys/mman.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/raw.h"
#include "json_writer.h"
#include "tap.h"

static struct err err;

/* The dump of the image, owned. */
static char *dump(const struct btf_image *img, const uint32_t *ids, size_t n, enum out_mode mode)
{
	auto_close int fd = memfd_create("dump", MFD_CLOEXEC);
	struct out *o = out_open(fd, mode);
	char *text;
	off_t len;

	out_begin(o);
	btf_raw_dump(o, img, ids, n,
		     mode == OUT_PRETTY ? BTF_RAW_PRETTY : mode == OUT_JSONL ? BTF_RAW_LINES : 0);
	out_end(o, NULL);
	out_close(o);
	len = lseek(fd, 0, SEEK_END);
	text = calloc(1, len + 1);
	if (pread(fd, text, len, 0) != len)
		text[0] = '\0';
	return text;
}

static void is_dump(const struct btf_image *img, enum out_mode mode, const char *want,
		    const char *what)
{
	auto_free char *text = dump(img, NULL, 0, mode);

	is_str(text, want, what);
}

/* ids 1 to 19, one of each kind */
static struct btf *all_kinds(void)
{
	struct btf *b = btf__new_empty();
	int proto;

	btf__add_int(b, "int", 4, BTF_INT_SIGNED);
	btf__add_ptr(b, 0);
	btf__add_array(b, 1, 1, 7);
	btf__add_struct(b, "s", 8);
	btf__add_field(b, "a", 1, 0, 0);
	btf__add_field(b, "b", 1, 32, 5);
	btf__add_union(b, NULL, 4);
	btf__add_field(b, "", 1, 0, 0);
	btf__add_enum(b, "e", 4);
	btf__add_enum_value(b, "BIG", 0x80000000LL);
	btf__add_enum(b, "n", 4);
	btf__add_enum_value(b, "NEG", -5);
	btf__add_enum64(b, "u64", 8, false);
	btf__add_enum64_value(b, "HUGE", 0xffffffffffffffffULL);
	btf__add_enum64(b, "s64", 8, true);
	btf__add_enum64_value(b, "LOW", (uint64_t)INT64_MIN);
	btf__add_fwd(b, "fw", BTF_FWD_UNION);
	btf__add_typedef(b, "t", 1);
	btf__add_const(b, 1);
	proto = btf__add_func_proto(b, 1);
	btf__add_func_param(b, "p", 1);
	btf__add_func_param(b, "", 0);
	btf__add_func(b, "f", BTF_FUNC_GLOBAL, proto);
	btf__add_var(b, "v", BTF_VAR_GLOBAL_EXTERN, 1);
	btf__add_datasec(b, ".data", 4);
	btf__add_datasec_var_info(b, 15, 0, 4);
	btf__add_float(b, "float", 4);
	btf__add_decl_tag(b, "tag", 4, -1);
	btf__add_type_tag(b, "user", 1);
	return b;
}

static const char all_text[] =
	"[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n"
	"[2] PTR '(anon)' type_id=0\n"
	"[3] ARRAY '(anon)' type_id=1 index_type_id=1 nr_elems=7\n"
	"[4] STRUCT 's' size=8 vlen=2\n"
	"\t'a' type_id=1 bits_offset=0\n"
	"\t'b' type_id=1 bits_offset=32 bitfield_size=5\n"
	"[5] UNION '(anon)' size=4 vlen=1\n"
	"\t'(anon)' type_id=1 bits_offset=0\n"
	"[6] ENUM 'e' encoding=UNSIGNED size=4 vlen=1\n"
	"\t'BIG' val=2147483648\n"
	"[7] ENUM 'n' encoding=SIGNED size=4 vlen=1\n"
	"\t'NEG' val=-5\n"
	"[8] ENUM64 'u64' encoding=UNSIGNED size=8 vlen=1\n"
	"\t'HUGE' val=18446744073709551615ULL\n"
	"[9] ENUM64 's64' encoding=SIGNED size=8 vlen=1\n"
	"\t'LOW' val=-9223372036854775808LL\n"
	"[10] FWD 'fw' fwd_kind=union\n"
	"[11] TYPEDEF 't' type_id=1\n"
	"[12] CONST '(anon)' type_id=1\n"
	"[13] FUNC_PROTO '(anon)' ret_type_id=1 vlen=2\n"
	"\t'p' type_id=1\n"
	"\t'(anon)' type_id=0\n"
	"[14] FUNC 'f' type_id=13 linkage=global\n"
	"[15] VAR 'v' type_id=1, linkage=extern\n"
	"[16] DATASEC '.data' size=4 vlen=1\n"
	"\ttype_id=15 offset=0 size=4 (VAR 'v')\n"
	"[17] FLOAT 'float' size=4\n"
	"[18] DECL_TAG 'tag' type_id=4 component_idx=-1\n"
	"[19] TYPE_TAG 'user' type_id=1\n";

static const char all_json[] =
	"{\"types\":["
	"{\"id\":1,\"kind\":\"INT\",\"name\":\"int\",\"size\":4,\"bits_offset\":0,\"nr_bits\":32,"
	"\"encoding\":\"SIGNED\"},"
	"{\"id\":2,\"kind\":\"PTR\",\"name\":\"(anon)\",\"type_id\":0},"
	"{\"id\":3,\"kind\":\"ARRAY\",\"name\":\"(anon)\",\"type_id\":1,\"index_type_id\":1,\"nr_"
	"elems\":7},"
	"{\"id\":4,\"kind\":\"STRUCT\",\"name\":\"s\",\"size\":8,\"vlen\":2,\"members\":["
	"{\"name\":\"a\",\"type_id\":1,\"bits_offset\":0},"
	"{\"name\":\"b\",\"type_id\":1,\"bits_offset\":32,\"bitfield_size\":5}]},"
	"{\"id\":5,\"kind\":\"UNION\",\"name\":\"(anon)\",\"size\":4,\"vlen\":1,\"members\":["
	"{\"name\":\"(anon)\",\"type_id\":1,\"bits_offset\":0}]},"
	"{\"id\":6,\"kind\":\"ENUM\",\"name\":\"e\",\"encoding\":\"UNSIGNED\",\"size\":4,\"vlen\":"
	"1,"
	"\"values\":[{\"name\":\"BIG\",\"val\":2147483648}]},"
	"{\"id\":7,\"kind\":\"ENUM\",\"name\":\"n\",\"encoding\":\"SIGNED\",\"size\":4,\"vlen\":1,"
	"\"values\":[{\"name\":\"NEG\",\"val\":-5}]},"
	"{\"id\":8,\"kind\":\"ENUM64\",\"name\":\"u64\",\"encoding\":\"UNSIGNED\",\"size\":8,"
	"\"vlen\":1,"
	"\"values\":[{\"name\":\"HUGE\",\"val\":18446744073709551615}]},"
	"{\"id\":9,\"kind\":\"ENUM64\",\"name\":\"s64\",\"encoding\":\"SIGNED\",\"size\":8,"
	"\"vlen\":1,"
	"\"values\":[{\"name\":\"LOW\",\"val\":-9223372036854775808}]},"
	"{\"id\":10,\"kind\":\"FWD\",\"name\":\"fw\",\"fwd_kind\":\"union\"},"
	"{\"id\":11,\"kind\":\"TYPEDEF\",\"name\":\"t\",\"type_id\":1},"
	"{\"id\":12,\"kind\":\"CONST\",\"name\":\"(anon)\",\"type_id\":1},"
	"{\"id\":13,\"kind\":\"FUNC_PROTO\",\"name\":\"(anon)\",\"ret_type_id\":1,\"vlen\":2,"
	"\"params\":["
	"{\"name\":\"p\",\"type_id\":1},{\"name\":\"(anon)\",\"type_id\":0}]},"
	"{\"id\":14,\"kind\":\"FUNC\",\"name\":\"f\",\"type_id\":13,\"linkage\":\"global\"},"
	"{\"id\":15,\"kind\":\"VAR\",\"name\":\"v\",\"type_id\":1,\"linkage\":\"extern\"},"
	"{\"id\":16,\"kind\":\"DATASEC\",\"name\":\".data\",\"size\":4,\"vlen\":1,\"vars\":["
	"{\"type_id\":15,\"offset\":0,\"size\":4}]},"
	"{\"id\":17,\"kind\":\"FLOAT\",\"name\":\"float\",\"size\":4},"
	"{\"id\":18,\"kind\":\"DECL_TAG\",\"name\":\"tag\",\"type_id\":4,\"component_idx\":-1},"
	"{\"id\":19,\"kind\":\"TYPE_TAG\",\"name\":\"user\",\"type_id\":1}]}\n";

static void test_kinds(const struct btf_image *img)
{
	static const uint32_t ids[] = { 17, 2 };
	auto_free char *lines = dump(img, NULL, 0, OUT_JSONL);
	auto_free char *some = dump(img, ids, 2, OUT_TEXT);
	auto_free char *pretty = dump(img, ids, 2, OUT_PRETTY);
	size_t n = 0;

	is_dump(img, OUT_TEXT, all_text, "every kind in text");
	is_dump(img, OUT_JSON, all_json, "every kind in JSON");
	for (const char *p = lines; *p; p++)
		n += *p == '\n';
	is_int(n, 19, "a type a line");
	is_str(some, "[17] FLOAT 'float' size=4\n[2] PTR '(anon)' type_id=0\n", "chosen types");
	is_str(pretty,
	       "{\n    \"types\": [{\n            \"id\": 17,\n            \"kind\": \"FLOAT\",\n"
	       "            \"name\": \"float\",\n            \"size\": 4\n        },{\n"
	       "            \"id\": 2,\n            \"kind\": \"PTR\",\n"
	       "            \"name\": \"(anon)\",\n            \"type_id\": 0\n        }\n    "
	       "]\n}\n",
	       "the pretty layout");
}

static void test_split(const struct btf *base, const struct btf_image *base_img)
{
	struct btf *split = btf__new_empty_split((struct btf *)base);
	struct btf_image img = {};
	uint32_t len;
	const void *data;

	btf__add_typedef(split, "int", 1);		/* a name of the base */
	btf__add_typedef(split, "new\x1b\"", 20);	/* one of its own, and a nasty one */
	data = btf__raw_data(split, &len);
	is_int(btf_image_open_split(&err, data, len, base_img, &img), 0, "split BTF");
	is_dump(&img, OUT_TEXT,
		"[20] TYPEDEF 'int' type_id=1\n[21] TYPEDEF 'new\\x1b\"' type_id=20\n",
		"only its own types, names from both, escaped");
	is_dump(&img, OUT_JSON,
		"{\"types\":[{\"id\":20,\"kind\":\"TYPEDEF\",\"name\":\"int\",\"type_id\":1},"
		"{\"id\":21,\"kind\":\"TYPEDEF\",\"name\":\"new\\u001b\\\"\",\"type_id\":20}]}\n",
		"and in JSON");
	ok(btf_image_type(&img, 19) && btf_image_type(&img, 21), "types of both are found");
	ok(!btf_image_type(&img, 0) && !btf_image_type(&img, 22), "others are not");
	btf_image_close(&img);
	btf__free(split);
}

/* Changes bytes and truncates: rejected, or printed without reading beyond the data. */
static void test_broken(const void *data, size_t len)
{
	unsigned int refused = 0, seed = 1;
	struct btf_image img;

	for (size_t round = 0; round < 3000; round++) {
		size_t n = round % 4 ? len : round % len;
		uint8_t *copy = malloc(n + !n); /* exact: the sanitizer detects reads beyond it */

		memcpy(copy, data, n);
		for (size_t k = 0; k < 3 && n && round % 4; k++) {
			seed = seed * 1103515245 + 12345;
			copy[(seed >> 8) % n] = seed >> 24;
		}
		err_clear(&err);
		if (btf_image_open(&err, copy, n, &img)) {
			refused++;
		} else {
			free(dump(&img, NULL, 0, OUT_TEXT));
			free(dump(&img, NULL, 0, OUT_JSON));
			btf_image_close(&img);
		}
		free(copy);
	}
	ok(refused > 750 && refused < 3000, "broken data: %u of 3000 refused, the others shown",
	   refused);
	err_clear(&err);
	is_int(btf_image_open(&err, data, len - 1, &img), -EINVAL, "data that was cut");
	ok(strstr(err.text, "BTF") != NULL, "says so: %s", err.text);
	ok(btf_image_is_foreign(&"\xeb\x9f"[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__], 2) ||
	   __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, "the other byte order is seen");
}

int main(void)
{
	struct btf *btf = all_kinds();
	struct btf_image img = {};
	uint32_t len;
	const void *raw = btf__raw_data(btf, &len);
	void *data = malloc(len);	/* libbpf may free its copy at any time */

	memcpy(data, raw, len);
	is_int(btf_image_open(&err, data, len, &img), 0, "BTF is opened");
	is_int(img.n_types, 19, "all types are counted");
	test_kinds(&img);
	test_split(btf, &img);
	btf_image_close(&img);
	test_broken(data, len);
	err_clear(&err);
	free(data);
	btf__free(btf);
	return tap_done();
}
