// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Reading a fixture: lines of words into objects, pins, failures and file rules. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "fake.h"

struct field {
	const char *name;
	size_t off, len;
	bool text;
};

#define NUM(s, m) { #m, offsetof(struct s, m), sizeof(((struct s *)0)->m), false }
#define TEXT(s, m) { #m, offsetof(struct s, m), sizeof(((struct s *)0)->m), true }

static const struct field prog_fields[] = {
	NUM(bpf_prog_info, type),
	NUM(bpf_prog_info, id),
	NUM(bpf_prog_info, jited_prog_len),
	NUM(bpf_prog_info, load_time),
	NUM(bpf_prog_info, created_by_uid),
	TEXT(bpf_prog_info, name),
	NUM(bpf_prog_info, ifindex),
	NUM(bpf_prog_info, netns_dev),
	NUM(bpf_prog_info, netns_ino),
	NUM(bpf_prog_info, btf_id),
	NUM(bpf_prog_info, run_time_ns),
	NUM(bpf_prog_info, run_cnt),
	NUM(bpf_prog_info, recursion_misses),
	NUM(bpf_prog_info, verified_insns),
	{ 0 },
};

static const struct field map_fields[] = {
	NUM(bpf_map_info, type), NUM(bpf_map_info, id), NUM(bpf_map_info, key_size),
	NUM(bpf_map_info, value_size), NUM(bpf_map_info, max_entries), NUM(bpf_map_info, map_flags),
	TEXT(bpf_map_info, name), NUM(bpf_map_info, ifindex), NUM(bpf_map_info, netns_dev),
	NUM(bpf_map_info, netns_ino), NUM(bpf_map_info, btf_id), NUM(bpf_map_info, btf_key_type_id),
	NUM(bpf_map_info, btf_value_type_id), NUM(bpf_map_info, btf_vmlinux_value_type_id),
	NUM(bpf_map_info, map_extra), { 0 },
};

static const struct field link_fields[] = {
	NUM(bpf_link_info, type), NUM(bpf_link_info, id), NUM(bpf_link_info, prog_id),
	NUM(bpf_link_info, xdp.ifindex), NUM(bpf_link_info, cgroup.cgroup_id),
	NUM(bpf_link_info, cgroup.attach_type), NUM(bpf_link_info, netns.netns_ino),
	NUM(bpf_link_info, netns.attach_type), NUM(bpf_link_info, tracing.attach_type),
	NUM(bpf_link_info, tracing.target_obj_id), NUM(bpf_link_info, tracing.target_btf_id), { 0 },
};

static const struct field btf_fields[] = {
	NUM(bpf_btf_info, id), NUM(bpf_btf_info, kernel_btf), { 0 },
};

static const struct field *const fields_of[N_KINDS] = {
	[K_PROG] = prog_fields, [K_MAP] = map_fields, [K_LINK] = link_fields, [K_BTF] = btf_fields,
};

static struct fixture state;
static char fixture_path[256];
static int line_number;

static void __attribute__((noreturn, format(printf, 1, 2))) wrong(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "fixture %s:%d: ", fixture_path, line_number);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	_Exit(99);
}

static enum kind parse_kind(const char *word)
{
	static const char *const kinds[] = { "prog", "map", "link", "btf" };

	for (int i = 0; i < N_KINDS; i++)
		if (word && !strcmp(word, kinds[i]))
			return i;
	return K_NONE;
}

static uint64_t parse_number(const char *text)
{
	char *end;
	uint64_t n;

	if (!text || !*text)
		wrong("a number is missing");
	n = strtoull(text, &end, 0);
	if (*end)
		wrong("'%s' is no number", text);
	return n;
}

static struct bytes parse_hex(const char *text)
{
	struct bytes b = {};
	unsigned int byte;

	b.data = calloc(1, strlen(text) / 2 + 1);
	for (; sscanf(text, "%2x", &byte) == 1; text += 2)
		b.data[b.len++] = byte;
	if (*text)
		wrong("no hex digits at '%s'", text);
	return b;
}

/* "1,2" or "0:5,3:6": 32-bit numbers, with any separators. */
static struct bytes parse_list(const char *text)
{
	struct bytes b = { calloc(strlen(text) + 1, sizeof(uint32_t)), 0 };
	char *at = (char *)text;

	while (*at) {
		uint32_t n = strtoul(at, &at, 0);

		memcpy(b.data + b.len, &n, sizeof(n));
		b.len += sizeof(n);
		at += *at != '\0';
	}
	return b;
}

/* "0xffffffffa0000000,...": 64-bit numbers. */
static struct bytes parse_addresses(const char *text)
{
	struct bytes b = { calloc(strlen(text) + 1, sizeof(uint64_t)), 0 };
	char *at = (char *)text;

	while (*at) {
		uint64_t n = strtoull(at, &at, 0);

		memcpy(b.data + b.len, &n, sizeof(n));
		b.len += sizeof(n);
		at += *at != '\0';
	}
	return b;
}

/* A file of the fixture is relative to it. */
static void beside(const char *name, char *buf, size_t size)
{
	const char *slash = strrchr(fixture_path, '/');

	snprintf(buf, size, "%.*s%s", slash ? (int)(slash - fixture_path + 1) : 0, fixture_path,
		 name);
}

static struct bytes read_beside(const char *name)
{
	char path[512];
	struct bytes b = { malloc(1 << 20), 0 };
	FILE *f;

	beside(name, path, sizeof(path));
	f = fopen(path, "r");
	if (!f)
		wrong("cannot open %s", path);
	b.len = fread(b.data, 1, 1 << 20, f);
	fclose(f);
	return b;
}

static bool set_info(struct object *o, const char *name, const char *value)
{
	for (const struct field *f = fields_of[o->kind]; f->name; f++) {
		uint64_t n;

		if (strcmp(f->name, name))
			continue;
		if (f->text) {
			strncpy((char *)o->info.raw + f->off, value, f->len - 1);
			return true;
		}
		n = parse_number(value);
		memcpy(o->info.raw + f->off, &n, f->len);
		return true;
	}
	return false;
}

/* \xNN in a name becomes that byte. */
static void unescape(char *s)
{
	unsigned int byte;
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] == 'x' && sscanf(s + 2, "%2x", &byte) == 1) {
			*to++ = byte;
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static void set_raw(struct object *o, size_t off, const char *value)
{
	struct bytes raw = parse_hex(value);

	memcpy(o->info.raw + off, raw.data, raw.len);
	free(raw.data);
}

static void set_extra(struct object *o, const char *name, const char *value)
{
	if (!strcmp(name, "tag")) {
		set_raw(o, offsetof(struct bpf_prog_info, tag), value);
	} else if (!strcmp(name, "gpl_compatible")) {
		o->info.prog.gpl_compatible = parse_number(value);
	} else if (!strcmp(name, "insns")) {
		o->insns = parse_hex(value);
	} else if (!strcmp(name, "map_ids")) {
		o->map_ids = parse_list(value);
	} else if (!strcmp(name, "func_info")) {
		o->func_info = parse_list(value);
	} else if (!strcmp(name, "line_info")) {
		o->line_info = parse_list(value);
	} else if (!strcmp(name, "jited")) {
		o->jited = parse_hex(value);
	} else if (!strcmp(name, "jited_lens")) {
		o->jited_lens = parse_list(value);
	} else if (!strcmp(name, "ksyms")) {
		o->ksyms = parse_addresses(value);
	} else if (!strcmp(name, "ids")) {
		o->ids = parse_list(value);
	} else if (!strcmp(name, "addrs")) {
		o->addrs = parse_addresses(value);
	} else if (!strcmp(name, "cookies")) {
		o->cookies = parse_addresses(value);
	} else if (!strcmp(name, "name") || !strcmp(name, "tp_name")) {
		snprintf(o->name, sizeof(o->name), "%s", value);
	} else if (!strcmp(name, "data")) {
		o->btf = parse_hex(value);
	} else if (!strcmp(name, "file")) {
		o->btf = read_beside(value);
	} else if (!strcmp(name, "raw")) {
		set_raw(o, 16, value);
	} else {
		wrong("unknown field '%s'", name);
	}
}

/* A second line for an object changes it. */
static struct object *object_of_words(enum kind kind, char **words)
{
	struct object *o = NULL;

	for (; *words && !o; words++)
		if (!strncmp(*words, "id=", 3))
			o = find_object(kind, parse_number(*words + 3));
	if (!o)
		o = &state.objects[state.n_objects++];
	o->kind = kind;
	return o;
}

static void add_object(enum kind kind, char **words)
{
	struct object *o = object_of_words(kind, words);

	for (; *words; words++) {
		char *value = strchr(*words, '=');

		if (!value)
			wrong("'%s' is no name=value", *words);
		*value++ = '\0';
		unescape(value);
		if (!set_info(o, *words, value))
			set_extra(o, *words, value);
	}
	o->id = kind == K_PROG ? o->info.prog.id : kind == K_MAP ? o->info.map.id :
		kind == K_LINK ? o->info.link.id : o->info.btf.id;
	if (kind == K_MAP && o->info.map.type == BPF_MAP_TYPE_RINGBUF && !o->event_fd)
		o->event_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
}

static struct object *object_named(const char *kind, const char *id)
{
	struct object *o = find_object(parse_kind(kind), parse_number(id));

	if (!o)
		wrong("there is no %s %s", kind, id);
	return o;
}

static void add_entry(char **words)
{
	struct object *o = object_named("map", words[0]);
	struct bytes key = parse_hex(strcmp(words[1], "-") ? words[1] : ""),
		     value = parse_hex(words[2]);

	if (key.len != o->info.map.key_size || value.len != fake_value_len(o))
		if (o->info.map.type != BPF_MAP_TYPE_RINGBUF)
			wrong("the map's keys have %u bytes, its values %zu", o->info.map.key_size,
			      fake_value_len(o));
	for (size_t i = 0; i < o->n_entries && key.len; i++) {
		if (memcmp(o->entries[i].key.data, key.data, key.len))
			continue;
		o->entries[i].value = value;
		return;
	}
	fake_add_entry(o, key, value);
}

/* gone map 1 01000000: an entry; gone prog 7 -: an object. */
static void add_gone(char **words)
{
	struct object *o = object_named(words[0], words[1]);
	struct bytes key;

	if (!strcmp(words[2], "-")) {
		o->kind = K_NONE;
		return;
	}
	key = parse_hex(words[2]);
	for (size_t i = 0; i < o->n_entries; i++)
		if (!memcmp(o->entries[i].key.data, key.data, key.len))
			o->entries[i] = o->entries[--o->n_entries];
}

static void add_run(char **words)
{
	struct run_rule *r = &state.runs[state.n_runs++];

	r->prog = parse_number(words[0]);
	r->retval = parse_number(words[1]);
	r->duration = parse_number(words[2]);
	r->data = parse_hex(strcmp(words[3], "-") ? words[3] : "");
}

static void add_perf(char **words)
{
	struct perf_record *r = &state.perf[state.n_perf++];

	r->cpu = parse_number(words[0]);
	r->type = parse_number(words[1]);
	r->data = parse_hex(words[2]);
}

static void add_log(char **words)
{
	state.log = read_beside(words[0]);
}

static void add_iter(char **words)
{
	beside(words[0], state.iter, sizeof(state.iter));
}

static void add_map_log(char **words)
{
	snprintf(state.map_log, sizeof(state.map_log), "%s", words[0]);
}

static void add_stop(char **words)
{
	state.stop_at = parse_number(words[0]);
}

static int parse_errno(const char *word)
{
	static const struct { const char *name; int err;
	} errnos[] = {
		{ "ENOENT", ENOENT }, { "EPERM", EPERM },   { "EACCES", EACCES },
		{ "EINVAL", EINVAL }, { "ENOMEM", ENOMEM }, { "EINTR", EINTR },
		{ "EBUSY", EBUSY },   { "ENOSPC", ENOSPC }, { "EFAULT", EFAULT },
		{ "ENODEV", ENODEV }, { "EEXIST", EEXIST }, { "E2BIG", E2BIG },
		{ "EAGAIN", EAGAIN }, { "ESTALE", ESTALE }, { "EOPNOTSUPP", EOPNOTSUPP },
		{ "EIO", EIO },
		{ "ENOTSUPP", 524 },
	};

	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (!strcmp(word, errnos[i].name))
			return errnos[i].err;
	return parse_number(word);
}

static void add_failure(char **words)
{
	struct failure *f = &state.failures[state.n_failures++];

	snprintf(f->cmd, sizeof(f->cmd), "%s", words[0]);
	f->kind = parse_kind(words[1]);
	f->id = parse_number(words[2]);
	f->err = parse_errno(words[3]);
}

static void add_pin(char **words)
{
	struct pin *p = &state.pins[state.n_pins++];

	snprintf(p->path, sizeof(p->path), "%s", words[0]);
	p->object = object_named(words[1], words[2]);
}

static void add_file(char **words)
{
	struct file_rule *r = &state.files[state.n_files++];

	snprintf(r->path, sizeof(r->path), "%s", words[0]);
	if (strcmp(words[1], "-"))
		beside(words[1], r->instead, sizeof(r->instead));
}

static void add_fdinfo(char **words)
{
	struct object *o = object_named(words[0], words[1]);
	size_t len = strlen(o->fdinfo);

	snprintf(o->fdinfo + len, sizeof(o->fdinfo) - len, "%s:\t%s\n", words[2], words[3]);
}

static void keep_words(struct net_line *lines, size_t *n, char **words)
{
	for (int i = 0; words[i] && i < 8; i++) {
		lines[*n].words[i] = strdup(words[i]);
		unescape(lines[*n].words[i]);
	}
	if (++*n == 32)
		wrong("too many lines of this kind");
}

static void add_dev(char **words)
{
	keep_words(state.devs, &state.n_devs, words);
}

static void add_tc(char **words)
{
	keep_words(state.tcs, &state.n_tcs, words);
}

static void add_hook(char **words)
{
	keep_words(state.hooks, &state.n_hooks, words);
}

static void add_allowed(char **words)
{
	keep_words(state.allowed, &state.n_allowed, words);
}

static void take_line(char **words, int n)
{
	static const struct { const char *word; int n; void (*add)(char **);
	} lines[] = {
		{ "allow", 1, add_allowed }, { "run", 4, add_run },	{ "perf", 3, add_perf },
		{ "log", 1, add_log },	     { "iter", 1, add_iter },	{ "stop", 1, add_stop },
		{ "gone", 3, add_gone },     { "entry", 3, add_entry }, { "fail", 4, add_failure },
		{ "pin", 3, add_pin },	     { "file", 2, add_file },	{ "fdinfo", 4, add_fdinfo },
		{ "dev", 5, add_dev },	     { "tc", 8, add_tc },	{ "hook", 4, add_hook },
		{ "maplog", 1, add_map_log },
	};
	enum kind kind = parse_kind(words[0]);

	if (kind != K_NONE) {
		add_object(kind, words + 1);
		return;
	}
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (strcmp(words[0], lines[i].word))
			continue;
		if (n != lines[i].n + 1)
			wrong("%s takes %d words", words[0], lines[i].n);
		lines[i].add(words + 1);
		return;
	}
	wrong("unknown line '%s'", words[0]);
}

static void split_line(char *line)
{
	char *words[64] = {}, *save = NULL;
	int n = 0;

	for (char *w = strtok_r(line, " \t", &save); w && n < 63; w = strtok_r(NULL, " \t", &save))
		words[n++] = w;
	if (n)
		take_line(words, n);
}

void fixture_later(int n)
{
	for (size_t i = 0; i < state.n_later; i++) {
		char *rest, *line = strdup(state.later[i]);

		if (strtol(line, &rest, 10) == n)
			split_line(rest);
		free(line);
	}
}

static void read_fixture(FILE *f)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, f) > 0) {
		line_number++;
		line[strcspn(line, "#\n")] = '\0';
		if (strncmp(line, "later ", 6))
			split_line(line);
		else if (state.n_later < sizeof(state.later) / sizeof(state.later[0]))
			state.later[state.n_later++] = strdup(line + 6);
		else
			wrong("too many lines for later");
	}
	free(line);
}

struct fixture *fixture(void)
{
	static bool done;
	const char *path = getenv("FAKE_KERNEL");
	FILE *f;

	if (done)
		return &state;
	done = true;	/* before fopen(), which calls this again */
	if (!path)
		return &state;
	snprintf(fixture_path, sizeof(fixture_path), "%s", path);
	f = fopen(path, "r");
	if (!f)
		wrong("cannot open it");
	read_fixture(f);
	fclose(f);
	return &state;
}

struct object *find_object(enum kind kind, uint32_t id)
{
	for (size_t i = 0; i < state.n_objects; i++)
		if (state.objects[i].kind == kind && state.objects[i].id == id)
			return &state.objects[i];
	return NULL;
}
