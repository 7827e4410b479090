// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The table of program types (compat.md 15.1). A new type is a row here. */
#include <linux/bpf.h>

#include "cli/defs.h"
#include "kern/abi.h"
#include "kern/object/prog_types.h"

#define BPF "cap_bpf"
#define PERF "cap_bpf,cap_perfmon"
#define NET "cap_bpf,cap_net_admin"

#define RUN_RAW (RUN_CTX_ONLY | RUN_NO_REPEAT | RUN_ON_CPU)
#define RUN_PACKET (RUN_FRAME | RUN_CTX_OUT)

static const char *const xdp_words[] = { "aborted", "drop", "pass", "tx", "redirect", NULL };
static const char *const tc_words[] = { "unspec", "ok",	    "reclassify", "shot", "pipe", "stolen",
					"queued", "repeat", "redirect",	  "trap", NULL };
static const char *const cgroup_words[] = { "drop", "pass", NULL };

/* XDP aborts on values it does not know, tc lets them pass. */
static const struct prog_verdicts xdp = {
	.words = xdp_words, .prefix = "XDP_", .dropped = 1 << 0 | 1 << 1, .drops_others = true,
};
static const struct prog_verdicts tc = {
	.first = -1, .words = tc_words, .prefix = "TC_ACT_", .dropped = 1 << 3,
};
static const struct prog_verdicts cgroup = { .words = cgroup_words, .dropped = 1 << 0 };

/* clang-format off */
#define PROG_TYPES(ROW) \
	ROW(BPF_PROG_TYPE_UNSPEC, "unspec", BPF) \
	ROW(BPF_PROG_TYPE_SOCKET_FILTER, "socket_filter", BPF, \
	    .run = RUN_PACKET, .run_ctx = "__sk_buff") \
	ROW(BPF_PROG_TYPE_KPROBE, "kprobe", PERF, .traits = PROG_ON_EVENT) \
	ROW(BPF_PROG_TYPE_SCHED_CLS, "sched_cls", NET, .traits = PROG_ON_DEVICE, \
	    .run = RUN_PACKET, .run_ctx = "__sk_buff", .verdicts = &tc) \
	ROW(BPF_PROG_TYPE_SCHED_ACT, "sched_act", NET, \
	    .run = RUN_PACKET, .run_ctx = "__sk_buff", .verdicts = &tc) \
	ROW(BPF_PROG_TYPE_TRACEPOINT, "tracepoint", PERF, .traits = PROG_ON_EVENT | PROG_TRACEFS) \
	ROW(BPF_PROG_TYPE_XDP, "xdp", NET, .traits = PROG_ON_DEVICE | PROG_DEV_BOUND, \
	    .run = RUN_PACKET | RUN_LIVE | RUN_XDP_MD, .run_ctx = "xdp_md", .verdicts = &xdp) \
	ROW(BPF_PROG_TYPE_PERF_EVENT, "perf_event", PERF, .traits = PROG_ON_EVENT) \
	ROW(BPF_PROG_TYPE_CGROUP_SKB, "cgroup_skb", NET, \
	    .run = RUN_PACKET, .run_ctx = "__sk_buff", .verdicts = &cgroup) \
	ROW(BPF_PROG_TYPE_CGROUP_SOCK, "cgroup_sock", NET) \
	ROW(BPF_PROG_TYPE_LWT_IN, "lwt_in", NET, .run = RUN_PACKET, .run_ctx = "__sk_buff") \
	ROW(BPF_PROG_TYPE_LWT_OUT, "lwt_out", NET, .run = RUN_PACKET, .run_ctx = "__sk_buff") \
	ROW(BPF_PROG_TYPE_LWT_XMIT, "lwt_xmit", NET, .run = RUN_PACKET, .run_ctx = "__sk_buff") \
	ROW(BPF_PROG_TYPE_SOCK_OPS, "sock_ops", NET) \
	ROW(BPF_PROG_TYPE_SK_SKB, "sk_skb", NET) \
	ROW(BPF_PROG_TYPE_CGROUP_DEVICE, "cgroup_device", NET) \
	ROW(BPF_PROG_TYPE_SK_MSG, "sk_msg", NET) \
	ROW(BPF_PROG_TYPE_RAW_TRACEPOINT, "raw_tracepoint", PERF, \
	    .traits = PROG_ON_EVENT | PROG_RAW_TP, .run = RUN_RAW) \
	ROW(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, "cgroup_sock_addr", NET, \
	    .attach = BPF_CGROUP_INET4_CONNECT) \
	ROW(BPF_PROG_TYPE_LWT_SEG6LOCAL, "lwt_seg6local", NET) \
	ROW(BPF_PROG_TYPE_LIRC_MODE2, "lirc_mode2", NET) \
	ROW(BPF_PROG_TYPE_SK_REUSEPORT, "sk_reuseport", NET) \
	ROW(BPF_PROG_TYPE_FLOW_DISSECTOR, "flow_dissector", NET, \
	    .run = RUN_PACKET, .run_ctx = "bpf_flow_keys") \
	ROW(BPF_PROG_TYPE_CGROUP_SYSCTL, "cgroup_sysctl", NET) \
	ROW(BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, "raw_tracepoint_writable", PERF, \
	    .traits = PROG_ON_EVENT | PROG_RAW_TP, .run = RUN_RAW) \
	ROW(BPF_PROG_TYPE_CGROUP_SOCKOPT, "cgroup_sockopt", NET, .attach = BPF_CGROUP_GETSOCKOPT) \
	ROW(BPF_PROG_TYPE_TRACING, "tracing", PERF, \
	    .traits = PROG_ON_EVENT /* tp_btf */, .hook = HOOK_TRACING) \
	ROW(BPF_PROG_TYPE_STRUCT_OPS, "struct_ops", NET, \
	    .traits = PROG_KERNEL_TYPED, .hook = HOOK_OPS) \
	ROW(BPF_PROG_TYPE_EXT, "ext", NET, .traits = PROG_EXTENDS, .hook = HOOK_PROG) \
	ROW(BPF_PROG_TYPE_LSM, "lsm", PERF, .traits = PROG_KERNEL_TYPED, .hook = HOOK_LSM) \
	ROW(BPF_PROG_TYPE_SK_LOOKUP, "sk_lookup", NET, .attach = BPF_SK_LOOKUP, \
	    .run = RUN_CTX_ONLY | RUN_CTX_OUT, .run_ctx = "bpf_sk_lookup") \
	/* A syscall program's context is the argument of its function. */ \
	ROW(BPF_PROG_TYPE_SYSCALL, "syscall", BPF, .load_flags = BPF_F_SLEEPABLE, \
	    .run = RUN_CTX_ONLY | RUN_NO_REPEAT | RUN_CTX_IN_PLACE) \
	ROW(ABI_PROG_TYPE_NETFILTER, "netfilter", NET, \
	    .attach = ABI_ATTACH_NETFILTER, .run = RUN_PACKET)
/* clang-format on */

#define AS_TYPE(number, word, need, ...) [number] = { .name = word, .caps = need, ##__VA_ARGS__ },
static const struct prog_type types[] = { PROG_TYPES(AS_TYPE) };

#define AS_WORD(number, word, ...) [number] = word,
const char *const prog_type_words[] = { PROG_TYPES(AS_WORD) NULL };

_Static_assert(ARRAY_SIZE(types) == N_PROG_TYPES, "a row per type");

const struct prog_type *prog_type(uint32_t number)
{
	static const struct prog_type unheard = { .caps = NET };

	return number < ARRAY_SIZE(types) ? &types[number] : &unheard;
}

size_t prog_verdict_place(const struct prog_verdicts *v, uint32_t retval)
{
	int64_t at = (int64_t)(int32_t)retval - v->first;

	for (int64_t i = 0; i <= at && i < VERDICTS_MAX; i++) {
		if (!v->words[i])
			break;
		if (i == at)
			return (size_t)i;
	}
	return VERDICTS_MAX;
}
