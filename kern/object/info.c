// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What the kernel reports about a descriptor: info structures, and lines of fdinfo. */
#include <errno.h>
#include <fcntl.h>

#include "cli/file.h"
#include "kern/object/obj.h"

int obj_info(int fd, void *info, size_t len)
{
	uint32_t filled = len;
	int err = bpf_obj_get_info_by_fd(fd, info, &filled);

	if (err)
		return err;
	if (filled < len)
		memset((char *)info + filled, 0, len - filled);
	return 0;
}

/* The file is smaller than 1 kB; stdio would cost more. */
static int read_fdinfo(int fd, char *text, size_t size)
{
	auto_close int info_fd = -1;
	ssize_t len;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info_fd = open(path, O_RDONLY | O_CLOEXEC);
	len = info_fd < 0 ? -errno : file_read_start(info_fd, text, size);
	return len < 0 ? (int)len : 0;
}

int obj_fdinfo_text(int fd, const char *key, char *buf, size_t size)
{
	size_t key_len = strlen(key);
	char text[2048];
	int err = read_fdinfo(fd, text, sizeof(text));

	if (err)
		return err;
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, key_len) || line[key_len] != ':')
			continue;
		line += key_len + 1;
		line += strspn(line, " \t");
		snprintf(buf, size, "%.*s", (int)strcspn(line, "\n"), line);
		return 0;
	}
	return -ENODATA;
}

int obj_fdinfo(int fd, const char *key, uint64_t *ret)
{
	char text[64];
	int err = obj_fdinfo_text(fd, key, text, sizeof(text));

	if (!err)
		*ret = strtoull(text, NULL, 0);
	return err;
}
