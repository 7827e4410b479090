// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Section names of object files: the program type of the code in them (compat.md 15.5). Also
 * includes sections that libbpf 1.1 does not know.
 */
#include <errno.h>

#include <linux/bpf.h>

#include "kern/abi.h"
#include "kern/object/names.h"

#define NO_ATTACH UINT32_MAX

/* ONLY: the whole name. TAIL: also followed by "/" and the attach target. */
#define SECTIONS(ONLY, TAIL) \
	ONLY("socket", BPF_PROG_TYPE_SOCKET_FILTER, NO_ATTACH) \
	ONLY("sk_reuseport/migrate", BPF_PROG_TYPE_SK_REUSEPORT, 40) \
	ONLY("sk_reuseport", BPF_PROG_TYPE_SK_REUSEPORT, 39) \
	TAIL("kprobe", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("uprobe", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("uprobe.s", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("kretprobe", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("uretprobe", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("uretprobe.s", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("kprobe.multi", BPF_PROG_TYPE_KPROBE, 42) \
	TAIL("kretprobe.multi", BPF_PROG_TYPE_KPROBE, 42) \
	TAIL("kprobe.session", BPF_PROG_TYPE_KPROBE, 56) \
	TAIL("uprobe.multi", BPF_PROG_TYPE_KPROBE, 48) \
	TAIL("uprobe.multi.s", BPF_PROG_TYPE_KPROBE, 48) \
	TAIL("uretprobe.multi", BPF_PROG_TYPE_KPROBE, 48) \
	TAIL("uretprobe.multi.s", BPF_PROG_TYPE_KPROBE, 48) \
	TAIL("uprobe.session", BPF_PROG_TYPE_KPROBE, 57) \
	TAIL("uprobe.session.s", BPF_PROG_TYPE_KPROBE, 57) \
	TAIL("ksyscall", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("kretsyscall", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("usdt", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	TAIL("usdt.s", BPF_PROG_TYPE_KPROBE, NO_ATTACH) \
	ONLY("tc/ingress", BPF_PROG_TYPE_SCHED_CLS, 46) \
	ONLY("tcx/ingress", BPF_PROG_TYPE_SCHED_CLS, 46) \
	ONLY("tc/egress", BPF_PROG_TYPE_SCHED_CLS, 47) \
	ONLY("tcx/egress", BPF_PROG_TYPE_SCHED_CLS, 47) \
	ONLY("tc", BPF_PROG_TYPE_SCHED_CLS, NO_ATTACH) \
	ONLY("classifier", BPF_PROG_TYPE_SCHED_CLS, NO_ATTACH) \
	ONLY("netkit/primary", BPF_PROG_TYPE_SCHED_CLS, 54) \
	ONLY("netkit/peer", BPF_PROG_TYPE_SCHED_CLS, 55) \
	ONLY("action", BPF_PROG_TYPE_SCHED_ACT, NO_ATTACH) \
	TAIL("tracepoint", BPF_PROG_TYPE_TRACEPOINT, NO_ATTACH) \
	TAIL("tracepoint.s", BPF_PROG_TYPE_TRACEPOINT, NO_ATTACH) \
	TAIL("tp", BPF_PROG_TYPE_TRACEPOINT, NO_ATTACH) \
	TAIL("tp.s", BPF_PROG_TYPE_TRACEPOINT, NO_ATTACH) \
	TAIL("raw_tracepoint", BPF_PROG_TYPE_RAW_TRACEPOINT, NO_ATTACH) \
	TAIL("raw_tracepoint.s", BPF_PROG_TYPE_RAW_TRACEPOINT, NO_ATTACH) \
	TAIL("raw_tp", BPF_PROG_TYPE_RAW_TRACEPOINT, NO_ATTACH) \
	TAIL("raw_tp.s", BPF_PROG_TYPE_RAW_TRACEPOINT, NO_ATTACH) \
	TAIL("raw_tracepoint.w", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, NO_ATTACH) \
	TAIL("raw_tp.w", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, NO_ATTACH) \
	TAIL("tp_btf", BPF_PROG_TYPE_TRACING, 23) \
	TAIL("tp_btf.s", BPF_PROG_TYPE_TRACING, 23) \
	TAIL("fentry", BPF_PROG_TYPE_TRACING, 24) \
	TAIL("fentry.s", BPF_PROG_TYPE_TRACING, 24) \
	TAIL("fexit", BPF_PROG_TYPE_TRACING, 25) \
	TAIL("fexit.s", BPF_PROG_TYPE_TRACING, 25) \
	TAIL("fmod_ret", BPF_PROG_TYPE_TRACING, 26) \
	TAIL("fmod_ret.s", BPF_PROG_TYPE_TRACING, 26) \
	TAIL("fsession", BPF_PROG_TYPE_TRACING, 58) \
	TAIL("fsession.s", BPF_PROG_TYPE_TRACING, 58) \
	TAIL("fentry.multi", BPF_PROG_TYPE_TRACING, 59) \
	TAIL("fentry.multi.s", BPF_PROG_TYPE_TRACING, 59) \
	TAIL("fexit.multi", BPF_PROG_TYPE_TRACING, 60) \
	TAIL("fexit.multi.s", BPF_PROG_TYPE_TRACING, 60) \
	TAIL("fsession.multi", BPF_PROG_TYPE_TRACING, 61) \
	TAIL("fsession.multi.s", BPF_PROG_TYPE_TRACING, 61) \
	TAIL("freplace", BPF_PROG_TYPE_EXT, NO_ATTACH) \
	TAIL("lsm", BPF_PROG_TYPE_LSM, 27) \
	TAIL("lsm.s", BPF_PROG_TYPE_LSM, 27) \
	TAIL("lsm_cgroup", BPF_PROG_TYPE_LSM, 43) \
	TAIL("iter", BPF_PROG_TYPE_TRACING, 28) \
	TAIL("iter.s", BPF_PROG_TYPE_TRACING, 28) \
	ONLY("syscall", BPF_PROG_TYPE_SYSCALL, NO_ATTACH) \
	ONLY("xdp.frags/devmap", BPF_PROG_TYPE_XDP, 33) \
	ONLY("xdp/devmap", BPF_PROG_TYPE_XDP, 33) \
	ONLY("xdp.frags/cpumap", BPF_PROG_TYPE_XDP, 35) \
	ONLY("xdp/cpumap", BPF_PROG_TYPE_XDP, 35) \
	ONLY("xdp.frags", BPF_PROG_TYPE_XDP, 37) \
	ONLY("xdp", BPF_PROG_TYPE_XDP, 37) \
	ONLY("perf_event", BPF_PROG_TYPE_PERF_EVENT, NO_ATTACH) \
	ONLY("lwt_in", BPF_PROG_TYPE_LWT_IN, NO_ATTACH) \
	ONLY("lwt_out", BPF_PROG_TYPE_LWT_OUT, NO_ATTACH) \
	ONLY("lwt_xmit", BPF_PROG_TYPE_LWT_XMIT, NO_ATTACH) \
	ONLY("lwt_seg6local", BPF_PROG_TYPE_LWT_SEG6LOCAL, NO_ATTACH) \
	ONLY("sockops", BPF_PROG_TYPE_SOCK_OPS, 3) \
	ONLY("sk_skb/stream_parser", BPF_PROG_TYPE_SK_SKB, 4) \
	ONLY("sk_skb/stream_verdict", BPF_PROG_TYPE_SK_SKB, 5) \
	ONLY("sk_skb/verdict", BPF_PROG_TYPE_SK_SKB, 38) \
	ONLY("sk_skb", BPF_PROG_TYPE_SK_SKB, NO_ATTACH) \
	ONLY("sk_msg", BPF_PROG_TYPE_SK_MSG, 7) \
	ONLY("lirc_mode2", BPF_PROG_TYPE_LIRC_MODE2, 16) \
	ONLY("flow_dissector", BPF_PROG_TYPE_FLOW_DISSECTOR, 17) \
	ONLY("cgroup_skb/ingress", BPF_PROG_TYPE_CGROUP_SKB, 0) \
	ONLY("cgroup_skb/egress", BPF_PROG_TYPE_CGROUP_SKB, 1) \
	ONLY("cgroup/skb", BPF_PROG_TYPE_CGROUP_SKB, NO_ATTACH) \
	ONLY("cgroup/sock_create", BPF_PROG_TYPE_CGROUP_SOCK, 2) \
	ONLY("cgroup/sock_release", BPF_PROG_TYPE_CGROUP_SOCK, 34) \
	ONLY("cgroup/sock", BPF_PROG_TYPE_CGROUP_SOCK, 2) \
	ONLY("cgroup/post_bind4", BPF_PROG_TYPE_CGROUP_SOCK, 12) \
	ONLY("cgroup/post_bind6", BPF_PROG_TYPE_CGROUP_SOCK, 13) \
	ONLY("cgroup/bind4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 8) \
	ONLY("cgroup/bind6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 9) \
	ONLY("cgroup/connect4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 10) \
	ONLY("cgroup/connect6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 11) \
	ONLY("cgroup/connect_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 49) \
	ONLY("cgroup/sendmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 14) \
	ONLY("cgroup/sendmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 15) \
	ONLY("cgroup/sendmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 50) \
	ONLY("cgroup/recvmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 19) \
	ONLY("cgroup/recvmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 20) \
	ONLY("cgroup/recvmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 51) \
	ONLY("cgroup/getpeername4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 29) \
	ONLY("cgroup/getpeername6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 30) \
	ONLY("cgroup/getpeername_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 52) \
	ONLY("cgroup/getsockname4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 31) \
	ONLY("cgroup/getsockname6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 32) \
	ONLY("cgroup/getsockname_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, 53) \
	ONLY("cgroup/sysctl", BPF_PROG_TYPE_CGROUP_SYSCTL, 18) \
	ONLY("cgroup/getsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, 21) \
	ONLY("cgroup/setsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, 22) \
	ONLY("cgroup/dev", BPF_PROG_TYPE_CGROUP_DEVICE, 6) \
	TAIL("struct_ops", BPF_PROG_TYPE_STRUCT_OPS, NO_ATTACH) \
	TAIL("struct_ops.s", BPF_PROG_TYPE_STRUCT_OPS, NO_ATTACH) \
	ONLY("sk_lookup", BPF_PROG_TYPE_SK_LOOKUP, 36) \
	ONLY("netfilter", ABI_PROG_TYPE_NETFILTER, 45)

struct section {
	const char *word;
	uint32_t prog_type, attach_type;
	bool tail;
};

#define ROW_ONLY(word, prog, attach) { word, prog, attach, false },
#define ROW_TAIL(word, prog, attach) { word, prog, attach, true },
static const struct section sections[] = { SECTIONS(ROW_ONLY, ROW_TAIL) };

#define WORD(word, prog, attach) word,
const char *const section_words[] = { SECTIONS(WORD, WORD) NULL };

int section_types(const char *word, uint32_t *ret_prog_type, uint32_t *ret_attach_type)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		const struct section *s = &sections[i];
		size_t len = strlen(s->word);

		if (!has_prefix(word, s->word) || (word[len] && !(s->tail && word[len] == '/')))
			continue;
		*ret_prog_type = s->prog_type;
		*ret_attach_type = s->attach_type;
		return 0;
	}
	return -ENOENT;
}

uint32_t attach_prog_type(uint32_t attach_type)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (sections[i].attach_type == attach_type)
			return sections[i].prog_type;
	return BPF_PROG_TYPE_UNSPEC;
}
