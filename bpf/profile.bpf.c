// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Runs before and after every run of another program, on the same CPU, and adds up how far the
 * counters of that CPU have advanced. kern/run/profile.c opens the counters and selects the
 * program.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "profile.h"

struct reading {		/* struct bpf_perf_event_value */
	__u64 counter, enabled, running;
};

/* The counter of metric m on CPU c is number m * n_cpus + c; the size is set before loading. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROFILE_METRICS);
	__type(key, __u32);
	__type(value, struct reading);
} before SEC(".maps"), sums SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} runs SEC(".maps");

const volatile __u32 n_cpus = 1, n_metrics = 1;

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("fentry")
int profile_begin(void *ctx __attribute__((unused)))
{
	__u32 cpu = bpf_get_smp_processor_id(), m;
	struct reading now[PROFILE_METRICS], *keep;

	/* First read all counters, then store: the stores must not be counted. */
	for (m = 0; m < PROFILE_METRICS && m < n_metrics; m++)
		if (bpf_perf_event_read_value(&counters, m * n_cpus + cpu, (void *)&now[m],
					      sizeof(now[m])))
			return 0;
	for (m = 0; m < PROFILE_METRICS && m < n_metrics; m++) {
		__u32 key = m;

		keep = bpf_map_lookup_elem(&before, &key);
		if (keep)
			*keep = now[m];
	}
	return 0;
}

SEC("fexit")
int profile_end(void *ctx __attribute__((unused)))
{
	__u32 cpu = bpf_get_smp_processor_id(), zero = 0, m;
	struct reading now[PROFILE_METRICS], *from, *sum;
	__u64 *n;

	for (m = 0; m < PROFILE_METRICS && m < n_metrics; m++)
		if (bpf_perf_event_read_value(&counters, m * n_cpus + cpu, (void *)&now[m],
					      sizeof(now[m])))
			return 0;
	for (m = 0; m < PROFILE_METRICS && m < n_metrics; m++) {
		__u32 key = m;

		from = bpf_map_lookup_elem(&before, &key);
		sum = bpf_map_lookup_elem(&sums, &key);
		/* There is no start value for a run that started before us. */
		if (!from || !sum || !from->enabled)
			return 0;
		sum->counter += now[m].counter - from->counter;
		sum->enabled += now[m].enabled - from->enabled;
		sum->running += now[m].running - from->running;
		from->enabled = 0;
	}
	n = bpf_map_lookup_elem(&runs, &zero);
	if (n)
		(*n)++;
	return 0;
}
