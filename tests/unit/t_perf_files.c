// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpf/owners.bpf.c: the two programs that find files that keep programs on events, one by the
 * tables of open files and one by file, give the same results; and if the first is not possible,
 * the second is used.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>

#include "bpf/owners.h"
#include "cli/buf.h"
#include "kern/object/owners_iter.h"
#include "kern/attach/perf_event.h"
#include "tap.h"

#define COMM "t_perf(x) \x01"
#define MANY 900 /* more records of one process than fit into the 32 kB of an iterator */
#define HIGH_FD 777

static int load(enum bpf_prog_type type)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(type, "t_perf", "GPL", insns, 2, NULL);
}

static int open_event(unsigned long long config)
{
	struct perf_event_attr attr = { .size = sizeof(attr),
					.type = PERF_TYPE_SOFTWARE,
					.config = config,
					.sample_period = 1000000,
					.disabled = 1 };

	return (int)syscall(__NR_perf_event_open, &attr, 0, -1, -1, 0);
}

static int hold_counter(void)
{
	int fd = open_event(PERF_COUNT_SW_PAGE_FAULTS), prog = load(BPF_PROG_TYPE_PERF_EVENT);

	return fd < 0 || prog < 0 || ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog) ? -1 : fd;
}

static int hold_raw_tp(void)
{
	int prog = load(BPF_PROG_TYPE_RAW_TRACEPOINT);

	return prog < 0 ? -1 : bpf_raw_tracepoint_open("oom_score_adj_update", prog);
}

/* Written by a child when it holds everything, or cannot. */
struct said {
	int err;
	char what[60];
};

/* For a child of start(): it stops here. err: errno; 0: it holds everything. */
static void say(int to, int err, const char *what)
{
	struct said said = { .err = err };

	snprintf(said.what, sizeof(said.what), "%s", what);
	if (write(to, &said, sizeof(said)) != sizeof(said) || err)
		_exit(1);
}

/*
 * Files of all kinds, among which the others must be found; some repeatedly, so that their kind is
 * cached.
 */
static void hold_others(int to)
{
	int pair[2];

	for (int i = 0; i < 20; i++) {
		if (open("/dev/null", O_RDONLY) < 0 || pipe(pair) ||
		    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || eventfd(0, 0) < 0 ||
		    epoll_create(1) < 0)
			say(to, errno, "open other files");
	}
	bpf_map_create(BPF_MAP_TYPE_ARRAY, "t_perf", 4, 4, 1, NULL);
	open_event(PERF_COUNT_SW_CPU_MIGRATIONS);
}

/*
 * A thread with its own file table, a copy. The number itself is passed, as the caller's stack
 * continues to be used.
 */
static void *thread(void *to)
{
	if (unshare(CLONE_FILES))
		say((int)(intptr_t)to, errno, "unshare files");
	say((int)(intptr_t)to, 0, "");
	for (;;)
		pause();
	return NULL;
}

static void hold_all(int to)
{
	pthread_t t;
	int fd, err;

	hold_others(to);
	fd = hold_counter();
	if (fd < 0 || hold_raw_tp() < 0)
		say(to, errno, "hold an event and a raw tracepoint");
	hold_others(to);
	if (dup2(fd, HIGH_FD) < 0 || hold_raw_tp() < 0)
		say(to, errno, "hold them again");
	err = pthread_create(&t, NULL, thread, (void *)(intptr_t)to);
	if (err)
		say(to, err, "start a thread");
}

static void hold_many(int to)
{
	int fd = hold_counter();

	if (fd < 0)
		say(to, errno, "hold an event");
	for (int i = 1; i < MANY; i++)
		if (dup(fd) < 0)
			say(to, errno, "duplicate it");
	say(to, 0, "");
}

/*
 * A child that holds something; 0: it could not be created, and the reason is reported as a skipped
 * or failed test.
 */
static pid_t start(void (*hold)(int to), const char *text)
{
	struct said said = { .err = EPIPE, .what = "be alive" };
	bool denied;
	int p[2];
	pid_t pid;

	if (pipe(p))
		return ok(0, "%s: pipe: %s", text, strerror(errno));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, COMM);
		hold(p[1]);
		for (;;)
			pause();
	}
	close(p[1]);
	if (read(p[0], &said, sizeof(said)) == sizeof(said) && !said.err) {
		close(p[0]);
		ok(1, "%s", text);
		return pid;
	}
	close(p[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	denied = said.err == EPERM || said.err == EACCES;
	return ok(denied, "%s%s: cannot %s: %s", text, denied ? " # SKIP" : "", said.what,
		  strerror(said.err)) &&
	       false;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int by_fd(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct perf_record));
}

/* The records of one process, sorted; their number, or a negative errno. */
static int records_of(const char *program, pid_t pid, struct perf_record *ret, size_t max)
{
	struct perf_record r;
	struct buf b = {};
	int err = task_files_iterate(program, &b);
	size_t n = 0;

	for (size_t at = 0; !err && at + sizeof(r) <= b.len; at += sizeof(r)) {
		memcpy(&r, b.data + at, sizeof(r));
		if (r.pid == (uint32_t)pid && n < max)
			ret[n++] = r;
	}
	buf_free(&b);
	qsort(ret, n, sizeof(*ret), by_fd);
	return err ? err : (int)n;
}

static void check_both(void)
{
	struct perf_record tables[64] = {}, files[64] = {};
	pid_t pid = start(hold_all, "somebody holds events");
	int n_tables, n_files;
	size_t n_counters = 0, n_high = 0;

	if (!pid)
		return;
	n_files = records_of("perf_events", pid, files, 64);
	n_tables = records_of("perf_tables", pid, tables, 64);
	is_int(n_files, 8,
	       "by each file: two links, an event, and this again; a thread with copies of them");
	if (n_tables == -EINVAL) {
		ok(1, "by the tables # SKIP the kernel has no bpf_loop");
	} else {
		is_int(n_tables, n_files, "by the tables: as many");
		ok(n_tables == n_files && !memcmp(tables, files, sizeof(files)), "and the same");
	}
	for (int i = 0; i < n_files; i++) {
		n_counters += files[i].is_counter && files[i].prog_id &&
			      files[i].event_type == PERF_TYPE_SOFTWARE &&
			      files[i].event_config == PERF_COUNT_SW_PAGE_FAULTS;
		n_high += files[i].fd == HIGH_FD;
	}
	is_int((long long)n_counters, 4, "what the event counts");
	is_int((long long)n_high, 2, "also behind gaps in the table");
	is_str(files[0].comm, COMM, "the name of the process");
	end(pid);
}

struct seen {
	uint32_t pid;
	size_t n;
};

static int count(const struct perf_counter *c, void *data)
{
	struct seen *seen = data;

	seen->n += c->pid == seen->pid;
	return 0;
}

static void check_many(void)
{
	static struct perf_record room[2 * MANY];
	pid_t pid = start(hold_many, "somebody holds many events");
	struct seen seen = { .pid = (uint32_t)pid };
	int n;

	if (!pid)
		return;
	n = records_of("perf_tables", pid, room, 2 * MANY);
	ok(n == -E2BIG || n == -EINVAL, "too many for the tables: refused, not cut");
	is_int(records_of("perf_events", pid, room, 2 * MANY), MANY, "by each file: all");
	is_int(perf_each_counter(count, &seen), 0, "perf_each_counter()");
	is_int((long long)seen.n, MANY, "tells all of them");
	end(pid);
}

/* The maximum number of open files: it must have room for HIGH_FD and for MANY. */
static bool have_room(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return false;
	files.rlim_cur = files.rlim_max;
	return !setrlimit(RLIMIT_NOFILE, &files) && files.rlim_cur > MANY + 64;
}

int main(void)
{
	struct buf b = {};
	int err = geteuid() ? -EPERM : task_files_iterate("perf_events", &b);

	buf_free(&b);
	if (err || load(BPF_PROG_TYPE_RAW_TRACEPOINT) < 0) {
		printf("1..0 # SKIP no iterator here (%s)\n", strerror(-err));
		return 0;
	}
	if (!have_room()) {
		printf("1..0 # SKIP may not open %d files\n", MANY + 64);
		return 0;
	}
	check_both();
	check_many();
	return tap_done();
}
