// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * BTF lists the variables of a section with their types, symbols have their offsets: a compiler
 * leaves the offsets in BTF empty, a linker fills them in.
 */
#include <errno.h>

#include "cli/array.h"
#include "cli/err.h"
#include "decode/btf/find.h"
#include "decode/elf/objfile_vars.h"

void objfile_vars_free(struct objfile_vars *vars)
{
	free(vars->all);
	*vars = (struct objfile_vars){};
}

static const struct btf_type *find_datasec(const struct objfile *v, const char *name)
{
	uint32_t id = v->btf ? btf_find(v->btf, name, 1u << BTF_KIND_DATASEC) : 0;

	return id ? btf_image_type(v->btf, id) : NULL;
}

static void set_symbol(struct objfile_var *var, const Elf64_Sym *sym)
{
	var->sym = sym;
	var->is_static = ELF64_ST_BIND(sym->st_info) == STB_LOCAL;
	var->is_weak = ELF64_ST_BIND(sym->st_info) == STB_WEAK;
	var->is_hidden = ELF64_ST_VISIBILITY(sym->st_other) != STV_DEFAULT;
}

static int check_var(struct err *e, const struct objfile *v, uint32_t section,
		     const struct objfile_var *var)
{
	uint64_t room = v->img.shdrs[section].sh_size;

	if ((uint64_t)var->off + var->size <= room)
		return 0;
	return fail_msg(e, -EINVAL,
			"variable '%s' (%u bytes at byte %u) lies beyond the end of section '%s', "
			"byte %llu",
			var->name, var->size, var->off, elf_section_name(&v->img, section),
			(unsigned long long)room);
}

/*
 * Declarations of symbols that are defined elsewhere are among the variables of the section they
 * will be in.
 */
static int add_from_btf(struct err *e, const struct objfile *v, uint32_t section,
			const struct btf_type *sec, struct objfile_vars *ret)
{
	const struct btf_var_secinfo *info = btf_var_secinfos(sec);
	bool resolved = sec->size != 0;
	int err = 0;

	for (unsigned int i = 0; !err && i < btf_items(sec); i++) {
		const struct btf_type *t = btf_image_type(v->btf, info[i].type);
		struct objfile_var *var = &ret->all[ret->n];
		const Elf64_Sym *sym;

		if (!btf_is_var(t) || btf_var(t)->linkage == BTF_VAR_GLOBAL_EXTERN)
			continue;
		*var = (struct objfile_var){ .name = btf_image_name(v->btf, t), .type = t->type,
					 .off = info[i].offset, .size = info[i].size,
					 .is_static = btf_var(t)->linkage == BTF_VAR_STATIC };
		sym = objfile_symbol(v, section, var->name);
		if (sym)
			set_symbol(var, sym);
		if (sym && !resolved)
			var->off =
				sym->st_value > UINT32_MAX ? UINT32_MAX : (uint32_t)sym->st_value;
		err = check_var(e, v, section, var);
		ret->n++;
	}
	return err;
}

static int by_name(const void *a, const void *b)
{
	const struct objfile_var *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool is_variable(const Elf64_Sym *sym)
{
	int type = ELF64_ST_TYPE(sym->st_info);

	return type == STT_OBJECT || (type == STT_NOTYPE && sym->st_size);
}

/* The first n have been sorted by name. */
static int add_from_symbols(struct err *e, const struct objfile *v, uint32_t section,
			    struct objfile_vars *ret)
{
	size_t n_known = ret->n;
	int err = 0;

	for (size_t i = 0; !err && i < v->n_named; i++) {
		const Elf64_Sym *sym = v->named[i];
		struct objfile_var *var = &ret->all[ret->n],
				   key = { .name = objfile_symbol_name(v, sym) };

		if (sym->st_shndx != section || !is_variable(sym) ||
		    bsearch(&key, ret->all, n_known, sizeof(key), by_name))
			continue;
		if (sym->st_value > UINT32_MAX || sym->st_size > UINT32_MAX)
			return fail_msg(e, -EINVAL,
					"symbol '%s' lies beyond the end of its section", key.name);
		*var = (struct objfile_var){ .name = key.name, .off = (uint32_t)sym->st_value,
					 .size = (uint32_t)sym->st_size };
		set_symbol(var, sym);
		err = check_var(e, v, section, var);
		ret->n++;
	}
	return err;
}

static int by_offset(const void *a, const void *b)
{
	const struct objfile_var *x = a, *y = b;

	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return strcmp(x->name, y->name);
}

static size_t count_symbols(const struct objfile *v, uint32_t section)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_named; i++)
		n += v->named[i]->st_shndx == section;
	return n;
}

int objfile_vars_read(struct err *e, const struct objfile *v, uint32_t section,
		      struct objfile_vars *ret)
{
	const struct btf_type *sec = find_datasec(v, elf_section_name(&v->img, section));
	size_t max = count_symbols(v, section) + (sec ? btf_items(sec) : 0);
	int err = 0;

	ret->all = calloc(max + 1, sizeof(*ret->all));
	if (!ret->all)
		return fail(e, -ENOMEM, "list the variables");
	if (sec)
		err = add_from_btf(e, v, section, sec, ret);
	qsort(ret->all, ret->n, sizeof(*ret->all), by_name);
	err = err ?: add_from_symbols(e, v, section, ret);
	qsort(ret->all, ret->n, sizeof(*ret->all), by_offset);
	return err;
}

const struct objfile_var *objfile_vars_at(const struct objfile_vars *vars, uint64_t off)
{
	size_t i = count_before(vars->all, vars->n, var, var->off < off);

	return i < vars->n && vars->all[i].off == off ? &vars->all[i] : NULL;
}

/* --- what is defined elsewhere --- */

void objfile_externs_free(struct objfile_externs *x)
{
	free(x->all);
	*x = (struct objfile_externs){};
}

static void add_declared(const struct objfile *v, const char *section,
			 enum objfile_extern_kind kind, struct objfile_externs *ret)
{
	const struct btf_type *sec = find_datasec(v, section);

	for (unsigned int i = 0; sec && i < btf_items(sec); i++) {
		uint32_t id = btf_var_secinfos(sec)[i].type;
		const struct btf_type *t = btf_image_type(v->btf, id);
		struct objfile_extern *x = &ret->all[ret->n++];
		const Elf64_Sym *sym;

		*x = (struct objfile_extern){ .kind = kind, .name = btf_image_name(v->btf, t) };
		x->type = btf_is_var(t) ? t->type : btf_is_func(t) ? id : 0;
		if (btf_is_func(t))
			x->kind = OBJFILE_EXTERN_KFUNC;
		sym = objfile_symbol(v, SHN_UNDEF, x->name);
		x->is_weak = sym && ELF64_ST_BIND(sym->st_info) == STB_WEAK;
	}
}

static int by_extern_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_undeclared(const struct objfile *v, const char **known, struct objfile_externs *ret)
{
	size_t n_known = ret->n;

	for (size_t i = 0; i < n_known; i++)
		known[i] = ret->all[i].name;
	qsort(known, n_known, sizeof(*known), by_extern_name);
	for (size_t i = 0; i < v->n_named && v->named[i]->st_shndx == SHN_UNDEF; i++) {
		const char *name = objfile_symbol_name(v, v->named[i]);

		if (bsearch(&name, known, n_known, sizeof(*known), by_extern_name))
			continue;
		ret->all[ret->n++] = (struct objfile_extern){
			.kind = OBJFILE_EXTERN_OBJECT, .name = name,
			.is_weak = ELF64_ST_BIND(v->named[i]->st_info) == STB_WEAK,
		};
	}
}

int objfile_externs_read(struct err *e, const struct objfile *v, struct objfile_externs *ret)
{
	const struct btf_type *kconfig = find_datasec(v, ".kconfig"),
			      *ksyms = find_datasec(v, ".ksyms");
	size_t max = (kconfig ? btf_items(kconfig) : 0) + (ksyms ? btf_items(ksyms) : 0) +
		     count_symbols(v, SHN_UNDEF);
	auto_free const char **known = calloc(max + 1, sizeof(*known));

	ret->all = calloc(max + 1, sizeof(*ret->all));
	if (!ret->all || !known)
		return fail(e, -ENOMEM, "list external symbols");
	add_declared(v, ".kconfig", OBJFILE_EXTERN_KCONFIG, ret);
	add_declared(v, ".ksyms", OBJFILE_EXTERN_KSYM, ret);
	add_undeclared(v, known, ret);
	return 0;
}
