// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Removes what a command has created in bpffs if a later step of it fails. */
#include <errno.h>

#include "kern/object/bpffs.h"
#include "kern/object/undo.h"

void undo_hold(struct undo *u)
{
	sigset_t set;

	if (u->holding)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	u->holding = !sigprocmask(SIG_BLOCK, &set, &u->before);
}

static void undo_forget(struct undo *u)
{
	while (u->n)
		free(u->made[--u->n].path);
	free(u->made);
	u->made = NULL;
	if (u->holding)
		sigprocmask(SIG_SETMASK, &u->before, NULL);
	u->holding = false;
}

static void take_away(const struct made *m)
{
	if (m->dir.dir || m->dir.mounted)
		bpffs_unmake(m->path, &m->dir);
	else
		unlink(m->path);
}

/* Newest first: pins before their directory. */
void undo_run(struct undo *u)
{
	size_t i;

	for (i = u->n; i-- > 0;)
		take_away(&u->made[i]);
	undo_forget(u);
}

void undo_done(struct ctx *ctx, struct undo *u)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->made[i].dir.mounted)
			notice(ctx, "mounted a BPF file system on '%s'", u->made[i].path);
	undo_forget(u);
}

/*
 * Reserves the next entry before anything is created: NULL if that fails, and the error is stored.
 */
static struct made *make_room(struct ctx *ctx, struct undo *u, const char *path)
{
	struct made *grown = realloc(u->made, (u->n + 1) * sizeof(*grown));

	if (grown) {
		u->made = grown;
		grown[u->n] = (struct made){ .path = strdup(path) };
	}
	if (grown && grown[u->n].path)
		return &grown[u->n];
	fail(ctx->err, -ENOMEM, "remember pin '%s'", path);
	return NULL;
}

/* It was created, or not. */
static int settle(struct undo *u, bool made, int err)
{
	if (made)
		u->n++;
	else
		free(u->made[u->n].path);
	return err;
}

int undo_expect(struct ctx *ctx, struct undo *u, const char *path)
{
	return make_room(ctx, u, path) ? settle(u, true, 0) : -ENOMEM;
}

void undo_drop(struct undo *u, size_t n)
{
	while (u->n > n)
		free(u->made[--u->n].path);
}

/* The file system below a pin, if it is mounted for that. */
static int mount_below(struct ctx *ctx, struct undo *u, const char *path)
{
	struct bpffs_made made = {};
	char dir[PATH_MAX];
	struct made *m = make_room(ctx, u, path);
	int err = m ? bpffs_make_room(ctx, path, dir, &made) : -ENOMEM;

	if (!m)
		return err;
	snprintf(m->path, strlen(path) + 1, "%s", err ? "" : dir);
	m->dir = made;
	return settle(u, !err && made.mounted, err);
}

int undo_pin(struct ctx *ctx, struct undo *u, int fd, const char *path)
{
	int err;

	undo_hold(u);
	err = mount_below(ctx, u, path);
	if (err)
		return err;
	if (!make_room(ctx, u, path))
		return -ENOMEM;
	err = bpffs_pin(ctx, fd, path);
	return settle(u, !err, err);
}

int undo_pin_last(struct ctx *ctx, int fd, const char *path)
{
	auto_undo struct undo u = {};
	int err = undo_pin(ctx, &u, fd, path);

	if (err)
		return err;
	ctx_changed(ctx, "the pin '%s' is made", path);
	undo_done(ctx, &u);
	return 0;
}

int undo_make_dir(struct ctx *ctx, struct undo *u, const char *dir)
{
	struct made *m;
	int err;

	undo_hold(u);
	m = make_room(ctx, u, dir);
	if (!m)
		return -ENOMEM;
	err = bpffs_make_dir(ctx, dir, &m->dir);
	return settle(u, !err && (m->dir.dir || m->dir.mounted), err);
}

int pin_path(struct ctx *ctx, const char *dir, const char *name, char ret[static PATH_MAX])
{
	char clean[OBJ_NAME_MAX];
	size_t i;

	if (!*name || strchr(name, '/') || strlen(name) >= sizeof(clean))
		return fail_msg(ctx->err, -EINVAL, "'%s' cannot be the name of a pin", name);
	for (i = 0; name[i]; i++)
		clean[i] = name[i] == '.' ? '_' : name[i];
	clean[i] = '\0';
	if (snprintf(ret, PATH_MAX, "%s/%s", dir, clean) >= PATH_MAX)
		return fail(ctx->err, -ENAMETOOLONG, "pin '%s' in '%s'", clean, dir);
	return 0;
}
