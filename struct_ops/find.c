// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Finds struct_ops maps, and the types of their values. */
#include <errno.h>

#include "kern/abi.h"
#include "struct_ops/struct_ops.h"
#include "view/show.h"

#define VALUE_PREFIX "bpf_struct_ops_"

const char *const struct_ops_ref_words[] = { "id", "name", NULL };

/*
 * The BTF that contains the value's type: before 6.9 always the kernel's own, and its id was not
 * reported.
 */
static void find_btf(struct ctx *ctx, struct struct_ops *s)
{
	struct abi_map_info info = {};
	int err = obj_info(s->fd, &info, sizeof(info));

	if (!err && info.btf_vmlinux_id)
		err = types_by_id(ctx, info.btf_vmlinux_id, &s->types);
	if (!err && info.btf_vmlinux_id)
		return;
	err = types_of_kernel(ctx, &s->types);
	if (err)
		unread(ctx, err, NULL, "read the kernel's BTF for struct_ops types");
}

void struct_ops_free(struct struct_ops_list *list)
{
	while (list->n) {
		struct struct_ops *s = &list->all[--list->n];

		types_free(s->types);
		close(s->fd);
	}
	free(list->all);
}

int struct_ops_add(struct ctx *ctx, struct struct_ops_list *list, int fd)
{
	auto_close int owned = fd;
	struct struct_ops s = { .fd = fd }, *grown;
	int err = obj_info(fd, &s.info, sizeof(s.info));

	if (err)
		return fail_read(ctx, &obj_map, fd, err);
	if (s.info.type != BPF_MAP_TYPE_STRUCT_OPS)
		return 0;
	s.info.name[sizeof(s.info.name) - 1] = '\0';
	grown = reallocarray(list->all, list->n + 1, sizeof(*grown));
	if (!grown)
		return fail(ctx->err, -ENOMEM, "list struct_ops maps");
	list->all = grown;
	find_btf(ctx, &s);
	grown[list->n++] = s;
	take_fd(&owned);
	return 0;
}

static int find_all(struct ctx *ctx, struct struct_ops_list *list)
{
	uint32_t id = 0;
	int err, fd;

	while (!(err = obj_next(&obj_map, 0, &id, &fd))) {
		if (struct_ops_add(ctx, list, fd))
			report_and_skip(ctx);
	}
	if (err == -ENOENT)
		return 0;
	fail(ctx->err, err, "list maps");
	err_hint_denied(ctx->err, obj_caps);
	return err;
}

static int fail_none(struct ctx *ctx, const struct ref *ref)
{
	const char *quote = ref->how == REF_ID ? "" : "'";

	fail_msg(ctx->err, -ENOENT, "map %s%s%s is not of type struct_ops", quote, ref->text,
		 quote);
	err_hint(ctx->err, "'%s struct_ops show' lists those that are", ctx->progname);
	return -ENOENT;
}

int struct_ops_find(struct ctx *ctx, const struct ref *ref, struct struct_ops_list *ret)
{
	int *fds = NULL;
	size_t n = 0, i;
	int err;

	if (ref->how == REF_NONE)
		return find_all(ctx, ret);
	err = obj_find(ctx, &obj_map, ref, 0, &fds, &n);
	for (i = 0; i < n && !err; i++)
		err = struct_ops_add(ctx, ret, fds[i]);
	while (i < n)
		close(fds[i++]);
	free(fds);
	return !err && !ret->n ? fail_none(ctx, ref) : err;
}

void struct_ops_complete(struct ctx *ctx, const char *selector, const char *typed UNUSED)
{
	uint32_t id = 0;
	int fd;

	while (!obj_next(&obj_map, OBJ_RDONLY, &id, &fd)) {
		auto_close int owned = fd;
		struct bpf_map_info info = {};
		char word[16];

		if (obj_info(owned, &info, sizeof(info)) || info.type != BPF_MAP_TYPE_STRUCT_OPS)
			continue;
		snprintf(word, sizeof(word), "%u", info.id);
		complete_word(ctx, streq(selector, "id") ? word : info.name);
	}
}

const char *struct_ops_type(const struct struct_ops *s)
{
	const struct btf_image *btf = s->types ? &s->types->img : NULL;
	const struct btf_type *t =
		btf ? btf_image_type(btf, s->info.btf_vmlinux_value_type_id) : NULL;
	const char *name = t ? btf_image_name(btf, t) : "unknown";

	return has_prefix(name, VALUE_PREFIX) ? name + strlen(VALUE_PREFIX) : name;
}
