// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl metrics: programs, maps, links and attachments as metrics in Prometheus's text format,
 * which node_exporter's textfile collector reads from a file. All samples of a metric are
 * consecutive.
 */
#include <errno.h>
#include <fcntl.h>
#include <time.h>

#include "cli/array.h"
#include "cli/buf.h"
#include "cli/file.h"
#include "json_writer.h"
#include "kern/abi.h"
#include "kern/attach/attachments.h"
#include "kern/map/count.h"
#include "kern/object/names.h"
#include "kern/run/stats.h"
#include "commands.h"
#include "view/attach_place.h"

struct metrics_args {
	const char *file;		/* NULL: stdout */
};

struct map_figures {
	uint32_t id, type;
	uint64_t max_entries, memlock, entries;
	bool counted;			/* entries is known */
	char name[BPF_OBJ_NAME_LEN];
};

#define LINK_TYPES 64

/* Maps with more room are not counted: metrics are collected every minute, on busy machines. */
#define CHEAP_ENTRIES 65536

/* Everything that is gathered before the first line is written. */
struct figures {
	struct run_stats progs;
	struct map_figures *maps;	/* owned */
	size_t n_maps, max_maps;
	uint64_t links[LINK_TYPES];	/* by type; the last one includes all newer types */
	uint64_t attachments[ATT_KINDS];
	bool has_attachments;
};

static void figures_free(struct figures *f)
{
	run_stats_free(&f->progs);
	free(f->maps);
}

#define auto_figures __attribute__((cleanup(figures_free)))

static void count_entries(struct ctx *ctx, int fd, struct map_figures *m)
{
	const char *why = NULL;
	struct map_shape shape;
	int err;

	if (m->max_entries > CHEAP_ENTRIES)
		return;
	err = map_shape_read(fd, &shape);
	err = err ? err : map_count(fd, &shape, &m->entries, &why);
	m->counted = !err;
	if (err && !why)
		unread(ctx, err, NULL, "count the entries of map %u", m->id);
}

static int add_map(struct ctx *ctx, int fd, const void *data)
{
	struct figures *f = *(struct figures *const *)data;
	struct bpf_map_info info = {};
	struct map_figures *maps, *m;
	int err;

	err = obj_info(fd, &info, sizeof(info));
	if (err) {
		unread(ctx, err, obj_caps, "read a map");
		return 0;
	}
	maps = array_room(f->maps, f->n_maps, &f->max_maps, sizeof(*maps));
	if (!maps)
		return fail(ctx->err, -ENOMEM, "read the statistics of maps");
	f->maps = maps;
	m = &f->maps[f->n_maps++];
	*m = (struct map_figures){ .id = info.id,
				   .type = info.type,
				   .max_entries = info.max_entries };
	memcpy(m->name, info.name, sizeof(m->name));
	m->name[sizeof(m->name) - 1] = '\0';
	err = obj_fdinfo(fd, "memlock", &m->memlock);
	if (err && err != -ENODATA)
		unread(ctx, err, NULL, "read the memory of map %u from /proc/self/fdinfo", info.id);
	count_entries(ctx, fd, m);
	return 0;
}

static int count_link(struct ctx *ctx, int fd, const void *data)
{
	struct figures *f = *(struct figures *const *)data;
	struct abi_link_info info = {};

	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		unread(ctx, err, obj_caps, "read a link");
	else
		f->links[info.type < LINK_TYPES ? info.type : LINK_TYPES - 1]++;
	return 0;
}

/*
 * Attachments are reported as far as they can be read: if a source fails, the other metrics are
 * still written.
 */
static int count_attachments(struct ctx *ctx, struct figures *f)
{
	struct attachments *all = NULL;
	const struct attachment *a;
	int err = attachments_collect(ctx, ATT_FROM_ALL, &all);

	if (err)
		return err;
	for (size_t i = 0; (a = attachments_at(all, i)); i++)
		f->attachments[a->kind]++;
	f->has_attachments = true;
	attachments_free(all);
	return 0;
}

static int gather(struct ctx *ctx, struct figures *f)
{
	int err = run_stats_read(ctx, RUN_STATS_MEMORY, &f->progs);

	if (!err)
		err = obj_each(ctx, &obj_map, OBJ_RDONLY, add_map, &f);
	if (!err)
		err = obj_each(ctx, &obj_link, 0, count_link, &f);
	return err ? err : count_attachments(ctx, f);
}

static void put_head(struct buf *b, const char *name, const char *type, const char *help)
{
	char text[256];

	snprintf(text, sizeof(text), "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
	buf_puts(b, text);
}

/* A quoted value: unprintable text is escaped first, then what the format requires. */
static void put_label(struct buf *b, const char *lead, const char *value)
{
	struct buf clean = {};

	buf_puts(b, lead);
	buf_text_str(&clean, value, strlen(value));
	for (size_t i = 0; i < clean.len; i++) {
		if (clean.data[i] == '\\' || clean.data[i] == '"')
			buf_putc(b, '\\');
		buf_putc(b, clean.data[i]);
	}
	buf_putc(b, '"');
	if (clean.err)
		b->err = clean.err;
	buf_free(&clean);
}

/* name{id="7",type="xdp",name="counter"} */
static void put_object(struct buf *b, const char *metric, uint32_t id, const char *type,
		       const char *name)
{
	buf_puts(b, metric);
	buf_puts(b, "{id=\"");
	buf_uint(b, id);
	put_label(b, "\",type=\"", type ? type : "unknown");
	put_label(b, ",name=\"", name);
	buf_puts(b, "} ");
}

static void put_uint(struct buf *b, uint64_t v)
{
	buf_uint(b, v);
	buf_putc(b, '\n');
}

/* Nanoseconds as seconds, all digits: a double would lose the last ones. */
static void put_seconds(struct buf *b, uint64_t ns)
{
	char text[40];

	snprintf(text, sizeof(text), "%llu.%09llu\n", (unsigned long long)(ns / 1000000000),
		 (unsigned long long)(ns % 1000000000));
	buf_puts(b, text);
}

static void put_prog_metric(struct ctx *ctx, struct buf *b, const struct run_stats *progs,
			    const char *metric,
			    void (*put)(struct buf *b, const struct run_stat *s))
{
	for (size_t i = 0; i < progs->n; i++) {
		const struct run_stat *s = &progs->all[i];

		put_object(b, metric, s->id, name_of(ctx, NAMES_PROG_TYPE, s->type), s->name);
		put(b, s);
	}
}

static void put_runs(struct buf *b, const struct run_stat *s)
{
	put_uint(b, s->run_cnt);
}

static void put_run_time(struct buf *b, const struct run_stat *s)
{
	put_seconds(b, s->run_time_ns);
}

static void put_misses(struct buf *b, const struct run_stat *s)
{
	put_uint(b, s->recursion_misses);
}

static void put_memory(struct buf *b, const struct run_stat *s)
{
	put_uint(b, s->memlock);
}

static void put_progs(struct ctx *ctx, struct buf *b, const struct run_stats *progs)
{
	static const struct {
		const char *metric, *type, *help;
		void (*put)(struct buf *b, const struct run_stat *s);
	} rows[] = {
		{ "bpf_program_runs_total", "counter",
		  "Number of runs while statistics were enabled.", put_runs },
		{ "bpf_program_run_seconds_total", "counter",
		  "Time of these runs.", put_run_time },
		{ "bpf_program_recursion_misses_total", "counter",
		  "Runs skipped because the program was already running.", put_misses },
		{ "bpf_program_memory_bytes", "gauge", "Memory of the program.", put_memory },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		put_head(b, rows[i].metric, rows[i].type, rows[i].help);
		put_prog_metric(ctx, b, progs, rows[i].metric, rows[i].put);
	}
}

static void put_maps(struct ctx *ctx, struct buf *b, const struct figures *f)
{
	put_head(b, "bpf_map_max_entries", "gauge", "Maximum number of entries.");
	for (size_t i = 0; i < f->n_maps; i++) {
		const struct map_figures *m = &f->maps[i];

		put_object(b, "bpf_map_max_entries", m->id, name_of(ctx, NAMES_MAP_TYPE, m->type),
			   m->name);
		put_uint(b, m->max_entries);
	}
	put_head(b, "bpf_map_entries", "gauge",
		 "Number of entries, for maps that are counted quickly.");
	for (size_t i = 0; i < f->n_maps; i++) {
		const struct map_figures *m = &f->maps[i];

		if (!m->counted)
			continue;
		put_object(b, "bpf_map_entries", m->id, name_of(ctx, NAMES_MAP_TYPE, m->type),
			   m->name);
		put_uint(b, m->entries);
	}
	put_head(b, "bpf_map_memory_bytes", "gauge",
		 "Memory of the map, as estimated by the kernel.");
	for (size_t i = 0; i < f->n_maps; i++) {
		const struct map_figures *m = &f->maps[i];

		put_object(b, "bpf_map_memory_bytes", m->id, name_of(ctx, NAMES_MAP_TYPE, m->type),
			   m->name);
		put_uint(b, m->memlock);
	}
}

static void put_counts(struct ctx *ctx, struct buf *b, const struct figures *f)
{
	put_head(b, "bpf_links", "gauge", "Number of links, by type.");
	for (uint32_t i = 0; i < LINK_TYPES; i++) {
		const char *name = f->links[i] ? name_of(ctx, NAMES_LINK_TYPE, i) : NULL;

		if (!f->links[i])
			continue;
		put_label(b, "bpf_links{type=\"", name ? name : "unknown");
		buf_puts(b, "} ");
		put_uint(b, f->links[i]);
	}
	if (!f->has_attachments)
		return;
	put_head(b, "bpf_attachments", "gauge", "Number of attachments, by kind.");
	for (int i = 0; i < ATT_KINDS; i++) {
		if (!f->attachments[i])
			continue;
		put_label(b, "bpf_attachments{kind=\"", attach_place_kinds[i]);
		buf_puts(b, "} ");
		put_uint(b, f->attachments[i]);
	}
}

/* If statistics are disabled all counters stand still, as if no program ran. */
static void put_stats_state(struct buf *b)
{
	auto_fclose FILE *f = fopen("/proc/sys/kernel/bpf_stats_enabled", "re");
	unsigned int on;

	if (!f || fscanf(f, "%u", &on) != 1)
		return;
	put_head(b, "bpf_stats_enabled", "gauge",
		 "Whether kernel.bpf_stats_enabled is set.");
	buf_puts(b, "bpf_stats_enabled ");
	put_uint(b, on != 0);
}

/* Readable by all: node_exporter does not run as root. */
static int write_file(struct ctx *ctx, const char *path, const struct buf *b)
{
	int err = file_write_mode(ctx->err, path, b->data, b->len, 0644);

	if (!err)
		ctx_changed(ctx, "'%s' is written", path);
	return err;
}

static int metrics_run(struct ctx *ctx, const void *args)
{
	const struct metrics_args *a = args;
	auto_figures struct figures f = {};
	struct buf b = {};
	int err;

	if (out_is_json(ctx->out) && !a->file)
		return fail_usage(ctx->err,
				  "metrics are Prometheus text: with JSON use 'file PATH'");
	err = gather(ctx, &f);
	if (err)
		return err;
	put_progs(ctx, &b, &f.progs);
	put_maps(ctx, &b, &f);
	put_counts(ctx, &b, &f);
	put_stats_state(&b);
	if (b.err)
		err = fail(ctx->err, b.err, "compose metrics");
	else if (a->file)
		err = write_file(ctx, a->file, &b);
	else
		out_text_verbatim(ctx->out, b.data, b.len);
	buf_free(&b);
	return err;
}

static const struct param metrics_params[] = {
	PARAM_PATH(struct metrics_args, file, "file", "PATH",
		   "write to this file, ending in .prom for node_exporter's textfile collector"),
	{ }
};

const struct cmd metrics_cmd = {
	.name = "metrics", .help = "metrics of programs, maps and links for Prometheus",
	.params = metrics_params, .args_size = sizeof(struct metrics_args),
	.run = metrics_run,
};
