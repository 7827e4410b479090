// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The driver of make torture: runs each line of a table of commands under faults, and says what was
 *wrong.
 *
 *	torture TABLE RESULTS		requests to the shell on stdout, its answers on stdin
 *(world.sh)
 *
 * Environment: BPFCTL, PFX, W (work directory), B (bpffs), SCRATCH; SEED; COUNT (faults per line),
 *TIME (seconds for all), PART and PARTS (which lines), ONLY (a command, or the beginning of one),
 *FAULT (just this one), KNOWN (file).
 */
#include <errno.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "torture.h"

const char *prefix, *work, *bpffs, *scratch;

#define MAX_LINES 400
#define MAX_ARGS 64
#define STRIDE 61		/* a prime */

struct tally {
	unsigned int injected, unharmed, reported, killed, bad, known;
};

static struct command table[MAX_LINES];
static char *known[100];
static size_t n_table, n_known;
static unsigned long count, seconds;
static time_t end;
static FILE *results;

static const char *env(const char *name, const char *otherwise)
{
	const char *v = getenv(name);

	return v && *v ? v : otherwise;
}

/* --- the table --- */

static bool has_flag(const struct command *c, const char *flag)
{
	const char *p = strstr(c->flags, flag);

	return p && (p == c->flags || p[-1] == ',') && strchr(",=", p[strlen(flag)]);
}

/* A field without the blanks around it. */
static void copy_field(char *to, size_t size, const char *from)
{
	from += strspn(from, " \t");
	snprintf(to, size, "%s", from);
	while (*to && strchr(" \t", to[strlen(to) - 1]))
		to[strlen(to) - 1] = '\0';
}

static void read_line(char *line)
{
	struct command *c = &table[n_table];
	char *name = strtok(line, "|\n"), *flags = strtok(NULL, "|\n"),
	     *before = strtok(NULL, "|\n");
	char *words = strtok(NULL, "\n"), *probe;

	if (!name || !words || n_table == MAX_LINES) {
		fprintf(stderr, "bad line in the table: %s\n", line);
		exit(1);
	}
	copy_field(c->name, sizeof(c->name), name);
	copy_field(c->flags, sizeof(c->flags), flags);
	copy_field(c->before, sizeof(c->before), before);
	copy_field(c->words, sizeof(c->words), words);
	c->list = has_flag(c, "list");
	c->any = has_flag(c, "any");
	c->follow = has_flag(c, "follow");
	c->partial = has_flag(c, "partial");
	c->input = has_flag(c, "input");
	probe = strstr(c->flags, "probe=");
	if (probe)
		sscanf(probe, "probe=%127[^,]", c->probe);
	n_table++;
}

static void read_lines(const char *path, void (*take)(char *line))
{
	FILE *f = fopen(path, "re");
	char line[2000];

	while (f && fgets(line, sizeof(line), f))
		if (line[0] != '#' && line[0] != '\n')
			take(line);
	if (f)
		fclose(f);
}

static void read_known(char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (n_known < sizeof(known) / sizeof(known[0]))
		known[n_known++] = strdup(line);
}

/* The words as the shell of the environment understands them: one per line. */
static bool expand(struct command *c)
{
	char code[1200], *text, *p;
	size_t n = 2;
	int status;

	snprintf(code, sizeof(code), "printf '%%s\\n' %s", c->words);
	text = shell(code, &status);
	c->argv = calloc(MAX_ARGS, sizeof(*c->argv));
	c->argv[0] = (char *)env("BPFCTL", "./bpfctl");
	while (!status && (p = strsep(&text, "\n")) && n < MAX_ARGS - 1)
		if (*p || (text && *text))
			c->argv[n++] = p;
	return !status;
}

/* --- one fault --- */

static bool get_ready(const struct command *c)
{
	int status = 0;
	char *said;

	if (!strcmp(c->before, "-"))
		return true;
	said = shell(c->before, &status);
	if (status)
		fprintf(results, "# %s: %s: status %d %s\n", c->name, c->before, status, said);
	free(said);
	return !status;
}

/* The kernel frees objects a little later: the state that no longer changes. */
static char *settled_state(const struct command *c)
{
	struct timespec pause = { .tv_nsec = 8000000 };
	char *now = world_state(c), *next;
	unsigned int i, same = 0;

	for (i = 0; i < 100 && same < 2; i++) {
		nanosleep(&pause, NULL);
		next = world_state(c);
		same = strcmp(now, next) ? 0 : same + 1;
		free(now);
		now = next;
	}
	return now;
}

static void expected_free(struct expected *e)
{
	size_t i;

	for (i = 0; i < 3; i++)
		free(e->out[i]);
	free(e->before);
	free(e->after);
	*e = (struct expected){ };
}

#define STATUS_USAGE 2

/* Three runs without a fault: differences between them are ignored. The last stays in *ret_like. */
static bool expect(const struct command *c, enum mode mode, struct expected *ret,
		   struct run *ret_like)
{
	struct fault none = { .mode = mode };
	size_t i;

	expected_free(ret);
	for (i = 0; i < 3; i++) {
		run_free(ret_like);
		if (!get_ready(c))
			return false;
		if (!i)
			ret->before = settled_state(c);
		if (!run_command(ret_like, c, &none) || ret_like->timeout)
			return false;
		if (i == 2)
			ret->after = settled_state(c);
		ret->out[i] = prepared(c, mode, ret_like->out, ret_like->out_len);
		ret->status = WIFEXITED(ret_like->status) ? WEXITSTATUS(ret_like->status) : 128;
	}
	if (!c->any && !same_output(ret, ret->out[0]))
		fprintf(results, "# %s (%s): its output varies\n", c->name, c->words);
	return true;
}

static bool is_known(const char *text)
{
	size_t i;

	for (i = 0; i < n_known; i++) {
		regex_t re;
		bool found;

		if (regcomp(&re, known[i], REG_EXTENDED | REG_NOSUB))
			continue;
		found = !regexec(&re, text, 0, NULL, 0);
		regfree(&re);
		if (found)
			return true;
	}
	return false;
}

static void print_lines(const char *lead, const char *text)
{
	fprintf(results, "  %s%.1500s%s\n", lead, text, strlen(text) > 1500 ? "..." : "");
}

static void print_difference(const char *was, const char *is)
{
	FILE *a, *b;
	char cmd[800], path[2][300], line[300];
	int i, n = 0;
	FILE *diff;

	for (i = 0; i < 2; i++)
		snprintf(path[i], sizeof(path[i]), "%s/diff%d", scratch, i);
	a = fopen(path[0], "we");
	b = fopen(path[1], "we");
	fprintf(a, "%s\n", was);
	fprintf(b, "%s\n", is);
	fclose(a);
	fclose(b);
	snprintf(cmd, sizeof(cmd), "diff %s %s", path[0], path[1]);
	diff = popen(cmd, "re");
	while (diff && fgets(line, sizeof(line), diff))
		if (n++ < 12)
			fprintf(results, "    %s%s", line, strchr(line, '\n') ? "" : "\n");
	if (diff)
		pclose(diff);
}

static void report(const struct command *c, const struct fault *f, const struct run *r,
		   const struct expected *e, const char *bad)
{
	char text[100], *now = world_state(c), *out = prepared(c, f->mode, r->out, r->out_len);

	fault_text(text, sizeof(text), f);
	fprintf(results, "BAD %s: %s\n  ONLY='%s' FAULT=%s\n  words: %s\n  in: %s, status %s%d\n",
		c->name, bad, c->words, text, c->words, call_name(r->hit_call),
		WIFSIGNALED(r->status) ? "signal " : "",
		WIFSIGNALED(r->status) ? WTERMSIG(r->status) : WEXITSTATUS(r->status));
	print_lines("stdout: ", r->out);
	print_lines("stderr: ", r->err);
	print_lines("where: ", r->where);
	if (strstr(bad, "output")) {
		fprintf(results, "  output:\n");
		print_difference(e->out[0], out);
	}
	if (strcmp(now, e->after)) {
		fprintf(results, "  left (after it without a fault, now):\n");
		print_difference(e->after, now);
	}
	if (strcmp(now, e->before) && strcmp(e->before, e->after)) {
		fprintf(results, "  left (before it, now):\n");
		print_difference(e->before, now);
	}
	fflush(results);
	free(now);
	free(out);
}

static bool listed_as_known(const struct command *c, const struct fault *f, const struct run *r,
			    const char *bad)
{
	char text[100], line[3000];

	fault_text(text, sizeof(text), f);
	snprintf(line, sizeof(line), "%s: %s: %s %s at %s", c->name, bad, text,
		 call_name(r->hit_call), r->where);
	return is_known(line);
}

/* A finding must be reproduced, with a new reference run. */
static void inject(const struct command *c, const struct fault *f, struct expected *e,
		   struct tally *t)
{
	struct run r = { }, like = { };
	const char *bad = NULL;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		run_free(&r);
		if (!get_ready(c) || !run_command(&r, c, f))
			return;
		if (!r.hit)
			break;
		bad = judge(c, f, &r, e);
		if (!bad)
			break;
		if (!i) {
			shell("reset", &(int){ 0 });
			expect(c, f->mode, e, &like);
			run_free(&like);
		}
	}
	if (r.hit) {
		bool is_same = WIFEXITED(r.status) && WEXITSTATUS(r.status) == e->status;

		t->injected++;
		if (bad && listed_as_known(c, f, &r, bad))
			t->known++;
		else if (bad)
			t->bad++, report(c, f, &r, e, bad);
		else if (WIFSIGNALED(r.status))
			t->killed++;
		else if (is_same)
			t->unharmed++;
		else
			t->reported++;
	}
	if (bad)
		shell("reset", &(int){ 0 });
	run_free(&r);
}

/* --- all faults --- */

/* The behavior of a line without a fault, in each rendition: determined on first use. */
struct norm {
	struct expected e[N_MODES];
	struct run like[N_MODES];
	bool known[N_MODES], broken;
	bool wrong; /* a command line that the program refuses: no fault would be distinguishable from it */
};

static bool get_norm(const struct command *c, enum mode mode, struct norm *n)
{
	if (!n->known[mode] && !n->broken) {
		n->broken = !expect(c, mode, &n->e[mode], &n->like[mode]);
		/* Some are for text only: that is checked in text. */
		n->wrong |= !n->broken && mode == TEXT && n->e[mode].status == STATUS_USAGE;
		n->broken |= n->wrong;
	}
	n->known[mode] = true;
	return !n->broken;
}

static void inject_as(const struct command *c, const struct fault *f, struct norm *n,
		      struct tally *t)
{
	if (get_norm(c, f->mode, n))
		inject(c, f, &n->e[f->mode], t);
}

/*
 * Few faults per line: one rendition is enough, since determining the normal behavior takes longer
 * than the faults.
 */
static bool is_quick(void)
{
	return count < 2 * N_AROUND;
}

static void all_around(const struct command *c, struct norm *n, struct tally *t)
{
	int i;

	for (i = 0; i < N_AROUND && time(NULL) < end; i++) {
		struct fault f = { .kind = AROUND, .arg = i, .mode = random() % 2 ? TEXT : JSON };

		inject_as(c, &f, n, t);
	}
}

static void sample(const struct command *c, struct norm *n, struct tally *t)
{
	enum mode only = random() % 2 ? TEXT : JSON;
	unsigned long i;

	for (i = is_quick() ? 0 : N_AROUND; i < count && time(NULL) < end && !n->broken; i++) {
		long dice = random() % 8;
		struct fault f = { .mode = is_quick() ? only
					   : dice < 3 ? TEXT
					   : dice < 7 ? JSON
						      : PRETTY };

		if (is_quick() && random() % 5 == 0) {
			f.kind = AROUND;
			f.arg = random() % N_AROUND;
		} else if (get_norm(c, f.mode, n)) {
			fault_choose(&f, &n->like[f.mode]);
		}
		inject_as(c, &f, n, t);
	}
}

/* Removes what the line created. */
static void put_back(const struct command *c)
{
	char code[200];
	int status;

	if (!strcmp(c->before, "-"))
		return;
	snprintf(code, sizeof(code), "reset %s", c->probe[0] ? c->probe : "files");
	free(shell(code, &status));
}

static void torture(struct command *c, unsigned long seed)
{
	struct norm n = { };
	struct tally t = { };
	struct fault f;
	time_t begun = time(NULL);
	const char *p;
	size_t i;

	for (p = c->words; *p; p++)
		seed = seed * 31 + (unsigned char)*p;
	srandom(seed);
	n.broken = !get_ready(c) || !expand(c);
	if (getenv("FAULT") && fault_parse(&f, getenv("FAULT"))) {
		inject_as(c, &f, &n, &t);
	} else if (time(NULL) < end) {
		if (!is_quick())
			all_around(c, &n, &t);
		sample(c, &n, &t);
	}
	if (n.wrong)
		fprintf(results, "BAD %s: not a valid command line: %s\n", c->name, c->words);
	else if (n.broken)
		fprintf(results, "SKIP %s: %s\n", c->name, c->words);
	t.bad += n.wrong;
	put_back(c);
	fprintf(results, "DONE %s\t%u\t%u\t%u\t%u\t%u\t%u\t%lds\n", c->name, t.injected, t.unharmed,
		t.reported, t.killed, t.known, t.bad, (long)(time(NULL) - begun));
	for (i = 0; i < N_MODES; i++) {
		expected_free(&n.e[i]);
		run_free(&n.like[i]);
	}
}

static bool wanted(const struct command *c)
{
	const char *only = env("ONLY", "");

	return !strncmp(c->name, only, strlen(only)) || !strncmp(c->words, only, strlen(only));
}

/* Number of lines left for this driver, including i. */
static long left(size_t i, unsigned long part, unsigned long parts)
{
	long n = 0;

	for (; i < n_table; i++)
		n += i % parts == part && wanted(&table[i]);
	return n ? n : 1;
}

static void read_environment(void)
{
	prefix = env("PFX", "t");
	work = env("W", "");
	bpffs = env("B", "");
	scratch = env("SCRATCH", "");
	count = strtoul(env("COUNT", "70"), NULL, 10);
	seconds = strtoul(env("TIME", "900"), NULL, 10);
}

int main(int argc, char **argv)
{
	unsigned long seed = strtoul(env("SEED", "1"), NULL, 10),
		      part = strtoul(env("PART", "0"), NULL, 10);
	unsigned long parts = strtoul(env("PARTS", "1"), NULL, 10);
	time_t begun = time(NULL);
	size_t i, at, stride;

	if (argc != 3)
		return 2;
	read_environment();
	results = fopen(argv[2], "we");
	if (!results)
		return 1;
	setlinebuf(results);
	read_lines(argv[1], read_line);
	read_lines(env("KNOWN", "/dev/null"), read_known);
	/* A sample may run out of time: it covers all groups. */
	stride = is_quick() && n_table % STRIDE ? STRIDE : 1;
	for (i = 0; i < n_table; i++) {
		at = i * stride % n_table;
		if (i % parts != part || !wanted(&table[at]))
			continue;
		/* The remaining time is divided among the remaining lines. */
		end = time(NULL) + 1 +
		      ((long)seconds - (time(NULL) - begun)) / left(i, part, parts);
		if (time(NULL) - begun < (long)seconds)
			torture(&table[at], seed);
	}
	fprintf(results, "END\n");
	return 0;
}
