// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Reading tracefs: what differs from the state after boot. A file that this kernel does not have is
 * not a difference.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "cli/buf.h"
#include "kern/trace/state.h"

struct reader {
	int dir;			/* of the instance */
	const char *instance;		/* NULL: the global one */
	unsigned int flags;
	struct trace_state *s;
	int err;			/* -ENOMEM is kept */
};

void *trace_grow(void **array, size_t *n, size_t size)
{
	char *grown = *array;

	/* The array has room for the next power of two. */
	if (!(*n & (*n - 1))) {
		grown = reallocarray(grown, *n ? *n * 2 : 1, size);
		if (!grown)
			return NULL;
		*array = grown;
	}
	grown += (*n)++ * size;
	return memset(grown, 0, size);
}

void trace_state_free(struct trace_state *s)
{
	for (size_t i = 0; i < s->n_items; i++) {
		struct trace_item *item = &s->items[i];

		free(item->instance);
		free(item->file);
		free(item->name);
		free(item->value);
		free(item->idle);
		free(item->owners);
	}
	for (size_t i = 0; i < s->n_unread; i++) {
		free(s->unread[i].instance);
		free(s->unread[i].file);
	}
	free(s->items);
	free(s->unread);
	*s = (struct trace_state){};
}

static char *copy(struct reader *r, const char *text)
{
	char *own = text ? strdup(text) : NULL;

	if (text && !own)
		r->err = -ENOMEM;
	return own;
}

/* The item, or NULL (and r->err) if out of memory. */
static struct trace_item *add(struct reader *r, enum trace_kind kind, const char *file,
			      const char *name)
{
	struct trace_item *item = trace_grow((void **)&r->s->items, &r->s->n_items, sizeof(*item));

	if (!item) {
		r->err = -ENOMEM;
		return NULL;
	}
	item->kind = kind;
	item->instance = copy(r, r->instance);
	item->file = copy(r, file);
	item->name = copy(r, name);
	return item;
}

static void add_value(struct reader *r, enum trace_kind kind, const char *file, const char *name,
		      const char *value)
{
	struct trace_item *item = add(r, kind, file, name);

	if (item)
		item->value = copy(r, value);
}

static void add_setting(struct reader *r, const char *file, const char *value, const char *idle)
{
	struct trace_item *item = add(r, TRACE_SETTING, file, NULL);

	if (item) {
		item->value = copy(r, value);
		item->idle = copy(r, idle);
	}
}

/* That it does not exist (any more) is not an error. */
static void add_unread(struct reader *r, const char *file, int err)
{
	struct trace_unread *u;

	if (err == -ENOENT || err == -ENODEV)
		return;
	u = trace_grow((void **)&r->s->unread, &r->s->n_unread, sizeof(*u));
	if (u)
		*u = (struct trace_unread){ copy(r, r->instance), copy(r, file), err };
	else
		r->err = -ENOMEM;
}

/*
 * The file as text, without its last newline; NULL if there is none, or if it was added to unread.
 */
static char *read_file(struct reader *r, const char *file)
{
	char *text = NULL;
	size_t len;
	int err = tracefs_read(r->dir, file, &text);

	if (err) {
		add_unread(r, file, err);
		return NULL;
	}
	len = strlen(text);
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	return text;
}

/* --- settings --- */

struct setting {
	const char *file, *idle;
	void (*read)(struct reader *r, const struct setting *s, char *text);
};

static void read_value(struct reader *r, const struct setting *s, char *text)
{
	if (!streq(text, s->idle))
		add_setting(r, s->file, text, s->idle);
}

/* "[local] global counter": the kernel itself starts with global if the TSC is not stable. */
static void read_clock(struct reader *r, const struct setting *s, char *text)
{
	char *clock = strchr(text, '['), *end = clock ? strchr(clock, ']') : NULL;

	if (!end)
		return;
	*end = '\0';
	if (!streq(clock + 1, "local") && !streq(clock + 1, "global"))
		add_setting(r, s->file, clock + 1, s->idle);
}

/* The mask of all possible CPUs, as the kernel writes it: "3", "ff,ffffffff". Owned. */
static char *all_cpus(struct reader *r)
{
	auto_free char *possible = NULL;
	struct buf b = {};
	char word[16];
	unsigned long n = 0;
	int err = tracefs_read(AT_FDCWD, "/sys/devices/system/cpu/possible", &possible);

	if (!err) {
		const char *last = possible + strlen(possible);

		while (last > possible &&
		       (!isdigit((unsigned char)*last) || isdigit((unsigned char)last[-1])))
			last--;
		n = strtoul(last, NULL, 10) + 1;
	}
	if (!n || n > 65536)
		return NULL;
	snprintf(word, sizeof(word), "%x", 0xffffffffU >> ((32 - n % 32) % 32));
	buf_puts(&b, word);
	for (unsigned long i = 1; i < (n + 31) / 32; i++)
		buf_puts(&b, ",ffffffff");
	buf_putc(&b, '\0');
	if (b.err)
		r->err = b.err;
	return b.data;
}

/*
 * Does have include all CPUs in want? Both are words of 32 bits, lowest last; have may be longer.
 */
static bool covers(const char *have, const char *want)
{
	const char *h = have + strlen(have), *w = want + strlen(want);

	while (w > want) {
		while (h > have && h[-1] != ',')
			h--;
		while (w > want && w[-1] != ',')
			w--;
		if (strtoul(w, NULL, 16) & ~strtoul(h, NULL, 16))
			return false;
		if (w > want && h == have)
			return false;
		h -= h > have;
		w -= w > want;
	}
	return true;
}

static void read_cpumask(struct reader *r, const struct setting *s, char *text)
{
	auto_free char *all = all_cpus(r);

	if (all && !covers(text, all))
		add_setting(r, s->file, text, all);
}

/* Pids or functions, one per line. Removes lines that only say that there are none. */
static void read_list(struct reader *r, const struct setting *s, char *text)
{
	struct buf b = {};
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (!line[0] || line[0] == '#' || streq(line, "no pid"))
			continue;
		if (streq(s->file, "set_ftrace_filter") && strchr(line, ':')) {
			add_value(r, TRACE_FUNC_COMMAND, s->file, NULL, line);
			continue;
		}
		if (b.len)
			buf_putc(&b, '\n');
		buf_puts(&b, line);
	}
	if (b.len) {
		buf_putc(&b, '\0');
		if (b.err)
			r->err = b.err;
		else
			add_setting(r, s->file, b.data, s->idle);
	}
	buf_free(&b);
}

static const struct setting settings[] = {
	{ "tracing_on", "1", read_value },
	{ "current_tracer", "nop", read_value },
	{ "trace_clock", "local", read_clock },
	{ "tracing_cpumask", NULL, read_cpumask },
	{ "set_event_pid", "", read_list },
	{ "set_event_notrace_pid", "", read_list },
	{ "set_ftrace_pid", "", read_list },
	{ "set_ftrace_notrace_pid", "", read_list },
	{ "set_ftrace_filter", "", read_list },
	{ "set_ftrace_notrace", "", read_list },
	{ "set_graph_function", "", read_list },
	{ "set_graph_notrace", "", read_list },
	{ "function_profile_enabled", "0", read_value },
};

static void read_settings(struct reader *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		auto_free char *text = read_file(r, settings[i].file);

		if (text)
			settings[i].read(r, &settings[i], text);
	}
}

/* --- events --- */

/* events/<group>/<event>/<file>, owned; name is "group:event". */
static char *event_path(struct reader *r, const char *name, const char *file)
{
	char *path = NULL, *colon;

	if (asprintf(&path, "events/%s/%s", name, file) < 0) {
		r->err = -ENOMEM;
		return NULL;
	}
	colon = strchr(path, ':');
	if (colon)
		*colon = '/';
	return path;
}

static char *read_event_file(struct reader *r, const char *name, const char *file)
{
	auto_free char *path = event_path(r, name, file);

	return path ? read_file(r, path) : NULL;
}

/* "0*": only a trigger is attached. A file that cannot be read does not count as disabled. */
static bool is_on(struct reader *r, const char *name)
{
	auto_free char *text = read_event_file(r, name, "enable");

	return !text || text[0] != '0';
}

static void read_filter(struct reader *r, const char *name)
{
	auto_free char *path = event_path(r, name, "filter");
	auto_free char *text = path ? read_file(r, path) : NULL;

	if (text && !streq(text, "none"))
		add_value(r, TRACE_FILTER, path, name, text);
}

static void read_triggers(struct reader *r, const char *name)
{
	auto_free char *path = event_path(r, name, "trigger");
	auto_free char *text = path ? read_file(r, path) : NULL;
	char *rest = text, *line;

	while (rest && (line = strsep(&rest, "\n")))
		if (line[0] && line[0] != '#')
			add_value(r, TRACE_TRIGGER, path, name, line);
}

static void look_at_event(struct reader *r, const char *name)
{
	read_filter(r, name);
	read_triggers(r, name);
}

static bool is_dir_entry(const struct dirent *e)
{
	return e->d_name[0] != '.' && (e->d_type == DT_DIR || e->d_type == DT_UNKNOWN);
}

static void for_each_dir(struct reader *r, const char *path, const char *group,
			 void (*fn)(struct reader *r, const char *group, const char *name))
{
	int fd = openat(r->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (!d) {
		add_unread(r, path, -errno);
		cleanup_close(&fd);
		return;
	}
	while (!r->err && (errno = 0, e = readdir(d)))
		if (is_dir_entry(e))
			fn(r, group, e->d_name);
	if (!r->err && errno)
		add_unread(r, path, -errno);
	closedir(d);
}

static void look_at_entry(struct reader *r, const char *group, const char *event)
{
	auto_free char *name = NULL;

	if (asprintf(&name, "%s:%s", group, event) < 0) {
		name = NULL;
		r->err = -ENOMEM;
		return;
	}
	look_at_event(r, name);
}

static void look_at_group(struct reader *r, UNUSED const char *events, const char *group)
{
	auto_free char *path = NULL;

	if (asprintf(&path, "events/%s", group) < 0) {
		path = NULL;
		r->err = -ENOMEM;
		return;
	}
	for_each_dir(r, path, group, look_at_entry);
}

/* The kernel itself enables this one, to show bpf_printk(). */
static bool is_kernels_own(const struct reader *r, const char *name)
{
	return !r->instance && streq(name, "bpf_trace:bpf_trace_printk");
}

static void read_events(struct reader *r)
{
	auto_free char *text = read_file(r, "set_event");
	char *rest = text, *name;

	while (!r->err && rest && (name = strsep(&rest, "\n"))) {
		if (!name[0])
			continue;
		if (!is_kernels_own(r, name) && is_on(r, name))
			add(r, TRACE_EVENT, "set_event", name);
		if (!(r->flags & TRACE_EVERY_EVENT))
			look_at_event(r, name);
	}
	if (r->flags & TRACE_EVERY_EVENT)
		for_each_dir(r, "events", NULL, look_at_group);
}

/* --- events created by users --- */

/*
 * "p:group/event location arguments": the name gets a colon, the rest is "p location arguments".
 * The name of a synthetic event is followed by a tab.
 */
static void add_probe(struct reader *r, const char *file, char *line)
{
	char *name = strchr(line, ':'), *slash, *rest;
	auto_free char *value = NULL;
	struct trace_item *item;
	size_t at;

	if (!name)
		return;
	*name++ = '\0';
	rest = name + strcspn(name, " \t");
	if (*rest)
		*rest++ = '\0';
	slash = strchr(name, '/');
	if (!slash)
		return;
	*slash = ':';
	if (asprintf(&value, "%s %s", line, rest) < 0)
		value = NULL;
	item = add(r, TRACE_PROBE, file, name);
	if (!item)
		return;
	item->value = copy(r, value);
	at = r->s->n_items - 1;
	item->enabled = is_on(r, name);
	/* Enabled ones were handled already. */
	if (!r->s->items[at].enabled && !(r->flags & TRACE_EVERY_EVENT))
		look_at_event(r, name);
}

/* Kprobes and uprobes are in dynamic_events too. */
static void read_probe_file(struct reader *r, const char *file)
{
	auto_free char *text = read_file(r, file);
	bool all = streq(file, "dynamic_events");
	char *rest = text, *line;

	while (!r->err && rest && (line = strsep(&rest, "\n")))
		if (line[0] && !(all && strchr("pr", line[0])))
			add_probe(r, file, line);
}

static void read_probes(struct reader *r)
{
	read_probe_file(r, "kprobe_events");
	read_probe_file(r, "uprobe_events");
	read_probe_file(r, "dynamic_events");
}

/* --- the whole --- */

static void read_instance(struct reader *top, UNUSED const char *instances, const char *name)
{
	struct reader r = { .flags = top->flags, .s = top->s, .instance = name };
	auto_free char *path = NULL;
	auto_close int dir = -1;

	if (asprintf(&path, "instances/%s", name) < 0) {
		path = NULL;
		top->err = -ENOMEM;
		return;
	}
	dir = openat(top->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return;		/* removed meanwhile */
	r.dir = dir;
	read_settings(&r);
	read_events(&r);
	top->err = r.err;
	if (!r.err)
		add(top, TRACE_INSTANCE, "instances", name);
}

static bool is_name(const char *name)
{
	return name[0] && name[0] != '.' && !strchr(name, '/');
}

int trace_state_read(const struct tracefs *t, const char *instance, unsigned int flags,
		     struct trace_state *ret)
{
	auto_trace_state struct trace_state s = {};
	struct reader r = { .dir = t->dir, .flags = flags, .s = &s };

	if (instance) {
		if (is_name(instance))
			read_instance(&r, NULL, instance);
		if (!r.err && !s.n_items)
			return -ENOENT;
	} else {
		read_settings(&r);
		read_events(&r);
		read_probes(&r);
		for_each_dir(&r, "instances", NULL, read_instance);
	}
	if (r.err)
		return r.err;
	*ret = s;
	s = (struct trace_state){};
	return 0;
}
