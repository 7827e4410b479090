// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map lookup, update, delete, getnext, pop and their aliases: single entries. Keys and
 * values are words of a command line whose number depends on the map, so they are parsed here.
 */
#include <ctype.h>
#include <errno.h>

#include "json_writer.h"
#include "kern/object/bpffs.h"
#include "kern/map/cpu.h"
#include "map/map.h"
#include "map/bulk.h"

struct map_elem_args {
	struct ref map;
	struct args words;
};

enum elem_word { WORD_KEY, WORD_VALUE, WORD_ANY, WORD_NOEXIST, WORD_EXIST, WORD_MERGE, WORD_AS,
		 WORD_PRETTY, WORD_CPU };

/* In the order in which abbreviations are tried. */
static const char *const elem_words[] = { "key",   "value", "any",    "noexist", "exist",
					  "merge", "as",    "pretty", "cpu",	 NULL };

#define BIT(word) (1U << (word))
#define FORM_WORDS (BIT(WORD_AS) | BIT(WORD_PRETTY))
#define FLAG_WORDS (BIT(WORD_ANY) | BIT(WORD_NOEXIST) | BIT(WORD_EXIST))

enum elem_flags { ELEM_WRITES = 1 << 0, ELEM_PRINTS = 1 << 1 };

/* An open map and what the command line specifies about one of its entries. */
struct elem {
	int fd;				/* owned */
	int value_fd;			/* owned: the program or map used as value, or -1 */
	struct map_view view;
	uint8_t *key, *value;		/* owned */
	uint8_t *next;			/* owned: the key returned to getnext */
	unsigned int given;		/* bits of enum elem_word */
	uint64_t flags;
	struct map_forms forms;
	struct args typed; /* words of a typed value, parsed when the key is known */
};

static void elem_close(struct elem *e)
{
	cleanup_close(&e->fd);
	cleanup_close(&e->value_fd);
	map_view_close(&e->view);
	free(e->key);
	free(e->value);
	free(e->next);
}

#define auto_elem __attribute__((cleanup(elem_close)))
#define ELEM_INIT { .fd = -1, .value_fd = -1 }

/*
 * Only commands that print values need their types: batches of updates must not parse BTF each
 * time.
 */
static int elem_look(struct ctx *ctx, bool prints, struct elem *e)
{
	int err;

	if (prints)
		return map_view_open(ctx, e->fd, &e->view);
	err = map_shape_read(e->fd, &e->view.shape);
	return err ? fail(ctx->err, err, "read map") : 0;
}

static int elem_open(struct ctx *ctx, const struct ref *map, unsigned int elem_flags,
		     struct elem *e)
{
	unsigned int obj_flags = elem_flags & ELEM_WRITES ? 0 : OBJ_RDONLY;
	int err = obj_open(ctx, &obj_map, map, obj_flags, &e->fd);

	if (!err)
		err = elem_look(ctx, elem_flags & ELEM_PRINTS, e);
	if (err)
		return err;
	e->key = calloc(1, (size_t)e->view.shape.info.key_size + 1);
	e->next = calloc(1, (size_t)e->view.shape.info.key_size + 1);
	e->value = calloc(1, e->view.shape.value_len + 1);
	return e->key && e->next && e->value ? 0 : fail(ctx->err, -ENOMEM, "hold an entry");
}

/* A value that is an object: the kernel expects its file descriptor. */
static int take_object(struct ctx *ctx, struct args *a, struct elem *e, const struct obj_kind *kind)
{
	struct ref ref = {};
	uint32_t fd;
	int err;

	if (e->view.shape.info.value_size != sizeof(fd))
		return fail_msg(ctx->err, -EINVAL, "map %u has values of %u bytes, no %s fits",
				e->view.shape.info.id, e->view.shape.info.value_size, kind->noun);
	err = args_ref(ctx, a, kind == &obj_map ? ref_words_map : ref_words_prog, &ref);
	if (!err && args_left(a) && isdigit((unsigned char)*args_peek(a)))
		return fail_usage(ctx->err, "a value of map %u is a %s, not bytes",
				  e->view.shape.info.id, kind->noun);
	if (!err)
		err = obj_open(ctx, kind, &ref, 0, &e->value_fd);
	if (err)
		return err;
	fd = (uint32_t)e->value_fd;
	memcpy(e->value, &fd, sizeof(fd));
	return 0;
}

/* Per-CPU maps get the same value for all CPUs. */
static void spread_value(struct elem *e)
{
	const struct map_shape *s = &e->view.shape;
	uint32_t cpu;

	for (cpu = 1; cpu < s->n_cpus; cpu++)
		memcpy(e->value + cpu * s->cpu_stride, e->value, s->info.value_size);
}

static const uint8_t *key_or_null(const struct elem *e)
{
	return e->view.shape.info.key_size ? e->key : NULL;
}

static int look_up(struct elem *e)
{
	if (e->view.one_cpu)
		return map_cpu_lookup(e->fd, &e->view.shape, e->key, e->view.cpu, e->value);
	return bpf_map_lookup_elem(e->fd, key_or_null(e), e->value);
}

/* Members that are not given are zero, or, with "merge", keep the value in the entry. */
static int take_typed_value(struct ctx *ctx, struct elem *e)
{
	bool merges = e->given & BIT(WORD_MERGE);
	int err = 0;

	if (merges && !e->typed.n)
		return fail_usage(ctx->err, "'merge' needs a value as JSON or field=value");
	if (merges && e->view.shape.per_cpu && !e->view.one_cpu) {
		fail_msg(ctx->err, -EINVAL, "map %u is per-CPU: 'merge' requires 'cpu N'",
			 e->view.shape.info.id);
		err_hint(ctx->err, "it can for one of them: 'cpu N'");
		return -EINVAL;
	}
	if (merges && e->view.shape.info.key_size)
		err = look_up(e);
	if (!err && e->view.one_cpu)
		memmove(e->value, e->value + e->view.cpu * e->view.shape.cpu_stride,
			e->view.shape.info.value_size);
	if (err && err != -ENOENT)
		return fail(ctx->err, err, "look up in map %u", e->view.shape.info.id);
	if (!e->typed.n)
		return 0;
	err = map_words_parse(ctx, &e->typed, &e->view, "value", e->value);
	if (!err)
		spread_value(e);
	return err;
}

static int take_value(struct ctx *ctx, struct args *a, struct elem *e)
{
	const struct map_shape *s = &e->view.shape;
	int err;

	if (map_holds_maps(s->info.type))
		return take_object(ctx, a, e, &obj_map);
	if (s->info.type == BPF_MAP_TYPE_PROG_ARRAY)
		return take_object(ctx, a, e, &obj_prog);
	if (s->info.value_size > 1 && map_words_typed(a, s, elem_words)) {
		e->typed = *a;
		map_words_skip(a);
		return 0;
	}
	err = args_bytes(ctx->err, a, "value", e->value, s->info.value_size);
	spread_value(e);
	return err;
}

static int take_form(struct ctx *ctx, struct args *a, struct elem *e, int word)
{
	if (word == WORD_PRETTY) {
		e->forms.pretty = true;
		return 0;
	}
	e->forms.as = args_next(a);
	return e->forms.as ? 0 : fail_usage(ctx->err, "'as' needs FIELD=FORM");
}

static int take_cpu(struct ctx *ctx, struct args *a, struct elem *e)
{
	const char *number = args_next(a);
	uint32_t cpu = 0;
	int err;

	if (!number)
		return fail_usage(ctx->err, "'cpu' needs N");
	err = parse_u32(ctx->err, "cpu", number, &cpu);
	return err ? err : map_view_one_cpu(ctx, cpu, &e->view);
}

static int take_word(struct ctx *ctx, struct args *a, struct elem *e, int word)
{
	static const uint64_t flags[] = { [WORD_ANY] = BPF_ANY, [WORD_NOEXIST] = BPF_NOEXIST,
					  [WORD_EXIST] = BPF_EXIST };
	uint32_t key_size = e->view.shape.info.key_size;

	if (word == WORD_VALUE)
		return take_value(ctx, a, e);
	if (word == WORD_MERGE)
		return 0;
	if (word == WORD_CPU)
		return take_cpu(ctx, a, e);
	if (BIT(word) & FORM_WORDS)
		return take_form(ctx, a, e, word);
	if (word != WORD_KEY) {
		e->flags = flags[word];
		return 0;
	}
	if (!key_size)
		return fail_usage(ctx->err, "unnecessary key: map %u has none",
				  e->view.shape.info.id);
	if (key_size > 1 && map_words_typed(a, &e->view.shape, elem_words))
		return map_words_parse(ctx, a, &e->view, "key", e->key);
	return args_bytes(ctx->err, a, "key", e->key, key_size);
}

static int elem_parse(struct ctx *ctx, struct args a, unsigned int wanted, struct elem *e)
{
	int err = 0;

	while (!err && args_left(&a)) {
		const char *text = args_next(&a);
		int word = word_find(text, elem_words);
		unsigned int same;

		if (word < 0 || !(wanted & BIT(word)))
			return fail_usage(ctx->err, "expected %s%s%s%s, got: '%s'",
					  wanted & BIT(WORD_KEY) ? "key" : "value",
					  wanted & BIT(WORD_KEY) && wanted & BIT(WORD_VALUE)
						  ? " or value"
						  : "",
					  wanted & BIT(WORD_ANY) ? " or any, exist, noexist" : "",
					  wanted & BIT(WORD_AS) ? " or as, pretty, cpu" : "", text);
		same = BIT(word) & FLAG_WORDS ? FLAG_WORDS : BIT(word);
		if (e->given & same)
			return fail_usage(ctx->err, "'%s' is given twice",
					  same == FLAG_WORDS ? "any|exist|noexist"
							     : elem_words[word]);
		e->given |= BIT(word);
		err = take_word(ctx, &a, e, word);
	}
	return err ? err : take_typed_value(ctx, e);
}

/* Maps with keys require one; for the others a key was already rejected. */
static int need_key(struct ctx *ctx, const struct elem *e)
{
	uint32_t key_size = e->view.shape.info.key_size;

	if (!key_size || (e->given & BIT(WORD_KEY)))
		return 0;
	return fail_usage(ctx->err, "missing 'key DATA' (%u bytes)", key_size);
}

/* "map 7 has no entry 01 02 ..." : the key as it would be typed, truncated if it is long. */
static int fail_no_entry(struct ctx *ctx, const struct elem *e)
{
	uint32_t key_size = e->view.shape.info.key_size, i;
	char text[3 * 32 + 8] = "";
	size_t len = 0;

	if (!key_size)
		return fail_msg(ctx->err, -ENOENT, "map %u is empty", e->view.shape.info.id);
	for (i = 0; i < key_size && i < 32; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, " %02x", e->key[i]);
	return fail_msg(ctx->err, -ENOENT, "key not found in map %u:%s%s", e->view.shape.info.id,
			text, key_size > 32 ? " ..." : "");
}

static bool is_pinned(struct ctx *ctx, uint32_t map_id)
{
	struct pins *pins = NULL;
	size_t n = 0;

	if (pins_collect(ctx, &obj_map, &pins))
		err_clear(ctx->err);
	else
		pins_of(pins, map_id, &n);
	pins_free(pins);
	return n;
}

/* Entries of a program array are dropped with the last holder of the map, not of the program. */
static void note_prog_array(struct ctx *ctx, const struct ref *map, const struct elem *e)
{
	if (e->view.shape.info.type != BPF_MAP_TYPE_PROG_ARRAY || map->how == REF_PINNED)
		return;
	if (out_is_json(ctx->out) || is_pinned(ctx, e->view.shape.info.id))
		return;
	notice(ctx,
	       "map %u is a program array: the kernel clears it once no process has it open and no "
	       "pin exists",
	       e->view.shape.info.id);
}

static int update_file(struct ctx *ctx, const struct map_elem_args *a)
{
	struct map_import_args import = { .map = a->map };

	if (args_left(&a->words) != 2)
		return fail_usage(ctx->err, "'file' needs a file name, and excludes other words");
	import.path = a->words.words[a->words.at + 1];
	return map_import_file(ctx, &import);
}

/* The value was copied to all CPUs; only one CPU's is written. */
static int update_cpu(struct ctx *ctx, struct elem *e)
{
	auto_free bool *given = calloc(e->view.shape.n_cpus, sizeof(*given));
	struct map_cpus c = {
		.key = e->key, .values = e->value, .given = given, .flags = e->flags
	};
	bool rewrote = false;
	int err;

	if (!given)
		return -ENOMEM;
	given[e->view.cpu] = true;
	err = map_cpus_update(e->fd, &e->view.shape, &c, &rewrote);
	if (err || !rewrote)
		return err;
	notice(ctx, "this kernel cannot write one CPU's value alone: values of other CPUs were "
		    "read and written back (read-modify-write)");
	out_rec(ctx->out, NULL);
	out_json_bool(ctx->out, "read_modify_write", true);
	out_rec_end(ctx->out);
	return 0;
}

/* Hints about what was asked for; map_hint_write() has those about the map. */
static void hint_update(struct ctx *ctx, const struct elem *e, int err)
{
	uint32_t type = e->view.shape.info.type;

	if (err == -EEXIST && map_keeps_entries(type))
		err_hint(ctx->err, "the entries of an array always exist: leave out 'noexist'");
	else if (err == -EEXIST && e->flags == BPF_NOEXIST)
		err_hint(ctx->err, "the map already has an entry with this key, and 'noexist' "
				   "only adds entries");
	else if (err == -ENOENT && e->flags == BPF_EXIST)
		err_hint(ctx->err, "the map has no entry with this key, and 'exist' only replaces "
				   "entries");
	else if (err == -EINVAL && (type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
				    type == BPF_MAP_TYPE_HASH_OF_MAPS))
		err_hint(ctx->err, "type, sizes and flags must be those of the 'inner_map' that "
				   "the outer map was created with");
}

static int map_update(struct ctx *ctx, const void *args)
{
	const struct map_elem_args *a = args;
	auto_elem struct elem e = ELEM_INIT;
	const char *first = args_peek(&a->words);
	int err;

	if (first && streq(first, "file"))
		return update_file(ctx, a);
	err = elem_open(ctx, &a->map, ELEM_WRITES, &e);
	if (!err)
		err = elem_parse(ctx, a->words,
				 BIT(WORD_KEY) | BIT(WORD_VALUE) | BIT(WORD_MERGE) | BIT(WORD_CPU) |
					 FLAG_WORDS,
				 &e);
	if (!err)
		err = need_key(ctx, &e);
	if (err)
		return err;
	if (!(e.given & BIT(WORD_VALUE)))
		return fail_usage(ctx->err, "missing 'value DATA' (%u bytes)",
				  e.view.shape.info.value_size);
	err = e.view.one_cpu ? update_cpu(ctx, &e)
			     : bpf_map_update_elem(e.fd, key_or_null(&e), e.value, e.flags);
	if (err) {
		fail(ctx->err, err, "update map %u", e.view.shape.info.id);
		hint_update(ctx, &e, err);
		map_hint_write(ctx, e.fd, &e.view.shape, err);
		return err;
	}
	ctx_changed(ctx, "map %u is updated", e.view.shape.info.id);
	note_prog_array(ctx, &a->map, &e);
	return 0;
}

static void show_found(struct ctx *ctx, struct elem *e)
{
	map_view_partly(ctx, &e->view);
	if (e->view.value)
		out_tree(ctx->out);
	map_entry_show(ctx, &e->view, e->key, e->value, 0);
	if (e->view.value)
		out_tree_end(ctx->out);
}

/* A bloom filter is queried with a value: it returns it if it may contain it. */
static int lookup_words(const struct elem *e)
{
	bool is_bloom = e->view.shape.info.type == BPF_MAP_TYPE_BLOOM_FILTER;

	return (is_bloom ? BIT(WORD_VALUE) : BIT(WORD_KEY)) | FORM_WORDS | BIT(WORD_CPU);
}

static int map_lookup(struct ctx *ctx, const void *args)
{
	const struct map_elem_args *a = args;
	auto_elem struct elem e = ELEM_INIT;
	int err = elem_open(ctx, &a->map, ELEM_PRINTS, &e);

	if (!err)
		err = elem_parse(ctx, a->words, lookup_words(&e), &e);
	if (!err)
		err = need_key(ctx, &e);
	if (err)
		return err;
	if (e.view.shape.info.type == BPF_MAP_TYPE_BLOOM_FILTER && !(e.given & BIT(WORD_VALUE)))
		return fail_usage(ctx->err, "missing 'value DATA': a bloom filter can only test "
					    "values");
	err = map_view_forms(ctx, &e.forms, &e.view);
	if (err)
		return err;
	err = look_up(&e);
	if (err == -ENOENT)
		return fail_no_entry(ctx, &e);
	if (err) {
		fail(ctx->err, err, "look up in map %u", e.view.shape.info.id);
		map_hint_read(ctx, err);
		return err;
	}
	show_found(ctx, &e);
	return 0;
}

static int map_getnext(struct ctx *ctx, const void *args)
{
	const struct map_elem_args *a = args;
	auto_elem struct elem e = ELEM_INIT;
	int err = elem_open(ctx, &a->map, 0, &e);
	uint32_t key_size = e.view.shape.info.key_size;
	struct out *o = ctx->out;
	bool has_key;

	if (!err)
		err = elem_parse(ctx, a->words, BIT(WORD_KEY), &e);
	if (err)
		return err;
	has_key = e.given & BIT(WORD_KEY);
	err = bpf_map_get_next_key(e.fd, has_key ? e.key : NULL, e.next);
	if (err == -ENOENT)
		return fail_msg(ctx->err, err,
				has_key ? "no key follows in map %u" : "map %u is empty",
				e.view.shape.info.id);
	if (err)
		return fail(ctx->err, err, "get the next key of map %u", e.view.shape.info.id);
	out_rec(o, NULL);
	out_form(o, has_key ? "key:\n{key}\nnext key:\n{next_key}"
			    : "key: None\nnext key:\n{next_key}");
	if (has_key)
		out_bytes(o, "key", "", e.key, key_size);
	else
		out_str(o, "key", "%s", NULL);
	out_bytes(o, "next_key", "", e.next, key_size);
	out_form_end(o);
	out_rec_end(o);
	return 0;
}

static int map_delete(struct ctx *ctx, const void *args)
{
	const struct map_elem_args *a = args;
	auto_elem struct elem e = ELEM_INIT;
	int err = elem_open(ctx, &a->map, ELEM_WRITES, &e);

	if (!err)
		err = elem_parse(ctx, a->words, BIT(WORD_KEY), &e);
	if (!err)
		err = need_key(ctx, &e);
	if (err)
		return err;
	err = bpf_map_delete_elem(e.fd, e.key);
	if (err == -ENOENT)
		return fail_no_entry(ctx, &e);
	if (err) {
		fail(ctx->err, err, "delete from map %u", e.view.shape.info.id);
		if (err == -EINVAL && map_keeps_entries(e.view.shape.info.type))
			err_hint(ctx->err, "the entries of an array always exist; 'map update' "
					   "can set one to 0");
		map_hint_write(ctx, e.fd, &e.view.shape, err);
		return err;
	}
	ctx_changed(ctx, "the entry is deleted from map %u", e.view.shape.info.id);
	return 0;
}

/* The value now exists only in the answer: if the answer is lost, the error contains the value. */
static void note_popped(struct ctx *ctx, const struct elem *e)
{
	char text[3 * 128 + 8] = "";
	size_t len = 0;

	for (uint32_t i = 0; i < e->view.shape.info.value_size && i < 128; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, " %02x", e->value[i]);
	ctx_changed(ctx, "the value hex%s%s was removed from map %u", text,
		    e->view.shape.info.value_size > 128 ? " ..." : "", e->view.shape.info.id);
}

static int map_pop(struct ctx *ctx, const void *args)
{
	const struct map_elem_args *a = args;
	auto_elem struct elem e = ELEM_INIT;
	int err = elem_open(ctx, &a->map, ELEM_WRITES | ELEM_PRINTS, &e);

	if (err)
		return err;
	if (e.view.shape.info.key_size)
		return fail_msg(ctx->err, -EINVAL, "map %u is not a queue or stack",
				e.view.shape.info.id);
	err = bpf_map_lookup_and_delete_elem(e.fd, NULL, e.value);
	if (err == -ENOENT)
		return fail_no_entry(ctx, &e);
	if (err) {
		fail(ctx->err, err, "pop from map %u", e.view.shape.info.id);
		map_hint_write(ctx, e.fd, &e.view.shape, err);
		return err;
	}
	note_popped(ctx, &e);
	show_found(ctx, &e);
	return 0;
}

#define MAP_ROW                                                                                    \
	PARAM_REF(struct map_elem_args, map, "", "MAP", ref_words_map, "the map",                  \
		  .flags = PF_REQUIRED, .complete = obj_complete_map)

/* Completion offers these; elem_parse() parses them. */
static const char *const update_offers[] = { "key",   "value", "any",  "exist", "noexist",
					     "merge", "cpu",   "file", NULL };
static const char *const lookup_offers[] = { "key", "as", "pretty", "cpu", NULL };
static const char *const key_offer[] = { "key", NULL };

static const struct param map_update_params[] = {
	MAP_ROW,
	PARAM_TAIL(struct map_elem_args, words,
		   "{ [key DATA] value VALUE [any|exist|noexist] [merge] [cpu N] | file F }",
		   "DATA: [hex] B..., JSON or FIELD=VALUE...; VALUE: DATA, MAP in a map of maps, "
		   "PROG in a prog_array; "
		   "merge: keep the members that are not given; cpu N: in a per-CPU map only the "
		   "value of this CPU; "
		   "file F: many entries, as map import",
		   .words = update_offers),
	{}
};

static const struct param map_lookup_params[] = {
	MAP_ROW,
	PARAM_TAIL(struct map_elem_args, words, "[key DATA] [as FIELD=FORM] [pretty] [cpu N]",
		   "DATA: [hex] B..., JSON or FIELD=VALUE...; none for queues and stacks; the rest "
		   "as in dump",
		   .words = lookup_offers),
	{}
};

static const struct param map_getnext_params[] = {
	MAP_ROW,
	PARAM_TAIL(struct map_elem_args, words, "[key DATA]",
		   "DATA: [hex] B..., JSON or FIELD=VALUE...; none: the first key",
		   .words = key_offer),
	{}
};

static const struct param map_delete_params[] = {
	MAP_ROW,
	PARAM_TAIL(struct map_elem_args, words, "key DATA",
		   "DATA: [hex] B..., JSON or FIELD=VALUE...", .words = key_offer),
	{}
};

static const struct param map_pop_params[] = { MAP_ROW, { } };

const struct cmd map_update_cmd = {
	.name = "update", .help = "write an entry",
	.params = map_update_params, .args_size = sizeof(struct map_elem_args),
	.run = map_update,
};

const struct cmd map_lookup_cmd = {
	.name = "lookup", .help = "print the entry of a key",
	.params = map_lookup_params, .args_size = sizeof(struct map_elem_args),
	.run = map_lookup,
};

const struct cmd map_getnext_cmd = {
	.name = "getnext", .help = "print the key that follows a key",
	.params = map_getnext_params, .args_size = sizeof(struct map_elem_args),
	.run = map_getnext,
};

const struct cmd map_delete_cmd = {
	.name = "delete", .help = "remove the entry of a key",
	.params = map_delete_params, .args_size = sizeof(struct map_elem_args),
	.run = map_delete,
};

const struct cmd map_peek_cmd = {
	.name = "peek", .help = "print the next value of a queue or stack",
	.params = map_lookup_params, .args_size = sizeof(struct map_elem_args),
	.run = map_lookup,
};

const struct cmd map_push_cmd = {
	.name = "push", .help = "push a value onto a stack",
	.params = map_update_params, .args_size = sizeof(struct map_elem_args),
	.run = map_update,
};

const struct cmd map_enqueue_cmd = {
	.name = "enqueue", .help = "append a value to a queue",
	.params = map_update_params, .args_size = sizeof(struct map_elem_args),
	.run = map_update,
};

const struct cmd map_pop_cmd = {
	.name = "pop", .help = "remove and print the top value of a stack",
	.params = map_pop_params, .args_size = sizeof(struct map_elem_args),
	.run = map_pop,
};

const struct cmd map_dequeue_cmd = {
	.name = "dequeue", .help = "remove and print the next value of a queue",
	.params = map_pop_params, .args_size = sizeof(struct map_elem_args),
	.run = map_pop,
};
