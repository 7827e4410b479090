// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Programs that the host's kernel rejects and 6.1 accepts: kprobes, fentry, fexit, lsm. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} vm_hits SEC(".maps");

static __always_inline int hit(__u32 i)
{
	__u64 *n = bpf_map_lookup_elem(&vm_hits, &i);

	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

SEC("kprobe/do_unlinkat")
int vm_kprobe(void *ctx)
{
	return hit(0);
}

SEC("kretprobe/do_unlinkat")
int vm_kretprobe(void *ctx)
{
	return hit(1);
}

SEC("fentry/do_unlinkat")
int vm_fentry(void *ctx)
{
	return hit(2);
}

SEC("fexit/do_unlinkat")
int vm_fexit(void *ctx)
{
	return hit(3);
}

SEC("lsm/file_open")
int vm_lsm(void *ctx)
{
	return 0;
}

SEC("tp_btf/sched_switch")
int vm_tp_btf(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
