// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * libbpf would start with a small buffer and verify the program again for each larger one, and
 * print the whole. From Linux 6.4 on a log that does not fit keeps its end.
 */
#include <sys/mman.h>

#include <bpf/libbpf.h>

#include "cli/err.h"
#include "load/log_buffer.h"

#define LOG_SIZE ((UINT32_MAX >> 8)) /* the largest that every kernel accepts */
#define KEEP_MAX (256 * 1024)

void log_buffer_give(struct log_buffer *l, struct bpf_object *obj)
{
	struct bpf_program *prog;
	void *data = mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (data == MAP_FAILED)
		return;
	*l = (struct log_buffer){ obj, data };
	bpf_object__for_each_program(prog, obj) bpf_program__set_log_buf(prog, l->data, LOG_SIZE);
}

void log_buffer_take(struct log_buffer *l)
{
	struct bpf_program *prog;

	if (!l->obj)
		return;
	bpf_object__for_each_program(prog, l->obj) bpf_program__set_log_buf(prog, NULL, 0);
	munmap(l->data, LOG_SIZE);
	*l = (struct log_buffer){};
}

struct span log_buffer_text(const struct log_buffer *l)
{
	return (struct span){ l->data, l->data ? strnlen(l->data, LOG_SIZE) : 0 };
}

void log_buffer_keep(const struct log_buffer *l, struct err *e, const char *prog)
{
	struct span text = log_buffer_text(l);
	char lead[256];
	size_t skip = text.len > KEEP_MAX ? text.len - KEEP_MAX : 0;

	snprintf(lead, sizeof(lead), "libbpf: prog '%s': -- BEGIN PROG LOAD LOG --", prog);
	err_log(e, lead);
	if (text.len)
		err_log(e, text.at + skip);
	err_log(e, "-- END PROG LOAD LOG --");
}
