// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Other forms of members: a node of the plan is replaced by one with the form. Nodes are shared by
 * all uses of a type, so those on the path to one member are copied.
 */
#include "decode/btf/format.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <time.h>

#include "cli/err.h"
#include "decode/btf/plan.h"

#define NSEC 1000000000ULL
/* No machine has been up for so long; and all dates since 2001 are larger. */
#define EPOCH_MIN (1000000000ULL * NSEC)

const char *const btf_format_words[] = { "ip4", "ip6", "mac", "port", "time", "hex", "str", NULL };

/* --- printing --- */

/* A number in network byte order. */
static uint64_t read_net(const uint8_t *data, uint32_t size)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < size; i++)
		v = v << 8 | data[i];
	return v;
}

/* Nanoseconds since boot, or since 1970: the date, in local time. */
static void put_time(struct buf *b, const uint8_t *data)
{
	struct timespec real, mono;
	char text[96], date[64], zone[16];
	struct tm tm;
	uint64_t v;
	time_t sec;

	memcpy(&v, data, sizeof(v));
	if (!v) {
		buf_putc(b, '0');
		return;
	}
	if (v < EPOCH_MIN && !clock_gettime(CLOCK_REALTIME, &real) &&
	    !clock_gettime(CLOCK_MONOTONIC, &mono))
		v += ((uint64_t)real.tv_sec * NSEC + (uint64_t)real.tv_nsec) -
		     ((uint64_t)mono.tv_sec * NSEC + (uint64_t)mono.tv_nsec);
	sec = (time_t)(v / NSEC);
	if (!localtime_r(&sec, &tm)) {
		buf_uint(b, v);
		return;
	}
	strftime(date, sizeof(date), "%FT%T", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(text, sizeof(text), "\"%s.%03u%s\"", date, (unsigned int)(v % NSEC / 1000000),
		 zone);
	buf_puts(b, text);
}

static void put_hex_bytes(struct buf *b, const struct node *n, const uint8_t *data)
{
	static const char digits[] = "0123456789abcdef";
	/* A number with its most significant byte first; everything else in memory order. */
	bool turned = n->is_native && __BYTE_ORDER == __LITTLE_ENDIAN;

	buf_puts(b, "\"0x");
	for (uint32_t i = 0; i < n->size; i++) {
		uint8_t byte = data[turned ? n->size - 1 - i : i];

		buf_putc(b, digits[byte >> 4]);
		buf_putc(b, digits[byte & 15]);
	}
	buf_putc(b, '"');
}

void node_format_put(struct buf *b, const struct node *n, const uint8_t *data)
{
	char text[INET6_ADDRSTRLEN] = "";

	switch ((enum btf_format)n->as) {
	case BTF_FORMAT_IP4:
	case BTF_FORMAT_IP6:
		inet_ntop(n->as == BTF_FORMAT_IP4 ? AF_INET : AF_INET6, data, text, sizeof(text));
		buf_json_str(b, text, strlen(text));
		break;
	case BTF_FORMAT_MAC:
		snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", data[0], data[1],
			 data[2], data[3], data[4], data[5]);
		buf_json_str(b, text, strlen(text));
		break;
	case BTF_FORMAT_PORT:
		buf_uint(b, read_net(data, n->size));
		break;
	case BTF_FORMAT_TIME:
		put_time(b, data);
		break;
	case BTF_FORMAT_HEX:
		put_hex_bytes(b, n, data);
		break;
	default:
		buf_json_str(b, (const char *)data, strnlen((const char *)data, n->size));
	}
}

/* --- changing plans --- */

static bool size_fits(enum btf_format as, uint32_t size)
{
	switch (as) {
	case BTF_FORMAT_IP4:
		return size == 4;
	case BTF_FORMAT_IP6:
		return size == 16;
	case BTF_FORMAT_MAC:
		return size == 6;
	case BTF_FORMAT_PORT:
		return size == 2 || size == 4 || size == 8;
	case BTF_FORMAT_TIME:
		return size == 8;
	default:
		return size > 0;
	}
}

static const char *size_wanted(enum btf_format as)
{
	static const char *const sizes[] = {
		[BTF_FORMAT_IP4] = "4 bytes",  [BTF_FORMAT_IP6] = "16 bytes",
		[BTF_FORMAT_MAC] = "6 bytes",  [BTF_FORMAT_PORT] = "2, 4 or 8 bytes",
		[BTF_FORMAT_TIME] = "8 bytes", [BTF_FORMAT_HEX] = "data",
		[BTF_FORMAT_STR] = "data",
	};

	return sizes[as];
}

static const struct node *node_as(struct btf_plan *p, const struct node *n, enum btf_format as)
{
	struct node *new = plan_alloc(p, 1, sizeof(*new));

	if (!new)
		return NULL;
	*new = (struct node){ .kind = NODE_FORMAT, .as = (uint8_t)as, .size = n->size, .cost = 1 };
	new->is_native = n->kind < NODE_BITS && !n->is_net;
	return new;
}

struct change {
	struct err *e;
	struct btf_plan *plan;
	const char *what, *path;	/* for errors */
	enum btf_format as;
};

static int change_node(const struct change *c, const struct node **at, const char *path);

static int change_elem(const struct change *c, const struct node **at, const char *path)
{
	struct node *copy;

	if (!has_prefix(path, "[]"))
		return fail_msg(c->e, -EINVAL, "%s: %s: use '[]': all elements are formatted alike",
				c->what, c->path);
	if ((*at)->kind != NODE_ARRAY)
		return fail_msg(c->e, -ENOENT, "%s: %s: contains no array", c->what, c->path);
	copy = plan_alloc(c->plan, 1, sizeof(*copy));
	if (!copy)
		return fail(c->e, -ENOMEM, "format %s", c->what);
	*copy = **at;
	*at = copy;
	path += strlen("[]");
	return change_node(c, &copy->elem, *path == '.' ? path + 1 : path);
}

static struct node *copy_record(const struct change *c, const struct node *n)
{
	struct node *copy = plan_alloc(c->plan, 1, sizeof(*copy));
	struct member *members = plan_alloc(c->plan, n->n, sizeof(*members));

	if (!copy || !members)
		return NULL;
	*copy = *n;
	memcpy(members, n->members, n->n * sizeof(*members));
	copy->members = members;
	return copy;
}

/* Offset of the member, or of the unnamed one that contains it; n->n: none. */
static uint32_t find_way(const struct node *n, const char *name, bool *ret_inside)
{
	uint32_t off = 0;

	for (uint32_t i = 0; i < n->n; i++) {
		*ret_inside = false;
		if (streq(n->members[i].name, name))
			return i;
	}
	for (uint32_t i = 0; i < n->n; i++) {
		const struct node *m = n->members[i].node;

		*ret_inside = true;
		if (!n->members[i].name[0] && m->kind == NODE_REC &&
		    node_member(m, name, strlen(name), &off))
			return i;
	}
	return n->n;
}

static int fail_member(const struct change *c, const struct node *n, const char *name, size_t len)
{
	fail_msg(c->e, -ENOENT, "%s: %s: no such member", c->what, c->path);
	node_hint_members(c->e, (const struct node *[2]){ n }, name, len);
	return -ENOENT;
}

static int change_member(const struct change *c, const struct node **at, const char *path)
{
	size_t len = strcspn(path, ".[");
	auto_free char *name = strndup(path, len);
	bool inside = false;
	struct node *copy;
	uint32_t i;

	if (!name)
		return fail(c->e, -ENOMEM, "format %s", c->what);
	i = (*at)->kind == NODE_REC && *name ? find_way(*at, name, &inside) : 0;
	if ((*at)->kind != NODE_REC || !*name || i == (*at)->n)
		return fail_member(c, *at, path, len);
	copy = copy_record(c, *at);
	if (!copy)
		return fail(c->e, -ENOMEM, "format %s", c->what);
	*at = copy;
	if (!inside)
		path += len + (path[len] == '.');
	return change_node(c, &copy->members[i].node, path);
}

static int change_node(const struct change *c, const struct node **at, const char *path)
{
	const struct node *n = *at;

	if (*path == '[')
		return change_elem(c, at, path);
	if (*path)
		return change_member(c, at, path);
	if (n->kind == NODE_BITS || n->kind == NODE_SIGNED_BITS || !size_fits(c->as, n->size))
		return fail_msg(c->e, -EINVAL, "%s: %s: %s wants %s; this has %u%s", c->what,
				c->path, btf_format_words[c->as], size_wanted(c->as), n->size,
				n->kind == NODE_BITS || n->kind == NODE_SIGNED_BITS ? ", by bits"
										    : "");
	n = node_as(c->plan, n, c->as);
	if (!n)
		return fail(c->e, -ENOMEM, "format %s", c->what);
	*at = n;
	return 0;
}

int btf_plan_as(struct err *e, struct btf_plan *p, const char *what, const char *path,
		enum btf_format as)
{
	const struct change c = { e, p, what, path, as };

	return change_node(&c, &p->root, path);
}

/* --- guessing --- */

static bool is_mac_name(const char *name)
{
	return strstr(name, "mac") || streq(name, "h_dest") || streq(name, "h_source");
}

/* The form for a node of this type, member: its name in its struct. Negative: unchanged. */
static int guess(const struct node *n, const char *member)
{
	if (n->kind == NODE_UINT && n->is_net)
		return n->size == 4 ? BTF_FORMAT_IP4 : BTF_FORMAT_PORT;
	if (n->kind == NODE_REC && n->type_name && n->size == 4 && streq(n->type_name, "in_addr"))
		return BTF_FORMAT_IP4;
	if (n->kind == NODE_REC && n->type_name && n->size == 16 && streq(n->type_name, "in6_addr"))
		return BTF_FORMAT_IP6;
	if (n->kind == NODE_ARRAY && n->n == 6 && n->size == 6 && is_mac_name(member))
		return BTF_FORMAT_MAC;
	return -1;
}

static int make_pretty(struct btf_plan *p, const struct node **at, const char *member)
{
	/* The plan is private, and all nodes of a type have the same form: no copies. */
	struct node *n = (struct node *)*at;
	int as = guess(n, member), err = 0;

	if (as >= 0) {
		*at = node_as(p, n, (enum btf_format)as);
		return *at ? 0 : -ENOMEM;
	}
	if (n->is_seen)
		return 0;
	n->is_seen = true;
	if (n->kind == NODE_ARRAY)
		err = make_pretty(p, &n->elem, member);
	for (uint32_t i = 0; (n->kind == NODE_REC || n->kind == NODE_TUPLE) && i < n->n && !err;
	     i++)
		err = make_pretty(p, &n->members[i].node,
				  n->members[i].name ? n->members[i].name : "");
	return err;
}

int btf_plan_pretty(struct btf_plan *p)
{
	return make_pretty(p, &p->root, "");
}
