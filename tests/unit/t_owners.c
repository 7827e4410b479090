// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * kern/object/owners.c: both ways to find the holders of an object give the same result, also while
 * processes start and exit. "t_owners time N" measures them instead, with N programs and maps held
 * by a child.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <linux/bpf.h>
#include <linux/perf_event.h>

#include "kern/abi.h"
#include "kern/object/owners.h"
#include "tap.h"

#define MANY 100000			/* the iterator, if it can be loaded */
#define FEW 1				/* /proc */
#define COMM "t_owners(x) \x01"		/* special characters for our parsers */
#define COOKIE 0x1122334455667788ULL

struct objects {
	int fds[4];			/* by enum obj_type */
	uint32_t ids[4];
};

static struct err e;
static struct opts opts;
static struct ctx ctx = { .err = &e, .opts = &opts };
static const struct obj_kind *const kinds[] = { &obj_prog, &obj_map, &obj_link, &obj_btf };

static int make_prog(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_PERF_EVENT, "t_owners", "GPL", insns, 2, NULL);
}

static int make_map(void)
{
	return bpf_map_create(BPF_MAP_TYPE_ARRAY, "t_owners", 4, 4, 1, NULL);
}

static int make_link(int prog)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.sample_period = 1000000,
		.disabled = 1,
	};
	LIBBPF_OPTS(bpf_link_create_opts, o, .perf_event.bpf_cookie = COOKIE);
	auto_close int event = (int)syscall(__NR_perf_event_open, &attr, 0, -1, -1, 0);

	return event < 0 ? -errno : bpf_link_create(prog, event, BPF_PERF_EVENT, &o);
}

static int make_btf(void)
{
	struct btf *btf = btf__new_empty();
	const void *raw;
	uint32_t size;
	int fd;

	btf__add_int(btf, "t_owners", 4, 0);
	raw = btf__raw_data(btf, &size);
	fd = bpf_btf_load(raw, size, NULL);
	btf__free(btf);
	return fd;
}

static uint32_t id_of(const struct obj_kind *kind, int fd)
{
	struct obj_label label = {};

	return fd >= 0 && !kind->read_label(fd, &label) ? label.id : 0;
}

static void make_objects(struct objects *o)
{
	o->fds[OBJ_PROG] = make_prog();
	o->fds[OBJ_MAP] = make_map();
	o->fds[OBJ_LINK] = make_link(o->fds[OBJ_PROG]);
	o->fds[OBJ_BTF] = make_btf();
	for (int i = 0; i < 4; i++)
		o->ids[i] = id_of(kinds[i], o->fds[i]);
}

static struct owners *collect(const struct obj_kind *kind, size_t n_expected)
{
	struct owners *o = NULL;

	return owners_collect(&ctx, kind, n_expected, &o) ? NULL : o;
}

/* A child that holds everything open here, and one more fd of each; its pid. */
static pid_t holder(const struct objects *o)
{
	int ready[2];
	char c;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, COMM);
		for (int i = 0; i < 4; i++)
			if (o->fds[i] >= 0 && dup(o->fds[i]) < 0)
				_exit(1);
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void check_kind(const struct obj_kind *kind, uint32_t id, pid_t pid, size_t n_expected)
{
	const char *way = n_expected == MANY ? "iterator" : "/proc";
	struct owners *o = collect(kind, n_expected);
	const struct owner *found;
	size_t n = 0;

	if (!ok(o != NULL, "%s: holders of %s collected", way, kind->nouns))
		return;
	found = owners_of(o, id, &n);
	if (ok(n == 1, "%s: one holder of the %s, though it has two fds; not ourselves", way,
	       kind->noun)) {
		ok(found->pid == (uint32_t)pid, "%s: its pid", way);
		is_str(found->comm, COMM, "its name");
		ok(found->id == id, "%s: the id", way);
		if (kind == &obj_link && owners_source(o) == OWNERS_ITER)
			ok(found->has_cookie && found->bpf_cookie == COOKIE,
			   "the cookie of the perf event");
		else
			ok(!found->has_cookie, "no cookie");
	}
	owners_of(o, 0, &n);
	ok(!n, "nobody holds 0");
	owners_of(o, UINT32_MAX, &n);
	ok(!n, "nobody holds what is not there");
	owners_free(o);
}

static void check_ways(void)
{
	struct objects o;
	pid_t pid;

	make_objects(&o);
	pid = holder(&o);
	ok(pid > 0, "somebody holds objects");
	for (int i = 0; i < 4; i++) {
		if (!o.ids[i]) {
			ok(1, "%s # SKIP none can be made here", kinds[i]->nouns);
			continue;
		}
		check_kind(kinds[i], o.ids[i], pid, FEW);
		check_kind(kinds[i], o.ids[i], pid, MANY);
	}
	end(pid);
	for (int i = 0; i < 4; i++)
		if (o.fds[i] >= 0)
			close(o.fds[i]);
}

/* In another pid namespace the iterator's pids are meaningless. */
static bool first_pids(void)
{
	struct stat st;

	return !stat("/proc/self/ns/pid", &st) && st.st_ino == 0xEFFFFFFCU;
}

static void check_sources(void)
{
	struct owners *few = collect(&obj_map, FEW), *many = collect(&obj_map, MANY);

	ok(few && owners_source(few) == OWNERS_PROC, "few objects: /proc");
#ifdef HAVE_BPF_HELPERS
	if (geteuid() == 0 && !getenv("BPFCTL_NO_ITER") && first_pids())
		ok(many && owners_source(many) == OWNERS_ITER, "many objects: the iterator");
#endif
	ok(!e.code && !e.n_log, "no error, nothing in the log");
	owners_free(few);
	owners_free(many);
}

/* Is there a program with this name? Other tests may use the same one: repeat. */
static bool stays(const char *name)
{
	for (int tries = 0; tries < 20; tries++) {
		uint32_t id = 0;
		bool found = false;
		int fd;

		while (!found && !obj_next(&obj_prog, 0, &id, &fd)) {
			struct obj_label label = {};

			found = !obj_prog.read_label(fd, &label) && streq(label.name, name);
			close(fd);
		}
		if (!found)
			return false;
		owners_free(collect(&obj_prog, MANY));
	}
	return true;
}

/* A later listing must not show the program that was used for it. */
static void check_trace(void)
{
	owners_free(collect(&obj_prog, MANY));
	ok(!stays("owners_prog"), "the iterator is gone when its answer is there");
}

/* Without privileges the iterator is denied; /proc still shows our own processes. */
static void check_unprivileged(void)
{
	struct owners *o;
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(3);
		o = collect(&obj_map, MANY);
		_exit(!o ? 1 : owners_source(o) != OWNERS_PROC ? 2 : e.code || e.n_log ? 4 : 0);
	}
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	   "refused: /proc instead, no error, no log");
}

/* Short-lived processes that hold a map, while we collect again and again. */
static void check_races(void)
{
	int map = make_map(), rounds = 0, failed = 0, seen = 0;
	struct objects o = { .fds = { -1, map, -1, -1 } };
	uint32_t id = id_of(&obj_map, map);
	pid_t stays = holder(&o), forker = fork();

	if (!forker) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;) {
			pid_t pid = fork();

			if (!pid)
				_exit(dup(map) < 0);
			waitpid(pid, NULL, 0);
		}
	}
	for (rounds = 0; rounds < 30; rounds++) {
		struct owners *set = collect(&obj_map, rounds % 2 ? MANY : FEW);
		const struct owner *found;
		size_t n = 0;

		if (!set) {
			failed++;
			continue;
		}
		found = owners_of(set, id, &n);
		for (size_t i = 0; i < n; i++) {
			seen += found[i].pid == (uint32_t)stays;
			failed += i && found[i].pid <= found[i - 1].pid;
		}
		owners_free(set);
	}
	ok(!failed, "processes come and go: sets are sorted, nothing fails");
	ok(seen == rounds, "who stays is seen each time (%d of %d)", seen, rounds);
	end(forker);
	end(stays);
	close(map);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int measure(int n)
{
	struct rlimit lim = { 1 << 20, 1 << 20 };
	struct objects none = { .fds = { -1, -1, -1, -1 } };
	pid_t pid;

	setrlimit(RLIMIT_NOFILE, &lim);
	for (int i = 0; i < n; i++)
		if (make_map() < 0)
			return 1;
	pid = holder(&none);
	for (int round = 0; round < 5; round++) {
		double t0 = now(), t1, t2;

		owners_free(collect(&obj_map, FEW));
		t1 = now();
		owners_free(collect(&obj_map, MANY));
		t2 = now();
		printf("%d: /proc %.1f ms, iterator %.1f ms\n", n, t1 - t0, t2 - t1);
	}
	end(pid);
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && !strcmp(argv[1], "time"))
		return measure(atoi(argv[2]));
	if (id_of(&obj_map, make_map()) == 0) {
		printf("1..0 # SKIP maps cannot be made here\n");
		return 0;
	}
	check_sources();
	check_ways();
	check_trace();
	check_unprivileged();
	check_races();
	return tap_done();
}
