// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * hold_ring RING ARRAY: a process that has a ring buffer open and does not read it, although it has
 * mapped an array, like every program with global variables, and the positions of the ring buffer.
 * Until its input ends.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>

int main(int argc, char **argv)
{
	int ring = argc == 3 ? bpf_obj_get(argv[1]) : -1,
	    array = argc == 3 ? bpf_obj_get(argv[2]) : -1;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char c;

	if (ring < 0 || array < 0)
		return 1;
	if (mmap(NULL, page, PROT_READ, MAP_SHARED, array, 0) == MAP_FAILED ||
	    mmap(NULL, page, PROT_READ, MAP_SHARED, ring, 0) == MAP_FAILED)
		return 2;
	puts("ready");
	fflush(stdout);
	return read(0, &c, 1) != 0;
}
