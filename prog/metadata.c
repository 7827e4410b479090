// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Metadata of a program: the variables named bpf_metadata_* in its read-only data, of which every
 * map whose name contains ".rodata" has a part.
 *
 * Each map is read once and BTF is kept as long as it repeats: a thousand programs of one object
 * share both.
 */
#include <errno.h>

#include "decode/btf/value.h"
#include "json_writer.h"
#include "kern/object/obj.h"
#include "kern/object/types.h"
#include "prog/metadata.h"

#define PREFIX "bpf_metadata_"

struct metadata {
	uint32_t *plain_maps;		/* a bit per id of a map without metadata */
	uint32_t n_bits;
	uint32_t btf_id;
	struct types *types;		/* of btf_id, owned; NULL: cannot be read */
};

/* State for one program: the record is opened by the first variable found. */
struct turn {
	struct ctx *ctx;
	struct metadata *m;
	bool open;
};

struct metadata *metadata_new(void)
{
	return calloc(1, sizeof(struct metadata));
}

void metadata_free(struct metadata *m)
{
	if (!m)
		return;
	types_free(m->types);
	free(m->plain_maps);
	free(m);
}

static bool is_plain(const struct metadata *m, uint32_t id)
{
	return id < m->n_bits && m->plain_maps[id / 32] & 1U << id % 32;
}

/* Only a cache: if out of memory, it is not cached. */
static void set_plain(struct metadata *m, uint32_t id)
{
	uint32_t n_bits = (id / 32 + 1) * 32 * 2;
	uint32_t *grown;

	if (id >= 1U << 24)
		return;
	if (id >= m->n_bits) {
		grown = realloc(m->plain_maps, n_bits / 8);
		if (!grown)
			return;
		memset((char *)grown + m->n_bits / 8, 0, (n_bits - m->n_bits) / 8);
		m->plain_maps = grown;
		m->n_bits = n_bits;
	}
	m->plain_maps[id / 32] |= 1U << id % 32;
}

static const struct btf_image *find_btf(struct turn *t, uint32_t id)
{
	struct metadata *m = t->m;
	int err;

	if (m->btf_id == id)
		return m->types ? &m->types->img : NULL;
	types_free(take_ptr(m->types));
	m->btf_id = id;
	err = types_by_id(t->ctx, id, &m->types);
	if (err && err != -ENOENT)
		unread(t->ctx, err, "cap_sys_admin", "read the BTF of metadata (id %u)", id);
	return m->types ? &m->types->img : NULL;
}

static void show_name(struct turn *t, const char *name)
{
	struct out *o = t->ctx->out;
	char clean[256];

	if (!t->open) {
		t->open = true;
		out_line(o);
		out_rec(o, "metadata");
		out_item(o, "metadata:");
	}
	out_break(o, "\t\t");
	out_item(o, "%s =", out_escape(clean, sizeof(clean), name));
	out_sep(o, " ");
}

/* The variables of a section; value is the map's value. */
static void show_section(struct turn *t, const struct btf_image *btf,
			 const struct bpf_map_info *info, const char *value)
{
	const struct btf_type *section = btf_image_type(btf, info->btf_value_type_id);
	const struct btf_var_secinfo *entry;

	if (!section || !btf_is_datasec(section))
		return;
	entry = btf_var_secinfos(section);
	for (uint32_t i = 0; i < btf_items(section); i++, entry++) {
		const struct btf_type *var = btf_image_type(btf, entry->type);
		const char *name = var ? btf_image_str(btf, var->name_off) : NULL;

		if (!name || !btf_is_var(var) || !has_prefix(name, PREFIX))
			continue;
		if (entry->offset > info->value_size ||
		    entry->size > info->value_size - entry->offset)
			continue;
		name += strlen(PREFIX);
		show_name(t, name);
		out_tree(t->ctx->out);
		btf_value_print(t->ctx->out, name, btf, var->type, value + entry->offset,
				entry->size);
		out_tree_end(t->ctx->out);
	}
}

static bool may_hold_metadata(const struct bpf_map_info *info)
{
	return info->type == BPF_MAP_TYPE_ARRAY && info->key_size == sizeof(uint32_t) &&
	       info->max_entries == 1 && info->btf_value_type_id &&
	       memmem(info->name, sizeof(info->name), ".rodata", strlen(".rodata"));
}

static void show_map_metadata(struct turn *t, uint32_t map_id)
{
	auto_close int fd = obj_map.open_id(map_id, OBJ_RDONLY);
	struct bpf_map_info info = {};
	const struct btf_image *btf;
	auto_free char *value = NULL;
	uint32_t key = 0;

	if (fd < 0 || obj_info(fd, &info, sizeof(info)))
		return;
	if (!may_hold_metadata(&info)) {
		set_plain(t->m, map_id);
		return;
	}
	btf = find_btf(t, info.btf_id);
	value = calloc(1, info.value_size);
	if (btf && value && !bpf_map_lookup_elem(fd, &key, value))
		show_section(t, btf, &info, value);
}

void metadata_show(struct ctx *ctx, struct metadata *m, const uint32_t *map_ids, size_t n)
{
	struct turn t = { .ctx = ctx, .m = m };

	for (size_t i = 0; i < n; i++) {
		if (!is_plain(m, map_ids[i]))
			show_map_metadata(&t, map_ids[i]);
	}
	if (t.open)
		out_rec_end(ctx->out);
}
