// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What of a map is shown by dump, and how: where, limit, percpu. */
#include <errno.h>

#include "decode/btf_fold.h"
#include "decode/btf_parse.h"
#include "json_writer.h"
#include "map.h"

enum percpu { PERCPU_EACH, PERCPU_SUM, PERCPU_MAX };

static const char *const percpu_words[] = { "each", "sum", "max", NULL };

static bool is_number(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* Is there such a member? Asked of data that nobody needs. */
static bool try_assign(struct ctx *ctx, const struct btf_plan *p, const char *text, uint8_t *scratch)
{
	struct err saved = *ctx->err;
	const struct btf_target t = { .plan = p, .what = "where", .flags = BTF_PARSE_NET, .data = scratch };
	bool good = p && !btf_parse_assign(ctx->err, &t, text);

	*ctx->err = saved;
	return good;
}

static int find_where(struct ctx *ctx, struct map_view *v, struct map_filter *f)
{
	struct btf_target t = { .plan = v->value, .what = "value", .flags = BTF_PARSE_NET, .data = f->scratch };

	if (!v->value)
		return fail_msg(ctx->err, -EINVAL, "map %u has no BTF: 'where' cannot know its members",
				v->shape.info.id);
	if (!strchr(f->where, '='))
		return fail_usage(ctx->err, "'where' needs FIELD=VALUE, got: '%s'", f->where);
	f->in_key = has_prefix(f->where, "key.");
	if (f->in_key || has_prefix(f->where, "value."))
		f->where = strchr(f->where, '.') + 1;
	else
		f->in_key = !try_assign(ctx, v->value, f->where, f->scratch) &&
			    try_assign(ctx, v->key, f->where, f->scratch);
	if (f->in_key)
		t = (struct btf_target){ .plan = v->key, .what = "key", .flags = BTF_PARSE_NET, .data = f->scratch };
	if (!t.plan)
		return fail_msg(ctx->err, -EINVAL, "map %u has no BTF for its keys", v->shape.info.id);
	return btf_parse_assign(ctx->err, &t, f->where);
}

int map_filter_open(struct ctx *ctx, const struct map_dump_args *a, struct map_view *v, struct map_filter *ret)
{
	const struct map_shape *s = &v->shape;
	struct map_filter f = { .where = a->where, .limit = a->limit };
	int err = 0;

	f.folds = s->per_cpu && a->percpu != PERCPU_EACH;
	f.recurses = a->recurse && map_holds_maps(s->info.type);
	f.takes_max = a->percpu == PERCPU_MAX;
	f.scratch = malloc((size_t)s->info.key_size + s->value_len + 1);
	if (!f.scratch)
		return fail(ctx->err, -ENOMEM, "filter");
	*ret = f;
	if (f.folds && !v->value && !is_number(s->info.value_size))
		return fail_msg(ctx->err, -EINVAL,
				"map %u has no BTF: what is in its values of %u bytes cannot be added",
				s->info.id, s->info.value_size);
	if (f.where)
		err = find_where(ctx, v, ret);
	return err;
}

void map_filter_close(struct map_filter *f)
{
	free(take_ptr(f->scratch));
}

/* An entry has it if writing it there would change nothing. */
static bool has_it(struct ctx *ctx, const struct map_filter *f, const struct btf_plan *p, const uint8_t *data,
		   size_t len)
{
	const struct btf_target t = { .plan = p, .what = "where", .flags = BTF_PARSE_NET, .data = f->scratch };

	memcpy(f->scratch, data, len);
	return !btf_parse_assign(ctx->err, &t, f->where) && !memcmp(f->scratch, data, len);
}

bool map_filter_takes(struct ctx *ctx, const struct map_filter *f, const struct map_view *v, const uint8_t *key,
		      const uint8_t *value)
{
	const struct map_shape *s = &v->shape;
	uint32_t cpu;

	if (!f->where)
		return true;
	if (f->in_key)
		return has_it(ctx, f, v->key, key, s->info.key_size);
	for (cpu = 0; cpu < s->n_cpus; cpu++)
		if (has_it(ctx, f, v->value, value + cpu * s->cpu_stride, s->info.value_size))
			return true;
	return false;
}

void map_filter_fold(const struct map_filter *f, const struct map_view *v, uint8_t *value)
{
	const struct map_shape *s = &v->shape;
	enum btf_fold how = f->takes_max ? BTF_FOLD_MAX : BTF_FOLD_SUM;
	uint32_t cpu;

	for (cpu = 1; cpu < s->n_cpus; cpu++) {
		if (v->value)
			btf_plan_fold(v->value, how, value, value + cpu * s->cpu_stride);
		else
			btf_fold_number(s->info.value_size, how, value, value + cpu * s->cpu_stride);
	}
}

const struct param map_dump_params[] = {
	PARAM_REF(struct map_dump_args, map, "", "MAP", ref_words_map, "the map, or all of a name",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_U32(struct map_dump_args, limit, "limit", "N", "stop after N entries"),
	PARAM_WORD(struct map_dump_args, where, "where", "FIELD=VALUE", NULL, "only entries with this value"),
	PARAM_CHOICE(struct map_dump_args, percpu, "percpu", "HOW", percpu_words,
		     "values of all CPUs: each, their sum, or the largest"),
	PARAM_FLAG(struct map_dump_args, recurse, "recurse", "the entries of maps in the map too"),
	{ }
};
