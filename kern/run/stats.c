// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Run statistics: a snapshot of all programs, and enabling them. */
#include <errno.h>
#include <time.h>

#include <bpf/bpf.h>

#include "cli/array.h"
#include "kern/run/stats.h"

void run_stats_free(struct run_stats *s)
{
	free(s->all);
	*s = (struct run_stats){};
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

struct reading {
	struct run_stats *stats;
	unsigned int flags;
};

static int read_one(struct ctx *ctx, int fd, const void *data)
{
	const struct reading *r = data;
	struct run_stats *s = r->stats;
	struct bpf_prog_info info = {};
	struct run_stat *all, *one;
	int err = obj_info(fd, &info, sizeof(info));

	if (err) {
		if (err != -ENODEV)	/* else its device was removed */
			unread(ctx, err, obj_caps, "read a program");
		return 0;
	}
	all = array_room(s->all, s->n, &s->max, sizeof(*all));
	if (!all)
		return fail(ctx->err, -ENOMEM, "read the statistics of programs");
	s->all = all;
	one = &s->all[s->n++];
	*one = (struct run_stat){
		.id = info.id, .type = info.type, .run_cnt = info.run_cnt, .at_ns = now_ns(),
		.run_time_ns = info.run_time_ns, .recursion_misses = info.recursion_misses,
		.load_time_ns = info.load_time,
	};
	memcpy(one->tag, info.tag, sizeof(one->tag));
	err = r->flags & RUN_STATS_MEMORY ? obj_fdinfo(fd, "memlock", &one->memlock) : 0;
	if (err && err != -ENODATA)
		unread(ctx, err, NULL, "read the memory of program %u from /proc/self/fdinfo",
		       info.id);
	obj_prog_name(fd, &info, one->name);
	return 0;
}

int run_stats_read(struct ctx *ctx, unsigned int flags, struct run_stats *ret)
{
	auto_run_stats struct run_stats s = {};
	struct reading r = { .stats = &s, .flags = flags };
	int err = obj_each(ctx, &obj_prog, 0, read_one, &r);

	if (err)
		return err;
	*ret = s;
	s = (struct run_stats){};
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct run_stat *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

const struct run_stat *run_stats_find(const struct run_stats *s, uint32_t id)
{
	struct run_stat key = { .id = id };

	return s->n ? bsearch(&key, s->all, s->n, sizeof(*s->all), by_id) : NULL;
}

int run_stats_start(struct ctx *ctx, int *ret_fd)
{
	int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	if (fd < 0) {
		fail(ctx->err, fd, "enable run statistics");
		err_hint_denied(ctx->err, "cap_sys_admin");
		if (fd == -EINVAL)
			err_hint(ctx->err, "before Linux 5.8: sysctl kernel.bpf_stats_enabled=1");
		return fd;
	}
	*ret_fd = fd;
	return 0;
}
