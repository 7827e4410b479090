// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map top: memory of maps. Maps inside a map of maps count with that one, too; a process has
 * the maps it holds, those its programs use, and those inside these.
 */
#include <errno.h>

#include "cli/array.h"
#include "json_writer.h"
#include "kern/object/holdings.h"
#include "kern/object/names.h"
#include "map/map.h"
#include "view/owner.h"
#include "view/show.h"
#include "view/table.h"

struct map_top_args {
	int by;
	uint32_t limit;
};

struct mem {
	struct bpf_map_info info;
	uint64_t bytes, inner_bytes;
	uint32_t *inners;		/* owned: ids of its inner maps, each once */
	uint32_t n_inners;
	bool unread;			/* its entries could not be read */
	bool taken, held;		/* by the current process; by any */
};

/* All maps, by id. */
struct survey {
	struct mem *mems;		/* owned */
	size_t n, max;
	struct share *shares;		/* owned: one per row, to be sorted */
	size_t n_shares, max_shares;
};

struct share {
	uint32_t pid;			/* 0: none */
	char comm[PROC_COMM_MAX];
	uint64_t bytes;
	uint32_t n_maps;
};

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int by_id(const void *key, const void *mem)
{
	uint32_t x = *(const uint32_t *)key, y = ((const struct mem *)mem)->info.id;

	return x < y ? -1 : x > y;
}

static struct mem *find_mem(const struct survey *s, uint32_t id)
{
	return s->n ? bsearch(&id, s->mems, s->n, sizeof(*s->mems), by_id) : NULL;
}

/* The values of a map of maps are ids. */
static int add_inners(const struct map_chunk *c, const struct map_shape *shape, struct mem *m,
		      size_t *max)
{
	for (size_t i = 0; i < c->n; i++) {
		uint32_t *grown;

		if (c->errs[i] && c->errs[i] != -ENOENT)
			return c->errs[i];
		if (c->errs[i])
			continue;
		grown = array_room(m->inners, m->n_inners, max, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		m->inners = grown;
		memcpy(&m->inners[m->n_inners++], c->values + i * shape->value_len,
		       sizeof(uint32_t));
	}
	return 0;
}

static void keep_each_once(struct mem *m)
{
	uint32_t n = 0;

	if (!m->n_inners)
		return;
	qsort(m->inners, m->n_inners, sizeof(*m->inners), by_number);
	for (uint32_t i = 0; i < m->n_inners; i++)
		if (!n || m->inners[n - 1] != m->inners[i])
			m->inners[n++] = m->inners[i];
	m->n_inners = n;
}

static int read_inners(int fd, struct mem *m)
{
	auto_reader struct map_reader *r = NULL;
	struct map_shape shape;
	struct map_chunk c;
	size_t max = 0;
	int err = map_shape_read(fd, &shape);

	if (!err)
		err = map_reader_new(fd, &shape, &r);
	while (!err && (err = map_reader_next(r, &c)) > 0)
		err = add_inners(&c, &shape, m, &max);
	keep_each_once(m);
	m->unread = err;
	return err == -ENOMEM ? err : 0;
}

static int add_map(struct ctx *ctx, int fd, const void *data)
{
	struct survey *s = *(struct survey *const *)data;
	struct mem *grown = array_room(s->mems, s->n, &s->max, sizeof(*grown)), *m;
	int err;

	if (!grown)
		return fail(ctx->err, -ENOMEM, "read maps");
	s->mems = grown;
	m = &s->mems[s->n];
	*m = (struct mem){};
	err = obj_info(fd, &m->info, sizeof(m->info));
	if (err)
		return fail(ctx->err, err, "read map");
	s->n++;
	err = obj_fdinfo(fd, "memlock", &m->bytes);
	if (err && err != -ENODATA)
		unread(ctx, err, NULL, "read the memory of map %u from /proc/self/fdinfo",
		       m->info.id);
	err = map_holds_maps(m->info.type) ? read_inners(fd, m) : 0;
	return err ? fail(ctx->err, err, "read map %u", m->info.id) : 0;
}

static void add_up(struct survey *s)
{
	for (size_t i = 0; i < s->n; i++) {
		for (uint32_t k = 0; k < s->mems[i].n_inners; k++) {
			const struct mem *inner = find_mem(s, s->mems[i].inners[k]);

			s->mems[i].inner_bytes += inner ? inner->bytes : 0;
		}
	}
}

/* --- by map --- */

static uint64_t total(const struct mem *m)
{
	return m->bytes + m->inner_bytes;
}

static int by_memory(const void *a, const void *b)
{
	const struct mem *x = a, *y = b;

	if (total(x) != total(y))
		return total(x) > total(y) ? -1 : 1;
	return x->info.id < y->info.id ? -1 : x->info.id > y->info.id;
}

enum {
	COL_ID, COL_TYPE, COL_NAME, COL_MEMORY, COL_MAPS, COL_INNER, COL_TOTAL, COL_PIDS,
	N_MAP_COLS
};

static const struct table_col map_cols[N_MAP_COLS] = {
	[COL_ID] = { .key = "id", .title = "ID" },
	[COL_TYPE] = { .key = "type", .title = "TYPE" },
	[COL_NAME] = { .key = "name", .title = "NAME" },
	[COL_MEMORY] = { .key = "bytes_memlock", .title = "MEMORY" },
	[COL_MAPS] = { .key = "n_inner_maps", .title = "MAPS IN IT", .flags = TABLE_OPTIONAL },
	[COL_INNER] = { .key = "bytes_inner_maps",
			.title = "THEIR MEMORY",
			.flags = TABLE_OPTIONAL },
	[COL_TOTAL] = { .key = "bytes_total", .title = "TOTAL" },
	[COL_PIDS] = { .title = "PIDS" },
};

static void show_mem(struct ctx *ctx, struct table *t, const struct mem *m,
		     const struct owners *owners)
{
	size_t n;
	const struct owner *holders = owners_of(owners, m->info.id, &n);

	table_row(t);
	table_uint(t, COL_ID, m->info.id);
	table_enum(t, COL_TYPE, name_of(ctx, NAMES_MAP_TYPE, m->info.type), m->info.type);
	table_str(t, COL_NAME, m->info.name);
	table_uint(t, COL_MEMORY, m->bytes);
	if (map_holds_maps(m->info.type) && !m->unread) {
		table_uint(t, COL_MAPS, m->n_inners);
		table_uint(t, COL_INNER, m->inner_bytes);
	}
	table_uint(t, COL_TOTAL, total(m));
	table_owners(ctx->out, t, COL_PIDS, holders, n);
	table_row_end(t);
}

static int top_maps(struct ctx *ctx, struct survey *s, const struct map_top_args *a)
{
	auto_table struct table *t = table_new(ctx->out, map_cols, N_MAP_COLS);
	struct owners *owners;
	int err;

	if (!t)
		return fail(ctx->err, -ENOMEM, "show maps");
	owners = listing_owners(ctx, &obj_map, s->n, true);
	if (s->n)
		qsort(s->mems, s->n, sizeof(*s->mems), by_memory);
	out_list(ctx->out, NULL, NULL);
	for (size_t i = 0; i < s->n && (!a->limit || i < a->limit); i++)
		show_mem(ctx, t, &s->mems[i], owners);
	out_list_end(ctx->out);
	owners_free(owners);
	err = table_print(t);
	return err ? fail(ctx->err, err, "show maps") : 0;
}

/* --- by owner --- */

static const struct table_col owner_cols[] = {
	{ .key = "pid", .title = "PID" }, { .key = "comm", .title = "COMMAND" },
	{ .key = "n_maps", .title = "MAPS" }, { .key = "bytes_memlock", .title = "MEMORY" },
};

static void take(const struct survey *s, struct share *share, uint32_t id, bool with_inners)
{
	struct mem *m = find_mem(s, id);

	if (m && !m->taken) {
		m->taken = m->held = true;
		share->bytes += m->bytes;
		share->n_maps++;
	}
	for (uint32_t i = 0; m && with_inners && i < m->n_inners; i++)
		take(s, share, m->inners[i], false);
}

static void take_programs_maps(const struct survey *s, struct share *share, uint32_t prog_id)
{
	auto_close int fd = bpf_prog_get_fd_by_id(prog_id);
	struct bpf_prog_info info = {};
	auto_free uint32_t *ids = NULL;
	uint32_t n;

	if (fd < 0 || obj_info(fd, &info, sizeof(info)) || !info.nr_map_ids)
		return;
	n = info.nr_map_ids;
	ids = calloc(n, sizeof(*ids));
	info = (struct bpf_prog_info){ .nr_map_ids = n, .map_ids = ptr_to_u64(ids) };
	if (!ids || obj_info(fd, &info, sizeof(info)))
		return;
	for (uint32_t i = 0; i < n && i < info.nr_map_ids; i++)
		take(s, share, ids[i], true);
}

static int add_share(struct survey *s, const struct share *share)
{
	struct share *grown = array_room(s->shares, s->n_shares, &s->max_shares, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	s->shares = grown;
	s->shares[s->n_shares++] = *share;
	return 0;
}

static int add_holder(const struct holder *h, void *data)
{
	struct survey *s = data;
	struct share share = { .pid = h->pid };

	snprintf(share.comm, sizeof(share.comm), "%s", h->comm);
	for (size_t i = 0; i < s->n; i++)
		s->mems[i].taken = false;
	for (size_t i = 0; i < h->n_objs; i++) {
		if (h->objs[i].kind == &obj_map)
			take(s, &share, h->objs[i].id, true);
		else if (h->objs[i].kind == &obj_prog)
			take_programs_maps(s, &share, h->objs[i].id);
	}
	return share.n_maps ? add_share(s, &share) : 0;
}

/* Maps that are kept only by pins, attached programs, or other maps. */
static int add_nobody(struct survey *s)
{
	struct share share = { .comm = "" };

	for (size_t i = 0; i < s->n; i++) {
		if (s->mems[i].held)
			continue;
		share.bytes += s->mems[i].bytes;
		share.n_maps++;
	}
	return share.n_maps ? add_share(s, &share) : 0;
}

static int by_share(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static void show_share(struct table *t, const struct share *share)
{
	table_row(t);
	if (share->pid) {
		table_uint(t, 0, share->pid);
		table_str(t, 1, share->comm);
	} else {
		table_text(t, 0, "-");
		table_text(t, 1, "(no process)");
	}
	table_uint(t, 2, share->n_maps);
	table_uint(t, 3, share->bytes);
	table_row_end(t);
}

static int top_owners(struct ctx *ctx, struct survey *s, const struct map_top_args *a)
{
	auto_table struct table *t = table_new(ctx->out, owner_cols, ARRAY_SIZE(owner_cols));
	size_t n_hidden = 0;
	int err = t ? holders_each(0, add_holder, s, &n_hidden) : -ENOMEM;

	if (!err)
		err = add_nobody(s);
	if (err)
		return fail(ctx->err, err, "read the owners of maps");
	if (s->n_shares)
		qsort(s->shares, s->n_shares, sizeof(*s->shares), by_share);
	out_list(ctx->out, NULL, NULL);
	for (size_t i = 0; i < s->n_shares && (!a->limit || i < a->limit); i++)
		show_share(t, &s->shares[i]);
	procs_partly(ctx, n_hidden);
	out_list_end(ctx->out);
	err = table_print(t);
	return err ? fail(ctx->err, err, "show owners") : 0;
}

enum { BY_MAP, BY_OWNER };
static const char *const by_words[] = { "map", "owner", NULL };

static int map_top(struct ctx *ctx, const void *args)
{
	const struct map_top_args *a = args;
	struct survey s = {}, *self = &s;
	int err = obj_each(ctx, &obj_map, OBJ_RDONLY, add_map, &self);

	if (!err) {
		add_up(&s);
		err = a->by == BY_OWNER ? top_owners(ctx, &s, a) : top_maps(ctx, &s, a);
	}
	for (size_t i = 0; i < s.n; i++)
		free(s.mems[i].inners);
	free(s.mems);
	free(s.shares);
	return err;
}

static const struct param map_top_params[] = {
	PARAM_CHOICE(struct map_top_args, by, "by", "WHAT", by_words,
		     "one row per map, or per process"),
	PARAM_U32(struct map_top_args, limit, "limit", "N", "only the N largest"),
	{}
};

const struct cmd map_top_cmd = {
	.name = "top", .help = "show memory of maps, by map or process",
	.params = map_top_params, .args_size = sizeof(struct map_top_args),
	.run = map_top,
};
