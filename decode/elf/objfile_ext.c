// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The records of all sections in one sorted array per kind. They refer to sections by name; these
 * are looked up once per group of records.
 */
#include <errno.h>

#include "cli/array.h"
#include "cli/err.h"
#include "decode/elf/objfile_ext.h"

void objfile_ext_free(struct objfile_ext *x)
{
	btf_ext_close(&x->info);
	free(x->lines);
	free(x->relos);
	*x = (struct objfile_ext){};
}

struct section_name {
	const char *name;
	uint32_t section;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct section_name *)a)->name,
		      ((const struct section_name *)b)->name);
}

/*
 * Sections with code by name: there may be as many as records, so a linear search for each would be
 * slow.
 */
static int sort_names(struct err *e, const struct objfile *v, struct section_name **ret,
		      size_t *ret_n)
{
	struct section_name *names = calloc(v->img.n_shdrs + 1, sizeof(*names));
	size_t n = 0;

	if (!names)
		return fail(e, -ENOMEM, "read .BTF.ext");
	for (uint32_t i = 1; i < v->img.n_shdrs; i++)
		if (v->img.shdrs[i].sh_flags & SHF_EXECINSTR)
			names[n++] = (struct section_name){ elf_section_name(&v->img, i), i };
	qsort(names, n, sizeof(*names), by_name);
	*ret = names;
	*ret_n = n;
	return 0;
}

static size_t count(const struct btf_ext_table *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->sections[i].n;
	return n;
}

static void take_lines(struct objfile_ext *x, const struct btf_ext_section *s, uint32_t section)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct btf_ext_line line = btf_ext_line(&x->info, s, i);

		x->lines[x->n_lines] =
			(struct objfile_line){ section, line.insn_off, (uint32_t)x->n_lines, line };
		x->n_lines++;
	}
}

static void take_relos(struct objfile_ext *x, const struct btf_ext_section *s, uint32_t section)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct btf_ext_relo relo = btf_ext_relo(&x->info, s, i);

		x->relos[x->n_relos++] = (struct objfile_relo){ section, relo.insn_off, relo };
	}
}

static void take_all(struct objfile_ext *x, enum btf_ext_kind kind,
		     const struct section_name *names, size_t n)
{
	const struct btf_ext_table *t = &x->info.tables[kind];

	for (size_t i = 0; i < t->n; i++) {
		struct section_name key = { .name = t->sections[i].name };
		const struct section_name *found = bsearch(&key, names, n, sizeof(key), by_name);

		if (found && kind == BTF_EXT_LINES)
			take_lines(x, &t->sections[i], found->section);
		else if (found)
			take_relos(x, &t->sections[i], found->section);
	}
}

static int order(uint32_t section, uint32_t off, uint32_t other_section, uint32_t other_off)
{
	if (section != other_section)
		return section < other_section ? -1 : 1;
	return off < other_off ? -1 : off > other_off;
}

static int by_line_place(const void *a, const void *b)
{
	const struct objfile_line *x = a, *y = b;
	int differ = order(x->section, x->off, y->section, y->off);

	return differ ? differ : x->order < y->order ? -1 : x->order > y->order;
}

static int by_relo_place(const void *a, const void *b)
{
	const struct objfile_relo *x = a, *y = b;

	return order(x->section, x->off, y->section, y->off);
}

static int sort_all(struct err *e, const struct objfile *v, struct objfile_ext *x)
{
	auto_free struct section_name *names = NULL;
	size_t n = 0;
	int err = sort_names(e, v, &names, &n);

	if (err)
		return err;
	x->lines = calloc(count(&x->info.tables[BTF_EXT_LINES]) + 1, sizeof(*x->lines));
	x->relos = calloc(count(&x->info.tables[BTF_EXT_RELOS]) + 1, sizeof(*x->relos));
	if (!x->lines || !x->relos)
		return fail(e, -ENOMEM, "read .BTF.ext");
	take_all(x, BTF_EXT_LINES, names, n);
	take_all(x, BTF_EXT_RELOS, names, n);
	qsort(x->lines, x->n_lines, sizeof(*x->lines), by_line_place);
	qsort(x->relos, x->n_relos, sizeof(*x->relos), by_relo_place);
	return 0;
}

int objfile_ext_read(struct err *e, const struct objfile *v, struct objfile_ext *ret)
{
	size_t len;
	const uint8_t *bytes = objfile_bytes(v, v->btf_ext, &len);
	int err;

	if (!bytes || !v->btf)
		return 0;
	err = btf_ext_open(e, bytes, len, &v->btf_image, &ret->info);
	return err ? err : sort_all(e, v, ret);
}

const struct objfile_line *objfile_ext_line(const struct objfile_ext *x,
					    const struct objfile_func *f)
{
	size_t i = count_before(x->lines, x->n_lines, l,
				order(l->section, l->off, f->section, f->off) < 0);

	if (i == x->n_lines || x->lines[i].section != f->section ||
	    x->lines[i].off >= f->off + f->len)
		return NULL;
	return &x->lines[i];
}

static size_t first_relo(const struct objfile_ext *x, uint32_t section, uint64_t off)
{
	return count_before(x->relos, x->n_relos, r,
			    r->section < section || (r->section == section && r->off < off));
}

const struct objfile_relo *objfile_ext_relos(const struct objfile_ext *x,
					     const struct objfile_func *f, size_t *ret_n)
{
	size_t first = first_relo(x, f->section, f->off);

	*ret_n = first_relo(x, f->section, f->off + f->len) - first;
	return x->relos ? &x->relos[first] : NULL;
}
