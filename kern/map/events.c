// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Events, by libbpf's readers. In a perf event array a reader puts its perf events into the slots;
 * they are removed when it closes its fd of the map, and a second reader that writes to the slots
 * replaces them unnoticed. A ring buffer has one position for all readers.
 */
#include "kern/map/events.h"

#include <errno.h>
#include <inttypes.h>

#include "kern/libbpf_opts.h"

#define N_PAGES 16			/* of a CPU's buffer */

struct events {
	struct perf_buffer *perf;
	struct ring_buffer *ring;
	uint32_t index;			/* of a selected slot */
	bool chosen;
	event_fn fn;			/* during events_read() */
	void *data;
	int stop;			/* result of fn */
};

/* PERF_SAMPLE_TIME | PERF_SAMPLE_RAW */
struct sample {
	struct perf_event_header header;
	uint64_t time;
	uint32_t len;
	uint8_t data[];
} __attribute__((packed));

struct lost {
	struct perf_event_header header;
	uint64_t id, n;
};

static enum bpf_perf_event_ret on_perf(void *ctx, int cpu, struct perf_event_header *header)
{
	struct events *e = ctx;
	const struct sample *s = (const void *)header;
	const struct lost *l = (const void *)header;
	struct event event = { .is_perf = true, .type = header->type, .cpu = (uint32_t)cpu,
			       .index = e->chosen ? e->index : (uint32_t)cpu, .len = header->size };

	if (header->type == PERF_RECORD_SAMPLE && header->size >= sizeof(*s)) {
		uint32_t room = header->size - (uint32_t)sizeof(*s);

		event.time = s->time;
		event.data = s->data;
		event.len = s->len < room ? s->len : room;
	} else if (header->type == PERF_RECORD_LOST && header->size >= sizeof(*l)) {
		event.lost_id = l->id;
		event.n_lost = l->n;
	}
	e->stop = e->fn(&event, e->data);
	return e->stop ? LIBBPF_PERF_EVENT_DONE : LIBBPF_PERF_EVENT_CONT;
}

static int on_ring(void *ctx, void *data, size_t len)
{
	struct events *e = ctx;
	struct event event = { .data = data, .len = (uint32_t)len };

	e->stop = e->fn(&event, e->data);
	return e->stop ? -ECANCELED : 0;
}

static int open_perf(struct events *e, int map_fd, const struct event_slot *slot)
{
	int cpu = (int)slot->cpu, index = (int)slot->index;
	LIB_OPTS(perf_buffer_raw_opts, opts, .cpu_cnt = slot->chosen, .cpus = &cpu,
		 .map_keys = &index);
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW | PERF_SAMPLE_TIME,
		.sample_period = 1,
		.wakeup_events = 1,
	};

	e->chosen = slot->chosen;
	e->index = slot->index;
	e->perf = perf_buffer__new_raw(map_fd, N_PAGES, &attr, on_perf, e, &opts);
	return e->perf ? 0 : -errno;
}

static int open_ring(struct events *e, int map_fd)
{
	e->ring = ring_buffer__new(map_fd, on_ring, e, NULL);
	return e->ring ? 0 : -errno;
}

int events_open(struct ctx *ctx, int map_fd, const struct event_slot *slot, struct events **ret)
{
	struct bpf_map_info info = {};
	struct events *e = calloc(1, sizeof(*e));
	int err = e ? obj_info(map_fd, &info, sizeof(info)) : -ENOMEM;

	if (!err)
		err = info.type == BPF_MAP_TYPE_RINGBUF ? open_ring(e, map_fd)
							: open_perf(e, map_fd, slot);
	if (err) {
		fail(ctx->err, err, "read events of map %u", info.id);
		if (slot->chosen && (err == -ENODEV || err == -EINVAL))
			err_hint(ctx->err, "CPU %u may be offline", slot->cpu);
		if (slot->chosen && err == -E2BIG)
			err_hint(ctx->err, "the map has %u slot%s", info.max_entries,
				 plural(info.max_entries, "", "s"));
		err_hint_denied(ctx->err, "cap_bpf,cap_perfmon");
		events_close(e);
		return err;
	}
	*ret = e;
	return 0;
}

void events_close(struct events *e)
{
	if (!e)
		return;
	perf_buffer__free(e->perf);
	ring_buffer__free(e->ring);
	free(e);
}

int events_fd(const struct events *e)
{
	return e->ring ? ring_buffer__epoll_fd(e->ring) : perf_buffer__epoll_fd(e->perf);
}

int events_read(struct events *e, event_fn fn, void *data)
{
	int err;

	e->fn = fn;
	e->data = data;
	e->stop = 0;
	err = e->ring ? ring_buffer__consume(e->ring) : perf_buffer__consume(e->perf);
	if (e->stop)
		return e->stop;
	return err < 0 ? err : 0;
}

struct search {
	const struct bpf_map_info *map;
	struct event_reader *found;
};

/* A line of /proc/<pid>/maps. */
struct mapping {
	uint64_t begin, end, offset;
	const char *name;		/* the part of the line after the offset, the name last */
};

/* "BEGIN-END rwxp OFFSET DEVICE INODE NAME", in hexadecimal */
static bool parse_mapping(char *line, struct mapping *ret)
{
	char *at;

	line[strcspn(line, "\n")] = '\0';
	ret->begin = strtoull(line, &at, 16);
	if (*at != '-')
		return false;
	ret->end = strtoull(at + 1, &at, 16);
	at = *at == ' ' ? strchr(at + 1, ' ') : NULL;
	if (!at)
		return false;
	ret->offset = strtoull(at, &at, 16);
	ret->name = at;
	return true;
}

/*
 * Memory that is this ring buffer's data: after the two pages of positions, to the end of the data,
 * which is mapped once or twice. Another ring buffer of the same size looks the same; arrays and
 * the positions alone do not.
 */
static bool is_ring_data(const struct mapping *m, const struct bpf_map_info *map)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), end = m->offset + (m->end - m->begin);

	if (!strstr(m->name, "bpf-map") && !strstr(m->name, "bpf_map"))
		return false;
	return m->offset && m->offset <= 2 * page &&
	       (end == 2 * page + map->max_entries ||
		end == 2 * page + 2 * (uint64_t)map->max_entries);
}

/* The buffer of a perf event of any kind. */
static bool is_event_buffer(const struct mapping *m, UNUSED const struct bpf_map_info *map)
{
	return strstr(m->name, "[perf_event]");
}

/* Holding the map does not mean reading it: a reader has mapped the memory of the events. */
static bool has_mapped(uint32_t pid, const struct bpf_map_info *map)
{
	bool (*is_it)(const struct mapping *m, const struct bpf_map_info *map) =
		map->type == BPF_MAP_TYPE_RINGBUF ? is_ring_data : is_event_buffer;
	auto_fclose FILE *f = NULL;
	auto_free char *line = NULL;
	bool found = false;
	char path[32];
	size_t size = 0;

	snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	f = fopen(path, "re");
	while (f && !found && getline(&line, &size, f) > 0) {
		struct mapping m;

		found = parse_mapping(line, &m) && is_it(&m, map);
	}
	return found;
}

static bool is_reader(const struct holder *h, const struct bpf_map_info *map)
{
	for (size_t i = 0; i < h->n_objs; i++) {
		if (h->objs[i].kind->type != OBJ_MAP || h->objs[i].id != map->id)
			continue;
		return (map->type == BPF_MAP_TYPE_RINGBUF || h->n_events || h->n_probes) &&
		       has_mapped(h->pid, map);
	}
	return false;
}

static int look_at(const struct holder *h, void *data)
{
	struct search *s = data;

	if (!is_reader(h, s->map))
		return 0;
	s->found->pid = h->pid;
	memcpy(s->found->comm, h->comm, sizeof(s->found->comm));
	return 1;
}

int events_find_reader(const struct bpf_map_info *map, struct event_reader *ret)
{
	struct search s = { .map = map, .found = ret };
	size_t n_hidden;	/* processes that are not visible cannot be warned about */
	int err;

	*ret = (struct event_reader){};
	err = holders_each(0, look_at, &s, &n_hidden);
	return err < 0 ? err : 0;
}
