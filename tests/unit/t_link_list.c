// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * kern/object/link_list.c: what the program in the kernel reports about a link is byte for byte the
 * link's own info, while it is attached and afterwards; in the network namespace of its device and
 * in another.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>

#include "kern/object/link_list.h"
#include "tap.h"

#define LO 1			/* the interface index of lo in every network namespace */

enum { INGRESS, EGRESS, ON_XDP, ON_TCX, RAW_TP, N_LINKS };
static const char *const names[] = { "cgroup ingress", "cgroup egress", "xdp", "tcx",
				     "raw tracepoint" };

static struct err e;
static struct opts opts;
static struct ctx ctx = { .err = &e, .opts = &opts };
static int fds[N_LINKS];

static int load(enum bpf_prog_type type, unsigned int attach, int ret)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = ret },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, o, .expected_attach_type = attach);

	return bpf_prog_load(type, "t_links", "GPL", insns, 2, &o);
}

static int link_cgroup(int cgroup, enum bpf_attach_type attach)
{
	return bpf_link_create(load(BPF_PROG_TYPE_CGROUP_SKB, attach, 1), cgroup, attach, NULL);
}

static void make_links(const char *cgroup)
{
	LIBBPF_OPTS(bpf_link_create_opts, skb, .flags = XDP_FLAGS_SKB_MODE);
	enum bpf_attach_type egress = (enum bpf_attach_type)ABI_ATTACH_TCX_EGRESS;
	auto_close int dir = open(cgroup, O_RDONLY | O_DIRECTORY);

	fds[INGRESS] = link_cgroup(dir, BPF_CGROUP_INET_INGRESS);
	fds[EGRESS] = link_cgroup(dir, BPF_CGROUP_INET_EGRESS);
	fds[ON_XDP] = bpf_link_create(load(BPF_PROG_TYPE_XDP, BPF_XDP, 2), LO, BPF_XDP, &skb);
	fds[ON_TCX] = bpf_link_create(load(BPF_PROG_TYPE_SCHED_CLS, egress, -1), LO, egress, NULL);
	fds[RAW_TP] = bpf_raw_tracepoint_open("oom_score_adj_update",
					      load(BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0));
}

struct listed {
	struct link_brief brief[N_LINKS];
	bool is_listed[N_LINKS], is_opened[N_LINKS];
	uint32_t last;
	bool is_sorted;
};

static int which(uint32_t id)
{
	for (int i = 0; i < N_LINKS; i++) {
		struct abi_link_info info = {};

		if (fds[i] >= 0 && !obj_info(fds[i], &info, sizeof(info)) && info.id == id)
			return i;
	}
	return -1;
}

static void see(struct listed *l, uint32_t id)
{
	l->is_sorted = l->is_sorted && id > l->last;
	l->last = id;
}

static int on_brief(UNUSED struct ctx *c, const struct link_brief *brief, const void *data)
{
	struct listed *l = *(struct listed *const *)data;
	int i = which(brief->info.id);

	see(l, brief->info.id);
	if (i >= 0) {
		l->brief[i] = *brief;
		l->is_listed[i] = true;
	}
	return 0;
}

static int on_opened(UNUSED struct ctx *c, int fd, const void *data)
{
	struct listed *l = *(struct listed *const *)data;
	struct abi_link_info info = {};
	int i;

	if (obj_info(fd, &info, sizeof(info)))
		return 0;
	see(l, info.id);
	i = which(info.id);
	if (i >= 0)
		l->is_opened[i] = true;
	return 0;
}

static struct listed list(size_t n_expected)
{
	static const struct link_visit visit = { on_brief, on_opened };
	struct listed l = { .is_sorted = true }, *to = &l;

	is_int(links_each(&ctx, n_expected, &visit, &to), 0, "a list");
	ok(l.is_sorted, "in order, each once");
	return l;
}

static void check_brief(const struct listed *l, int i, const char *dev)
{
	struct abi_link_info info = {};

	if (!ok(!l->is_opened[i], "%s: told, so not opened", names[i]) ||
	    obj_info(fds[i], &info, sizeof(info)))
		return;
	ok(!memcmp(&l->brief[i].info, &info, sizeof(info)), "%s: all that the link itself tells",
	   names[i]);
	is_str(l->brief[i].dev, i == ON_XDP || i == ON_TCX ? dev : "", "its device");
}

static void check_all(const char *dev)
{
	struct listed many = list(100000), few = list(1);
	int n_brief = 0;

	for (int i = 0; i < N_LINKS; i++) {
		if (fds[i] < 0) {
			ok(1, "%s # SKIP cannot be made here (%s)", names[i], strerror(-fds[i]));
			continue;
		}
		ok(few.is_opened[i] && !few.is_listed[i], "%s: opened where there are few",
		   names[i]);
		ok(many.is_listed[i] || many.is_opened[i], "%s: listed where there are many",
		   names[i]);
		n_brief += many.is_listed[i];
		if (many.is_listed[i])
			check_brief(&many, i, dev);
	}
#ifdef HAVE_BPF_HELPERS
	ok(n_brief >= 2 || getenv("BPFCTL_NO_ITER"), "%d are told", n_brief);
#endif
	ok(!many.is_listed[RAW_TP], "of which there are never many is opened");
}

int main(void)
{
	char dir[] = "/tmp/t_link_list.XXXXXX", child[64];
	auto_close int netns = -1;

	if (geteuid() || unshare(CLONE_NEWNS | CLONE_NEWNET) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || !mkdtemp(dir) ||
	    mount("none", dir, "cgroup2", 0, NULL)) {
		printf("1..0 # SKIP needs root, namespaces and cgroup2 (%s)\n", strerror(errno));
		return 0;
	}
	snprintf(child, sizeof(child), "%s/t_links_%d", dir, getpid());
	mkdir(child, 0755);
	make_links(child);
	check_all("lo");
	netns = open("/proc/self/ns/net", O_RDONLY);	/* keeps the devices alive */
	ok(netns >= 0 && !unshare(CLONE_NEWNET), "another network namespace");
	check_all("");
	if (fds[ON_XDP] >= 0)
		ok(!bpf_link_detach(fds[ON_XDP]), "detached");
	rmdir(child);
	for (int i = 0; i < N_LINKS; i++) {
		struct abi_link_info info = {};

		/* The kernel detaches asynchronously. */
		for (int k = 0; k < 200 && (i == INGRESS || i == EGRESS) && fds[i] >= 0 &&
				!obj_info(fds[i], &info, sizeof(info)) && info.cgroup.cgroup_id;
		     k++)
			usleep(20000);
	}
	check_all("");
	umount2(dir, MNT_DETACH);
	rmdir(dir);
	return tap_done();
}
