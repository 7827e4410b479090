// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A TCP congestion control, named after PFX. -D LINK: one that is registered by a link; -D
 * INCOMPLETE: the kernel rejects it; -D TWO: a second one, which is rejected because of its name.
 */
#include "prelude.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

struct sock;

struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *);
	void (*cong_avoid)(struct sock *, u32, u32);
	u32 (*undo_cwnd)(struct sock *);
	char name[16];
};

#ifndef INCOMPLETE
SEC("struct_ops/ssthresh") u32 NAME(_ssthresh)(void *ctx)
{
	return 7;
}
#endif

SEC("struct_ops/cong_avoid") void NAME(_a_very_long_name_of_cong_avoid)(void *ctx)
{
}

SEC("struct_ops/undo_cwnd") u32 NAME(_undo)(void *ctx)
{
	return 7;
}

#ifdef LINK
#define SECTION ".struct_ops.link"
#else
#define SECTION ".struct_ops"
#endif

SEC(SECTION) struct tcp_congestion_ops NAME(_ops) = {
#ifndef INCOMPLETE
	.ssthresh = (void *)NAME(_ssthresh),
#endif
	.cong_avoid = (void *)NAME(_a_very_long_name_of_cong_avoid),
	.undo_cwnd = (void *)NAME(_undo),
	.name = TEXT(NAME(cc)),
};

#ifdef TWO
SEC(SECTION) struct tcp_congestion_ops NAME(_two) = {
	.ssthresh = (void *)NAME(_ssthresh),
	.cong_avoid = (void *)NAME(_a_very_long_name_of_cong_avoid),
	.undo_cwnd = (void *)NAME(_undo),
	.name = TEXT(NAME(cc)),
};
#endif

char _license[] SEC("license") = "GPL";
