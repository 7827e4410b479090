// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Lists of CPUs: counted to the end, or rejected; a part of one is invalid. */
#include <errno.h>
#include <unistd.h>

#include "kern/cpus.h"
#include "tap.h"

int main(void)
{
	is_int(cpus_in_list("0\n"), 1, "one");
	is_int(cpus_in_list("0-3\n"), 4, "a range");
	is_int(cpus_in_list("0-1,4,8-9\n"), 5, "ranges and one between");
	is_int(cpus_in_list("0-1"), -EINVAL, "without its end it may be a part: 0-1 of 0-15");
	is_int(cpus_in_list("0-\n"), -EINVAL, "a range without an end");
	is_int(cpus_in_list("3-1\n"), -EINVAL, "backwards");
	is_int(cpus_in_list("0,\n"), -EINVAL, "nothing behind a comma");
	is_int(cpus_in_list("0-99999999999\n"), -EINVAL, "more than an int");
	is_int(cpus_in_list(""), -EINVAL, "nothing");
	is_int(cpus_in_list("a\n"), -EINVAL, "no number");
	ok(cpus_possible() >= (int)sysconf(_SC_NPROCESSORS_ONLN), "those of this machine");
	return tap_done();
}
