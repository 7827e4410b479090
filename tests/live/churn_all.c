// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * churn_all PREFIX CGROUP FILE: until killed, generation after generation of programs, maps, BTF,
 * links, perf events and cgroups, a few generations alive at a time. All of generation 7 that has a
 * name is called PREFIX_7, and its number is in FILE before it is made. Links go to cgroups of ours
 * and to interfaces whose names begin with PREFIX.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/perf_event.h>

#define N_ALIVE 8
#define N_FDS 16
#define TCX_INGRESS 46

struct generation {
	int fds[N_FDS];
	int n;
	char cgroup[256];
};

static const char *prefix, *cgroups;
static char name[16];
static long sched_switch;
static volatile sig_atomic_t done;

static void stop(int signo)
{
	done = signo;
}

static int keep(struct generation *g, int fd)
{
	if (fd >= 0)
		g->fds[g->n++] = fd;
	return fd;
}

static int load(struct generation *g, unsigned int type, int ret)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = ret },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return keep(g, bpf_prog_load(type, name, "GPL", insns, 2, NULL));
}

static void make_btf(struct generation *g)
{
	struct {
		struct btf_header head;
		struct btf_type type;
		unsigned int bits;
		char strings[5];
	} data = {
		.head = { .magic = BTF_MAGIC,
			  .version = BTF_VERSION,
			  .hdr_len = sizeof(data.head),
			  .type_len = sizeof(data.type) + 4,
			  .str_off = sizeof(data.type) + 4,
			  .str_len = 5 },
		.type = { .name_off = 1, .info = BTF_KIND_INT << 24, .size = 4 },
		.bits = 32,
		.strings = "\0int",
	};

	keep(g, bpf_btf_load(&data, sizeof(data.head) + sizeof(data.type) + 4 + 5, NULL));
}

static void make_event(struct generation *g)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr),
					.config = sched_switch, .sample_period = 1 };
	int prog = load(g, BPF_PROG_TYPE_TRACEPOINT, 0);
	int fd = keep(g, syscall(__NR_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC));

	if (fd >= 0)
		ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog);
}

static void make_cgroup(struct generation *g)
{
	int prog = load(g, BPF_PROG_TYPE_CGROUP_SKB, 1), fd;

	snprintf(g->cgroup, sizeof(g->cgroup), "%s/%s", cgroups, name);
	mkdir(g->cgroup, 0755);
	fd = open(g->cgroup, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return;
	bpf_prog_attach(prog, fd, BPF_CGROUP_INET_INGRESS, BPF_F_ALLOW_MULTI);
	keep(g, bpf_link_create(prog, fd, BPF_CGROUP_INET_EGRESS, NULL));
	close(fd);
}

static void make_devices(struct generation *g)
{
	struct if_nameindex *list = if_nameindex();
	int xdp = load(g, BPF_PROG_TYPE_XDP, 2), tc = load(g, BPF_PROG_TYPE_SCHED_CLS, 0);

	for (struct if_nameindex *i = list; i && i->if_name; i++) {
		if (strncmp(i->if_name, prefix, strlen(prefix)))
			continue;
		keep(g, bpf_link_create(xdp, i->if_index, BPF_XDP, NULL));
		keep(g, bpf_link_create(tc, i->if_index, TCX_INGRESS, NULL));
		break;
	}
	if_freenameindex(list);
}

static void drop(struct generation *g)
{
	while (g->n)
		close(g->fds[--g->n]);
	if (g->cgroup[0])
		rmdir(g->cgroup);
	g->cgroup[0] = '\0';
}

static void make(struct generation *g)
{
	keep(g, bpf_map_create(BPF_MAP_TYPE_ARRAY, name, 4, 8, 1, NULL));
	make_btf(g);
	keep(g, bpf_raw_tracepoint_open("sched_switch", load(g, BPF_PROG_TYPE_RAW_TRACEPOINT, 0)));
	make_event(g);
	make_cgroup(g);
	make_devices(g);
}

int main(int argc, char **argv)
{
	static struct generation alive[N_ALIVE];
	char number[16];
	FILE *f = fopen("/sys/kernel/tracing/events/sched/sched_switch/id", "r");
	int out = argc == 4 ? open(argv[3], O_WRONLY | O_CREAT, 0600) : -1;

	if (out < 0)
		return 2;
	if (f && fscanf(f, "%ld", &sched_switch) != 1)
		sched_switch = 0;
	if (f)
		fclose(f);
	prefix = argv[1];
	cgroups = argv[2];
	signal(SIGTERM, stop);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (unsigned int i = 0; !done; i++) {
		struct generation *g = &alive[i % N_ALIVE];

		drop(g);
		snprintf(number, sizeof(number), "%09u", i);
		if (pwrite(out, number, 9, 0) != 9)
			return 1;
		snprintf(name, sizeof(name), "%.7s_%u", prefix, i % 10000000);
		make(g);
	}
	for (int i = 0; i < N_ALIVE; i++)
		drop(&alive[i]);
	return 0;
}
