/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Formats processes that hold something: on a line, in a cell of a table, in a message and in JSON.
 */
#ifndef VIEW_OWNER_H
#define VIEW_OWNER_H

#include "kern/object/owners.h"

struct buf;			/* cli/buf.h */
struct out;			/* json_writer.h */
struct table;			/* view/table.h */

#define PROCESS_TEXT_MAX 32

/* "bash(812)"; comm NULL: it has exited, "pid 812 gone". As untrusted as comm. Returns buf. */
const char *process_text(char buf[static PROCESS_TEXT_MAX], uint32_t pid, const char *comm);
/* The same as members of the open record: pid, and comm if there is one. */
void show_process(struct out *o, uint32_t pid, const char *comm);

/* The same at the end of a list in b, "bash(812), cat(4)"; not terminated. */
void add_process(struct buf *b, uint32_t pid, const char *comm);
/* "bash(812), cat(4)", appended to b with a NUL. Returns all of b, valid as long as b. */
const char *owners_text(struct buf *b, const struct owner *owners, size_t n);
/* A line "pids bash(812), cat(4)"; nothing if nobody holds object id, or owners is NULL. */
void show_owners(struct out *o, const struct owners *owners, uint32_t id);
/* The list of holders, which may be empty; in text after the label. */
void show_owner_list(struct out *o, const char *key, const char *label, const struct owner *owners,
		     size_t n);
/* In a cell of t, and in JSON as the list "pids". */
void table_owners(struct out *o, struct table *t, size_t col, const struct owner *owners, size_t n);

#endif
