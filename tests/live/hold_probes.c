// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * hold_probes FILE: programs on one probe of each kind that this kernel supports (uprobes: in FILE
 * at 0x1000), held open by this process. Prints "KIND FD PROG_ID" for each, "." at the end, and
 * waits for the end of its input. Unsupported kinds are listed on stderr.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>

static int load(unsigned int type)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(type, "hold_probes", "GPL", insns, 2, NULL);
}

static uint32_t id_of(int prog)
{
	struct bpf_prog_info info = {};
	uint32_t len = sizeof(info);

	return bpf_obj_get_info_by_fd(prog, &info, &len) ? 0 : info.id;
}

static int open_event(struct perf_event_attr *attr)
{
	attr->size = sizeof(*attr);
	return syscall(__NR_perf_event_open, attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
}

static void say(const char *kind, int fd, int prog)
{
	if (fd < 0)
		fprintf(stderr, "%s: %s\n", kind, strerror(errno));
	else
		printf("%s %d %u\n", kind, fd, id_of(prog));
}

static void hold_event(const char *kind, struct perf_event_attr *attr, unsigned int prog_type)
{
	int prog = load(prog_type), fd = open_event(attr);

	if (fd >= 0 && ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog))
		fd = -1;
	say(kind, fd, prog);
}

static long read_number(const char *path)
{
	FILE *f = fopen(path, "r");
	long n = -1;

	if (f) {
		if (fscanf(f, "%ld", &n) != 1)
			n = -1;
		fclose(f);
	}
	return n;
}

static void hold_probe(const char *kind, const char *device, struct perf_event_attr attr)
{
	char path[128];
	long type;

	snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/type", device);
	type = read_number(path);
	if (type < 0) {
		fprintf(stderr, "%s: no %s\n", kind, path);
		return;
	}
	attr.type = type;
	hold_event(kind, &attr, BPF_PROG_TYPE_KPROBE);
}

static void hold_uprobes(const char *file)
{
	struct perf_event_attr attr = { .config1 = (uintptr_t)file, .config2 = 0x1000 };

	hold_probe("uprobe", "uprobe", attr);
	attr.config = 1;
	hold_probe("uretprobe", "uprobe", attr);
}

static void hold_kprobes(void)
{
	static const char func[] = "do_nanosleep";
	struct perf_event_attr attr = { .config1 = (uintptr_t)func };

	hold_probe("kprobe", "kprobe", attr);
	attr.config = 1;
	hold_probe("kretprobe", "kprobe", attr);
}

static void hold_tracepoint(void)
{
	long id = read_number("/sys/kernel/tracing/events/sched/sched_switch/id");
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT,
					.config = id,
					.sample_period = 1 };

	hold_event("tracepoint", &attr, BPF_PROG_TYPE_TRACEPOINT);
}

static void hold_raw_tracepoint(void)
{
	int prog = load(BPF_PROG_TYPE_RAW_TRACEPOINT);

	say("raw_tracepoint", bpf_raw_tracepoint_open("sched_switch", prog), prog);
}

/* Files that must not be listed. */
static void hold_others(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.config = PERF_COUNT_SW_PAGE_FAULTS };

	if (eventfd(0, 0) < 0 || open_event(&attr) < 0)
		fprintf(stderr, "others: %s\n", strerror(errno));
}

int main(int argc, char **argv)
{
	char c;

	if (argc != 2)
		return 2;
	prctl(PR_SET_NAME, "a \"name\"\n\x01:");
	hold_others();
	hold_uprobes(argv[1]);
	hold_tracepoint();
	hold_raw_tracepoint();
	hold_kprobes();
	puts(".");
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	return 0;
}
