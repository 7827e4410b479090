// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Each kind of item has its own command for removal; the kernel decides whether it is possible. */
#include <errno.h>
#include <fcntl.h>

#include "kern/trace/undo.h"

void trace_undo_free(struct trace_undo *u)
{
	free(u->path);
	free(u->text);
	*u = (struct trace_undo){};
}

static char *join(const char *a, const char *b)
{
	char *both = NULL;

	return asprintf(&both, "%s%s", a, b) < 0 ? NULL : both;
}

/* "hist:keys=pid [active]": the brackets at the end contain its state. */
static char *remove_trigger(const struct trace_item *item)
{
	char *text = join("!", item->value), *state = text ? strrchr(text, '[') : NULL;

	if (state && state > text && state[-1] == ' ' && text[strlen(text) - 1] == ']')
		state[-1] = '\0';
	return text;
}

static char *remove_event(const struct trace_item *item)
{
	return join("!", item->name);
}

static char *remove_func_command(const struct trace_item *item)
{
	return join("!", item->value);
}

static char *remove_filter(UNUSED const struct trace_item *item)
{
	return strdup("0");
}

static char *remove_setting(const struct trace_item *item)
{
	return strdup(item->idle);
}

/* "-:group/event" */
static char *remove_probe(const struct trace_item *item)
{
	char *text = join("-:", item->name), *colon = text ? strchr(text + 2, ':') : NULL;

	if (colon)
		*colon = '/';
	return text;
}

static const struct {
	enum tracefs_how how;
	char *(*text)(const struct trace_item *item);
} undos[TRACE_KINDS] = {
	[TRACE_TRIGGER] = { TRACEFS_ADD, remove_trigger },
	[TRACE_FILTER] = { TRACEFS_SET, remove_filter },
	[TRACE_EVENT] = { TRACEFS_ADD, remove_event },
	[TRACE_SETTING] = { TRACEFS_SET, remove_setting },
	[TRACE_FUNC_COMMAND] = { TRACEFS_ADD, remove_func_command },
	[TRACE_INSTANCE] = { TRACEFS_SET, NULL },
	[TRACE_PROBE] = { TRACEFS_ADD, remove_probe },
};

static char *path_of(const struct trace_item *item)
{
	char *path = NULL;
	int n;

	if (item->kind == TRACE_INSTANCE)
		n = asprintf(&path, "instances/%s", item->name);
	else if (item->instance)
		n = asprintf(&path, "instances/%s/%s", item->instance, item->file);
	else
		n = asprintf(&path, "%s", item->file);
	return n < 0 ? NULL : path;
}

int trace_undo_plan(const struct trace_item *item, struct trace_undo *ret)
{
	auto_trace_undo struct trace_undo u = { .how = undos[item->kind].how };

	u.path = path_of(item);
	if (!u.path)
		return -ENOMEM;
	if (undos[item->kind].text) {
		u.text = undos[item->kind].text(item);
		if (!u.text)
			return -ENOMEM;
	}
	*ret = u;
	u = (struct trace_undo){};
	return 0;
}

int trace_undo(const struct tracefs *t, const struct trace_undo *u)
{
	if (u->text)
		return tracefs_write(t->dir, u->path, u->how, u->text);
	return unlinkat(t->dir, u->path, AT_REMOVEDIR) ? -errno : 0;
}
