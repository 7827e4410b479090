/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The state of tracing: everything in tracefs that differs from the state after boot, and its
 * probable users.
 */
#ifndef KERN_TRACE_STATE_H
#define KERN_TRACE_STATE_H

#include "kern/procs.h"
#include "kern/trace/tracefs.h"

/* In the order in which they can be reset: what is in use cannot be removed. */
enum trace_kind {
	TRACE_TRIGGER,
	TRACE_FILTER,
	TRACE_EVENT,	    /* enabled */
	TRACE_FUNC_COMMAND, /* "vfs_read:traceoff" in set_ftrace_filter: may undo a setting */
	TRACE_SETTING,	    /* a file with one value, or a list of pids or functions */
	TRACE_INSTANCE,
	TRACE_PROBE, /* kprobe, uprobe, synthetic and other events created by users */
	TRACE_KINDS,
};

/* Why a process is assumed to use an item. */
enum trace_claim {
	TRACE_BY_NAME,			/* its pid is part of the probe's name */
	TRACE_BY_PERF,			/* it has a program at that location by a perf event */
	TRACE_BY_FILE,			/* it has files of that instance open */
};

struct trace_owner {
	uint32_t pid;
	enum trace_claim claim;
	bool alive;
	char comm[PROC_COMM_MAX];	/* "" if it has exited. Untrusted */
};

/* One difference. All strings are owned and untrusted. */
struct trace_item {
	enum trace_kind kind;
	bool enabled;			/* probes: enabled */
	char *instance;			/* NULL: the global one */
	char *file;			/* below the instance's directory */
	char *name; /* "group:event", the instance's name; NULL: the file is enough */
	char *value;			/* without the last newline; NULL: it has none */
	char *idle;			/* settings: the value after boot */
	struct trace_owner *owners;	/* owned: n of them */
	size_t n_owners;
};

/* A file that could not be read. */
struct trace_unread {
	char *instance, *file;
	int err;
};

struct trace_state {
	struct trace_item *items;
	size_t n_items;
	struct trace_unread *unread;
	size_t n_unread;
	bool blind; /* users may not be visible: a pid namespace, other users' processes */
};

enum trace_flags {
	TRACE_EVERY_EVENT = 1 << 0, /* check filters and triggers of disabled events, too */
};

#define auto_trace_state __attribute__((cleanup(trace_state_free)))
void trace_state_free(struct trace_state *s);

/*
 * Reads one instance, or, without a name, all. Files that cannot be read are listed in unread.
 * -ENOENT: the instance does not exist. Reports nothing.
 */
int trace_state_read(const struct tracefs *t, const char *instance, unsigned int flags,
		     struct trace_state *ret);

/* Finds the users: one walk over all open files. Returns 0 or -ENOMEM. kern/trace/owners.c */
int trace_find_owners(const struct tracefs *t, struct trace_state *s);

/* Does a running process seem to use it, or is that not known? */
bool trace_is_owned(const struct trace_state *s, const struct trace_item *item);

/*
 * The tool that names a probe ("group:event") this way: "bcc", "perf"; NULL: unknown. *ret_pid: the
 * pid in the name, or 0.
 */
const char *trace_maker(const char *name, uint32_t *ret_pid);

/*
 * One more element of a growing array: its address, zeroed, or NULL if out of memory. For these two
 * files.
 */
void *trace_grow(void **array, size_t *n, size_t size);

#endif
