// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A program written by a user of a light skeleton, in C and in C++, without libbpf: TAP lines on
 * stdout. -D HEADER: the skeleton, generated with the name app; -D NAME: the prefix of its programs
 * and maps.
 */
#include HEADER

#include <stdio.h>
#include <string.h>

#include "kernel_pid.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define PROG(suffix) JOIN(NAME, suffix)
#define PROG_FD(skel, suffix) ((skel)->progs.PROG(suffix).prog_fd)
#define ATTACH_(name) app__##name##__attach
#define ATTACH__(name) ATTACH_(name)
#define ATTACH(suffix) ATTACH__(PROG(suffix))
#define MAP_FD(skel, suffix) ((skel)->maps.PROG(suffix).map_fd)
#define LINK_FD(skel, suffix) ((skel)->links.JOIN(PROG(suffix), _fd))

static int n, failed;

static void ok(int good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++n, what);
	failed += !good;
}

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return skel_sys_bpf(cmd, attr, sizeof(*attr));
}

static int is_named(int fd, const char *name)
{
	struct bpf_prog_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (__u32)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (__u64)(long)&info;
	return !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) &&
	       !strncmp(info.name, name, BPF_OBJ_NAME_LEN - 1);
}

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define CHECK_NAME(skel, suffix)                                                                   \
	ok(is_named(PROG_FD(skel, suffix), TEXT(PROG(suffix))),                                    \
	   TEXT(suffix) " is the program that it is called")

static void check_xdp(struct app *skel)
{
	char packet[64] = {};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = (__u32)PROG_FD(skel, _xdp);
	attr.test.data_in = (__u64)(long)packet;
	attr.test.data_size_in = sizeof(packet);
	ok(!bpf(BPF_PROG_RUN, &attr) && attr.test.retval == 2 && skel->bss->pkt_len == 64,
	   "a program without a link runs");
}

static void check_iterator(struct app *skel)
{
	union bpf_attr attr;
	char buf[64];
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.iter_create.link_fd = (__u32)LINK_FD(skel, _iter);
	fd = bpf(BPF_ITER_CREATE, &attr);
	while (fd >= 0 && read(fd, buf, sizeof(buf)) > 0)
		;
	if (fd >= 0)
		close(fd);
	ok(skel->bss->visits > 1, "an iterator walks");
}

static void check_map(struct app *skel)
{
	long long value = 0;
	union bpf_attr attr;
	int key = 7;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (__u32)MAP_FD(skel, _hash);
	attr.key = (__u64)(long)&key;
	attr.value = (__u64)(long)&value;
	ok(!bpf(BPF_MAP_LOOKUP_ELEM, &attr) && value >= 15,
	   "a map is the one that the programs write");
}

static void check_running(struct app *skel)
{
	__typeof__(*skel->bss) before;
	int i;

	ok(!app__attach(skel), "attach");
	ok(LINK_FD(skel, _first) > 0 && LINK_FD(skel, _second) > 0 && LINK_FD(skel, _typed) > 0 &&
	   LINK_FD(skel, _exit) > 0 && LINK_FD(skel, _iter) > 0, "links of what can be attached");
	ok(!LINK_FD(skel, _xdp) && !LINK_FD(skel, _left_out), "and none of the others");
	before = *skel->bss;
	for (i = 0; i < 5; i++)
		syscall(__NR_getppid);
	ok(skel->bss->first - before.first == 15, "rodata as it was set");
	ok(skel->bss->second - before.second == 5 * (41 + 2), "data as it was set");
	ok(skel->bss->typed - before.typed == 5, "a typed tracepoint");
	ok(skel->bss->exits - before.exits >= 5, "another section");
	ok(skel->bss->large[19999] == 'x', "more than a page");
	ok(skel->bss->found_inner == 1, "maps in maps");
	check_map(skel);
	check_iterator(skel);
	skel->data_custom->custom = 100;
	before = *skel->bss;
	syscall(__NR_getppid);
	ok(skel->bss->second - before.second == 141, "variables are written while it runs");
	app__detach(skel);
	before = *skel->bss;
	syscall(__NR_getppid);
	ok(skel->bss->first == before.first, "detached");
	ok(ATTACH(_exit)(skel) > 0, "one program is attached alone");
	syscall(__NR_getppid);
	ok(skel->bss->exits > before.exits && skel->bss->first == before.first,
	   "and no other runs");
}

/* Number of open descriptors: destroying leaves none. */
static int count_fds(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF;
	return count;
}

int main(void)
{
	int fds = count_fds();
	struct app *skel = app__open();

	ok(skel != NULL, "open");
	if (!skel)
		return 1;
	ok(skel->rodata->step == 3 && skel->data->start == 40 && skel->data_custom->custom == 2 &&
		   !skel->bss->first,
	   "initial values");
	skel->rodata->pid = kernel_pid();
	skel->data->start = 41;
	ok(!app__load(skel), "load");
	CHECK_NAME(skel, _first);
	CHECK_NAME(skel, _second);
	CHECK_NAME(skel, _xdp);
	CHECK_NAME(skel, _iter);
	ok(!PROG_FD(skel, _left_out), "what is not to be loaded is not");
	check_running(skel);
	check_xdp(skel);
	app__destroy(skel);
	app__destroy(NULL);
	ok(count_fds() == fds, "all is closed");

	skel = app__open_and_load();
	ok(skel && PROG_FD(skel, _first) > 0, "open and load at once");
	app__detach(skel);
	close(0);
	app__detach(skel);
	app__destroy(skel);
	ok(count_fds() == fds - 1, "all is closed again");
	printf("1..%d\n", n);
	return failed ? 1 : 0;
}
