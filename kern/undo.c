// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What a command has put into bpffs, taken away again when a later step of it fails. */
#include <errno.h>

#include "bpffs.h"
#include "undo.h"

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

void undo_forget(struct undo *u)
{
	while (u->n)
		free(u->made[--u->n].path);
	free(u->made);
	u->made = NULL;
	if (u->holding)
		sigprocmask(SIG_SETMASK, &u->before, NULL);
	u->holding = false;
}

/* Newest first: pins before the directory they are in. */
void undo_run(struct undo *u)
{
	size_t i;

	for (i = u->n; i-- > 0;) {
		if (u->made[i].dir)
			bpffs_remove_dir(u->made[i].path);
		else
			unlink(u->made[i].path);
	}
	undo_forget(u);
}

int undo_note(struct ctx *ctx, struct undo *u, const char *path, bool dir)
{
	struct made *grown = realloc(u->made, (u->n + 1) * sizeof(*grown));
	char *copy = strdup(path);

	if (grown)
		u->made = grown;
	if (grown && copy) {
		u->made[u->n++] = (struct made){ copy, dir };
		return 0;
	}
	free(copy);
	if (dir)
		bpffs_remove_dir(path);
	else
		unlink(path);
	return fail(ctx->err, -ENOMEM, "remember pin '%s'", path);
}

int undo_pin(struct ctx *ctx, struct undo *u, int fd, const char *path)
{
	int err;

	undo_hold(u);
	err = bpffs_pin(ctx, fd, path);
	return err ?: undo_note(ctx, u, path, false);
}

int undo_make_dir(struct ctx *ctx, struct undo *u, const char *dir)
{
	bool made;
	int err;

	undo_hold(u);
	err = bpffs_make_dir(ctx, dir, &made);
	if (err || !made)
		return err;
	return undo_note(ctx, u, dir, true);
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
