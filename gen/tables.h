/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The tables by which skeletons and subskeletons query libbpf. */
#ifndef GEN_TABLES_H
#define GEN_TABLES_H

#include "gen/skel.h"

/* The first libbpf that supports links of maps in a skeleton's table. */
#define MAP_LINKS_SINCE SKEL_LIBBPF(1, 5)
/* Does the header have a link for each struct_ops map, in the struct and in the table? */
bool skel_has_map_links(const struct skel *s);
/* The name of that link. A map with the name of a program gets another one. */
void skel_put_map_link(struct c_text *t, const struct skel *s, const struct skel_map *m);

/*
 * Statements that allocate and fill s->maps and s->progs, with obj as the struct. PART: no links,
 * no data, and internal maps by their sections, because the host's object has another name. They
 * return -ENOMEM.
 */
enum { TABLES_WHOLE, TABLES_PART };
void skel_put_map_table(struct c_text *t, const struct skel *s, int whole_or_part);
void skel_put_prog_table(struct c_text *t, const struct skel *s, int whole_or_part);

#endif
