// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * make_links DIR IFACE CGROUP: one link of each kind that this kernel supports, pinned as
 * DIR/<kind>; the kinds that worked on stdout, the others with the reason on stderr. Programs are
 * named by the environment variable PFX.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>

#include "../../kern/abi.h"

static const char *dir, *iface, *cgroup;

static int load(unsigned int type, unsigned int attach_type, int ret)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = ret },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = attach_type);
	char name[16];

	snprintf(name, sizeof(name), "%.8s_%u", getenv("PFX") ? getenv("PFX") : "t", type);
	return bpf_prog_load(type, name, "GPL", insns, 2, &opts);
}

static int create(struct abi_link_create *a)
{
	int fd;

	if ((int)a->prog_fd < 0)
		return a->prog_fd;
	fd = syscall(__NR_bpf, BPF_LINK_CREATE, a, sizeof(*a));
	return fd < 0 ? -errno : fd;
}

static int make_xdp(void)
{
	return create(&(struct abi_link_create){
		.prog_fd = load(BPF_PROG_TYPE_XDP, BPF_XDP, 2),
		.target = if_nametoindex(iface), .attach_type = BPF_XDP });
}

static int make_tcx(void)
{
	return create(&(struct abi_link_create){
		.prog_fd = load(BPF_PROG_TYPE_SCHED_CLS, ABI_ATTACH_TCX_INGRESS, -1),
		.target = if_nametoindex(iface), .attach_type = ABI_ATTACH_TCX_INGRESS });
}

static int make_netkit(void)
{
	return create(&(struct abi_link_create){
		.prog_fd = load(BPF_PROG_TYPE_SCHED_CLS, ABI_ATTACH_NETKIT_PRIMARY, -1),
		.target = if_nametoindex(iface), .attach_type = ABI_ATTACH_NETKIT_PRIMARY });
}

static int make_netkit_peer(void)
{
	return create(&(struct abi_link_create){
		.prog_fd = load(BPF_PROG_TYPE_SCHED_CLS, ABI_ATTACH_NETKIT_PEER, -1),
		.target = if_nametoindex(iface), .attach_type = ABI_ATTACH_NETKIT_PEER });
}

static int make_cgroup(void)
{
	return create(&(struct abi_link_create){
		.prog_fd = load(BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS, 1),
		.target = open(cgroup, O_RDONLY), .attach_type = BPF_CGROUP_INET_INGRESS });
}

static int make_netns(void)
{
	return create(&(struct abi_link_create){
		.prog_fd = load(BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, 1),
		.target = open("/proc/self/ns/net", O_RDONLY), .attach_type = BPF_SK_LOOKUP });
}

static int make_netfilter(void)
{
	return create(&(struct abi_link_create){
		.prog_fd = load(ABI_PROG_TYPE_NETFILTER, ABI_ATTACH_NETFILTER, 1),
		.attach_type = ABI_ATTACH_NETFILTER,
		.netfilter = { .pf = 2, .hooknum = 1, .priority = -50 } });
}

static int make_raw_tp(void)
{
	int fd = load(BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0);

	return fd < 0 ? fd : bpf_raw_tracepoint_open("sched_switch", fd);
}

static int make_sockmap(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts);

	return create(&(struct abi_link_create){
		.prog_fd = load(BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_VERDICT, 1),
		.target = bpf_map_create(BPF_MAP_TYPE_SOCKMAP, "x", 4, 4, 1, &opts),
		.attach_type = BPF_SK_SKB_VERDICT });
}

static int make_uprobe_multi(void)
{
	static const char path[] = "/bin/true";
	static const uint64_t offsets[] = { 0x1000, 0x1010 }, cookies[] = { 7, 8 };
	struct abi_link_create a = {
		.prog_fd = load(BPF_PROG_TYPE_KPROBE, ABI_ATTACH_TRACE_UPROBE_MULTI, 0),
		.attach_type = ABI_ATTACH_TRACE_UPROBE_MULTI,
	};

	a.uprobe_multi.path = (uint64_t)(uintptr_t)path;
	a.uprobe_multi.offsets = (uint64_t)(uintptr_t)offsets;
	a.uprobe_multi.cookies = (uint64_t)(uintptr_t)cookies;
	a.uprobe_multi.cnt = 2;
	return create(&a);
}

static int perf_link(struct perf_event_attr *attr, unsigned int prog_type, int pid)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .perf_event.bpf_cookie = 77);
	int prog_fd = load(prog_type, 0, 0);
	int fd;

	attr->size = sizeof(*attr);
	attr->sample_period = 100000000;
	fd = syscall(__NR_perf_event_open, attr, pid, pid < 0 ? 0 : -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	return prog_fd < 0 ? prog_fd : bpf_link_create(prog_fd, fd, BPF_PERF_EVENT, &opts);
}

static int make_event(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.config = PERF_COUNT_SW_PAGE_FAULTS };

	return perf_link(&attr, BPF_PROG_TYPE_PERF_EVENT, -1);
}

static int read_number(const char *path)
{
	FILE *f = fopen(path, "r");
	int n = -1;

	if (f && fscanf(f, "%d", &n) != 1)
		n = -1;
	if (f)
		fclose(f);
	return n;
}

static int make_tracepoint(void)
{
	int id = read_number("/sys/kernel/tracing/events/sched/sched_switch/id");
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .config = id };

	return id < 0 ? -ENOENT : perf_link(&attr, BPF_PROG_TYPE_TRACEPOINT, -1);
}

static int make_uprobe_of(unsigned int config)
{
	int type = read_number("/sys/bus/event_source/devices/uprobe/type");
	static const char path[] = "/bin/true";
	struct perf_event_attr attr = { .type = type, .config = config };

	attr.config1 = (uint64_t)(uintptr_t)path;
	attr.config2 = 0x1000;
	return type < 0 ? -ENOENT : perf_link(&attr, BPF_PROG_TYPE_KPROBE, -1);
}

static int make_uprobe(void)
{
	return make_uprobe_of(0);
}

static int make_uretprobe(void)
{
	return make_uprobe_of(1);
}

static void make(const char *kind, int (*fn)(void))
{
	char path[4096];
	int fd = fn();
	int err = fd;

	snprintf(path, sizeof(path), "%s/%s", dir, kind);
	if (fd >= 0)
		err = bpf_obj_pin(fd, path);
	if (err < 0)
		fprintf(stderr, "%s: %s\n", kind, strerror(-err));
	else
		puts(kind);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	dir = argv[1];
	iface = argv[2];
	cgroup = argv[3];
	make("xdp", make_xdp);
	make("tcx", make_tcx);
	make("netkit", make_netkit);
	make("netkit_peer", make_netkit_peer);
	make("cgroup", make_cgroup);
	make("netns", make_netns);
	make("netfilter", make_netfilter);
	make("raw_tp", make_raw_tp);
	make("sockmap", make_sockmap);
	make("uprobe_multi", make_uprobe_multi);
	make("event", make_event);
	make("tracepoint", make_tracepoint);
	make("uprobe", make_uprobe);
	make("uretprobe", make_uretprobe);
	return 0;
}
