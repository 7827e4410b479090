// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs that print something when they run: to trace_pipe, and with -D STREAM=bpf_stream_vprintk
 * (the kernel's name) to their own streams, Linux 6.17 and later.
 */
#include "prelude.h"

#define STR_(x) #x
#define STR(x) STR_(x)

static long (*const trace_printk)(const char *fmt, u32 size, ...) = (void *)6;

/* The kernel accepts no escapes in a format, but in a string. */
static const char words[] = STR(PFX) " says %s %d\n";
static const char red[] = "\033[31m";

SEC("syscall") int NAME(_say)(u32 *ctx)
{
	trace_printk(words, sizeof(words), red, ctx[0]);
	return 0;
}

#ifdef STREAM
extern int STREAM(int stream, const char *fmt, const void *args, u32 len, void *aux)
	SEC(".ksyms");

static const char line[] = "stream %d says %d\n";

static int say(int stream, u32 number)
{
	u64 args[2] = { stream, number };

	return STREAM(stream, line, args, sizeof(args), (void *)0);
}

SEC("syscall") int NAME(_stream)(u32 *ctx)
{
	int err = say(1, ctx[0]);

	say(2, ctx[0]);
	say(1, ctx[0] + 1);
	return err;
}
#endif

char _license[] SEC("license") = "GPL";
