/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the refused programs share. Line 2 of each one says category, class and pattern (the numbers
 * are those of our list of refusals); CAUSE marks a line that a person would change, REFUSED the one
 * that the verifier refuses. CAPS=none in line 3: loaded without CAP_PERFMON.
 */
#ifndef REFUSED_H
#define REFUSED_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif
#ifndef barrier_var
#define barrier_var(var) asm volatile("" : "+r"(var))
#endif

struct vlan_header {
	__be16 tci;
	__be16 proto;
};

#define ARRAY_MAP(name, value_type, entries)			\
	struct {						\
		__uint(type, BPF_MAP_TYPE_ARRAY);		\
		__uint(max_entries, entries);			\
		__type(key, __u32);				\
		__type(value, value_type);			\
	} name SEC(".maps")

#define HASH_MAP(name, key_type, value_type)			\
	struct {						\
		__uint(type, BPF_MAP_TYPE_HASH);		\
		__uint(max_entries, 1024);			\
		__type(key, key_type);				\
		__type(value, value_type);			\
	} name SEC(".maps")

#define RING_MAP(name)						\
	struct {						\
		__uint(type, BPF_MAP_TYPE_RINGBUF);		\
		__uint(max_entries, 4096);			\
	} name SEC(".maps")

#endif
