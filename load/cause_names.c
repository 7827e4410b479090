// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Near names: functions, tracepoints, hooks and members in the kernel's BTF, tracepoints in
 * tracefs. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/buf.h"
#include "cli/nearest.h"
#include "decode/btf/find.h"
#include "decode/btf/image.h"
#include "decode/btf/spell.h"
#include "kern/kernel.h"
#include "kern/object/types.h"
#include "load/cause_names.h"

#define MEMBER_DEPTH 8 /* of unnamed structs in each other */

bool cause_hint_type(struct ctx *ctx, const struct cause_kind *of, const char *name)
{
	const struct btf_image *img = kernel_btf(ctx, NULL);
	struct nearest near = { .word = name };
	uint32_t id;

	for (id = 1; img && id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);
		const char *own;

		if (!(of->kinds & 1u << btf_kind(t)))
			continue;
		own = btf_image_name(img, t);
		if (has_prefix(own, of->prefix))
			nearest_try(&near, own + strlen(of->prefix));
	}
	if (near.best)
		err_hint(ctx->err, "did you mean '%s'?", near.best);
	return near.best;
}

/* The names outlive the search: they are kept in the list. */
struct names {
	struct buf text; /* each followed by NUL */
};

static void read_dir(const char *path, struct names *ret)
{
	DIR *dir = opendir(path);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			buf_put(&ret->text, d->d_name, strlen(d->d_name) + 1);
	if (dir)
		closedir(dir);
}

static bool nearest_in(const char *path, const char *name, char *ret, size_t size)
{
	struct names names = {};
	struct nearest near = { .word = name };
	size_t at;

	read_dir(path, &names);
	for (at = 0; at < names.text.len; at += strlen(names.text.data + at) + 1)
		nearest_try(&near, names.text.data + at);
	if (near.best)
		snprintf(ret, size, "%s", near.best);
	buf_free(&names.text);
	return near.best;
}

static const char *events_dir(void)
{
	static const char *const places[] = { "/sys/kernel/tracing/events",
					      "/sys/kernel/debug/tracing/events" };

	return places[access(places[0], R_OK) != 0];
}

bool cause_hint_tracepoint(struct ctx *ctx, const char *name)
{
	const char *slash = strchr(name, '/');
	char group[CAUSE_NAME_MAX], event[CAUSE_NAME_MAX], dir[300];

	if (!slash || slash[1] == '\0')
		return false;
	snprintf(group, sizeof(group), "%.*s", (int)(slash - name), name);
	snprintf(dir, sizeof(dir), "%s/%s", events_dir(), group);
	if (access(dir, F_OK) && !nearest_in(events_dir(), group, group, sizeof(group)))
		return false;
	snprintf(dir, sizeof(dir), "%s/%s/%s", events_dir(), group, slash + 1);
	if (access(dir, F_OK) == 0) {
		err_hint(ctx->err, "did you mean '%s/%s'?", group, slash + 1);
		return true;
	}
	snprintf(dir, sizeof(dir), "%s/%s", events_dir(), group);
	if (!nearest_in(dir, slash + 1, event, sizeof(event)))
		return false;
	err_hint(ctx->err, "did you mean '%s/%s'?", group, event);
	return true;
}

bool cause_prototype(struct ctx *ctx, const char *name, char *ret, size_t size)
{
	const struct btf_image *img = kernel_btf(ctx, NULL);
	uint32_t id = img ? btf_find(img, name, 1u << BTF_KIND_FUNC) : 0;
	char text[BTF_SPELL_MAX];

	if (!id || btf_spell_func(img, id, text))
		return false;
	snprintf(ret, size, "%s", text);
	return true;
}

/* --- members --- */

/* What of "struct task_struct.mm.x" this kernel does not have. */
struct cause_member {
	char type[CAUSE_NAME_MAX];   /* "struct task_struct" */
	char member[CAUSE_NAME_MAX]; /* "": the type itself */
	char similar[256];	     /* "'tgid', 'pid'"; "" for none */
};

/* Members by name, also of unnamed structs and unions in it. */
struct search {
	const struct btf_image *img;
	struct nearest near;
	struct buf similar; /* names that contain the word, or are contained in it */
	uint32_t found;	    /* the type of the member; 0: there is none */
	unsigned int n_similar;
};

static void try_name(struct search *s, const char *name)
{
	size_t len = strlen(name);

	nearest_try(&s->near, name);
	if (s->n_similar >= 3 || len < 3 ||
	    (!strstr(name, s->near.word) && !strstr(s->near.word, name)))
		return;
	buf_fmt(&s->similar, "%s'%s'", s->n_similar++ ? ", " : "", name);
}

static void search_members(struct search *s, uint32_t id, unsigned int depth)
{
	const struct btf_type *t = btf_skip(s->img, BTF_NAMES, &id);
	uint32_t i;

	if (!t || depth > MEMBER_DEPTH || (!btf_is_struct(t) && !btf_is_union(t)))
		return;
	for (i = 0; i < btf_items(t) && !s->found; i++) {
		const struct btf_member *m = &btf_members(t)[i];
		const char *name = btf_image_str(s->img, m->name_off);

		if (!name || !*name) {
			search_members(s, m->type, depth + 1);
		} else if (streq(name, s->near.word)) {
			s->found = m->type;
		} else {
			try_name(s, name);
		}
	}
}

static void put_similar(struct search *s, struct cause_member *ret)
{
	if (s->near.best)
		snprintf(ret->similar, sizeof(ret->similar), "'%s'", s->near.best);
	else if (s->n_similar)
		snprintf(ret->similar, sizeof(ret->similar), "%.*s", (int)s->similar.len,
			 s->similar.data);
}

/* The type of the member that part names, after arrays; 0: there is none, and *ret describes it. */
static uint32_t enter(const struct btf_image *img, uint32_t id, const char *part,
		      struct cause_member *ret)
{
	struct search s = { .img = img, .near.word = part };
	uint32_t in = id;
	const struct btf_type *t = btf_skip(img, BTF_NAMES | 1u << BTF_KIND_ARRAY, &in);

	search_members(&s, in, 0);
	if (!s.found && t) {
		const char *name = btf_image_name(img, t);

		if (*name)
			snprintf(ret->type, sizeof(ret->type), "%s %.100s",
				 btf_is_union(t) ? "union" : "struct", name);
		snprintf(ret->member, sizeof(ret->member), "%s", part);
		put_similar(&s, ret);
	}
	buf_free(&s.similar);
	return s.found;
}

/* "struct sock___old" means struct sock. */
static void cut_flavor(char *name)
{
	char *at = strstr(name, "___");

	if (at && at != name)
		*at = '\0';
}

/* False if all of it is there. */
static bool find_missing(struct ctx *ctx, const char *path, struct cause_member *ret)
{
	const struct btf_image *img = kernel_btf(ctx, NULL);
	char copy[2 * CAUSE_NAME_MAX], *at = copy, *part;
	uint32_t id;

	*ret = (struct cause_member){};
	snprintf(copy, sizeof(copy), "%s", path);
	part = strsep(&at, ".:");
	cut_flavor(part);
	if (!img || !part)
		return false;
	snprintf(ret->type, sizeof(ret->type), "%.120s", part);
	id = btf_type_by_name(img, part);
	if (!id)
		return true;
	while (at) {
		part = strsep(&at, ".");
		part[strcspn(part, "[")] = '\0';
		if (!*part || *part == '<')
			continue;
		id = enter(img, id, part, ret);
		if (!id)
			return ret->member[0];
	}
	return false;
}

static void word_member(const struct cause_member *m, struct core_missing *ret)
{
	if (!m->member[0]) {
		snprintf(ret->what, sizeof(ret->what), "this kernel has no '%s'", m->type);
		snprintf(ret->hint, sizeof(ret->hint),
			 "guard its use with bpf_core_type_exists(%s)", m->type);
		return;
	}
	snprintf(ret->what, sizeof(ret->what), "this kernel's '%.110s' has no member '%.110s'",
		 m->type, m->member);
	snprintf(ret->hint, sizeof(ret->hint),
		 "%s%s%sguard it with bpf_core_field_exists(), where other kernels have it",
		 m->similar[0] ? "it has " : "", m->similar, m->similar[0] ? "; " : "");
}

bool cause_core_missing(struct ctx *ctx, const char *text, struct core_missing *ret)
{
	const char *path = strstr(text, "] ");
	bool is_value = has_prefix(text, "<enumval");
	struct cause_member m;
	char spec[CAUSE_NAME_MAX], *end;

	*ret = (struct core_missing){};
	if (!path)
		return false;
	snprintf(spec, sizeof(spec), "%s", path + 2);
	end = strstr(spec, is_value ? " = " : " (");
	if (end)
		*end = '\0';
	if (is_value) {
		snprintf(ret->what, sizeof(ret->what), "this kernel has no enumerator '%s'", spec);
		snprintf(ret->hint, sizeof(ret->hint),
			 "guard it with bpf_core_enum_value_exists()");
		return true;
	}
	if (!find_missing(ctx, spec, &m))
		return false;
	word_member(&m, ret);
	return true;
}
