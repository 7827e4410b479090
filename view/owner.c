// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The only place that formats processes that hold something. */
#include "cli/buf.h"
#include "json_writer.h"
#include "view/owner.h"
#include "view/table.h"

const char *process_text(char buf[static PROCESS_TEXT_MAX], uint32_t pid, const char *comm)
{
	if (comm)
		snprintf(buf, PROCESS_TEXT_MAX, "%s(%u)", comm, pid);
	else
		snprintf(buf, PROCESS_TEXT_MAX, "pid %u gone", pid);
	return buf;
}

void show_process(struct out *o, uint32_t pid, const char *comm)
{
	out_form(o, comm ? "{comm}({pid})" : "pid {pid} gone");
	out_uint(o, "pid", "%llu", pid);
	if (comm)
		out_str(o, "comm", "%s", comm);
	out_form_end(o);
}

void add_process(struct buf *b, uint32_t pid, const char *comm)
{
	char text[PROCESS_TEXT_MAX];

	buf_puts(b, b->len ? ", " : "");
	buf_puts(b, process_text(text, pid, comm));
}

const char *owners_text(struct buf *b, const struct owner *owners, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_process(b, owners[i].pid, owners[i].comm);
	buf_putc(b, '\0');
	return b->err ? "(out of memory)" : b->data;
}

void show_owner_list(struct out *o, const char *key, const char *label, const struct owner *owners,
		     size_t n)
{
	out_list(o, key, label);
	for (size_t i = 0; i < n; i++) {
		out_rec(o, NULL);
		show_process(o, owners[i].pid, owners[i].comm);
		out_rec_end(o);
	}
	out_list_end(o);
}

void show_owners(struct out *o, const struct owners *owners, uint32_t id)
{
	size_t n;
	const struct owner *all = owners_of(owners, id, &n);

	if (!n)
		return;
	out_line(o);
	show_owner_list(o, "pids", "pids ", all, n);
}

void table_owners(struct out *o, struct table *t, size_t col, const struct owner *owners, size_t n)
{
	table_cell(t, col, "{pids}");
	show_owner_list(o, "pids", "", owners, n);
	table_cell_end(t);
}
