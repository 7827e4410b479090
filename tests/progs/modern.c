/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What libbpf before 1.7 does not load. WHAT: ARENA, OPS, SECTIONS, NETKIT or DATA. */
#include "prelude.h"

#define FIELD(name, value) int (*name)[value]
/* As headers write numbers that do not fit into an int. */
#define LONG_FIELD(name, value) enum { CAT(number_, __LINE__) = value } name

#ifdef ARENA
struct {
	FIELD(type, 33);
	FIELD(map_flags, 1024);
	FIELD(max_entries, 10);
	LONG_FIELD(map_extra, 1ULL << 44);
} NAME(_arena) SEC(".maps");

#define __arena __attribute__((address_space(1)))
int __arena counter = 5;
struct pair {
	int a;
	long b;
};
struct pair __arena pair = { 30, 1L << 40 };

SEC("syscall") int NAME(_bump)(void *ctx)
{
	counter++;
	return pair.a + counter;
}
#endif

#ifdef OPS
struct sock;
struct tcp_congestion_ops___ours {
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	u32 (*undo_cwnd)(struct sock *sk);
	int no_kernel_has_this;
	void (*nor_this)(struct sock *sk);
	char name[16];
};

SEC("struct_ops") u32 NAME(_ssthresh)(u64 *ctx) { return 2; }
SEC("struct_ops") void NAME(_avoid)(u64 *ctx) { }
SEC("struct_ops") u32 NAME(_undo)(u64 *ctx) { return 2; }

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
SEC(".struct_ops.link") struct tcp_congestion_ops___ours NAME(_ops) = {
	.ssthresh = (void *)NAME(_ssthresh),
	.cong_avoid = (void *)NAME(_avoid),
	.undo_cwnd = (void *)NAME(_undo),
	.name = TEXT(NAME(cc)),
};
#endif

#ifdef SECTIONS
SEC("uprobe.multi//proc/self/exe:ma*n") int NAME(_multi)(void *ctx) { return 0; }
SEC("uprobe.session//proc/self/exe:ma*n") int NAME(_session)(void *ctx) { return 0; }
SEC("tcx/ingress") int NAME(_in)(void *ctx) { return 0; }
SEC("tcx/egress") int NAME(_out)(void *ctx) { return 0; }
SEC("netfilter") int NAME(_nf)(void *ctx) { return 1; }
#endif

#ifdef NETKIT
SEC("netkit/primary") int NAME(_primary)(void *ctx) { return 0; }
SEC("netkit/peer") int NAME(_peer)(void *ctx) { return 0; }
#endif

#ifdef DATA
u64 CAT(seen_, DATA) = 3;
#ifdef EXTERN
extern int helped(int n);
#else
const volatile int limit = 7;
int helped(int n) { return n + limit; }
#endif
SEC("xdp") int CAT(NAME(_), DATA)(void *ctx)
{
	return helped(CAT(seen_, DATA)++) ? 2 : 1;
}
#endif

char _license[] SEC("license") = "GPL";
