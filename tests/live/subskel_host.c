// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A program whose object contains a library's, and that library next to it: TAP lines on stdout. C
 * and C++.
 */
#include <stdio.h>

#include "subskel_lib.h"

#include HEADER

#include <bpf/bpf.h>

static int n, failed;

static void ok(int good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++n, what);
	failed += !good;
}

int main(void)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct host *skel = host__open();
	int err;

	ok(skel != NULL, "the host opens the whole");
	if (!skel)
		return 1;
	err = library_open(skel->obj);
	ok(!err, "the library finds its part");
	if (err)
		return 1;
	library_set_step(5);
	ok(!host__load(skel), "load");
	ok(library_call() == 5 && library_count() == 5,
	   "the library's program, constant and variable");
	ok(!bpf_prog_test_run_opts(bpf_program__fd(skel->progs.PROG), &opts) && opts.retval == 10,
	   "the host's program calls the library's function");
	ok(skel->bss->host_count == 100 && library_count() == 10, "both see the same");
	ok(library_middle() == 12 && !library_has_function(),
	   "arrays and functions are pointed to");
	ok(library_map() == 10, "and its map");
	library_close();
	host__destroy(skel);
	printf("1..%d\n", n);
	return failed ? 1 : 0;
}
