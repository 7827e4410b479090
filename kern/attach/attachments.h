/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Every attachment of a program on this host that the kernel reports: links, network devices of all
 * network namespaces, cgroups, socket maps, program arrays, open perf events. An attachment found
 * in two sources is listed once. Contains no words: attach.c and prog/unload.c print.
 *
 * The kernel does not report programs on individual sockets, on routes, and in iptables rules.
 */
#ifndef KERN_ATTACH_ATTACHMENTS_H
#define KERN_ATTACH_ATTACHMENTS_H

#include "kern/attach/netlink.h"
#include "kern/object/obj.h"

enum att_kind {
	ATT_XDP, ATT_TCX, ATT_NETKIT, ATT_TC, ATT_TC_ACTION, ATT_NETNS, ATT_NETFILTER, ATT_CGROUP,
	ATT_SOCKMAP, ATT_TRACEPOINT, ATT_RAW_TRACEPOINT, ATT_KPROBE, ATT_UPROBE, ATT_KPROBE_MULTI,
	ATT_UPROBE_MULTI, ATT_PERF_EVENT, ATT_TRACING, ATT_EXT, ATT_ITER, ATT_STRUCT_OPS,
	ATT_PROG_ARRAY, ATT_DEVMAP, ATT_CPUMAP,
	ATT_UNKNOWN, /* a link of an unknown type */
	ATT_KINDS,
};

/* What keeps the program attached. */
enum att_held {
	ATT_BY_LINK,			/* a link, kept by pins and processes */
	ATT_BY_NETLINK,			/* nothing else: attached through rtnetlink */
	ATT_BY_HOOK,			/* nothing else: BPF_PROG_ATTACH */
	ATT_BY_FILE,			/* an open file of a process (perf event) */
	ATT_BY_MAP,			/* the map that contains it */
};

#define ATT_NO_TYPE UINT32_MAX

struct attachment {
	uint32_t prog_id;		/* 0: a link without a program id */
	enum att_kind kind;
	enum att_held held;
	uint32_t link_id, link_type;	/* 0: no link */
	uint32_t attach_type;		/* ATT_NO_TYPE: none */
	uint64_t cookie;
	/* A device, cgroup path, function, tracepoint, file, iterator, map or member; NULL: not
	 * known. */
	char *name;			/* owned, untrusted */
	uint64_t netns_ino; /* of devices and hooks of network namespaces; 0: not known */
	uint32_t ifindex;
	int xdp_mode;			/* enum nl_xdp_mode, or -1 */
	uint64_t cgroup_id;
	uint32_t map_id;
	uint32_t pid, fd;		/* ATT_BY_FILE */
	bool at_return;			/* kprobe, uprobe */
	uint64_t offset, addr;
	uint32_t n_places; /* the multi types; ATT_TC_ACTION: number of filters that use it */
	union {
		struct {
			uint32_t ifindex, parent, handle, info, chain;
			uint32_t block;		/* not 0: shared by several qdiscs */
			char kind[NL_KIND_MAX];		/* of the qdisc or class */
		} tc;
		uint32_t action;	/* index of an ATT_TC_ACTION */
		struct {
			uint32_t pf, hook, flags;
			int32_t prio;
		} nf;
		struct {
			uint32_t type;
			uint64_t config;
		} event;
		struct {
			uint32_t prog_id, btf_obj_id, btf_id;
		} target;		/* ATT_TRACING, ATT_EXT */
		struct att_task {
			uint32_t tid, pid;	/* one of them, or none */
		} task;			/* ATT_ITER */
		struct {
			uint32_t len;	/* of the key, which may be truncated */
			uint8_t key[8];
		} entry;		/* ATT_PROG_ARRAY, ATT_DEVMAP, ATT_CPUMAP */
	};
};

/* What is known of a program without opening it again. */
struct att_prog {
	uint32_t id, type;
	uint64_t load_time;		/* ns since boot; 0: not known */
	uint32_t attach_btf_obj_id;
	char name[OBJ_NAME_MAX];	/* may be ""; untrusted */
};

struct attachments;

enum att_sources {
	ATT_FROM_LINKS = 1 << 0,	/* always done: the others look up their links */
	ATT_FROM_NET = 1 << 1,
	ATT_FROM_CGROUPS = 1 << 2,
	ATT_FROM_MAPS = 1 << 3,
	ATT_FROM_FILES = 1 << 4,
	ATT_FROM_ALL = (1 << 5) - 1,
};

/*
 * Searches everywhere. A source that cannot be read is reported (report_and_skip()) and the others
 * are still read; without links there is only the error. Sorted by program, kind, target. Owned:
 * attachments_free().
 */
int attachments_collect(struct ctx *ctx, unsigned int sources, struct attachments **ret);
void attachments_free(struct attachments *a);
/* The i-th, NULL after the last. */
const struct attachment *attachments_at(const struct attachments *a, size_t i);
/* Those of one program: *ret_n of them, owned by a; NULL: none. */
const struct attachment *attachments_of(const struct attachments *a, uint32_t prog_id,
					size_t *ret_n);
/* Its program; NULL if it was freed or there is none. */
const struct att_prog *attachments_prog(const struct attachments *a, uint32_t prog_id);
/* Inode of the current network namespace. */
uint64_t attachments_own_netns(const struct attachments *a);

/*
 * Removes exactly this attachment, after checking that it still belongs to the program. prog_fd: of
 * the program. Returns 0 or a negative errno: -ESTALE: it now belongs to another program,
 * -EOPNOTSUPP: this kind cannot be removed.
 */
int attachment_remove(const struct attachments *set, const struct attachment *a, int prog_fd);

#endif
