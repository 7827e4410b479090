// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Live candidates for references: ids, tags, names and pinned paths of current objects. Completion
 * reports no errors: if something cannot be read there are just fewer candidates.
 */
#include "cli/cmd.h"
#include "kern/object/bpffs.h"

/* The description of an id is the name, that of a name the id. */
static void offer(struct ctx *ctx, const struct obj_label *label, const char *selector)
{
	char text[32], id[32];

	snprintf(id, sizeof(id), "id %u", label->id);
	if (streq(selector, "name") && *label->name) {
		complete_described(ctx, label->name, id);
	} else if (streq(selector, "id")) {
		complete_described(ctx, id + strlen("id "), *label->name ? label->name : NULL);
	} else if (streq(selector, "tag") && label->has_tag) {
		for (size_t i = 0; i < sizeof(label->tag); i++)
			snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", label->tag[i]);
		complete_described(ctx, text, *label->name ? label->name : id);
	}
}

static void complete_pins(struct ctx *ctx, const struct obj_kind *kind)
{
	struct pins *pins = NULL;

	if (!pins_collect(ctx, kind, &pins)) {
		for (size_t i = 0; pins_path(pins, i); i++)
			complete_word(ctx, pins_path(pins, i));
	}
	pins_free(pins);
	err_clear(ctx->err);
}

static int read_id(const struct obj_kind *kind, int fd, struct obj_label *ret)
{
	return kind->read_label(fd, ret);
}

static void complete_obj(struct ctx *ctx, const struct obj_kind *kind, const char *selector)
{
	int (*read)(const struct obj_kind *kind, int fd, struct obj_label *ret);
	uint32_t id = 0;
	int fd;

	if (!selector)
		return;
	if (streq(selector, "pinned")) {
		complete_pins(ctx, kind);
		return;
	}
	read = streq(selector, "name") ? obj_read_names : read_id;
	while (!obj_next(kind, OBJ_RDONLY, &id, &fd)) {
		auto_close int owned = fd;
		struct obj_label label = {};

		if (!read(kind, owned, &label))
			offer(ctx, &label, selector);
	}
}

void obj_complete_prog(struct ctx *ctx, const char *selector, const char *typed UNUSED)
{
	complete_obj(ctx, &obj_prog, selector);
}

void obj_complete_map(struct ctx *ctx, const char *selector, const char *typed UNUSED)
{
	complete_obj(ctx, &obj_map, selector);
}

void obj_complete_link(struct ctx *ctx, const char *selector, const char *typed UNUSED)
{
	complete_obj(ctx, &obj_link, selector);
}

void obj_complete_btf(struct ctx *ctx, const char *selector, const char *typed UNUSED)
{
	complete_obj(ctx, &obj_btf, selector);
}
