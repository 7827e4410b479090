// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Which paths pin which objects: a walk over every visible bpffs mount. Paths that cannot be opened
 * are skipped: they belong to other users.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/magic.h>

#include "cli/array.h"
#include "kern/abi.h"
#include "kern/object/bpffs.h"
#include "kern/libbpf_opts.h"
#include "kern/object/mounts.h"

struct pin {
	uint32_t id;
	char *path;
};

struct pins {
	struct pin *all;		/* sorted by id, then path */
	char **paths;			/* the same order */
	size_t n;
	size_t n_denied;		/* files and directories without access */
	int denied;			/* the error of the first of them */
};

/* -ESTALE: it is of another kind. */
static int open_pin(const struct obj_kind *kind, const char *path)
{
	LIB_OPTS(bpf_obj_get_opts, opts, .file_flags = BPF_F_RDONLY);
	int fd = bpf_obj_get(path), readable;

	if (fd != -EACCES && fd != -EROFS)
		return fd;
	/*
	 * A map with read access only, or a read-only mount; only links cannot be opened this way.
	 */
	readable = bpf_obj_get_opts(path, &opts);
	if (readable == -EINVAL)
		return !kind || kind == &obj_link ? fd : -ESTALE;
	return readable;
}

/* The pinned object, if it is of this kind. */
static int read_pin(int fd, const struct obj_kind *kind, bool *ret_found, struct obj_label *ret)
{
	const struct obj_kind *found = NULL;
	int err = obj_kind_of(fd, &found);

	*ret_found = !err && found == kind;
	return *ret_found ? kind->read_label(fd, ret) : err;
}

int pin_open(const char *path, const struct obj_kind **ret_kind)
{
	auto_close int fd = open_pin(NULL, path);
	int err = fd < 0 ? fd : obj_kind_of(fd, ret_kind);

	if (!err && !*ret_kind)
		err = -ESTALE;
	return err ? err : take_fd(&fd);
}

int pin_check(const struct obj_kind *kind, const char *path, uint32_t id)
{
	auto_close int fd = open_pin(kind, path);
	struct obj_label label = {};
	bool found = false;
	int err = fd < 0 ? fd : read_pin(fd, kind, &found, &label);

	if (err)
		return err;
	return found && label.id == id ? 0 : -ESTALE;
}

int pin_remove(const struct obj_kind *kind, const char *path, uint32_t id)
{
	int err = pin_check(kind, path, id);

	if (err)
		return err;
	return unlink(path) < 0 ? -errno : 0;
}

static int add_pin(struct pins *p, uint32_t id, const char *path)
{
	struct pin *grown = reallocarray(p->all, p->n + 1, sizeof(*grown));
	char *copy = grown ? strdup(path) : NULL;

	if (grown)
		p->all = grown;
	if (!copy)
		return -ENOMEM;
	p->all[p->n++] = (struct pin){ .id = id, .path = copy };
	return 0;
}

/*
 * A path removed meanwhile is not a pin, and one without access is counted: any other error would
 * make the list incomplete.
 */
static int passed_over(struct pins *p, int err)
{
	if (!err || err == -ENOENT || err == -ENOTDIR || err == -ESTALE)
		return 0;
	if (err != -EACCES && err != -EPERM && err != -EROFS)
		return err;
	if (!p->n_denied++)
		p->denied = err;
	return 0;
}

static int visit_file(struct pins *p, const struct obj_kind *kind, const char *path)
{
	auto_close int fd = open_pin(kind, path);
	struct obj_label label = {};
	bool found = false;
	int err = fd < 0 ? fd : read_pin(fd, kind, &found, &label);

	if (err)
		return passed_over(p, err);
	return found ? add_pin(p, label.id, path) : 0;
}

/* --- the directories of a mount --- */

/* The directories still to be read, by path: only one at a time is open. */
struct mount_walk {
	struct pins *pins;
	const struct obj_kind *kind;
	dev_t dev;
	char **dirs;
	size_t n_dirs, max_dirs;
};

static int add_dir(struct mount_walk *w, const char *path)
{
	char **dirs = array_room(w->dirs, w->n_dirs, &w->max_dirs, sizeof(*dirs));
	char *copy = dirs ? strdup(path) : NULL;

	if (dirs)
		w->dirs = dirs;
	if (!copy)
		return -ENOMEM;
	w->dirs[w->n_dirs++] = copy;
	return 0;
}

/* Links are not followed; the type of an entry may be unknown to readdir(). */
static int visit_entry(struct mount_walk *w, int dir, const char *dir_path, const char *name)
{
	auto_free char *path = NULL;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return passed_over(w->pins, -errno);
	if (st.st_dev != w->dev || !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
		return 0;
	if (asprintf(&path, "%s%s%s", dir_path, streq(dir_path, "/") ? "" : "/", name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return S_ISDIR(st.st_mode) ? add_dir(w, path) : visit_file(w->pins, w->kind, path);
}

static int read_dir(struct mount_walk *w, DIR *d, const char *path)
{
	const struct dirent *e;
	int err = 0;

	while (!err && (errno = 0, e = readdir(d)))
		if (!streq(e->d_name, ".") && !streq(e->d_name, ".."))
			err = visit_entry(w, dirfd(d), path, e->d_name);
	return err ? err : passed_over(w->pins, -errno);
}

/* It may be another file system's by now. */
static int visit_dir(struct mount_walk *w, const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	DIR *d;
	int err;

	if (fd < 0 || fstat(fd, &st) < 0)
		return passed_over(w->pins, errno == ELOOP ? -ENOTDIR : -errno);
	if (st.st_dev != w->dev)
		return 0;
	d = fdopendir(fd);
	if (!d)
		return -errno;
	take_fd(&fd);
	err = read_dir(w, d, path);
	closedir(d);
	return err;
}

static int walk_mount(struct pins *p, const struct obj_kind *kind, const char *root)
{
	struct mount_walk w = { .pins = p, .kind = kind };
	struct statfs fs;
	struct stat st;
	int err = 0;

	/* Another file system may be mounted over it by now. */
	if (statfs(root, &fs) < 0 || stat(root, &st) < 0)
		return passed_over(p, -errno);
	if (fs.f_type != BPF_FS_MAGIC)
		return 0;
	w.dev = st.st_dev;
	err = add_dir(&w, root);
	while (!err && w.n_dirs) {
		auto_free char *path = w.dirs[--w.n_dirs];

		err = visit_dir(&w, path);
	}
	while (w.n_dirs)
		free(w.dirs[--w.n_dirs]);
	free(w.dirs);
	return err;
}

struct walk {
	struct pins *pins;
	const struct obj_kind *kind;
};

static int visit_mount(const struct mount *m, void *data)
{
	struct walk *w = data;

	return streq(m->type, "bpf") ? walk_mount(w->pins, w->kind, m->point) : 0;
}

static int by_id_and_path(const void *a, const void *b)
{
	const struct pin *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* A path is found twice if a mount is below or over another of the same file system. */
static int sort_pins(struct pins *p)
{
	size_t kept = 0;

	if (!p->n)
		return 0;
	qsort(p->all, p->n, sizeof(*p->all), by_id_and_path);
	for (size_t i = 0; i < p->n; i++) {
		if (kept && !by_id_and_path(&p->all[kept - 1], &p->all[i]))
			free(p->all[i].path);
		else
			p->all[kept++] = p->all[i];
	}
	p->n = kept;
	p->paths = calloc(kept, sizeof(*p->paths));
	for (size_t i = 0; p->paths && i < kept; i++)
		p->paths[i] = p->all[i].path;
	return p->paths ? 0 : -ENOMEM;
}

int pins_collect(struct ctx *ctx, const struct obj_kind *kind, struct pins **ret)
{
	struct pins *p = calloc(1, sizeof(*p));
	struct walk w = { .pins = p, .kind = kind };
	int err = p ? mounts_each(visit_mount, &w) : -ENOMEM;

	if (!err)
		err = sort_pins(p);
	if (err) {
		pins_free(p);
		return fail(ctx->err, err, "look for pinned %s", kind->nouns);
	}
	*ret = p;
	return 0;
}

void pins_partly(struct ctx *ctx, const struct pins *p)
{
	if (p->n_denied)
		unread(ctx, p->denied, "cap_dac_read_search",
		       "look for pins: %zu file%s or director%s of BPF file systems", p->n_denied,
		       plural(p->n_denied, "", "s"), plural(p->n_denied, "y", "ies"));
}

void pins_free(struct pins *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		free(p->all[i].path);
	free(p->all);
	free(p->paths);
	free(p);
}

bool pins_any(const struct pins *p)
{
	return p && p->n;
}

const char *pins_path(const struct pins *p, size_t i)
{
	return p && i < p->n ? p->paths[i] : NULL;
}

const char *const *pins_of(const struct pins *p, uint32_t id, size_t *ret_n)
{
	size_t first = p ? count_before(p->all, p->n, pin, pin->id < id) : 0, n = 0;

	while (p && first + n < p->n && p->all[first + n].id == id)
		n++;
	*ret_n = n;
	return n ? (const char *const *)&p->paths[first] : NULL;
}
