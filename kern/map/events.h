/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Events that programs send through perf event arrays and ring buffers. */
#ifndef KERN_MAP_EVENTS_H
#define KERN_MAP_EVENTS_H

#include <linux/perf_event.h>

#include "kern/object/holdings.h"
#include "kern/object/obj.h"

struct event {
	bool is_perf;			/* else of a ring buffer: only data and len */
	uint32_t type;			/* PERF_RECORD_* */
	uint32_t cpu, index;
	uint64_t time;			/* ns, of PERF_RECORD_SAMPLE */
	const uint8_t *data;		/* of PERF_RECORD_SAMPLE; valid during the call */
	uint32_t len;
	uint64_t lost_id, n_lost;	/* of PERF_RECORD_LOST */
};

/* A nonzero result ends the reading for now. */
typedef int (*event_fn)(const struct event *e, void *data);

struct event_slot {
	bool chosen; /* else all online CPUs, each in the slot of its number */
	uint32_t cpu, index;
};

struct events;

/*
 * Reads the events of a perf event array (whose slots are used for this, and empty afterwards) or
 * of a ring buffer. fn and data are kept. Returns 0, or the error is stored.
 */
int events_open(struct ctx *ctx, int map_fd, const struct event_slot *slot, struct events **ret);
void events_close(struct events *e);
/* Readable if there are events. */
int events_fd(const struct events *e);
/* Passes all pending events to fn. Returns fn's nonzero result, or 0, or a negative errno. */
int events_read(struct events *e, event_fn fn, void *data);

#define auto_events __attribute__((cleanup(cleanup_events)))
static inline void cleanup_events(struct events **e)
{
	events_close(*e);
}

struct event_reader {
	uint32_t pid;			/* 0: none */
	char comm[PROC_COMM_MAX];	/* untrusted */
};

/*
 * Another process that seems to read the map: the kernel does not report who uses the slots of an
 * array, but a reader holds the map, and perf events, or, for ring buffers, has mapped a map.
 * Returns 0 or a negative errno.
 */
int events_find_reader(const struct bpf_map_info *map, struct event_reader *ret);

#endif
