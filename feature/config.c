// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl feature: the kernel's build configuration. */
#include <errno.h>
#include <sys/utsname.h>
#include <zlib.h>

#include "cli/buf.h"
#include "feature/feature.h"

#define CONFIG_MAX (16 << 20)	/* a hundred times its usual size */

const char *const kconfig_options[] = {
	"CONFIG_BPF", "CONFIG_BPF_SYSCALL", "CONFIG_HAVE_EBPF_JIT", "CONFIG_BPF_JIT",
	"CONFIG_BPF_JIT_ALWAYS_ON", "CONFIG_DEBUG_INFO_BTF", "CONFIG_DEBUG_INFO_BTF_MODULES",
	"CONFIG_CGROUPS", "CONFIG_CGROUP_BPF", "CONFIG_CGROUP_NET_CLASSID",
	"CONFIG_SOCK_CGROUP_DATA", "CONFIG_BPF_EVENTS", "CONFIG_KPROBE_EVENTS",
	"CONFIG_UPROBE_EVENTS", "CONFIG_TRACING", "CONFIG_FTRACE_SYSCALLS",
	"CONFIG_FUNCTION_ERROR_INJECTION", "CONFIG_BPF_KPROBE_OVERRIDE", "CONFIG_NET",
	"CONFIG_XDP_SOCKETS", "CONFIG_LWTUNNEL_BPF", "CONFIG_NET_ACT_BPF", "CONFIG_NET_CLS_BPF",
	"CONFIG_NET_CLS_ACT", "CONFIG_NET_SCH_INGRESS", "CONFIG_XFRM", "CONFIG_IP_ROUTE_CLASSID",
	"CONFIG_IPV6_SEG6_BPF", "CONFIG_BPF_LIRC_MODE2", "CONFIG_BPF_STREAM_PARSER",
	"CONFIG_NETFILTER_XT_MATCH_BPF", "CONFIG_TEST_BPF", "CONFIG_HZ",
	NULL,
};

/* gzread also reads uncompressed files. */
static int read_all(const char *path, struct buf *b)
{
	gzFile f = gzopen(path, "rbe");
	int n = 0;

	if (!f)
		return errno ? -errno : -ENOMEM;
	while (b->len < CONFIG_MAX && buf_room(b, 65536)) {
		n = gzread(f, b->data + b->len, 65536);
		if (n <= 0)
			break;
		b->len += n;
	}
	gzclose(f);
	buf_putc(b, 0);
	return b->err ? b->err : n < 0 ? -EIO : 0;
}

/* The second line shows whether a file is a kernel configuration. */
static bool is_config(const char *text)
{
	const char *second = strchr(text, '\n');

	return second && has_prefix(second + 1, "# Automatically generated file; DO NOT EDIT.");
}

char *kconfig_read(int *ret_err)
{
	struct utsname u = {};
	struct buf b = {};
	char path[sizeof(u.release) + 16];
	int err;

	uname(&u);
	snprintf(path, sizeof(path), "/boot/config-%s", u.release);
	err = read_all(path, &b);
	if (err == -ENOENT || err == -EACCES) {
		buf_free(&b);
		err = read_all("/proc/config.gz", &b);
	}
	if (!err && !is_config(b.data))
		err = -EBADMSG;
	if (err) {
		buf_free(&b);
		*ret_err = err;
	}
	return b.data;
}

bool kconfig_value(const char *text, const char *option, char *buf, size_t size)
{
	size_t len = strlen(option);

	for (const char *at = text; at && *at; at = strchr(at, '\n'), at += at != NULL) {
		if (strncmp(at, option, len) || at[len] != '=')
			continue;
		snprintf(buf, size, "%.*s", (int)strcspn(at + len + 1, "\n"), at + len + 1);
		return true;
	}
	return false;
}
