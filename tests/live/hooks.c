// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * hooks load TYPE EXPECTED NAME RETURN PIN	a program "return RETURN", pinned
 * hooks query {netns | map PIN} ATTACH_TYPE	the ids of the programs there, asked by bpf(2)
 * itself hooks attach {netns | map PIN} ATTACH_TYPE PROG_PIN hooks link {netns | map PIN}
 * ATTACH_TYPE PROG_PIN PIN hooks entry MAP_PIN KEY PROG_PIN		an entry of a program array
 * hooks cpumap MAP_PIN KEY PROG_PIN		an entry of a CPU map
 * hooks hold PIN...				open them, say "ready", hold them until stdin ends
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

static char **args;

static const char *next(void)
{
	if (!*args) {
		fprintf(stderr, "hooks: too few words\n");
		exit(2);
	}
	return *args++;
}

static int number(void)
{
	return atoi(next());
}

static int get(const char *path)
{
	int fd = bpf_obj_get(path);

	if (fd < 0)
		perror(path);
	return fd;
}

static int done(int err, const char *what)
{
	if (err >= 0)
		return 0;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	return 1;
}

static int target(void)
{
	if (!strcmp(next(), "netns"))
		return open("/proc/self/ns/net", O_RDONLY);
	return get(next());
}

static int do_load(void)
{
	unsigned int type = number(), expected = number();
	const char *name = next();
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = number() },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = expected);
	int fd = bpf_prog_load(type, name, "GPL", insns, 2, &opts);

	return fd < 0 ? done(fd, "load") : done(bpf_obj_pin(fd, next()), "pin");
}

static int do_query(void)
{
	int fd = target();
	__u32 ids[64], n = 64;

	if (bpf_prog_query(fd, number(), 0, NULL, ids, &n))
		return done(-1, "query");
	for (__u32 i = 0; i < n; i++)
		printf("%u\n", ids[i]);
	return 0;
}

static int do_attach(void)
{
	int fd = target(), type = number();

	return done(bpf_prog_attach(get(next()), fd, type, 0), "attach");
}

static int do_link(void)
{
	int fd = target(), type = number(), link = bpf_link_create(get(next()), fd, type, NULL);

	return link < 0 ? done(link, "link") : done(bpf_obj_pin(link, next()), "pin");
}

static int do_entry(void)
{
	int map = get(next()), key = number(), prog = get(next());

	return done(bpf_map_update_elem(map, &key, &prog, 0), "update");
}

static int do_cpumap(void)
{
	int map = get(next()), key = number();
	struct bpf_cpumap_val val = { .qsize = 64, .bpf_prog.fd = get(next()) };

	return done(bpf_map_update_elem(map, &key, &val, 0), "update");
}

static int do_hold(void)
{
	char c;

	while (*args)
		if (get(next()) < 0)
			return 1;
	puts("ready");
	fflush(stdout);
	return read(STDIN_FILENO, &c, 1) < 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} verbs[] = {
		{ "load", do_load }, { "query", do_query }, { "attach", do_attach },
		{ "link", do_link }, { "entry", do_entry }, { "cpumap", do_cpumap },
		{ "hold", do_hold },
	};

	args = argv + 2;
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run();
	return 2;
}
