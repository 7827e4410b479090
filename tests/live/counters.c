// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Holds a program on two software events until stdin ends; prints "fd prog_id" for each. */
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

static int open_event(unsigned long long config)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.config = config,
					.size = sizeof(attr),
					.sample_period = 1000000000 };

	return (int)syscall(__NR_perf_event_open, &attr, -1, 0, -1, 0);
}

int main(void)
{
	static const unsigned long long configs[] = { PERF_COUNT_SW_CONTEXT_SWITCHES,
						      PERF_COUNT_SW_PAGE_FAULTS };
	const struct bpf_insn insns[] = { { .code = 0xb7 }, { .code = 0x95 } };
	int prog = bpf_prog_load(BPF_PROG_TYPE_PERF_EVENT, "counters", "GPL", insns, 2, NULL);
	struct bpf_prog_info info = {};
	unsigned int len = sizeof(info);
	char c;

	if (prog < 0 || bpf_obj_get_info_by_fd(prog, &info, &len))
		return 1;
	for (int i = 0; i < 2; i++) {
		int fd = open_event(configs[i]);

		if (fd < 0 || ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog))
			return 1;
		printf("%d %u\n", fd, info.id);
	}
	fflush(stdout);
	return read(0, &c, 1) < 0;
}
