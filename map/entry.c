// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One entry of a map, as all commands print it: bytes in text ("key: 01  value: 02") and JSON, and
 * by type if the map has BTF.
 */
#include <errno.h>

#include "json_writer.h"
#include "kern/kernel.h"
#include "map/map.h"

#define WIDE 16			/* longer data gets its own lines */
#define LINE_MAX_BYTES 24	/* maximum on one line */

bool map_is_typed(const struct map_shape *s)
{
	return (s->info.btf_id && s->info.btf_value_type_id) || s->info.btf_vmlinux_value_type_id;
}

static int load_types(struct ctx *ctx, struct map_view *v, uint32_t *ret_value_type)
{
	const struct bpf_map_info *info = &v->shape.info;

	*ret_value_type = info->btf_value_type_id;
	if (info->btf_vmlinux_value_type_id) {
		*ret_value_type = info->btf_vmlinux_value_type_id;
		return types_of_kernel(ctx, &v->types);
	}
	return types_by_id(ctx, info->btf_id, &v->types);
}

static void bare_bits(struct map_view *v)
{
	btf_plan_bare_bits(v->value);
	if (v->key)
		btf_plan_bare_bits(v->key);
}

static int make_plans(struct ctx *ctx, struct map_view *v)
{
	const struct bpf_map_info *info = &v->shape.info;
	uint32_t value_type;
	int err = load_types(ctx, v, &value_type);

	if (!err)
		err = btf_plan_new(&v->types->img, value_type, info->value_size, &v->value);
	if (!err && info->btf_key_type_id && !info->btf_vmlinux_value_type_id)
		err = btf_plan_new(&v->types->img, info->btf_key_type_id, info->key_size, &v->key);
	if (!err && streq(ctx->progname, "bpftool"))
		bare_bits(v);
	return err;
}

static void drop_types(struct map_view *v)
{
	btf_plan_free(take_ptr(v->key));
	btf_plan_free(take_ptr(v->value));
	types_free(take_ptr(v->types));
}

int map_view_load(struct ctx *ctx, struct map_view *v)
{
	int err = make_plans(ctx, v);

	if (err)
		drop_types(v);
	v->types_err = err;
	return err;
}

int map_view_fail_types(struct ctx *ctx, const struct map_view *v, const char *reason)
{
	if (!v->types_err)
		return fail_msg(ctx->err, -EINVAL, "map %u has no BTF%s", v->shape.info.id, reason);
	fail(ctx->err, v->types_err, "read the BTF of map %u", v->shape.info.id);
	err_hint_denied(ctx->err, obj_caps);
	return v->types_err;
}

int map_view_open(struct ctx *ctx, int fd, struct map_view *ret)
{
	struct map_view v = {};
	int err = map_shape_read(fd, &v.shape);

	if (err)
		return fail(ctx->err, err, "read map");
	if (map_is_typed(&v.shape))
		map_view_load(ctx, &v);
	*ret = v;
	return 0;
}

void map_view_partly(struct ctx *ctx, const struct map_view *v)
{
	if (v->types_err)
		unread(ctx, v->types_err, obj_caps,
		       "read the BTF of map %u, which is shown as bytes", v->shape.info.id);
}

void map_view_close(struct map_view *v)
{
	drop_types(v);
	buf_free(&v->scratch);
}

int map_view_one_cpu(struct ctx *ctx, uint32_t cpu, struct map_view *v)
{
	const struct map_shape *s = &v->shape;

	if (!s->per_cpu)
		return fail_msg(ctx->err, -EINVAL,
				"map %u has one value for all CPUs: 'cpu' is for per-CPU maps",
				s->info.id);
	if (cpu >= s->n_cpus)
		return fail_msg(ctx->err, -EINVAL, "there is no CPU %u: the last one is %u", cpu,
				s->n_cpus - 1);
	v->one_cpu = true;
	v->cpu = cpu;
	return 0;
}

static uint32_t read_u32(const uint8_t *data)
{
	uint32_t v;

	memcpy(&v, data, sizeof(v));
	return v;
}

/* The text in place of a value that could not be read. */
static const char *no_value(const struct map_view *v, int err, char *buf, size_t size)
{
	if (err == -ENOENT)
		return "<no entry>";
	if (err == -ENOSPC && v->shape.info.type == BPF_MAP_TYPE_REUSEPORT_SOCKARRAY)
		return "<cannot read>";
	return errno_text(err, buf, size);
}

static void show_cpus(struct out *o, const struct map_view *v, const uint8_t *key,
		      const uint8_t *value)
{
	const struct map_shape *s = &v->shape;

	out_bytes(o, "key", "key:\n", key, s->info.key_size);
	out_list(o, "values", NULL);
	for (uint32_t cpu = map_view_first_cpu(v); cpu < map_view_end_cpu(v); cpu++) {
		out_rec(o, NULL);
		out_no_sep(o);
		out_uint(o, "cpu", "value (CPU %02llu):", cpu);
		out_bytes(o, "value", s->info.value_size > WIDE ? "\n" : " ",
			  value + cpu * s->cpu_stride, s->info.value_size);
		out_rec_end(o);
	}
	out_list_end(o);
}

static void show_error(struct out *o, char gap, const char *why, int err)
{
	char buf[128];

	out_rec(o, "value");
	out_json_str(o, "error", errno_text(err, buf, sizeof(buf)));
	out_item(o, "value:%c%s", gap, why);
	out_rec_end(o);
}

/* In text key and value are on one line if they fit; wide ones start lines of their own. */
static void show_bytes(struct out *o, const struct map_view *v, const uint8_t *key,
		       const uint8_t *value, int err)
{
	const struct bpf_map_info *info = &v->shape.info;
	uint32_t key_size = info->key_size, second = info->value_size;
	char buf[128];
	const char *why = err ? no_value(v, err, buf, sizeof(buf)) : NULL;
	bool wide, one_line;

	if (why)
		second = (uint32_t)strlen(why);
	wide = key_size > WIDE || second > WIDE;
	one_line = !wide && key_size + second <= LINE_MAX_BYTES;
	out_bytes(o, "key", !key_size ? "" : wide ? "key:\n" : "key: ", key, key_size);
	out_text(o, !key_size ? "" : one_line ? "  " : "\n");
	if (why) {
		show_error(o, wide ? '\n' : ' ', why, err);
	} else if (map_holds_maps(info->type)) {
		out_json_bytes(o, "value", value, info->value_size);
		out_uint(o, "inner_map_id", "inner_map_id: %llu ", read_u32(value));
	} else {
		out_bytes(o, "value", wide ? "value:\n" : "value: ", value, info->value_size);
	}
}

static void typed_entry(struct out *o, const struct map_view *v, const uint8_t *key,
			const uint8_t *value)
{
	const struct map_shape *s = &v->shape;
	uint32_t cpu;

	if (v->key)
		btf_plan_print(o, "key", v->key, key);
	if (!s->per_cpu) {
		btf_plan_print(o, "value", v->value, value);
		return;
	}
	out_list(o, "values", NULL);
	for (cpu = map_view_first_cpu(v); cpu < map_view_end_cpu(v); cpu++) {
		out_rec(o, NULL);
		out_uint(o, "cpu", "%llu", cpu);
		btf_plan_print(o, "value", v->value, value + cpu * s->cpu_stride);
		out_rec_end(o);
	}
	out_list_end(o);
}

/*
 * The output of show_bytes() and typed_entry() for a simple map, in one piece: dumps of millions
 * consist of this.
 */
static void compact_entry(struct buf *b, const struct map_view *v, const uint8_t *key,
			  const uint8_t *value)
{
	b->len = 0;
	buf_puts(b, "{\"key\":[");
	buf_hex_bytes(b, key, v->shape.info.key_size);
	buf_puts(b, "],\"value\":[");
	buf_hex_bytes(b, value, v->shape.info.value_size);
	buf_putc(b, ']');
	if (v->value) {
		buf_puts(b, ",\"formatted\":{");
		if (v->key) {
			buf_puts(b, "\"key\":");
			btf_plan_compose(b, v->key, key);
			buf_putc(b, ',');
		}
		buf_puts(b, "\"value\":");
		btf_plan_compose(b, v->value, value);
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
}

/* In a tree: the key is printed by its type, too. */
static void show_typed(struct out *o, const struct map_view *v, const uint8_t *key,
		       const uint8_t *value, int err)
{
	char why[128];

	if (!err) {
		out_json_rec(o, "formatted");
		typed_entry(o, v, key, value);
		out_json_rec_end(o);
		return;
	}
	if (v->key)
		btf_plan_print(o, "key", v->key, key);
	else
		out_bytes(o, "key", "", key, v->shape.info.key_size);
	out_rec(o, "value");
	out_str(o, "error", "%s", errno_text(err, why, sizeof(why)));
	out_rec_end(o);
}

void map_entry_show(struct ctx *ctx, struct map_view *v, const uint8_t *key, const uint8_t *value,
		    int err)
{
	struct out *o = ctx->out;
	bool is_json = out_is_json(o);
	bool simple = !v->shape.per_cpu && !map_holds_maps(v->shape.info.type) && !err;

	if (simple && out_is_compact(o)) {
		compact_entry(&v->scratch, v, key, value);
		if (!v->scratch.err) {
			out_json_verbatim(o, v->scratch.data, v->scratch.len);
			return;
		}
	}
	out_rec(o, NULL);
	if (v->value && !is_json)
		show_typed(o, v, key, value, err);
	else if (v->shape.per_cpu && !err)
		show_cpus(o, v, key, value);
	else
		show_bytes(o, v, key, value, err);
	if (v->value && is_json && !err)
		show_typed(o, v, key, value, 0);
	out_rec_end(o);
}
