// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What the includer of a skeleton must have declared: the types of an object's global variables,
 *and of the plain members of its struct_ops maps, with what these need, as C.
 *
 *	gcc -E -P headers.c | types >KNOWN
 *	types OBJECT KNOWN >OBJECT.types.h
 *
 * KNOWN lists, a line each, what the system's headers declare already ("struct iphdr", "typedef
 *__u32"); those are left to them. The printing is libbpf's, not bpfctl's: the headers under test
 *must not explain themselves.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
	char *bytes;
	size_t len;
};

static void text_add(void *ctx, const char *fmt, va_list args)
{
	struct text *t = ctx;
	char *piece;
	int len = vasprintf(&piece, fmt, args);

	t->bytes = len < 0 ? NULL : realloc(t->bytes, t->len + len + 1);
	if (!t->bytes) {
		perror("types");
		exit(1);
	}
	memcpy(t->bytes + t->len, piece, len + 1);
	t->len += len;
	free(piece);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * The name a typedef declares: after "(*" for a function pointer, else the last word before the
 * bounds of an array.
 */
static void typedef_name(const char *decl, size_t len, char *name, size_t size)
{
	const char *end = decl + len, *star = memmem(decl, len, "(*", 2), *from;

	if (star) {
		from = star + 2;
		end = from;
		while (is_word(*end))
			end++;
	} else {
		const char *brace = memrchr(decl, '}', len);
		const char *bound = memchr(brace ?: decl, '[', end - (brace ?: decl));

		end = bound ?: end;
		while (end > decl && !is_word(end[-1]))
			end--;
		from = end;
		while (from > decl && is_word(from[-1]))
			from--;
	}
	snprintf(name, size, "typedef %.*s", (int)(end - from), from);
}

/* "struct NAME" and similar; nothing for unnamed types. */
static void decl_name(const char *decl, size_t len, char *name, size_t size)
{
	const char *space = memchr(decl, ' ', len), *end;

	name[0] = '\0';
	if (!space)
		return;
	if (!strncmp(decl, "typedef ", 8)) {
		typedef_name(decl, len, name, size);
		return;
	}
	for (end = space + 1; end < decl + len && is_word(*end); end++)
		;
	if (end > space + 1)
		snprintf(name, size, "%.*s", (int)(end - decl), decl);
}

static bool is_known(const char *known, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = known; len && (at = strstr(at, name)); at += len)
		if ((at == known || at[-1] == '\n') && at[len] == '\n')
			return true;
	return false;
}

typedef void decl_fn(const char *decl, size_t len, const char *known);

/* Declarations end with a semicolon outside braces, functions with their brace. */
static void each_decl(const char *text, decl_fn *fn, const char *known)
{
	bool is_function = false;
	const char *start = text;
	char before = 0;
	int depth = 0;

	for (const char *p = text; p && *p; p++) {
		if (*p == '{' && !depth++)
			is_function = before == ')';
		if (*p == '}' && !--depth && is_function)
			start = p + 1;
		if (*p == ';' && !depth) {
			while (isspace((unsigned char)*start))
				start++;
			fn(start, p - start, known);
			start = p + 1;
		}
		if (!isspace((unsigned char)*p))
			before = *p;
	}
}

static void print_unknown(const char *decl, size_t len, const char *known)
{
	char name[256];

	decl_name(decl, len, name, sizeof(name));
	if (!is_known(known, name))
		printf("%.*s;\n\n", (int)len, decl);
}

static void print_name(const char *decl, size_t len, const char *known)
{
	static const char extension[] = "__extension__ ";
	char name[256];

	(void)known;
	if (!strncmp(decl, extension, strlen(extension))) {
		decl += strlen(extension);
		len -= strlen(extension);
	}
	decl_name(decl, len, name, sizeof(name));
	if (name[0] && (!strncmp(name, "typedef ", 8) || memchr(decl, '{', len)))
		puts(name);
}

static const struct btf_type *skip_mods(const struct btf *btf, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && btf_is_mod(t))
		t = btf__type_by_id(btf, t->type);
	return t;
}

/* A shadow type keeps its scalars unchanged. */
static void dump_struct_ops(struct btf_dump *dump, const struct btf *btf,
			    const struct btf_type *sec)
{
	const struct btf_var_secinfo *var = btf_var_secinfos(sec);

	for (int i = 0; i < btf_vlen(sec); i++) {
		const struct btf_type *t = skip_mods(btf, btf__type_by_id(btf, var[i].type)->type);

		for (int m = 0; t && btf_is_struct(t) && m < btf_vlen(t); m++) {
			const struct btf_type *member = skip_mods(btf, btf_members(t)[m].type);

			while (member && btf_is_typedef(member))
				member = skip_mods(btf, member->type);
			if (member && (btf_is_int(member) || btf_is_any_enum(member)))
				btf_dump__dump_type(dump, btf_members(t)[m].type);
		}
	}
}

static void dump_section(struct btf_dump *dump, const struct btf *btf, const struct btf_type *sec)
{
	const char *name = btf__name_by_offset(btf, sec->name_off);
	const struct btf_var_secinfo *var = btf_var_secinfos(sec);

	if (!strncmp(name, ".struct_ops", 11)) {
		dump_struct_ops(dump, btf, sec);
		return;
	}
	if (strncmp(name, ".data", 5) && strncmp(name, ".rodata", 7) && strncmp(name, ".bss", 4) &&
	    strcmp(name, ".kconfig"))
		return;
	for (int i = 0; i < btf_vlen(sec); i++) {
		const struct btf_type *t = btf__type_by_id(btf, var[i].type);

		if (btf_is_var(t) && btf_var(t)->linkage != BTF_VAR_STATIC)
			btf_dump__dump_type(dump, t->type);
	}
}

static char *read_text(FILE *f)
{
	enum { MAX = 4 << 20 };
	char *text = calloc(1, MAX);

	if (!text || !f || (!fread(text, 1, MAX - 1, f) && ferror(f))) {
		perror("types");
		exit(1);
	}
	return text;
}

int main(int argc, char **argv)
{
	struct text text = {};
	struct btf_dump *dump;
	struct btf *btf;

	if (argc == 1) {
		each_decl(read_text(stdin), print_name, NULL);
		return 0;
	}
	if (argc != 3)
		return 2;
	libbpf_set_print(NULL);
	btf = btf__parse(argv[1], NULL);
	if (!btf)
		return 0;	/* no types, nothing to declare */
	dump = btf_dump__new(btf, text_add, &text, NULL);
	if (!dump)
		return 1;
	for (__u32 id = 1; id < btf__type_cnt(btf); id++)
		if (btf_is_datasec(btf__type_by_id(btf, id)))
			dump_section(dump, btf, btf__type_by_id(btf, id));
	each_decl(text.bytes, print_unknown, read_text(fopen(argv[2], "r")));
	btf_dump__free(dump);
	btf__free(btf);
	return 0;
}
