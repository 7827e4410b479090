// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Other forms of members, and the order of members. */
#include <errno.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/format.h"
#include "decode/btf/place.h"
#include "decode/btf/value.h"
#include "image_of.h"
#include "tap.h"

struct sample {
	int32_t i;
	uint32_t u;
	double d;
	char name[8];
	struct { int32_t x; } pair[2];
	uint8_t mac[6];
	uint16_t port;			/* __be16 */
	uint8_t bits;			/* signed a:3, b:5 */
};

static struct btf *make(uint32_t *ret_id)
{
	struct btf *b = btf__new_empty();
	int i = btf__add_int(b, "int", 4, BTF_INT_SIGNED),
	    u = btf__add_int(b, "unsigned int", 4, 0);
	int d = btf__add_float(b, "double", 8), c = btf__add_int(b, "char", 1, BTF_INT_SIGNED);
	int u8 = btf__add_int(b, "u8", 1, 0), u16 = btf__add_int(b, "u16", 2, 0);
	int be16 = btf__add_typedef(b, "__be16", u16), name = btf__add_array(b, u, c, 8);
	int mac = btf__add_array(b, u, u8, 6), pair, pairs;

	pair = btf__add_struct(b, "pair", 4);
	btf__add_field(b, "x", i, 0, 0);
	pairs = btf__add_array(b, u, pair, 2);
	*ret_id = (uint32_t)btf__add_struct(b, "sample", sizeof(struct sample));
	btf__add_field(b, "i", i, offsetof(struct sample, i) * 8, 0);
	btf__add_field(b, "u", u, offsetof(struct sample, u) * 8, 0);
	btf__add_field(b, "d", d, offsetof(struct sample, d) * 8, 0);
	btf__add_field(b, "name", name, offsetof(struct sample, name) * 8, 0);
	btf__add_field(b, "pair", pairs, offsetof(struct sample, pair) * 8, 0);
	btf__add_field(b, "mac", mac, offsetof(struct sample, mac) * 8, 0);
	btf__add_field(b, "port", be16, offsetof(struct sample, port) * 8, 0);
	btf__add_field(b, "a", i, offsetof(struct sample, bits) * 8, 3);
	btf__add_field(b, "b", u, offsetof(struct sample, bits) * 8 + 3, 5);
	return b;
}

static const struct sample sample = {
	.i = -2, .u = 0x0100007f, .d = 1.5, .name = "eth0", .pair = { { 1 }, { 255 } },
	.mac = { 2, 0, 0, 0, 0, 0xfe }, .port = 0xbb01, .bits = 0x0f,
};

static void composes(const struct btf_plan *p, const char *want, const char *what)
{
	struct buf b = {};

	btf_plan_compose(&b, p, &sample);
	buf_putc(&b, '\0');
	ok(strstr(b.data, want) != NULL, "%s: %s in %s", what, want, b.data);
	buf_free(&b);
}

static int change(struct btf_plan *p, const char *path, enum btf_format as)
{
	struct err e = {};
	int err = btf_plan_as(&e, p, "value", path, as);

	ok(!err == !e.code, "an error is stored if there is one");
	err_clear(&e);
	return err;
}

static void test_as(const struct btf *b, uint32_t id)
{
	struct btf_plan *p = NULL;

	btf_plan_new(image_of(b), id, sizeof(sample), &p);
	is_int(change(p, "u", BTF_FORMAT_IP4), 0, "a number as an address");
	is_int(change(p, "i", BTF_FORMAT_HEX), 0, "a number in hex");
	is_int(change(p, "pair[].x", BTF_FORMAT_HEX), 0, "members of elements");
	is_int(change(p, "mac", BTF_FORMAT_MAC), 0, "bytes as MAC");
	is_int(change(p, "name", BTF_FORMAT_HEX), 0, "a string in hex");
	is_int(change(p, "port", BTF_FORMAT_PORT), 0, "a port");
	composes(p, "\"i\":\"0xfffffffe\"", "as");
	composes(p, "\"u\":\"127.0.0.1\"", "as");
	composes(p, "[{\"x\":\"0x00000001\"},{\"x\":\"0x000000ff\"}]", "as");
	composes(p, "\"02:00:00:00:00:fe\"", "as");
	composes(p, "\"0x6574683000000000\"", "as");
	composes(p, "\"port\":443", "as");
	is_int(change(p, "nosuch", BTF_FORMAT_HEX), -ENOENT, "no such member");
	is_int(change(p, "u.x", BTF_FORMAT_HEX), -ENOENT, "no structure");
	is_int(change(p, "d[]", BTF_FORMAT_HEX), -ENOENT, "no array");
	is_int(change(p, "pair[0].x", BTF_FORMAT_HEX), -EINVAL, "one element");
	is_int(change(p, "d", BTF_FORMAT_IP4), -EINVAL, "a size that does not fit");
	is_int(change(p, "a", BTF_FORMAT_HEX), -EINVAL, "bits");
	btf_plan_free(p);
	btf_plan_new(image_of(b), id, sizeof(sample), &p);
	is_int(btf_plan_pretty(p), 0, "pretty");
	composes(p, "\"port\":443", "pretty");
	composes(p, "\"mac\":\"02:00:00:00:00:fe\"", "pretty");
	composes(p, "\"i\":-2,\"u\":16777343", "pretty leaves others");
	btf_plan_free(p);
}

static int compare(const struct btf_plan *p, const char *path, const struct sample *other)
{
	struct btf_place at;

	if (btf_place_find(p, path, strlen(path), &at))
		return -99;
	return btf_place_compare(&at, (const uint8_t *)&sample, (const uint8_t *)other) > 0   ? 1
	       : btf_place_compare(&at, (const uint8_t *)&sample, (const uint8_t *)other) < 0 ? -1
											      : 0;
}

static void test_order(const struct btf *b, uint32_t id)
{
	struct sample other = sample;
	struct btf_plan *p = NULL;

	btf_plan_new(image_of(b), id, sizeof(sample), &p);
	is_int(compare(p, "i", &other), 0, "the same");
	other.i = 1;
	is_int(compare(p, "i", &other), -1, "-2 is below 1");
	other.u = 0x80000000;
	is_int(compare(p, "u", &other), -1, "unsigned numbers have no sign");
	other.d = -7;
	is_int(compare(p, "d", &other), 1, "1.5 is above -7");
	strcpy(other.name, "eth1");
	is_int(compare(p, "name", &other), -1, "names");
	other.pair[1].x = 256;
	is_int(compare(p, "pair[1].x", &other), -1, "a member of an element");
	is_int(compare(p, "pair[0].x", &other), 0, "of another one");
	other.port = 0x0002;	/* 512 */
	is_int(compare(p, "port", &other), -1, "network byte order: 443 is below 512");
	other.bits = 0x0f & ~4;	/* a: 3, was -1 */
	is_int(compare(p, "a", &other), -1, "signed bits");
	is_int(compare(p, "b", &other), 0, "those beside them");
	is_int(compare(p, "pair[2].x", &other), -99, "no such element");
	is_int(compare(p, "nosuch", &other), -99, "no such member");
	is_int(compare(p, "", &sample), 0, "the whole");
	btf_plan_free(p);
}

int main(void)
{
	uint32_t id;
	struct btf *b = make(&id);

	test_as(b, id);
	test_order(b, id);
	btf__free(b);
	return tap_done();
}
