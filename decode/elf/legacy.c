// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Converts struct bpf_map_def in SEC("maps") to BTF definitions in SEC(".maps").
 *
 * Each map symbol moves to .maps and gets a BTF variable whose struct type encodes the numbers as
 * libbpf reads them: a member "key_size" that points to an array of 4 elements means 4. Numbers,
 * checks and notes on the three layouts in use are at map_parse().
 */
#include <errno.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/elf/image.h"
#include "decode/elf/legacy.h"

#define MAX_MAPS 1024		/* a program can use 64 */
#define MAX_FIELDS 8		/* members of a definition's struct */
#define FIELD_SIZE 8		/* each is a BPF pointer */
#define MAX_SECTION (16 << 20)
#define DEF_MIN 16		/* up to max_entries; map_flags came later */

#ifndef BPF_F_NUMA_NODE
#define BPF_F_NUMA_NODE (1U << 2)
#endif

struct map {
	const char *name;		/* in the image; valid until content is appended */
	uint32_t symbol;		/* index */
	uint64_t off, size;		/* within section maps */
	uint32_t type, key_size, value_size, max_entries, flags, numa_node;
	uint32_t id, inner_id;		/* iproute2's own numbering, 0 = none */
	bool has_index;			/* kernel samples: inner_index is used */
	uint32_t inner_index;
	struct map *inner;		/* of a map of maps */
	uint32_t struct_id, var_id;	/* BTF */
	uint32_t new_off, new_size;	/* within .maps */
};

struct convert {
	struct err *e;
	struct elf_image img;
	uint32_t maps_sec, target_sec;	/* "maps"; ".maps", 0 if there is none */
	uint32_t btf_sec;
	struct map *maps;
	size_t n_maps;
	struct btf *btf;
	uint32_t byte_id;		/* BTF type of 1 byte */
	struct legacy notes;
};

static void convert_free(struct convert *c)
{
	elf_image_close(&c->img);
	free(c->maps);
	btf__free(c->btf);
}

#define auto_convert __attribute__((cleanup(convert_free)))

/* Definitions: from the symbols and bytes of section "maps". */

static bool is_map_symbol(const struct convert *c, const Elf64_Sym *s)
{
	int type = ELF64_ST_TYPE(s->st_info);

	return s->st_shndx == c->maps_sec && (type == STT_OBJECT || type == STT_NOTYPE);
}

static int add_map(struct convert *c, uint32_t symbol)
{
	const Elf64_Sym *s = &c->img.syms[symbol];
	const char *name = elf_symbol_name(&c->img, s);

	if (!name || !*name)
		return fail_msg(c->e, -EINVAL, "symbol %u in section 'maps' has no name", symbol);
	if (c->n_maps == MAX_MAPS)
		return fail_msg(c->e, -E2BIG, "section 'maps' contains more than %d maps",
				MAX_MAPS);
	c->maps[c->n_maps++] = (struct map){
		.name = name, .symbol = symbol, .off = s->st_value, .size = s->st_size,
	};
	return 0;
}

static int by_off(const void *a, const void *b)
{
	const struct map *x = a, *y = b;

	return x->off < y->off ? -1 : x->off > y->off;
}

static int find_maps(struct convert *c)
{
	size_t i;
	int err;

	c->maps = calloc(MAX_MAPS, sizeof(*c->maps));
	if (!c->maps)
		return fail(c->e, -ENOMEM, "read the map definitions");
	for (i = 1; i < c->img.n_syms; i++) {
		if (!is_map_symbol(c, &c->img.syms[i]))
			continue;
		err = add_map(c, i);
		if (err)
			return err;
	}
	if (!c->n_maps)
		return fail_msg(c->e, -EINVAL, "section 'maps' has no symbol that names a map");
	qsort(c->maps, c->n_maps, sizeof(*c->maps), by_off);
	return 0;
}

/* The end of a definition: from its symbol, or (for assembly) the start of the next one. */
static int place_maps(struct convert *c)
{
	uint64_t end = c->img.shdrs[c->maps_sec].sh_size;
	size_t i;

	for (i = 0; i < c->n_maps; i++) {
		struct map *m = &c->maps[i];
		uint64_t limit = i + 1 < c->n_maps ? m[1].off : end;

		if (m->off > end || m->size > end - m->off)
			return fail_msg(c->e, -EINVAL,
					"map '%s' lies beyond the end of section 'maps'", m->name);
		if (!m->size && limit <= end)
			m->size = limit - m->off;
		if (m->size > limit - m->off)
			return fail_msg(c->e, -EINVAL,
					"maps '%s' and '%s' overlap in section 'maps'", m->name,
					m[1].name);
		if (m->size < DEF_MIN)
			return fail_msg(c->e, -EINVAL,
					"definition of map '%s' has %llu bytes, not at least %d",
					m->name, (unsigned long long)m->size, DEF_MIN);
	}
	return 0;
}

static bool is_map_of_maps(const struct map *m)
{
	return m->type == BPF_MAP_TYPE_ARRAY_OF_MAPS || m->type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* The words of a definition that are used in its layout; the others must be 0. */
static size_t known_words(const struct map *m)
{
	if (m->size >= 36)
		return 9;
	return m->size >= 24 ? 7 : 5;
}

static int check_rest(struct convert *c, const struct map *m, const uint8_t *def)
{
	uint64_t i;

	for (i = known_words(m) * 4; i < m->size; i++) {
		if (def[i])
			return fail_msg(c->e, -EINVAL,
					"definition of map '%s' has %llu bytes; unknown byte at "
					"offset %llu (0x%02x)",
					m->name, (unsigned long long)m->size, (unsigned long long)i,
					def[i]);
	}
	return 0;
}

/*
 * Every layout starts with type, key size, value size, number of entries, flags. What follows:
 *  - 24 or 28 bytes: the kernel's samples have the index of the inner map and a NUMA node;
 *    iproute2 before maps of maps had an id and a pinning there. Type and flags distinguish them.
 *  - 36 bytes: iproute2: id, pinning, id of the inner map, slot in the outer map.
 */
static int map_parse(struct convert *c, struct map *m, const uint8_t *def)
{
	uint32_t w[9] = { 0 };

	memcpy(w, def, m->size < sizeof(w) ? m->size : sizeof(w));
	m->type = w[0];
	m->key_size = w[1];
	m->value_size = w[2];
	m->max_entries = w[3];
	m->flags = w[4];
	if (!m->type)
		return fail_msg(c->e, -EINVAL, "map '%s' has type 0", m->name);
	if (m->size >= 36) {
		m->id = w[5];
		m->inner_id = w[7];
		c->notes.n_pinned += w[6] != 0;
		return check_rest(c, m, def);
	}
	m->has_index = m->size >= 24;
	m->inner_index = w[5];
	if (m->flags & BPF_F_NUMA_NODE)
		m->numa_node = w[6];
	else
		c->notes.n_pinned += w[6] != 0;
	return check_rest(c, m, def);
}

static struct map *map_by_id(struct convert *c, uint32_t id)
{
	size_t i;

	for (i = 0; i < c->n_maps; i++) {
		if (c->maps[i].id == id)
			return &c->maps[i];
	}
	return NULL;
}

static int find_inner(struct convert *c, struct map *m)
{
	if (m->inner_id)
		m->inner = map_by_id(c, m->inner_id);
	else if (m->has_index && m->inner_index < c->n_maps)
		m->inner = &c->maps[m->inner_index];
	if (!m->inner)
		return fail_msg(c->e, -EINVAL, "map '%s' contains maps, but its definition has no "
					       "inner map",
				m->name);
	if (is_map_of_maps(m->inner))
		return fail_msg(c->e, -EINVAL, "inner map '%s' of map '%s' contains maps itself",
				m->inner->name, m->name);
	c->notes.n_unfilled += m->inner_id != 0;
	return 0;
}

static int read_maps(struct convert *c)
{
	const uint8_t *defs = elf_content(&c->img, c->maps_sec);
	size_t i;
	int err = 0;

	if (!defs)
		return fail_msg(c->e, -EINVAL, "section 'maps' is empty");
	err = find_maps(c);
	if (!err)
		err = place_maps(c);
	for (i = 0; !err && i < c->n_maps; i++)
		err = map_parse(c, &c->maps[i], defs + c->maps[i].off);
	for (i = 0; !err && i < c->n_maps; i++) {
		if (is_map_of_maps(&c->maps[i]))
			err = find_inner(c, &c->maps[i]);
	}
	return err;
}

/* BTF: one struct type and one variable per map. */

struct field {
	const char *name;
	int type;
};

struct fields {
	struct field f[MAX_FIELDS];
	unsigned int n;
};

static int add_field(struct fields *fs, const char *name, int type)
{
	if (type < 0)
		return type;
	fs->f[fs->n++] = (struct field){ name, type };
	return 0;
}

/* The array has elements of one byte: the kernel rejects types larger than 4 GiB. */
static int add_number(struct convert *c, struct fields *fs, const char *name, uint32_t number)
{
	int array;

	if (!number)
		return 0;
	array = btf__add_array(c->btf, c->byte_id, c->byte_id, number);
	return array < 0 ? array : add_field(fs, name, btf__add_ptr(c->btf, array));
}

/*
 * Old objects declare the types of key and value in a struct ____btf_map_<name> { key; value; }.
 * True if there is one that matches the sizes.
 */
static bool find_annotation(const struct convert *c, const struct map *m, uint32_t *ret_key,
			    uint32_t *ret_value)
{
	const struct btf_type *t;
	char name[256];
	int id;

	if (snprintf(name, sizeof(name), "____btf_map_%s", m->name) >= (int)sizeof(name))
		return false;
	id = btf__find_by_name_kind(c->btf, name, BTF_KIND_STRUCT);
	t = id > 0 ? btf__type_by_id(c->btf, id) : NULL;
	if (!t || btf_vlen(t) != 2)
		return false;
	*ret_key = btf_members(t)[0].type;
	*ret_value = btf_members(t)[1].type;
	return btf__resolve_size(c->btf, *ret_key) == m->key_size &&
	       btf__resolve_size(c->btf, *ret_value) == m->value_size;
}

static int add_key_value(struct convert *c, struct fields *fs, const struct map *m)
{
	uint32_t key, value;
	int err;

	if (find_annotation(c, m, &key, &value)) {
		err = add_field(fs, "key", btf__add_ptr(c->btf, key));
		return err ?: add_field(fs, "value", btf__add_ptr(c->btf, value));
	}
	err = add_number(c, fs, "key_size", m->key_size);
	return err ?: add_number(c, fs, "value_size", m->value_size);
}

/* "values" of a map of maps: an array without elements, of pointers to the inner definition. */
static int add_values(struct convert *c, struct fields *fs, const struct map *inner)
{
	int id = btf__add_ptr(c->btf, inner->struct_id);

	return id < 0 ? id : add_field(fs, "values", btf__add_array(c->btf, c->byte_id, id, 0));
}

/* The parts first, the struct last: libbpf can add members only to the newest type. */
static int add_struct(struct convert *c, struct map *m)
{
	struct fields fs = { .n = 0 };
	unsigned int i;
	int err, id;

	err = add_number(c, &fs, "type", m->type);
	err = err ?: add_key_value(c, &fs, m);
	err = err ?: add_number(c, &fs, "max_entries", m->max_entries);
	err = err ?: add_number(c, &fs, "map_flags", m->flags);
	err = err ?: add_number(c, &fs, "numa_node", m->numa_node);
	if (!err && m->inner)
		err = add_values(c, &fs, m->inner);
	if (err)
		return err;
	/* "values" has no size, which is harmless here: the size of a pointer is enough. */
	m->new_size = fs.n * FIELD_SIZE;
	id = btf__add_struct(c->btf, NULL, m->new_size);
	for (i = 0; id > 0 && i < fs.n; i++) {
		err = btf__add_field(c->btf, fs.f[i].name, fs.f[i].type, i * FIELD_SIZE * 8, 0);
		if (err)
			return err;
	}
	m->struct_id = id;
	return id < 0 ? id : 0;
}

/* Inner maps before the outer ones that point to them. */
static int add_structs(struct convert *c)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < c->n_maps; i++) {
		if (!is_map_of_maps(&c->maps[i]))
			err = add_struct(c, &c->maps[i]);
	}
	for (i = 0; !err && i < c->n_maps; i++) {
		if (is_map_of_maps(&c->maps[i]))
			err = add_struct(c, &c->maps[i]);
	}
	return err;
}

/* libbpf returns const pointers to types that we may change. */
static struct btf_type *type_of(struct convert *c, uint32_t id)
{
	return (struct btf_type *)btf__type_by_id(c->btf, id);
}

static struct btf_type *find_var(struct convert *c, uint32_t id, const char *name)
{
	struct btf_type *t = type_of(c, id);
	const char *found;

	if (!t || !btf_is_var(t))
		return NULL;
	found = btf__str_by_offset(c->btf, t->name_off);
	return found && streq(found, name) ? t : NULL;
}

/* The compiler's variable with that name gets the new type; if there is none, it is added. */
static int set_var(struct convert *c, struct map *m, int old_sec)
{
	struct btf_type *sec = old_sec > 0 ? type_of(c, old_sec) : NULL;
	unsigned int i;
	int id;

	for (i = 0; sec && i < btf_vlen(sec); i++) {
		uint32_t var_id = btf_var_secinfos(sec)[i].type;
		struct btf_type *var = find_var(c, var_id, m->name);

		/*
		 * A variable that already has its new type belongs to another map with the same
		 * name.
		 */
		if (!var || var->type > c->byte_id)
			continue;
		var->type = m->struct_id;
		btf_var(var)->linkage = BTF_VAR_GLOBAL_ALLOCATED;
		m->var_id = var_id;
		return 0;
	}
	id = btf__add_var(c->btf, m->name, BTF_VAR_GLOBAL_ALLOCATED, m->struct_id);
	m->var_id = id;
	return id < 0 ? id : 0;
}

/*
 * A replaced DATASEC cannot be removed without changing the ids after it. It becomes a struct with
 * as many one-byte members, which has the same length.
 */
static void retire_datasec(struct convert *c, uint32_t id)
{
	struct btf_type *t = type_of(c, id);
	struct btf_member *m = btf_members(t);
	unsigned int i, n = btf_vlen(t);

	t->name_off = 0;
	t->info = BTF_KIND_STRUCT << 24 | n;
	t->size = n;
	for (i = 0; i < n; i++)
		m[i] = (struct btf_member){ .type = c->byte_id, .offset = i * 8 };
}

/* In an object from the compiler, DATASECs contain no offsets: the symbol with that name has it. */
static uint32_t var_offset(struct convert *c, uint32_t var_id, uint32_t section)
{
	const struct btf_type *t = btf__type_by_id(c->btf, var_id);
	const char *name = t ? btf__str_by_offset(c->btf, t->name_off) : NULL;
	size_t i;

	for (i = 0; name && i < c->img.n_syms; i++) {
		const Elf64_Sym *s = &c->img.syms[i];
		const char *sym_name = s->st_shndx == section ? elf_symbol_name(&c->img, s) : NULL;

		if (sym_name && streq(sym_name, name))
			return s->st_value;
	}
	return 0;
}

/* Entries of the object's own .maps DATASEC are moved to the new one. */
static void copy_entries(struct convert *c, int old_sec, struct btf_var_secinfo *old,
			 unsigned int n)
{
	bool resolved = btf__type_by_id(c->btf, old_sec)->size != 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		old[i] = btf_var_secinfos(type_of(c, old_sec))[i];
		if (!resolved)
			old[i].offset = var_offset(c, old[i].type, c->target_sec);
	}
}

static int add_entries(struct convert *c, const struct btf_var_secinfo *old, unsigned int n_old)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < n_old; i++)
		err = btf__add_datasec_var_info(c->btf, old[i].type, old[i].offset, old[i].size);
	for (i = 0; !err && i < c->n_maps; i++)
		err = btf__add_datasec_var_info(c->btf, c->maps[i].var_id, c->maps[i].new_off,
						c->maps[i].new_size);
	return err;
}

/* Assigns offsets in the new .maps to the definitions: after existing ones. Returns its size. */
static uint32_t lay_out(struct convert *c)
{
	uint64_t off = c->target_sec ? c->img.shdrs[c->target_sec].sh_size : 0;
	size_t i;

	off = (off + FIELD_SIZE - 1) & ~(uint64_t)(FIELD_SIZE - 1);
	for (i = 0; i < c->n_maps; i++) {
		c->maps[i].new_off = off;
		off += c->maps[i].new_size;
	}
	return off;
}

static int add_datasec(struct convert *c, uint32_t size)
{
	int old_sec = btf__find_by_name_kind(c->btf, ".maps", BTF_KIND_DATASEC);
	unsigned int n = old_sec > 0 ? btf_vlen(btf__type_by_id(c->btf, old_sec)) : 0;
	auto_free struct btf_var_secinfo *old = calloc(n + 1, sizeof(*old));
	int id;

	if (!old)
		return -ENOMEM;
	if (n + c->n_maps > UINT16_MAX)
		return -E2BIG;
	if (old_sec > 0) {
		copy_entries(c, old_sec, old, n);
		retire_datasec(c, old_sec);
	}
	id = btf__add_datasec(c->btf, ".maps", size);
	return id < 0 ? id : add_entries(c, old, n);
}

static int add_types(struct convert *c)
{
	int legacy_sec, err, id;
	size_t i;

	legacy_sec = btf__find_by_name_kind(c->btf, "maps", BTF_KIND_DATASEC);
	id = btf__add_int(c->btf, "unsigned char", 1, 0);
	if (id < 0)
		return id;
	c->byte_id = id;
	err = add_structs(c);
	for (i = 0; !err && i < c->n_maps; i++)
		err = set_var(c, &c->maps[i], legacy_sec);
	if (err)
		return err;
	if (legacy_sec > 0)
		retire_datasec(c, legacy_sec);
	return add_datasec(c, lay_out(c));
}

static int read_btf(struct convert *c)
{
	const uint8_t *bytes = c->btf_sec ? elf_content(&c->img, c->btf_sec) : NULL;
	struct btf *btf;
	int err;

	if (c->target_sec && c->img.shdrs[c->target_sec].sh_size > MAX_SECTION)
		return fail_msg(c->e, -E2BIG, "section '.maps' has more than %d bytes",
				MAX_SECTION);
	if (c->target_sec && !bytes)
		return fail_msg(c->e, -EINVAL,
				"object has a section '.maps' but no BTF that describes it");
	btf = bytes ? btf__new(bytes, c->img.shdrs[c->btf_sec].sh_size) : btf__new_empty();
	err = libbpf_get_error(btf);
	if (err)
		return fail(c->e, err, "read the object's BTF");
	c->btf = btf;
	if (c->target_sec && btf__find_by_name_kind(btf, ".maps", BTF_KIND_DATASEC) <= 0)
		return fail_msg(c->e, -EINVAL,
				"object's BTF does not describe its section '.maps'");
	return 0;
}

/* The ELF side: relocations, symbols, sections. */

static const struct map *map_at(const struct convert *c, uint64_t off)
{
	size_t i;

	for (i = 0; i < c->n_maps; i++) {
		if (c->maps[i].off == off)
			return &c->maps[i];
	}
	return NULL;
}

/*
 * A static map is referenced by the section's symbol and an offset in the place of the map's
 * address: in the instruction's immediate field, 4 bytes further. libbpf looks at symbols only.
 */
static int fix_reference(struct convert *c, uint32_t target, Elf64_Rel *rel)
{
	const Elf64_Shdr *s = &c->img.shdrs[target];
	uint64_t at = rel->r_offset + (s->sh_flags & SHF_EXECINSTR ? 4 : 0);
	uint8_t *bytes = elf_content(&c->img, target);
	const struct map *m;
	uint32_t off;

	if (!bytes || s->sh_size < 8 || rel->r_offset > s->sh_size - 8)
		return fail_msg(c->e, -EINVAL, "a relocation of section '%s' lies outside of it",
				elf_section_name(&c->img, target));
	memcpy(&off, bytes + at, sizeof(off));
	m = map_at(c, off);
	if (!m)
		return fail_msg(
			c->e, -EINVAL,
			"section '%s' refers to byte %u of section 'maps', where no map begins",
			elf_section_name(&c->img, target), off);
	memset(bytes + at, 0, sizeof(off));
	rel->r_info = ELF64_R_INFO((uint64_t)m->symbol, ELF64_R_TYPE(rel->r_info));
	return 0;
}

/* BTF relocations contain offsets that are written to BTF now. */
static bool is_settled(const struct convert *c, uint32_t target, const Elf64_Sym *sym)
{
	return c->btf_sec && target == c->btf_sec &&
	       (sym->st_shndx == c->maps_sec || (c->target_sec && sym->st_shndx == c->target_sec));
}

static int fix_relocation(struct convert *c, uint32_t target, Elf64_Rel *rel)
{
	const Elf64_Shdr *s = &c->img.shdrs[target];
	const Elf64_Sym *sym;
	uint64_t i = ELF64_R_SYM(rel->r_info);

	if (i >= c->img.n_syms)
		return fail_msg(
			c->e, -EINVAL, "a relocation of section '%s' refers to symbol %llu of %zu",
			elf_section_name(&c->img, target), (unsigned long long)i, c->img.n_syms);
	sym = &c->img.syms[i];
	if (is_settled(c, target, sym)) {
		rel->r_info = 0;
		return 0;
	}
	if (sym->st_shndx != c->maps_sec || ELF64_ST_TYPE(sym->st_info) != STT_SECTION)
		return 0;
	if (!(s->sh_flags & SHF_EXECINSTR) && target != c->target_sec)
		return 0;
	return fix_reference(c, target, rel);
}

static int fix_relocations(struct convert *c, uint32_t section)
{
	const Elf64_Shdr *s = &c->img.shdrs[section];
	uint8_t *bytes = elf_content(&c->img, section);
	uint64_t i;
	int err;

	if (!bytes || s->sh_link != c->img.symtab)
		return 0;
	if (s->sh_entsize != sizeof(Elf64_Rel) || s->sh_size % sizeof(Elf64_Rel))
		return fail_msg(c->e, -EINVAL,
				"relocation section '%s' has %llu bytes in entries of %llu",
				elf_section_name(&c->img, section), (unsigned long long)s->sh_size,
				(unsigned long long)s->sh_entsize);
	if (!s->sh_info || s->sh_info >= c->img.n_shdrs)
		return fail_msg(c->e, -EINVAL, "relocation section '%s' is for section %u of %u",
				elf_section_name(&c->img, section), s->sh_info, c->img.n_shdrs);
	for (i = 0; i < s->sh_size; i += sizeof(Elf64_Rel)) {
		Elf64_Rel rel;

		memcpy(&rel, bytes + i, sizeof(rel));
		err = fix_relocation(c, s->sh_info, &rel);
		if (err)
			return err;
		memcpy(bytes + i, &rel, sizeof(rel));
	}
	return 0;
}

static int fix_all_relocations(struct convert *c)
{
	uint32_t i;
	int err = 0;

	for (i = 1; !err && i < c->img.n_shdrs; i++) {
		if (c->img.shdrs[i].sh_type == SHT_REL)
			err = fix_relocations(c, i);
	}
	return err;
}

/* libbpf requires map symbols to be objects that are not local. */
static void move_symbols(struct convert *c, uint32_t section)
{
	size_t i;

	for (i = 0; i < c->n_maps; i++) {
		const struct map *m = &c->maps[i];
		Elf64_Sym *s = &c->img.syms[m->symbol];
		int bind = ELF64_ST_BIND(s->st_info) == STB_WEAK ? STB_WEAK : STB_GLOBAL;

		s->st_info = ELF64_ST_INFO(bind, STT_OBJECT);
		s->st_shndx = section;
		s->st_value = m->new_off;
		s->st_size = m->new_size;
	}
}

/* Section "maps" becomes ".maps", or an empty section if there already is one. */
static int move_content(struct convert *c)
{
	uint32_t section = c->target_sec ?: c->maps_sec;
	const struct map *last = &c->maps[c->n_maps - 1];
	size_t size = (size_t)last->new_off + last->new_size;
	auto_free uint8_t *bytes = calloc(1, size);
	const uint8_t *old;
	int err;

	if (!bytes)
		return -ENOMEM;
	old = c->target_sec ? elf_content(&c->img, c->target_sec) : NULL;
	if (old)
		memcpy(bytes, old, c->img.shdrs[c->target_sec].sh_size);
	move_symbols(c, section);
	if (c->target_sec)
		c->img.shdrs[c->maps_sec].sh_size = 0;
	err = elf_rename(&c->img, c->maps_sec, c->target_sec ? ".maps.legacy" : ".maps");
	if (err)
		return err;
	c->img.shdrs[section].sh_addralign = FIELD_SIZE;
	return elf_replace(&c->img, section, bytes, size);
}

static int write_image(struct convert *c, struct legacy *ret)
{
	const void *raw;
	uint32_t size;
	int err = 0;

	raw = btf__raw_data(c->btf, &size);
	if (!raw)
		return fail(c->e, -ENOMEM, "write the object's BTF");
	if (!c->btf_sec)
		err = elf_add_section(&c->img, ".BTF", &c->btf_sec);
	err = err ?: elf_replace(&c->img, c->btf_sec, raw, size);
	err = err ?: move_content(c);
	err = err ?: elf_finish(&c->img, &c->notes.elf, &c->notes.len);
	if (err)
		return fail(c->e, err, "write the converted object");
	c->notes.n_maps = c->n_maps;
	*ret = c->notes;
	return 0;
}

static int read_object(struct convert *c)
{
	int err;

	err = elf_check_layout(c->e, &c->img);
	err = err ?: elf_find_section(c->e, &c->img, ".maps", &c->target_sec);
	err = err ?: elf_find_section(c->e, &c->img, ".BTF", &c->btf_sec);
	err = err ?: elf_read_symbols(c->e, &c->img);
	err = err ?: read_maps(c);
	err = err ?: read_btf(c);
	return err ?: fix_all_relocations(c);
}

int legacy_convert(struct err *e, const void *elf, size_t len, struct legacy *ret)
{
	auto_convert struct convert c = { .e = e };
	int err;

	err = elf_image_open(e, &c.img, elf, len);
	err = err ?: elf_find_section(e, &c.img, "maps", &c.maps_sec);
	if (err)
		return err;
	if (!c.maps_sec)
		return 1;
	err = read_object(&c);
	if (err)
		return err;
	err = add_types(&c);
	if (err)
		return fail(e, err, "describe the maps in BTF");
	return write_image(&c, ret);
}
