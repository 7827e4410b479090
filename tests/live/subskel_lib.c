// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* A library with its own programs in another object; C and C++. */
#include "subskel_lib.h"

#include HEADER

#include <bpf/bpf.h>

struct library {
	struct lib *skel;
};

static struct library library;

/* The step can be set as long as the object is not loaded. */
int library_open(const struct bpf_object *obj)
{
#ifdef __cplusplus
	library.skel = lib::open(obj);
#else
	library.skel = lib__open(obj);
#endif
	return library.skel ? 0 : -errno;
}

void library_set_step(int step)
{
	*library.skel->rodata.lib_step = step;
}

int library_call(void)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	if (bpf_prog_test_run_opts(bpf_program__fd(library.skel->progs.PROG), &opts))
		return -1;
	return opts.retval;
}

int library_count(void)
{
	return *library.skel->bss.lib_count;
}

int library_middle(void)
{
	return (*library.skel->data.lib_table)[1];
}

int library_has_function(void)
{
	return *library.skel->bss.lib_function != NULL;
}

long library_map(void)
{
	long value = -1;
	int key = 0;

	bpf_map__lookup_elem(library.skel->maps.lib_map, &key, sizeof(key), &value, sizeof(value),
			     0);
	return value;
}

void library_close(void)
{
#ifdef __cplusplus
	lib::destroy(library.skel);
#else
	lib__destroy(library.skel);
#endif
	lib__destroy(NULL);
}
