// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * crowd files N [probe] | crowd links CGROUP_DIR N_EACH PREFIX: many open ordinary files in a few
 * processes (with "probe" also a program on a raw tracepoint), or one XDP link on each interface
 * whose name begins with PREFIX and N_EACH links on each cgroup below CGROUP_DIR. Says "ready N"
 * and holds them until stdin ends.
 */
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>

#define FILES_EACH 800

static int load(unsigned int type, int ret)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = ret },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(type, "crowd", "GPL", insns, 2, NULL);
}

static void hold_files(int n)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < n; i++)
		if (open("/dev/null", O_RDONLY) < 0)
			_exit(1);
}

/* The parent knows when all are ready: a pipe that each child closes by its first write. */
static int crowd_files(int n)
{
	int pipe_fds[2], made = 0;
	char c;

	if (pipe(pipe_fds))
		return -1;
	for (int left = n; left > 0; left -= FILES_EACH) {
		if (fork())
			continue;
		hold_files(left < FILES_EACH ? left : FILES_EACH);
		if (write(pipe_fds[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	while (made < (n + FILES_EACH - 1) / FILES_EACH && read(pipe_fds[0], &c, 1) == 1)
		made++;
	return n;
}

/* A tracepoint that is hardly ever hit. */
static int hold_probe(void)
{
	return bpf_raw_tracepoint_open("oom_score_adj_update",
				       load(BPF_PROG_TYPE_RAW_TRACEPOINT, 0));
}

static int link_devices(const char *prefix)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_SKB_MODE);
	struct if_nameindex *list = if_nameindex();
	int prog = load(BPF_PROG_TYPE_XDP, 2), n = 0;

	for (struct if_nameindex *i = list; i && i->if_name; i++)
		if (!strncmp(i->if_name, prefix, strlen(prefix)) &&
		    bpf_link_create(prog, i->if_index, BPF_XDP, &opts) >= 0)
			n++;
	return n;
}

static int link_cgroups(const char *dir, int each)
{
	int prog = load(BPF_PROG_TYPE_CGROUP_SKB, 1), n = 0;
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		int fd = e->d_type == DT_DIR && e->d_name[0] != '.' ?
			openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY) : -1;

		for (int i = 0; fd >= 0 && i < each; i++)
			if (bpf_link_create(prog, fd, BPF_CGROUP_INET_EGRESS, NULL) >= 0)
				n++;
		if (fd >= 0)
			close(fd);
	}
	return n;
}

int main(int argc, char **argv)
{
	struct rlimit files;
	char c;
	int n;

	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (argc >= 3 && !strcmp(argv[1], "files"))
		n = crowd_files(atoi(argv[2]));
	else if (argc == 5 && !strcmp(argv[1], "links"))
		n = link_cgroups(argv[2], atoi(argv[3])) + link_devices(argv[4]);
	else
		return 2;
	if (argc == 4 && hold_probe() < 0)
		n = -1;
	printf("ready %d\n", n);
	fflush(stdout);
	return read(STDIN_FILENO, &c, 1) < 0;
}
