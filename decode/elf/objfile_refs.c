// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Instructions refer to objects by relocations: a loaded address, a called function. Only calls
 * within a section and calls of helpers are in the instruction itself.
 */
#include <errno.h>

#include <linux/bpf.h>

#include "cli/array.h"
#include "cli/err.h"
#include "decode/elf/objfile_refs.h"
#include "decode/elf/objfile_view.h"

#define INSN_SIZE sizeof(struct bpf_insn)
#define FUNCS_MAX 512		/* the kernel accepts 256 per program */
#define REFS_MAX 16384		/* of one program; the kernel accepts 64 maps */
#define STEPS_MAX 50000000	/* references visited for all programs together */

struct objfile_uses {
	const struct objfile *v;
	uint32_t maps;			/* section .maps */
	struct objfile_refs *direct;	/* per function */
	uint64_t *steps;		/* so far, in objfile_uses_of() */
};

void objfile_refs_free(struct objfile_refs *refs)
{
	free(refs->all);
	*refs = (struct objfile_refs){};
}

static int add_ref(struct objfile_refs *refs, enum objfile_ref_kind kind, uint32_t id)
{
	struct objfile_ref *grown;

	/* Most references repeat the last one: a map is used again, a helper called again. */
	for (size_t i = refs->n; i > 0 && i + 8 > refs->n; i--)
		if (refs->all[i - 1].kind == kind && refs->all[i - 1].id == id)
			return 0;
	grown = array_room(refs->all, refs->n, &refs->max, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	refs->all = grown;
	refs->all[refs->n++] = (struct objfile_ref){ kind, id };
	return 0;
}

static int by_kind_and_id(const void *a, const void *b)
{
	const struct objfile_ref *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void make_unique(struct objfile_refs *refs)
{
	size_t n = 0;

	if (refs->n)
		qsort(refs->all, refs->n, sizeof(*refs->all), by_kind_and_id);
	for (size_t i = 0; i < refs->n; i++)
		if (!n || by_kind_and_id(&refs->all[n - 1], &refs->all[i]))
			refs->all[n++] = refs->all[i];
	refs->n = n;
}

static int add_func(const struct objfile_uses *u, struct objfile_refs *refs, uint32_t section,
		    uint64_t off)
{
	const struct objfile_func *f = objfile_func_at(u->v, section, off);

	return f ? add_ref(refs, OBJFILE_REF_FUNC, (uint32_t)(f - u->v->funcs)) : 0;
}

static bool is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL);
}

/* The symbol is the object itself, or its section, and then the instruction contains the offset. */
static int add_target(const struct objfile_uses *u, struct objfile_refs *refs,
		      const struct objfile_reloc *r, const struct bpf_insn *insn)
{
	const struct elf_image *img = &u->v->img;
	uint32_t section = r->sym->st_shndx;
	uint64_t off = r->sym->st_value;

	if (section == SHN_UNDEF)
		return add_ref(refs, OBJFILE_REF_EXTERN, (uint32_t)(r->sym - img->syms));
	if (section >= img->n_shdrs)
		return 0;
	if (is_call(insn))
		off += ((int64_t)insn->imm + 1) * (int64_t)INSN_SIZE;
	else if (ELF64_ST_TYPE(r->sym->st_info) == STT_SECTION)
		off += (uint32_t)insn->imm;
	if (section == u->maps)
		return add_ref(refs, OBJFILE_REF_MAP, (uint32_t)off);
	if (img->shdrs[section].sh_flags & SHF_EXECINSTR)
		return add_func(u, refs, section, off);
	return add_ref(refs, OBJFILE_REF_DATA, section);
}

/* A call without a relocation: n_insn is the instruction's index in its section. */
static int add_call(const struct objfile_uses *u, struct objfile_refs *refs,
		    const struct objfile_func *f, uint64_t n_insn, const struct bpf_insn *insn)
{
	if (insn->src_reg == BPF_PSEUDO_CALL)
		return add_func(u, refs, f->section, (n_insn + 1 + (int64_t)insn->imm) * INSN_SIZE);
	return insn->src_reg ? 0 : add_ref(refs, OBJFILE_REF_HELPER, (uint32_t)insn->imm);
}

static int read_func(const struct objfile_uses *u, const struct objfile_func *f,
		     struct objfile_refs *ret)
{
	const uint8_t *code = elf_content(&u->v->img, f->section);
	size_t n_relocs, i = 0;
	const struct objfile_reloc *r = objfile_relocs(u->v, f->section, f->off, f->len, &n_relocs);
	int err = 0;

	for (uint64_t off = f->off; code && !err && off < f->off + f->len; off += INSN_SIZE) {
		struct bpf_insn insn;
		bool has_reloc = false;

		memcpy(&insn, code + off, sizeof(insn));
		for (; !err && i < n_relocs && r[i].off < off + INSN_SIZE; i++) {
			err = add_target(u, ret, &r[i], &insn);
			has_reloc = true;
		}
		if (!err && !has_reloc && is_call(&insn))
			err = add_call(u, ret, f, off / INSN_SIZE, &insn);
		/* The second half of a wide load is not an instruction. */
		if (insn.code == (BPF_LD | BPF_IMM | BPF_DW))
			off += INSN_SIZE;
	}
	make_unique(ret);
	return err;
}

struct objfile_uses *objfile_uses_new(struct err *e, const struct objfile *v)
{
	struct objfile_uses *u = calloc(1, sizeof(*u));
	int err = 0;

	if (u) {
		u->v = v;
		u->maps = objfile_section(v, ".maps");
		u->direct = calloc(v->n_funcs + 1, sizeof(*u->direct));
		u->steps = calloc(1, sizeof(*u->steps));
	}
	if (!u || !u->direct || !u->steps)
		err = -ENOMEM;
	for (size_t i = 0; !err && i < v->n_funcs; i++)
		err = read_func(u, &v->funcs[i], &u->direct[i]);
	if (!err)
		return u;
	objfile_uses_free(u);
	fail(e, err, "read the instructions");
	return NULL;
}

void objfile_uses_free(struct objfile_uses *u)
{
	if (!u)
		return;
	for (size_t i = 0; u->direct && i < u->v->n_funcs; i++)
		objfile_refs_free(&u->direct[i]);
	free(u->direct);
	free(u->steps);
	free(u);
}

/* Functions found so far; those not yet visited are at the end. */
struct walk {
	uint32_t funcs[FUNCS_MAX];
	size_t n;
};

static bool meet(struct walk *w, uint32_t func)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->funcs[i] == func)
			return true;
	if (w->n == FUNCS_MAX)
		return false;
	w->funcs[w->n++] = func;
	return true;
}

static int take_refs(const struct objfile_uses *u, const struct objfile_refs *from, struct walk *w,
		     struct objfile_refs *ret)
{
	int err = 0;

	for (size_t i = 0; !err && i < from->n; i++) {
		const struct objfile_ref *r = &from->all[i];

		if (++*u->steps > STEPS_MAX || ret->n > REFS_MAX)
			return -E2BIG;
		err = add_ref(ret, r->kind, r->id);
		if (!err && r->kind == OBJFILE_REF_FUNC && !meet(w, r->id))
			err = -E2BIG;
	}
	return err;
}

int objfile_uses_of(struct err *e, const struct objfile_uses *u, const struct objfile_func *f,
		    struct objfile_refs *ret)
{
	struct walk w = { .funcs = { (uint32_t)(f - u->v->funcs) }, .n = 1 };
	int err = 0;

	for (size_t i = 0; !err && i < w.n; i++)
		err = take_refs(u, &u->direct[w.funcs[i]], &w, ret);
	if (err == -E2BIG)
		return fail_msg(e, err, "program '%s' uses more functions, maps and variables than "
					"any kernel allows",
				f->name);
	if (err)
		return fail(e, err, "list references of program '%s'", f->name);
	make_unique(ret);
	return 0;
}
