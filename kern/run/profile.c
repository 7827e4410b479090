// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Counters around the runs of a program: opened per CPU, read by programs at its entry and exit. */
#include "kern/cpus.h"
#include "kern/run/profile.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "kern/libbpf_opts.h"

#ifdef HAVE_BPF_HELPERS

/* Embedded by the linker: see Makefile. */
extern const char profile_bpf_start[], profile_bpf_end[];

struct profile {
	struct bpf_object *obj;
	struct bpf_link *links[2];
	int n_cpus;
	size_t n_counters;
	int *fds;			/* owned: n_counters * n_cpus, -1: that CPU is offline */
};

/* libbpf's messages are suppressed: the caller reports that this is not possible. */
#define auto_quiet __attribute__((cleanup(cleanup_quiet)))
static void cleanup_quiet(const libbpf_print_fn_t *was)
{
	libbpf_set_print(*was);
}

/* On an offline CPU there is nothing to count. */
static int open_on(const struct profile_counter *c, int cpu)
{
	struct perf_event_attr attr = { .size = sizeof(attr), .type = c->type, .config = c->config,
					.exclude_user = 1 };
	int fd = (int)syscall(__NR_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int open_counters(struct profile *p, const struct profile_counter *counters)
{
	int n_open = 0;

	p->fds = malloc(p->n_counters * (size_t)p->n_cpus * sizeof(*p->fds));
	if (!p->fds)
		return -ENOMEM;
	memset(p->fds, 0xff, p->n_counters * (size_t)p->n_cpus * sizeof(*p->fds));
	for (size_t i = 0; i < p->n_counters; i++) {
		for (int cpu = 0; cpu < p->n_cpus; cpu++) {
			int fd = open_on(&counters[i], cpu);

			if (fd < 0 && fd != -ENODEV)
				return fd;
			p->fds[i * (size_t)p->n_cpus + (size_t)cpu] = fd < 0 ? -1 : fd;
			n_open += fd >= 0;
		}
	}
	return n_open ? 0 : -ENODEV;
}

/* In the order of their definition there. */
static int set_constants(const struct profile *p)
{
	const uint32_t constants[] = { (uint32_t)p->n_cpus, (uint32_t)p->n_counters };
	struct bpf_map *map = bpf_object__find_map_by_name(p->obj, ".rodata");

	return map ? bpf_map__set_initial_value(map, constants, sizeof(constants)) : -ENOENT;
}

/* Both programs are bound to the profiled one when they are loaded. */
static int load(struct profile *p, int prog_fd)
{
	LIB_OPTS(bpf_object_open_opts, opts, .object_name = "profile");
	size_t len = (size_t)(profile_bpf_end - profile_bpf_start);
	struct bpf_prog_info info = {};
	struct bpf_program *prog;
	char name[OBJ_NAME_MAX];
	int err = obj_info(prog_fd, &info, sizeof(info));

	if (err)
		return err;
	obj_prog_name(prog_fd, &info, name);
	p->obj = bpf_object__open_mem(profile_bpf_start, len, &opts);
	if (!p->obj)
		return -errno;
	bpf_object__for_each_program(prog, p->obj) {
		err = err ?: bpf_program__set_attach_target(prog, prog_fd, name);
	}
	err = err ?: bpf_map__set_max_entries(bpf_object__find_map_by_name(p->obj, "counters"),
					      (uint32_t)p->n_counters * (uint32_t)p->n_cpus);
	err = err ?: set_constants(p);
	return err ?: bpf_object__load(p->obj);
}

static int put_counters(struct profile *p)
{
	int map_fd = bpf_object__find_map_fd_by_name(p->obj, "counters");
	int err = 0;

	for (uint32_t i = 0; i < p->n_counters * (size_t)p->n_cpus && !err; i++)
		if (p->fds[i] >= 0)
			err = bpf_map_update_elem(map_fd, &i, &p->fds[i], BPF_ANY);
	return err;
}

static int attach(struct profile *p)
{
	struct bpf_program *prog;
	size_t i = 0;

	bpf_object__for_each_program(prog, p->obj) {
		if (i == ARRAY_SIZE(p->links))
			return -E2BIG;
		p->links[i] = bpf_program__attach_trace(prog);
		if (!p->links[i++])
			return -errno;
	}
	return 0;
}

static int start(struct profile *p, int prog_fd, const struct profile_counter *counters,
		 const char **what)
{
	auto_quiet UNUSED libbpf_print_fn_t was = libbpf_set_print(NULL);
	int err;

	*what = "the counters cannot be opened";
	err = open_counters(p, counters);
	if (err)
		return err;
	*what = "fentry and fexit cannot be attached to it";
	err = load(p, prog_fd);
	err = err ?: put_counters(p);
	return err ?: attach(p);
}

int profile_start(int prog_fd, const struct profile_counter *counters, size_t n,
		  const char **ret_what, struct profile **ret)
{
	struct profile *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return -ENOMEM;
	p->n_cpus = cpus_possible();
	p->n_counters = n;
	err = p->n_cpus < 0 ? p->n_cpus : start(p, prog_fd, counters, ret_what);
	if (err) {
		profile_free(p);
		return err;
	}
	*ret = p;
	return 0;
}

static int sum_runs(struct profile *p, uint64_t *ret)
{
	auto_free uint64_t *per_cpu = calloc((size_t)p->n_cpus, sizeof(*per_cpu));
	uint32_t zero = 0;
	int err;

	if (!per_cpu)
		return -ENOMEM;
	err = bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(p->obj, "runs"), &zero, per_cpu);
	for (int i = 0; i < p->n_cpus && !err; i++)
		*ret += per_cpu[i];
	return err;
}

static int sum_values(struct profile *p, struct profile_value *values)
{
	auto_free struct profile_value *per_cpu = calloc((size_t)p->n_cpus, sizeof(*per_cpu));
	int fd = bpf_object__find_map_fd_by_name(p->obj, "sums"), err = per_cpu ? 0 : -ENOMEM;

	for (uint32_t m = 0; m < p->n_counters && !err; m++) {
		err = bpf_map_lookup_elem(fd, &m, per_cpu);
		for (int i = 0; i < p->n_cpus && !err; i++) {
			values[m].value += per_cpu[i].value;
			values[m].enabled += per_cpu[i].enabled;
			values[m].running += per_cpu[i].running;
		}
	}
	return err;
}

static void detach(struct profile *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(p->links); i++)
		bpf_link__destroy(take_ptr(p->links[i]));
}

int profile_stop(struct profile *p, uint64_t *ret_runs,
		 struct profile_value values[static PROFILE_METRICS])
{
	int err;

	detach(p);
	*ret_runs = 0;
	memset(values, 0, PROFILE_METRICS * sizeof(*values));
	err = sum_runs(p, ret_runs);
	return err ?: sum_values(p, values);
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	detach(p);
	bpf_object__close(p->obj);
	for (size_t i = 0; p->fds && i < p->n_counters * (size_t)p->n_cpus; i++)
		cleanup_close(&p->fds[i]);
	free(p->fds);
	free(p);
}

#else

int profile_start(UNUSED int prog_fd, UNUSED const struct profile_counter *counters,
		  UNUSED size_t n, const char **ret_what, UNUSED struct profile **ret)
{
	*ret_what = "built without BPF programs (clang was missing)";
	return -EOPNOTSUPP;
}

int profile_stop(UNUSED struct profile *p, UNUSED uint64_t *ret_runs,
		 UNUSED struct profile_value values[static PROFILE_METRICS])
{
	return -EOPNOTSUPP;
}

void profile_free(UNUSED struct profile *p)
{
}

#endif
