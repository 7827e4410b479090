// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A program written by a user of a skeleton, in C and in C++: TAP lines on stdout. -D HEADER: the
 * skeleton; -D RAW: the name of its raw tracepoint program. argv[1]: the object file.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kernel_pid.h"
#include "skeleton_types.h"

#include HEADER

#include <bpf/bpf.h>

static int n, failed;

static void ok(int good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++n, what);
	failed += !good;
}

static int is_file(const char *path, const void *data, size_t size)
{
	static char content[4 << 20];
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(content, 1, sizeof(content), f) : 0;

	if (f)
		fclose(f);
	return len == size && !memcmp(content, data, len);
}

/* Names that differ in C++. */
static void check_values(struct app *skel)
{
	ok(skel->rodata->limits.a == 3 && !strcmp(skel->data->text, "hello"), "initial values");
	ok(skel->data->matrix[1][2] == 6 && skel->data->unnamed.x == 9,
	   "of arrays and unnamed structs");
	ok(skel->data->class_ == 11 && skel->data_custom->custom == 1, "of names that are mended");
	ok(skel->data_x_y->dash == 21 && skel->data_x_y_2->underscore == 22,
	   "of sections that would be called the same");
	ok(skel->rodata_more->constant == 5 && !skel->bss->function && !skel->bss->pointer,
	   "of other sections");
#ifndef __cplusplus
	ok(skel->data->class == 11 && skel->maps.template == skel->maps.template_,
	   "and by their own names in C");
#endif
}

static void check_xdp(struct app *skel)
{
	char packet[64] = {};
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct sample s = {};
	int key = 1;

	opts.data_in = packet;
	opts.data_size_in = sizeof(packet);
	opts.repeat = 1;
	ok(!bpf_prog_test_run_opts(bpf_program__fd(skel->progs.delete_), &opts),
	   "another program runs");
	ok(!bpf_map__lookup_elem(skel->maps.hashed, &key, sizeof(key), &s, sizeof(s), 0) &&
		   s.b == 'H',
	   "has seen what was changed, and its map is ours");
}

static void check_iterator(struct app *skel)
{
	int fd = bpf_iter_create(bpf_link__fd(skel->links.each_map));
	char buf[64];

	while (fd >= 0 && read(fd, buf, sizeof(buf)) > 0)
		;
	if (fd >= 0)
		close(fd);
	ok(skel->bss->visits > 1, "an iterator's link");
}

static void check_running(struct app *skel)
{
	long long before;
	int i;

	/* Programs without automatic attachment (xdp) are skipped. */
	ok(!app__attach(skel), "attach");
	ok(skel->links.RAW && skel->links.on_exit_of_syscall && !skel->links.delete_,
	   "links of what attaches itself");
	before = skel->bss->counted;
	for (i = 0; i < 10; i++)
		syscall(SYS_getppid);
	ok(skel->bss->counted - before >= 30, "the program counts what rodata tells it to");
	ok(skel->bss->errno_ == 12, "writes variables");
	ok(skel->bss->tight.b == skel->kconfig->LINUX_KERNEL_VERSION &&
		   skel->bss->tight.b > 0x40000,
	   "kconfig has the kernel's version");
	ok(skel->bss->pair[1] == 58, "an array by a typedef");
	check_iterator(skel);
	app__detach(skel);
	before = skel->bss->counted;
	syscall(SYS_getppid);
	ok(skel->bss->counted == before, "and not after detach");
}

int main(int argc, char **argv)
{
	struct app *skel;
	const void *elf;
	size_t size;

#ifdef __cplusplus
	skel = app::open();
	elf = app::elf_bytes(&size);
#else
	skel = app__open();
	elf = app__elf_bytes(&size);
#endif
	ok(skel != NULL, "open");
	if (!skel)
		return 1;
	ok(argc > 1 && is_file(argv[1], elf, size) && !((unsigned long)elf & 7),
	   "the object's bytes, aligned");
	check_values(skel);
	skel->rodata->watched_pid = kernel_pid();
	skel->data->text[0] = 'H';
	ok(!app__load(skel), "load");
	check_running(skel);
	check_xdp(skel);
	app__destroy(skel);
	app__destroy(NULL);

	skel = app__open_and_load();
	ok(skel && bpf_program__fd(skel->progs.RAW) >= 0, "open and load at once");
#ifdef __cplusplus
	app::destroy(skel);
#else
	app__destroy(skel);
#endif
	printf("1..%d\n", n);
	return failed ? 1 : 0;
}
