// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Maps and programs by name, and where in the struct libbpf stores what it finds. */
#include "gen/tables.h"

#include <bpf/libbpf.h>

bool skel_has_map_links(const struct skel *s)
{
	return skel_has_ops(s) && s->libbpf >= MAP_LINKS_SINCE;
}

void skel_put_map_link(struct c_text *t, const struct skel *s, const struct skel_map *m)
{
	size_t i;

	for (i = 0; i < s->n_progs; i++)
		if (streq(s->progs[i].name.ident, m->name.ident))
			break;
	ct_fmt(t, "%s%s", m->name.ident, i < s->n_progs ? "_map" : "");
}

static void put_map(struct c_text *t, const struct skel *s, const struct skel_map *m,
		    int whole_or_part)
{
	bool by_section = whole_or_part == TABLES_PART && bpf_map__is_internal(m->map);

	ct_put(t, "\t\tmap->name = ");
	ct_string(t, by_section ? m->section : bpf_map__name(m->map));
	ct_fmt(t, ";\n\t\tmap->map = &obj->maps.%s;\n", m->name.ident);
	if (whole_or_part == TABLES_PART)
		return;
	if (m->data.ident)
		ct_fmt(t, "\t\tmap->mmaped = (void **)&obj->%s;\n", m->data.ident);
	if (m->ops_type && skel_has_map_links(s)) {
		ct_put(t, "\t\tmap->link = &obj->links.");
		skel_put_map_link(t, s, m);
		ct_put(t, ";\n");
	}
}

/*
 * The headers of later libbpf versions have larger entries than earlier versions expect. Members
 * after mmaped are left out, unless they are used.
 */
void skel_put_map_table(struct c_text *t, const struct skel *s, int whole_or_part)
{
	bool with_links = whole_or_part == TABLES_WHOLE && skel_has_map_links(s);
	size_t i;

	if (!s->n_maps)
		return;
	ct_fmt(t, "\n\ts->map_skel_sz = %s;\n",
	       with_links ? "sizeof(*s->maps)"
			  : "__builtin_offsetof(struct bpf_map_skeleton, mmaped) + "
			    "sizeof(s->maps->mmaped)");
	ct_fmt(t, "\ts->maps = (struct bpf_map_skeleton *)calloc(%zu, sizeof(*s->maps));\n",
	       s->n_maps);
	ct_fmt(t, "\tif (!s->maps)\n\t\treturn -ENOMEM;\n\ts->map_cnt = %zu;\n\t{\n", s->n_maps);
	ct_put(t, "\t\tstruct bpf_map_skeleton *map = s->maps;\n\n");
	for (i = 0; i < s->n_maps; i++) {
		if (i)
			ct_put(t, "\n\t\tmap = (struct bpf_map_skeleton *)(void *)((char *)map + "
				  "s->map_skel_sz);\n");
		put_map(t, s, &s->maps[i], whole_or_part);
	}
	ct_put(t, "\t}\n");
}

void skel_put_prog_table(struct c_text *t, const struct skel *s, int whole_or_part)
{
	size_t i;

	if (!s->n_progs)
		return;
	ct_fmt(t,
	       "\n\ts->prog_skel_sz = sizeof(*s->progs);\n"
	       "\ts->progs = (struct bpf_prog_skeleton *)calloc(%zu, sizeof(*s->progs));\n"
	       "\tif (!s->progs)\n"
	       "\t\treturn -ENOMEM;\n"
	       "\ts->prog_cnt = %zu;\n",
	       s->n_progs, s->n_progs);
	for (i = 0; i < s->n_progs; i++) {
		const char *ident = s->progs[i].name.ident;

		ct_fmt(t, "\ts->progs[%zu].name = ", i);
		ct_string(t, bpf_program__name(s->progs[i].prog));
		ct_fmt(t, ";\n\ts->progs[%zu].prog = &obj->progs.%s;\n", i, ident);
		if (whole_or_part == TABLES_WHOLE)
			ct_fmt(t, "\ts->progs[%zu].link = &obj->links.%s;\n", i, ident);
	}
}
