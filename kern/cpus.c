// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The possible CPUs, from sysfs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "cli/file.h"
#include "kern/cpus.h"

/* "0" or "0-3": its last number, and the rest in *p; -1 if it is invalid. */
static long parse_number(const char **p)
{
	long n = 0;

	if (**p < '0' || **p > '9')
		return -1;
	for (; **p >= '0' && **p <= '9' && n < INT_MAX; (*p)++)
		n = n * 10 + (**p - '0');
	return n;
}

int cpus_in_list(const char *list)
{
	long count = 0;

	for (;; list++) {
		long first = parse_number(&list), last = first;

		if (*list == '-') {
			list++;
			last = parse_number(&list);
		}
		if (first < 0 || last < first || last >= INT_MAX)
			return -EINVAL;
		count += last - first + 1;
		if (*list != ',')
			break;
	}
	/* Without the newline a part may be missing: "0-1" of "0-15". */
	return *list == '\n' && !list[1] ? (int)count : -EINVAL;
}

int cpus_possible(void)
{
	auto_close int fd = open("/sys/devices/system/cpu/possible", O_RDONLY | O_CLOEXEC);
	char list[4096];
	ssize_t n = fd < 0 ? -errno : file_read_start(fd, list, sizeof(list));

	return n < 0 ? (int)n : cpus_in_list(list);
}
