// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Which entries of a map dump prints, and how: where, limit, percpu, sort, as. */
#include <errno.h>

#include "decode/btf/format.h"
#include "decode/btf/percpu_fold.h"
#include "decode/btf/parse.h"
#include "json_writer.h"
#include "map/dump.h"

static bool is_number(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* The view's own plans may be changed to show other forms: these have the types of entries. */
static int make_plans(struct ctx *ctx, const struct map_view *v, struct map_filter *f)
{
	const struct bpf_map_info *info = &v->shape.info;
	uint32_t value_type = info->btf_vmlinux_value_type_id ? info->btf_vmlinux_value_type_id :
				info->btf_value_type_id;
	int err = 0;

	if (v->value)
		err = btf_plan_new(&v->types->img, value_type, info->value_size, &f->value);
	if (!err && v->key)
		err = btf_plan_new(&v->types->img, info->btf_key_type_id, info->key_size, &f->key);
	return err ? fail(ctx->err, err, "read the types of map %u", info->id) : 0;
}

static int need_btf(struct ctx *ctx, const struct map_filter *f, const struct map_view *v,
		    const char *word)
{
	char reason[64];

	if (f->value)
		return 0;
	snprintf(reason, sizeof(reason), ": '%s' cannot know its members", word);
	return map_view_fail_types(ctx, v, reason);
}

/*
 * Does it mean a member of the key? A prefix "key." or "value." selects it; *path is advanced past
 * it.
 */
static bool find_side(const struct map_filter *f, const char **path, size_t len)
{
	struct btf_place place;
	bool in_key = has_prefix(*path, "key.");

	if (in_key || has_prefix(*path, "value.")) {
		*path = strchr(*path, '.') + 1;
		return in_key;
	}
	if (!btf_place_find(f->value, *path, len, &place))
		return false;
	if (f->key && !btf_place_find(f->key, *path, len, &place))
		return true;
	/* Keys and values that are not structs have no members: they have these names. */
	in_key = len == strlen("key") && has_prefix(*path, "key");
	if (in_key || (len == strlen("value") && has_prefix(*path, "value")))
		*path += len;
	return in_key;
}

/* A member in the user's words, and in those without "key." or "value.". */
struct field {
	const char *what, *whole, *path;
	size_t len;			/* of the path */
	bool in_key;
};

/* If it is in neither, members of both are offered, unless the user named the side. */
static int check_field(struct ctx *ctx, const struct map_filter *f, const struct field *field)
{
	const struct btf_plan *plans[2] = { field->in_key ? f->key : f->value };
	auto_free char *path = strndup(field->path, field->len);
	struct btf_place place;

	if (!path)
		return fail(ctx->err, -ENOMEM, "%s", field->what);
	if (!plans[0] || !btf_place_find(plans[0], path, field->len, &place))
		return 0;
	if (field->path == field->whole)
		plans[1] = f->key;
	fail_msg(ctx->err, -ENOENT, "%s: %.*s: no such member", field->what,
		 (int)((size_t)(field->path - field->whole) + field->len), field->whole);
	btf_place_hint(ctx->err, plans, path);
	return -ENOENT;
}

/* "FIELD=5" into data that is 0 elsewhere; *ret NULL if there is no text. */
static int parse_end(struct ctx *ctx, const struct btf_target *like, size_t len, const char *path,
		     size_t path_len, const char *text, uint8_t **ret)
{
	auto_free char *assign = NULL;
	struct btf_target t = *like;

	if (!*text)
		return 0;
	if (asprintf(&assign, "%.*s=%s", (int)path_len, path, text) < 0)
		assign = NULL;
	t.data = *ret = calloc(1, len + 1);
	if (!assign || !*ret)
		return fail(ctx->err, -ENOMEM, "filter");
	return path_len ? btf_parse_assign(ctx->err, &t, assign)
			: btf_parse_word(ctx->err, &t, text);
}

/* FIELD=LOW..HIGH; one of them may be omitted. */
static int find_range(struct ctx *ctx, const struct btf_target *t, size_t len, const char *dots,
		      struct map_filter *f)
{
	size_t path_len = strcspn(f->where, "=");
	auto_free char *low =
		strndup(f->where + path_len + 1, (size_t)(dots - f->where) - path_len - 1);
	int err;

	if (!low)
		return fail(ctx->err, -ENOMEM, "filter");
	if (!*low && !dots[2])
		return fail_usage(ctx->err,
				  "'where' needs FIELD=LOW..HIGH with at least one bound");
	err = parse_end(ctx, t, len, f->where, path_len, low, &f->low);
	if (!err)
		err = parse_end(ctx, t, len, f->where, path_len, dots + 2, &f->high);
	if (!err && f->low && f->high && btf_place_compare(&f->place, f->low, f->high) > 0)
		return fail_usage(ctx->err, "where: %s is above %s", low, dots + 2);
	return err;
}

static int find_where(struct ctx *ctx, const struct map_view *v, struct map_filter *f)
{
	const struct bpf_map_info *info = &v->shape.info;
	struct btf_target t = {
		.plan = f->value, .what = "value", .flags = BTF_PARSE_NET, .data = f->scratch
	};
	struct field field = { .what = "where", .whole = f->where };
	const char *dots;
	size_t len;
	int err = need_btf(ctx, f, v, "where");

	if (err)
		return err;
	if (!strchr(f->where, '='))
		return fail_usage(ctx->err,
				  "'where' needs FIELD=VALUE or FIELD=LOW..HIGH, got: '%s'",
				  f->where);
	f->in_key = find_side(f, &f->where, strcspn(f->where, "="));
	if (f->in_key)
		t = (struct btf_target){
			.plan = f->key, .what = "key", .flags = BTF_PARSE_NET, .data = f->scratch
		};
	if (!t.plan)
		return fail_msg(ctx->err, -EINVAL, "map %u has no BTF for its keys", info->id);
	len = strcspn(f->where, "=");
	field.path = f->where;
	field.len = len;
	field.in_key = f->in_key;
	err = check_field(ctx, f, &field);
	if (err)
		return err;
	dots = strstr(f->where + len, "..");
	if (dots && !btf_place_find(t.plan, f->where, len, &f->place) &&
	    !btf_place_is_text(&f->place))
		return find_range(ctx, &t, f->in_key ? info->key_size : info->value_size, dots, f);
	return len ? btf_parse_assign(ctx->err, &t, f->where)
		   : btf_parse_word(ctx->err, &t, f->where + 1);
}


static int find_order(struct ctx *ctx, const struct map_view *v, const char *path,
		      struct map_filter *f)
{
	struct field field = { .what = "sort", .whole = path };
	int err = need_btf(ctx, f, v, "sort");

	if (err)
		return err;
	f->sorts = true;
	f->sort_in_key = find_side(f, &path, strlen(path));
	field.path = path;
	field.len = strlen(path);
	field.in_key = f->sort_in_key;
	err = check_field(ctx, f, &field);
	if (err)
		return err;
	btf_place_find(f->sort_in_key ? f->key : f->value, path, field.len, &f->order);
	if (v->shape.per_cpu && !v->one_cpu && !f->folds && !f->sort_in_key) {
		fail_msg(ctx->err, -EINVAL, "sort: values are per CPU");
		err_hint(ctx->err, "combine them with 'percpu sum' or 'percpu max', or select one "
				   "with 'cpu N'");
		return -EINVAL;
	}
	return 0;
}

/* --- as, pretty --- */

static int show_as(struct ctx *ctx, struct map_view *v, const struct map_filter *f, char *item)
{
	char *how = strrchr(item, '=');
	const char *path = item;
	struct field field;
	struct err why;
	bool in_key;
	int as, err;

	if (!how)
		return fail_usage(ctx->err, "'as' needs FIELD=HOW[,FIELD=HOW...], got: '%s'", item);
	*how++ = '\0';
	as = word_find(how, btf_format_words);
	if (as < 0)
		return fail_usage(ctx->err, "as: unknown format '%s': use ip4, ip6, mac, port, "
					    "time, hex or str", how);
	in_key = find_side(f, &path, strcspn(path, "["));
	if (in_key && !v->key)
		return fail_msg(ctx->err, -EINVAL, "map %u has no BTF for its keys",
				v->shape.info.id);
	err = btf_plan_as(ctx->err, in_key ? v->key : v->value, in_key ? "key" : "value", path,
			  as);
	if (err != -ENOENT || in_key)
		return err;
	field = (struct field){ "as", item, path, strlen(path), false };
	why = *ctx->err;
	*ctx->err = (struct err){};
	err = check_field(ctx, f, &field);
	if (!err)
		*ctx->err = why;
	return -ENOENT;
}

static int change_forms(struct ctx *ctx, const struct map_forms *forms, struct map_view *v,
			const struct map_filter *f)
{
	auto_free char *text = forms->as ? strdup(forms->as) : NULL;
	char *rest = text, *item;
	int err = 0;

	if (forms->as && !text)
		return fail(ctx->err, -ENOMEM, "as");
	if (forms->as)
		err = need_btf(ctx, f, v, "as");
	while (!err && (item = strsep(&rest, ",")))
		err = show_as(ctx, v, f, item);
	if (err || !forms->pretty || !v->value)
		return err;
	err = btf_plan_pretty(v->value);
	if (!err && v->key)
		err = btf_plan_pretty(v->key);
	return err ? fail(ctx->err, err, "pretty") : 0;
}

int map_view_forms(struct ctx *ctx, const struct map_forms *forms, struct map_view *v)
{
	struct map_filter f = {};
	int err;

	if (!forms->as && !forms->pretty)
		return 0;
	err = make_plans(ctx, v, &f);
	err = err ?: change_forms(ctx, forms, v, &f);
	map_filter_close(&f);
	return err;
}

static int take_cpu(struct ctx *ctx, const struct map_dump_args *a, struct map_view *v,
		    struct map_filter *f)
{
	int err;

	if (!a->cpu.given)
		return 0;
	if (a->percpu != PERCPU_EACH)
		return fail_usage(ctx->err, "'cpu' selects one CPU, 'percpu %s' combines all",
				  map_percpu_words[a->percpu]);
	err = map_view_one_cpu(ctx, a->cpu.value, v);
	f->cpu_off = err ? 0 : a->cpu.value * v->shape.cpu_stride;
	return err;
}

int map_filter_open(struct ctx *ctx, const struct map_dump_args *a, struct map_view *v,
		    struct map_filter *ret)
{
	const struct map_shape *s = &v->shape;
	struct map_filter f = { .where = a->where, .limit = a->limit, .reverse = a->reverse };
	int err = 0;

	f.folds = s->per_cpu && a->percpu != PERCPU_EACH;
	f.recurses = a->recurse && map_holds_maps(s->info.type);
	f.takes_max = a->percpu == PERCPU_MAX;
	f.scratch = malloc((size_t)s->info.key_size + s->value_len + 1);
	if (!f.scratch)
		return fail(ctx->err, -ENOMEM, "filter");
	*ret = f;
	if (a->percpu != PERCPU_EACH && !s->per_cpu)
		return fail_msg(ctx->err, -EINVAL,
				"map %u has one value for all CPUs: 'percpu %s' is for per-CPU "
				"maps", s->info.id, map_percpu_words[a->percpu]);
	err = take_cpu(ctx, a, v, ret);
	if (!err)
		err = make_plans(ctx, v, ret);
	if (err)
		return err;
	if (f.folds && !v->value && !is_number(s->info.value_size))
		return map_view_fail_types(ctx, v, ": its values cannot be added");
	if (f.where)
		err = find_where(ctx, v, ret);
	if (!err && a->reverse && !a->sort)
		err = fail_usage(ctx->err, "'reverse' requires 'sort FIELD'");
	if (!err && a->sort)
		err = find_order(ctx, v, a->sort, ret);
	return err ? err : change_forms(ctx, &a->forms, v, ret);
}

void map_filter_close(struct map_filter *f)
{
	free(take_ptr(f->scratch));
	free(take_ptr(f->low));
	free(take_ptr(f->high));
	btf_plan_free(take_ptr(f->key));
	btf_plan_free(take_ptr(f->value));
}

/* An entry matches if writing the value to it would change nothing. */
static bool has_it(struct ctx *ctx, const struct map_filter *f, const struct btf_plan *p,
		   const uint8_t *data, size_t len)
{
	const struct btf_target t = {
		.plan = p, .what = "where", .flags = BTF_PARSE_NET, .data = f->scratch
	};

	if (f->low || f->high)
		return (!f->low || btf_place_compare(&f->place, data, f->low) >= 0) &&
		       (!f->high || btf_place_compare(&f->place, data, f->high) <= 0);
	memcpy(f->scratch, data, len);
	if (f->where[0] == '=')
		return !btf_parse_word(ctx->err, &t, f->where + 1) &&
		       !memcmp(f->scratch, data, len);
	return !btf_parse_assign(ctx->err, &t, f->where) && !memcmp(f->scratch, data, len);
}

bool map_filter_takes(struct ctx *ctx, const struct map_filter *f, const struct map_view *v,
		      const uint8_t *key, const uint8_t *value)
{
	const struct map_shape *s = &v->shape;
	uint32_t cpu;

	if (!f->where)
		return true;
	if (f->in_key)
		return has_it(ctx, f, f->key, key, s->info.key_size);
	for (cpu = map_view_first_cpu(v); cpu < map_view_end_cpu(v); cpu++)
		if (has_it(ctx, f, f->value, value + cpu * s->cpu_stride, s->info.value_size))
			return true;
	return false;
}

void map_filter_fold(const struct map_filter *f, const struct map_view *v, uint8_t *value)
{
	const struct map_shape *s = &v->shape;
	enum btf_percpu_fold how = f->takes_max ? BTF_PERCPU_MAX : BTF_PERCPU_SUM;
	uint32_t cpu;

	for (cpu = 1; cpu < s->n_cpus; cpu++) {
		if (f->value)
			btf_plan_fold(f->value, how, value, value + cpu * s->cpu_stride);
		else
			btf_percpu_fold_number(s->info.value_size, how, value,
					       value + cpu * s->cpu_stride);
	}
}
