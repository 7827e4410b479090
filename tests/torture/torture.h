/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the parts of the driver: a fault, a run, its results, and what is wrong with them. */
#ifndef TORTURE_H
#define TORTURE_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
	NO_FAULT,
	CALL_ONCE,		/* system call n fails with an errno */
	CALL_LATER,		/* and all later ones of its number */
	CALL_SHORT,		/* read or write n moves one byte */
	ALLOC_ONCE,
	ALLOC_LATER,
	SIGNAL,			/* arg is sent before system call n */
	AROUND,			/* a condition around the process: arg of enum around */
};

enum around {
	OUT_FULL, ERR_FULL, IN_CLOSED, OUT_CLOSED, ERR_CLOSED, ALL_CLOSED, OUT_GONE, BOTH_GONE,
	FEW_FILES, LITTLE_STACK, FILES_EMPTY, FILES_SMALL, SPACE_0, SPACE_64K, SPACE_1M, SPACE_4M,
	SPACE_16M, N_AROUND,
};

enum mode { TEXT, JSON, PRETTY, N_MODES };

struct fault {
	enum kind kind;
	enum mode mode;
	unsigned int n;		/* which call or allocation, 1 is the first from main on */
	int arg;		/* errno, signal or enum around */
};

#define N_CALLS_MAX 60000u

/* A run of a command. out and err are owned, terminated, and may contain zero bytes. */
struct run {
	int status;		/* as of waitpid */
	bool timeout, hit, hit_stdout, hit_stderr;
	int hit_call;		/* number of the system call that failed, or -1 */
	char *out, *err;
	size_t out_len, err_len;
	unsigned int n_calls, n_allocs;
	unsigned short *calls;	/* their numbers, with no fault only; owned */
	char where[2000];	/* code addresses: where the fault or the crash was */
	bool crashed;
};

/* A line of the table, ready to run. */
struct command {
	char name[64], flags[128], before[256], words[1000];
	char **argv;		/* [0] is the program, [1] the option of the mode */
	bool list;		/* of the whole machine: only lines with our prefix are compared */
	bool any;		/* its output differs from run to run */
	bool follow;		/* runs until it is interrupted */
	bool partial;		/* may be partial, with a report */
	bool input;		/* reads $W/stdin */
	char probe[128];	/* shell: prints what it changes, as text */
};

extern const char *prefix, *work, *bpffs, *scratch;

/* trace.c: runs a command with a fault. False if it could not be run at all. */
bool run_command(struct run *ret, const struct command *c, const struct fault *f);
void run_free(struct run *r);
const char *call_name(int nr);

/* faults.c: faults as words ("json/call/12/EIO"), and the possible ones. */
void fault_text(char *ret, size_t size, const struct fault *f);
bool fault_parse(struct fault *ret, const char *text);
const char *errno_name(int err);
/* One of the possible faults for such a run. */
void fault_choose(struct fault *ret, const struct run *like);

/* world.c: the shell that has the environment, and its state. */
/* Its output, owned; *ret_status is its status. */
char *shell(const char *code, int *ret_status);
/* Everything that a command could leave behind, as text; owned. */
char *world_state(const struct command *c);

/* judge.c */
struct expected {
	char *out[3];		/* output of three runs without a fault, prepared */
	int status;
	char *before, *after;	/* the environment */
};
/* The part of an output that is compared; owned. */
char *prepared(const struct command *c, enum mode mode, const char *out, size_t len);
bool same_output(const struct expected *e, const char *out);
/* NULL if it is correct, else what is wrong. */
const char *judge(const struct command *c, const struct fault *f, const struct run *r,
		  const struct expected *e);

#endif
