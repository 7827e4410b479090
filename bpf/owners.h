/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* A record of owners.bpf.c, one per open file. */
#ifndef BPF_OWNERS_H
#define BPF_OWNERS_H

struct owners_record {
	unsigned int id;		/* of the object */
	unsigned int pid;		/* of the process, in the initial pid namespace */
	char comm[16];
	unsigned long long cookie;	/* of the perf event behind a link */
	unsigned int has_cookie, pad;
};

/* A file that keeps a program attached to an event. */
struct perf_record {
	unsigned int pid, fd;		/* as above; of the file */
	unsigned int is_counter; /* else BPF_TASK_FD_QUERY reports what it is, and the rest is 0 */
	unsigned int prog_id;
	unsigned int event_type, pad;
	unsigned long long event_config;
	char comm[16];
};

#endif
