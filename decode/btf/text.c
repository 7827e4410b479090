// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Types in words of C, in the order of BTF: the target of a pointer precedes the asterisk, even for
 * arrays and functions ("int [4]* arr"). Scripts depend on this form.
 */
#include <errno.h>

#include "decode/btf/image.h"
#include "decode/btf/limits.h"
#include "decode/btf/text.h"


struct text {
	const struct btf_image *btf;
	char *buf;
	size_t len;
	unsigned int depth;
	int err;		/* kept: nothing more is written */
};

static void put(struct text *t, const char *s)
{
	size_t n = strlen(s);

	if (n >= BTF_PROTO_MAX - t->len && !t->err)
		t->err = -E2BIG;
	if (t->err)
		return;
	memcpy(t->buf + t->len, s, n + 1);
	t->len += n;
}

static void put_words(struct text *t, const char *word, const char *name)
{
	put(t, word);
	put(t, name ? name : "");
	put(t, " ");
}

static void put_type(struct text *t, uint32_t id);

static void put_array(struct text *t, const struct btf_type *type)
{
	char len[16];

	put_type(t, btf_array(type)->type);
	snprintf(len, sizeof(len), "[%u]", btf_array(type)->nelems);
	put(t, len);
}

/* A parameter without a name has no blank after its type. */
static void put_params(struct text *t, const struct btf_type *proto)
{
	const struct btf_param *p = btf_params(proto);
	uint32_t n = btf_items(proto);

	put(t, "(");
	for (uint32_t i = 0; i < n && !t->err; i++) {
		const char *name = btf_image_str(t->btf, p[i].name_off);

		if (i)
			put(t, ", ");
		if (i + 1 == n && !p[i].type) {
			put(t, "...");
			continue;
		}
		put_type(t, p[i].type);
		if (name && *name)
			put(t, name);
		else if (t->len && t->buf[t->len - 1] == ' ')
			t->buf[--t->len] = '\0';
	}
	put(t, ")");
}

static void put_kind(struct text *t, const struct btf_type *type)
{
	const char *name = btf_image_name(t->btf, type);

	switch (btf_kind(type)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPEDEF:
		put_words(t, "", name);
		break;
	case BTF_KIND_STRUCT:
		put_words(t, "struct ", name);
		break;
	case BTF_KIND_UNION:
		put_words(t, "union ", name);
		break;
	case BTF_KIND_FWD:
		put_words(t, btf_kflag(type) ? "union " : "struct ", name);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		put_words(t, "enum ", name);
		break;
	case BTF_KIND_ARRAY:
		put_array(t, type);
		break;
	case BTF_KIND_FUNC_PROTO:
		put_type(t, type->type);
		put_params(t, type);
		break;
	case BTF_KIND_PTR:
		put_type(t, type->type);
		put(t, "* ");
		break;
	case BTF_KIND_TYPE_TAG:
		put_type(t, type->type);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
		put(t, btf_is_const(type)      ? "const "
		       : btf_is_volatile(type) ? "volatile "
					       : "restrict ");
		put_type(t, type->type);
		break;
	default:
		if (btf_is_known(type))
			t->err = t->err ? t->err : -EINVAL;
		else
			put_words(t, "UNKNOWN ", name);
	}
}

static void put_type(struct text *t, uint32_t id)
{
	const struct btf_type *type = btf_image_type(t->btf, id);

	if ((!type && id) || t->depth == BTF_CHAIN_STRICT)
		t->err = t->err ? t->err : -EINVAL;
	if (t->err)
		return;
	if (!id) {
		put(t, "void ");
		return;
	}
	t->depth++;
	put_kind(t, type);
	t->depth--;
}

int btf_proto_text(const struct btf_image *btf, uint32_t func_id, char buf[static BTF_PROTO_MAX])
{
	struct text t = { .btf = btf, .buf = buf };
	const struct btf_type *func = btf_image_type(btf, func_id), *proto;

	buf[0] = '\0';
	proto = func && btf_is_func(func) ? btf_image_type(btf, func->type) : NULL;
	if (!proto || !btf_is_func_proto(proto))
		return -EINVAL;
	put_type(&t, proto->type);
	put(&t, btf_image_name(btf, func));
	put_params(&t, proto);
	if (t.err)
		buf[0] = '\0';
	return t.err;
}

int btf_type_text(const struct btf_image *btf, uint32_t type_id, char buf[static BTF_PROTO_MAX])
{
	struct text t = { .btf = btf, .buf = buf };

	buf[0] = '\0';
	put_type(&t, type_id);
	if (t.err)
		buf[0] = '\0';
	return t.err;
}
