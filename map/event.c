// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map event_pipe: prints what programs send through a perf event array or a ring buffer, as
 * it arrives, optionally by a type.
 */
#include <errno.h>

#include "decode/btf/find.h"
#include "decode/btf/size.h"
#include "json_writer.h"
#include "kern/map/events.h"
#include "kern/object/names.h"
#include "kern/stop.h"
#include "view/output.h"
#include "view/owner.h"
#include "map/map.h"

struct map_event_args {
	struct ref map;
	struct given_u32 cpu, index;
	bool force;
	const char *type;		/* as 'struct event' */
};

struct pipe_run {
	struct ctx *ctx;
	struct types *types;		/* owned; of the type */
	struct btf_plan *plan;		/* NULL: bytes */
	uint32_t type_len, map_id;
	unsigned long long n_unwritten;	/* read, but not yet written */
};

/* BTF of a program that uses the map, if it contains the type. */
static int try_prog(struct ctx *ctx, int fd, const struct map_event_args *a, uint32_t map_id,
		    struct types **ret)
{
	uint32_t ids[64] = {};
	struct bpf_prog_info info = { .nr_map_ids = ARRAY_SIZE(ids), .map_ids = ptr_to_u64(ids) };
	auto_btf_types struct types *types = NULL;
	uint32_t i;
	int id;

	if (obj_info(fd, &info, sizeof(info)) || !info.btf_id)
		return -ENOENT;
	for (i = 0; i < info.nr_map_ids && i < ARRAY_SIZE(ids); i++)
		if (ids[i] == map_id)
			break;
	if (i == info.nr_map_ids || i == ARRAY_SIZE(ids) || types_by_id(ctx, info.btf_id, &types))
		return -ENOENT;
	id = (int)btf_type_by_name(&types->img, a->type);
	if (!id)
		return -ENOENT;
	*ret = take_ptr(types);
	return id;
}

/* The map has no types for its events. Programs that use it have them, and the kernel. */
static int find_btf(struct ctx *ctx, const struct map_event_args *a, uint32_t map_id,
		    struct pipe_run *r)
{
	uint32_t prog_id = 0;
	int fd, id = -ENOENT;

	while (id < 0 && !obj_next(&obj_prog, 0, &prog_id, &fd)) {
		id = try_prog(ctx, fd, a, map_id, &r->types);
		close(fd);
	}
	if (id < 0 && !types_of_kernel(ctx, &r->types))
		id = (int)btf_type_by_name(&r->types->img, a->type);
	if (id > 0)
		return id;
	fail_msg(ctx->err, -ENOENT, "no type '%s' in programs that use map %u, nor in the kernel",
		 a->type, map_id);
	err_hint(ctx->err, "compilers drop types without a variable; see 'bpfctl btf dump'");
	return -ENOENT;
}

static int plan_type(struct ctx *ctx, const struct map_event_args *a, uint32_t map_id,
		     struct pipe_run *r)
{
	int64_t len;
	int id, err;

	if (!a->type)
		return 0;
	id = find_btf(ctx, a, map_id, r);
	if (id < 0)
		return id;
	len = btf_type_size(&r->types->img, BTF_BPF_POINTER, (uint32_t)id);
	if (len <= 0)
		return fail_msg(ctx->err, -EINVAL, "type '%s' has no size", a->type);
	r->type_len = (uint32_t)len;
	err = btf_plan_new(&r->types->img, (uint32_t)id, r->type_len, &r->plan);
	return err ? fail(ctx->err, err, "type '%s'", a->type) : 0;
}

static void show_head(struct out *o, const struct event *e)
{
	bool is_sample = e->type == PERF_RECORD_SAMPLE;
	char form[80] = "";

	if (!e->is_perf) {
		out_uint(o, "size", "== %llu bytes =====\n", e->len);
		return;
	}
	if (is_sample)
		snprintf(form, sizeof(form), "== @%llu.%09llu CPU: {cpu} index: {index} =====\n",
			 (unsigned long long)(e->time / 1000000000),
			 (unsigned long long)(e->time % 1000000000));
	out_form(o, form);
	out_uint(o, "type", "%llu", e->type);
	out_uint(o, "cpu", "%llu", e->cpu);
	out_uint(o, "index", "%llu", e->index);
	if (is_sample)
		out_uint(o, "timestamp", "%llu", e->time);
	out_form_end(o);
}

static void show_data(struct pipe_run *r, const struct event *e)
{
	bool typed = r->plan && e->len >= r->type_len;
	struct out *o = r->ctx->out;

	out_json_numbers(o, "data", e->data, e->len);
	if (!typed) {
		out_text_bytes(o, e->data, e->len);
		out_text(o, "\n");
		return;
	}
	out_tree(o);
	btf_plan_print(o, "formatted", r->plan, e->data);
	out_tree_end(o);
}

static void show_lost(struct out *o, const struct event *e)
{
	out_rec(o, "lost");
	out_json_uint(o, "id", e->lost_id);
	out_uint(o, "count", "lost %llu events\n", e->n_lost);
	out_rec_end(o);
}

static int show_event(const struct event *e, void *data)
{
	struct pipe_run *r = data;
	struct out *o = r->ctx->out;

	out_rec(o, NULL);
	show_head(o, e);
	if (e->data)
		show_data(r, e);
	else if (e->is_perf && e->type == PERF_RECORD_LOST)
		show_lost(o, e);
	else
		out_text(o, "unknown event type=%u size=%u\n", e->type, e->len);
	out_rec_end(o);
	r->n_unwritten++;
	return out_failed(o);
}

/* Prints all pending events. Returns 0, OUTPUT_LOST, or a negative errno that is stored. */
static int show_events(struct ctx *ctx, struct events *events, struct pipe_run *r)
{
	int err = events_read(events, show_event, r);
	char from[32];

	snprintf(from, sizeof(from), "map %u", r->map_id);
	if (output_flush(ctx, r->n_unwritten, plural(r->n_unwritten, "event", "events"), from))
		return OUTPUT_LOST;
	r->n_unwritten = 0;
	return err ? fail(ctx->err, err, "read events") : 0;
}

static int follow(struct ctx *ctx, struct events *events, struct pipe_run *r)
{
	auto_stop struct stop stop = { .fd = -1 };
	int fd = events_fd(events), err = stop_open(ctx, &stop), why;

	if (err)
		return err;
	out_list(ctx->out, NULL, NULL);
	while ((why = stop_wait(&stop, &fd, 1, -1)) == STOP_READY) {
		err = show_events(ctx, events, r);
		if (err)
			return err == OUTPUT_LOST ? 0 : err;
	}
	if (why < 0)
		return fail(ctx->err, why, "wait for events");
	/* Events from before the signal are shown. */
	err = show_events(ctx, events, r);
	if (err)
		return err == OUTPUT_LOST ? 0 : err;
	out_list_end(ctx->out);
	notice(ctx, "Stopping...");
	return 0;
}

static int check_map(struct ctx *ctx, const struct map_event_args *a,
		     const struct bpf_map_info *info)
{
	const char *type = name_of(ctx, NAMES_MAP_TYPE, info->type);

	if (info->type == BPF_MAP_TYPE_RINGBUF && a->cpu.given)
		return fail_msg(ctx->err, -EINVAL, "map %u is a ring buffer: 'cpu' and 'index' do "
						   "not apply", info->id);
	if (info->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || info->type == BPF_MAP_TYPE_RINGBUF)
		return 0;
	fail_msg(ctx->err, -EINVAL,
		 "map %u is of type %s; events need a perf_event_array or ringbuf", info->id,
		 type ? type : "unknown");
	return -EINVAL;
}

/* Events go to one reader. An existing reader keeps them, unless the user forces it. */
static int check_reader(struct ctx *ctx, const struct map_event_args *a,
			const struct bpf_map_info *info, struct event_reader *ret)
{
	char who[PROCESS_TEXT_MAX];
	int err = events_find_reader(info, ret);

	if (err)
		return fail(ctx->err, err, "look for readers of map %u", info->id);
	if (!ret->pid || a->force)
		return 0;
	process_text(who, ret->pid, ret->comm);
	fail_msg(ctx->err, -EBUSY, "%s may be reading map %u and would miss these events", who,
		 info->id);
	err_hint(ctx->err, "use 'force' to read anyway");
	return -EBUSY;
}

/* Who loses events by what begins now. */
static void note_reader(struct ctx *ctx, const struct bpf_map_info *info,
			const struct event_reader *reader)
{
	char who[PROCESS_TEXT_MAX];

	if (!reader->pid) {
		if (info->type == BPF_MAP_TYPE_RINGBUF)
			notice(ctx, "reading removes records from the ring buffer");
		return;
	}
	process_text(who, reader->pid, reader->comm);
	notice(ctx, "%s misses these events", who);
}

static int map_event_pipe(struct ctx *ctx, const void *args)
{
	const struct map_event_args *a = args;
	struct event_slot slot = { .chosen = a->cpu.given,
				   .cpu = a->cpu.value,
				   .index = a->index.value };
	auto_events struct events *events = NULL;
	struct pipe_run r = { .ctx = ctx };
	struct event_reader reader = {};
	struct bpf_map_info info = {};
	auto_close int fd = -1;
	int err;

	if (a->cpu.given != a->index.given)
		return fail_usage(ctx->err, "'cpu' and 'index' require each other");
	err = obj_open(ctx, &obj_map, &a->map, 0, &fd);
	if (err)
		return err;
	err = obj_info(fd, &info, sizeof(info));
	if (err)
		return fail(ctx->err, err, "read map");
	err = check_map(ctx, a, &info);
	r.map_id = info.id;
	err = err ?: plan_type(ctx, a, info.id, &r);
	err = err ?: check_reader(ctx, a, &info, &reader);
	err = err ?: events_open(ctx, fd, &slot, &events);
	if (!err)
		note_reader(ctx, &info, &reader);
	err = err ?: follow(ctx, events, &r);
	btf_plan_free(r.plan);
	types_free(r.types);
	return err;
}

static const struct param map_event_params[] = {
	PARAM_REF(struct map_event_args, map, "", "MAP", ref_words_map, "the map",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_GIVEN(struct map_event_args, cpu, "cpu", "N", "only events of this CPU"),
	PARAM_GIVEN(struct map_event_args, index, "index", "M", "slot of the perf event array"),
	PARAM_FLAG(struct map_event_args, force, "force",
		   "read even if another process misses events"),
	PARAM_WORD(struct map_event_args, type, "as", "TYPE", NULL,
		   "show the data as this type ('struct event')"),
	{}
};

const struct cmd map_event_pipe_cmd = {
	.name = "event_pipe", .help = "print events as they come",
	.params = map_event_params, .args_size = sizeof(struct map_event_args),
	.run = map_event_pipe,
};
