// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Holders of objects, from bpf/owners.bpf.c: an iterator over all open files. Loading it costs as
 * much as reading /proc/<pid>/fdinfo of some hundred objects; each additional file costs almost
 * nothing.
 */
#include <errno.h>
#include <sys/stat.h>

#include "bpf/owners.h"
#include "cli/buf.h"
#include "kern/iterate.h"
#include "kern/object/owners_iter.h"

#ifdef HAVE_BPF_HELPERS

#define INITIAL_PID_NS 0xEFFFFFFC	/* inode of the namespace whose pids the kernel uses */

/* Embedded by the linker: see Makefile. */
extern const char owners_bpf_start[], owners_bpf_end[];

static bool in_initial_pid_ns(void)
{
	struct stat st;

	return !stat("/proc/self/ns/pid", &st) && st.st_ino == INITIAL_PID_NS;
}

int task_files_iterate(const char *program, struct buf *b)
{
	const struct helper h = { owners_bpf_start, owners_bpf_end, program };

	/* In another namespace processes have other numbers, which /proc shows. */
	return in_initial_pid_ns() ? iterate(&h, b, NULL) : -EXDEV;
}

static struct owner to_owner(const struct owners_record *r)
{
	struct owner one = { .id = r->id, .pid = r->pid, .has_cookie = r->has_cookie,
			     .bpf_cookie = r->cookie };

	memcpy(one.comm, r->comm, sizeof(one.comm));
	one.comm[sizeof(one.comm) - 1] = '\0';
	return one;
}

int owners_iterate(struct ctx *ctx, const struct obj_kind *kind,
		   int (*add)(struct owners *o, const struct owner *one), struct owners *o)
{
	struct buf b = {};
	char program[32];
	int err;

	snprintf(program, sizeof(program), "owners_%s", kind->group);
	err = task_files_iterate(program, &b);
	if (err && ctx->opts->debug)
		notice(ctx, "owners: the iterator is unavailable (%s); reading /proc",
		       errno_name(err) ? errno_name(err) : "?");
	for (size_t at = 0; !err && at + sizeof(struct owners_record) <= b.len;
	     at += sizeof(struct owners_record)) {
		struct owners_record r;
		struct owner one;

		memcpy(&r, b.data + at, sizeof(r));
		one = to_owner(&r);
		err = add(o, &one);
	}
	buf_free(&b);
	return err;
}

#else

int owners_iterate(UNUSED struct ctx *ctx, UNUSED const struct obj_kind *kind,
		   UNUSED int (*add)(struct owners *o, const struct owner *one),
		   UNUSED struct owners *o)
{
	return -EOPNOTSUPP;
}

int task_files_iterate(UNUSED const char *program, UNUSED struct buf *b)
{
	return -EOPNOTSUPP;
}

#endif
