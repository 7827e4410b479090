// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Reads the code of a program from BPF_OBJ_GET_INFO_BY_FD. The first call returns the sizes, the
 * second fills our arrays; if the kernel has changed a number in between, the smaller one is used.
 */
#include <errno.h>

#include "kern/object/prog_code.h"

#define KERNEL_COPY_MAX (4u << 20)	/* it allocates a copy of the instructions to return them */

/*
 * An array that the kernel fills: the offsets of its address, count and record size in struct
 * bpf_prog_info.
 */
static const struct array {
	uint16_t ptr, count, rec;	/* rec 0: records are of min_rec bytes */
	uint16_t min_rec;
	unsigned int flags;
} arrays[] = {
#define AT(m) offsetof(struct bpf_prog_info, m)
	{ AT(xlated_prog_insns), AT(xlated_prog_len), 0, 1, PROG_CODE_XLATED },
	{ AT(jited_prog_insns), AT(jited_prog_len), 0, 1, PROG_CODE_JITED },
	{ AT(jited_func_lens), AT(nr_jited_func_lens), 0, 4, PROG_CODE_JITED },
	{ AT(jited_line_info), AT(nr_jited_line_info), AT(jited_line_info_rec_size), 8,
	  PROG_CODE_JITED },
	{ AT(jited_ksyms), AT(nr_jited_ksyms), 0, 8, PROG_CODE_XLATED | PROG_CODE_JITED },
	{ AT(prog_tags), AT(nr_prog_tags), 0, BPF_TAG_SIZE, PROG_CODE_XLATED | PROG_CODE_JITED },
	{ AT(func_info), AT(nr_func_info), AT(func_info_rec_size), sizeof(struct bpf_func_info),
	  PROG_CODE_XLATED | PROG_CODE_JITED },
	{ AT(line_info), AT(nr_line_info), AT(line_info_rec_size), sizeof(struct bpf_line_info),
	  PROG_CODE_XLATED | PROG_CODE_JITED },
#undef AT
};

static uint32_t *u32_at(struct bpf_prog_info *info, uint16_t off)
{
	return (uint32_t *)((char *)info + off);
}

static uint64_t *ptr_at(struct bpf_prog_info *info, uint16_t off)
{
	return (uint64_t *)((char *)info + off);
}

static uint32_t rec_len(struct bpf_prog_info *info, const struct array *a)
{
	return a->rec ? *u32_at(info, a->rec) : a->min_rec;
}

/* Bytes of an array, padded so that the next one is aligned; 0 if it was not requested. */
static size_t array_len(struct bpf_prog_info *sizes, const struct array *a, unsigned int flags)
{
	uint32_t rec = rec_len(sizes, a);

	if (!(a->flags & flags) || rec < a->min_rec)
		return 0;
	return ((size_t)*u32_at(sizes, a->count) * rec + 7) & ~(size_t)7;
}

/* Points info to the parts of c->arrays. */
static int make_room(struct bpf_prog_info *sizes, unsigned int flags, struct prog_code *c)
{
	size_t total = 0;
	char *at;

	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		total += array_len(sizes, &arrays[i], flags);
	at = c->arrays = calloc(1, total + 8);
	if (!at)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++) {
		const struct array *a = &arrays[i];
		size_t len = array_len(sizes, a, flags);

		if (!len)
			continue;
		*ptr_at(&c->info, a->ptr) = ptr_to_u64(at);
		*u32_at(&c->info, a->count) = *u32_at(sizes, a->count);
		if (a->rec)
			*u32_at(&c->info, a->rec) = *u32_at(sizes, a->rec);
		at += len;
	}
	return 0;
}

/* Counts never exceed what is there; lengths of code that was not requested are kept. */
static void trust_counts(struct bpf_prog_info *sizes, unsigned int flags,
			 struct bpf_prog_info *info)
{
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++) {
		const struct array *a = &arrays[i];
		uint32_t *count = u32_at(info, a->count);

		if (!(a->flags & flags))
			*ptr_at(info, a->ptr) = 0;
		else if (!*ptr_at(info, a->ptr) || rec_len(info, a) != rec_len(sizes, a))
			*count = 0;
		else if (*count > *u32_at(sizes, a->count))
			*count = *u32_at(sizes, a->count);
	}
}

int prog_code_read(struct ctx *ctx, int fd, unsigned int flags, struct prog_code *ret)
{
	struct bpf_prog_info sizes = {};
	struct prog_code c = {};
	int err = obj_info(fd, &sizes, sizeof(sizes));

	if (!err)
		err = make_room(&sizes, flags, &c);
	if (!err)
		err = obj_info(fd, &c.info, sizeof(c.info));
	if (err) {
		free(c.arrays);
		fail(ctx->err, err, "read the code of program %u", sizes.id);
		if (err == -ENOMEM && sizes.xlated_prog_len > KERNEL_COPY_MAX)
			err_hint(ctx->err, "it has %zu instructions; the kernel returns at most "
					   "some 500000",
				 sizes.xlated_prog_len / sizeof(struct bpf_insn));
		return err;
	}
	trust_counts(&sizes, flags, &c.info);
	if (c.info.btf_id && (c.info.nr_func_info || c.info.nr_line_info))
		c.btf_err = types_by_id(ctx, c.info.btf_id, &c.types);
	*ret = c;
	return 0;
}

void prog_code_free(struct prog_code *c)
{
	types_free(c->types);
	free(c->arrays);
	*c = (struct prog_code){};
}

const struct bpf_insn *prog_code_insns(const struct prog_code *c, size_t *ret_n)
{
	*ret_n = c->info.xlated_prog_insns ? c->info.xlated_prog_len / sizeof(struct bpf_insn) : 0;
	return u64_to_ptr(c->info.xlated_prog_insns);
}

const struct bpf_func_info *prog_code_func(const struct prog_code *c, uint32_t i)
{
	const char *first = u64_to_ptr(c->info.func_info);

	if (!first || i >= c->info.nr_func_info)
		return NULL;
	return (const void *)(first + (size_t)i * c->info.func_info_rec_size);
}

const struct bpf_line_info *prog_code_line(const struct prog_code *c, uint32_t i)
{
	const char *first = u64_to_ptr(c->info.line_info);

	if (!first || i >= c->info.nr_line_info)
		return NULL;
	return (const void *)(first + (size_t)i * c->info.line_info_rec_size);
}

bool prog_code_jited(const struct prog_code *c, uint32_t i, struct jited_func *ret)
{
	const struct bpf_prog_info *info = &c->info;
	const uint32_t *lens = u64_to_ptr(info->jited_func_lens);
	const uint64_t *addrs = u64_to_ptr(info->jited_ksyms);
	size_t off = 0;

	if (i && i >= info->nr_jited_func_lens)
		return false;
	for (uint32_t f = 0; f < i; f++)
		off += lens[f];
	if (off > info->jited_prog_len)
		return false;
	*ret = (struct jited_func){ .bytes = (const uint8_t *)u64_to_ptr(info->jited_prog_insns) +
					     off };
	ret->len = info->jited_prog_len - off;
	if (lens && i < info->nr_jited_func_lens && lens[i] < ret->len)
		ret->len = lens[i];
	if (addrs && i < info->nr_jited_ksyms)
		ret->addr = addrs[i];
	return true;
}

/* The kernel names a subprogram without BTF "F". */
static const char *func_name(const struct prog_code *c, uint32_t i)
{
	const struct bpf_func_info *func = prog_code_func(c, i);
	const char *name =
		func && c->types ? types_func_name(&c->types->img, func->type_id) : NULL;

	if (name && *name)
		return name;
	return i ? "F" : c->info.name;
}

bool prog_code_symbol(const struct prog_code *c, uint32_t i, char *buf, size_t size)
{
	const uint8_t *tag = u64_to_ptr(c->info.prog_tags);
	const char *name = func_name(c, i);
	int n;

	if (!tag || i >= c->info.nr_prog_tags ||
	    (c->info.btf_id && !c->types && c->info.nr_func_info))
		return false;
	n = snprintf(buf, size, "bpf_prog_");
	tag += (size_t)i * BPF_TAG_SIZE;
	for (int b = 0; b < BPF_TAG_SIZE && n < (int)size; b++)
		n += snprintf(buf + n, size - n, "%02x", tag[b]);
	if (n < (int)size && *name)
		snprintf(buf + n, size - n, "_%s", name);
	return true;
}
