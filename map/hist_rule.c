// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Histograms of other tools. For powers of two, the tools number the slots in one of three ways,
 * and the map does not contain which: libbpf's tools by the number's highest bit, BCC one above
 * that, bpftrace two above, with a slot for 0 and one for negative numbers. They are distinguished
 * by what else is known about a map.
 */
#include <errno.h>

#include "cli/file.h"
#include "decode/btf/find.h"
#include "kern/map/write.h"
#include "kern/object/owners.h"
#include "map/hist.h"

#define MAPS_MAX (4 * 1024 * 1024)

/* 2^n to 2^(n+1)-1. */
static bool power(uint64_t n, struct hist_bounds *ret)
{
	if (n > 63)
		return false;
	*ret = (struct hist_bounds){ .low = 1ULL << n,
				     .high = n == 63 ? UINT64_MAX : (1ULL << (n + 1)) - 1 };
	return true;
}

bool hist_bounds(enum hist_rule rule, uint64_t slot, struct hist_bounds *ret)
{
	switch (rule) {
	case HIST_LINEAR:
		*ret = (struct hist_bounds){ .low = slot, .high = slot };
		return true;
	case HIST_BPFTRACE:
		*ret = (struct hist_bounds){ .negative = !slot };
		return slot < 2 || power(slot - 2, ret);
	case HIST_BCC:
		*ret = (struct hist_bounds){ .high = slot };
		return slot < 2 || power(slot - 1, ret);
	default:
		*ret = (struct hist_bounds){ .high = 1 };
		return !slot || power(slot, ret);
	}
}

/* --- where the slots are --- */

static bool is_number_size(uint32_t size)
{
	return size == 4 || size == 8;
}

static int fail_form(struct ctx *ctx, const struct map_shape *s)
{
	fail_msg(ctx->err, -EINVAL, "map %u has keys of %u and values of %u bytes: not a histogram",
		 s->info.id, s->info.key_size, s->info.value_size);
	err_hint(ctx->err, "a histogram needs integer keys and values of 4 or 8 bytes, or BTF: a "
			   "key with a member 'slot' or a last integer; a value with an array "
			   "'slots'");
	return -EINVAL;
}

static bool is_array(const struct btf_place *at, struct hist_form *ret)
{
	uint32_t size, n = btf_place_numbers(at, &size);

	if (!n || !is_number_size(size))
		return false;
	*ret = (struct hist_form){
		.in_value = true, .off = at->off, .size = size, .n = n, .member = UINT32_MAX
	};
	return true;
}

/* The member "slots", else the only array of numbers; or the whole value is one. */
static bool find_array(const struct map_view *v, struct hist_form *ret)
{
	struct btf_place at;
	const char *name;
	unsigned int n = 0;

	if (!btf_place_find(v->value, "", 0, &at) && is_array(&at, ret))
		return true;
	if (!btf_place_find(v->value, "slots", strlen("slots"), &at))
		return is_array(&at, ret);
	for (uint32_t i = 0; !btf_place_member(v->value, i, &at, &name); i++)
		n += is_array(&at, ret);
	return n == 1;
}

/* The member "slot" or "bucket", else the last one. */
static bool find_slot(const struct map_view *v, struct hist_form *ret)
{
	struct btf_place at;
	const char *name;
	bool named = false;

	for (uint32_t i = 0; v->key && !named && !btf_place_member(v->key, i, &at, &name); i++) {
		named = streq(name, "slot") || streq(name, "bucket");
		*ret = (struct hist_form){ .off = at.off,
					   .size = btf_place_number(&at),
					   .member = i };
	}
	return is_number_size(ret->size);
}

static bool is_bpftrace(const struct map_view *v)
{
	return has_prefix(v->shape.info.name, "AT_");
}

/*
 * A key of 4 or 8 bytes may be a struct. Returns 1: it is a number, 0: it is not, or a negative
 * errno with the error stored.
 */
static int has_number_key(struct ctx *ctx, struct map_view *v)
{
	const struct bpf_map_info *info = &v->shape.info;
	struct btf_place at;
	const char *name;

	if (!info->btf_key_type_id || !map_is_typed(&v->shape) || map_keeps_entries(info->type))
		return 1;
	if (map_view_load(ctx, v))
		return map_view_fail_types(ctx, v, "");
	return !v->key || btf_place_member(v->key, 0, &at, &name) != 0;
}

int hist_find_form(struct ctx *ctx, struct map_view *v, struct hist_form *ret)
{
	const struct bpf_map_info *info = &v->shape.info;
	bool counts = is_number_size(info->value_size);
	int err;

	*ret = (struct hist_form){ .size = info->key_size, .member = UINT32_MAX, .alone = true };
	err = counts && is_number_size(info->key_size) ? has_number_key(ctx, v) : 0;
	if (err)
		return err < 0 ? err : 0;
	/* bpftrace has the slot after the keys of the script, in 8 bytes. */
	if (counts && is_bpftrace(v) && info->key_size > 8) {
		*ret = (struct hist_form){ .off = info->key_size - 8,
					   .size = 8,
					   .member = UINT32_MAX };
		return 0;
	}
	if (!map_is_typed(&v->shape))
		return fail_form(ctx, &v->shape);
	if (!v->value && map_view_load(ctx, v))
		return map_view_fail_types(ctx, v, "");
	*ret = (struct hist_form){};
	return (counts ? find_slot(v, ret) : find_array(v, ret)) ? 0 : fail_form(ctx, &v->shape);
}

/* --- which tool it is from --- */

/* BCC leaves the type with which it declared the map. If it cannot be read, that is reported. */
static bool has_bcc_type(struct ctx *ctx, const struct map_view *v)
{
	const struct bpf_map_info *info = &v->shape.info;
	auto_btf_types struct types *types = NULL;
	int err = info->btf_id ? types_by_id(ctx, info->btf_id, &types) : 0;
	char name[64];

	if (err)
		unread(ctx, err, "cap_sys_admin",
		       "find out whether map %u is one of BCC: read its BTF", info->id);
	if (!types)
		return false;
	snprintf(name, sizeof(name), "____btf_map_%.*s", BPF_OBJ_NAME_LEN, info->name);
	return btf_find(&types->img, name, UINT32_MAX);
}

/* Has the process mapped the library? */
static bool has_mapped(uint32_t pid, const char *library)
{
	struct buf maps = {};
	struct err unseen = {};
	char path[64];
	bool found;

	snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	found = !file_read(&unseen, path, MAPS_MAX, &maps) && maps.len &&
		memmem(maps.data, maps.len, library, strlen(library));
	err_clear(&unseen);
	buf_free(&maps);
	return found;
}

static enum hist_rule guess_by_owner(struct ctx *ctx, const struct map_view *v,
				     const char **ret_why)
{
	const struct owner *owner;
	struct owners *owners = NULL;
	enum hist_rule rule = HIST_LOG2;
	size_t n = 0;

	int err = owners_collect(ctx, &obj_map, 1, &owners);

	if (err) {
		owners_unread(ctx, &obj_map, err);
		return rule;
	}
	owner = owners_of(owners, v->shape.info.id, &n);
	for (size_t i = 0; i < n && rule == HIST_LOG2; i++) {
		if (streq(owner[i].comm, "bpftrace"))
			rule = HIST_BPFTRACE;
		else if (has_mapped(owner[i].pid, "/libbcc.so"))
			rule = HIST_BCC;
	}
	if (rule != HIST_LOG2)
		*ret_why = rule == HIST_BCC ? "held by a process using libbcc" : "held by bpftrace";
	else
		owners_partly(ctx, owners);
	owners_free(owners);
	return rule;
}

enum hist_rule hist_guess(struct ctx *ctx, const struct map_view *v, const struct hist_form *f,
			  const char **ret_why)
{
	if (is_bpftrace(v)) {
		*ret_why = "the name starts with AT_, as bpftrace's do";
		return HIST_BPFTRACE;
	}
	if (f->in_value) {
		*ret_why = "slots within a value, as in libbpf-tools";
		return HIST_LOG2;
	}
	if (has_bcc_type(ctx, v)) {
		*ret_why = "its BTF was generated by BCC";
		return HIST_BCC;
	}
	*ret_why = "unknown origin: 'rule bcc' and 'rule bpftrace' number slots differently";
	return guess_by_owner(ctx, v, ret_why);
}
