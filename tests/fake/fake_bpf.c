// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpf(2) answered from the fixture: libbpf calls it through syscall(), which we stand in front of.
 * What the fixture does not know is refused with EPERM, as an unprivileged user would see it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fake.h"

#define MAX_FD 4096

static struct object *objects_by_fd[MAX_FD];

struct object *object_of_fd(int fd)
{
	return fd >= 0 && fd < MAX_FD ? objects_by_fd[fd] : NULL;
}

const char *anon_name(enum kind kind)
{
	static const char *const names[] = { "bpf-prog", "bpf-map", "bpf_link", "btf" };

	return names[kind];
}

static int refuse(int err)
{
	errno = err;
	return -1;
}

/* The errno the fixture wants for this call, or 0. */
static int injected(const char *cmd, enum kind kind, uint32_t id)
{
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < fx->n_failures; i++) {
		const struct failure *f = &fx->failures[i];

		if (!strcmp(f->cmd, cmd) && (f->kind == K_NONE || f->kind == kind) &&
		    (f->id == 0 || f->id == id))
			return f->err;
	}
	return 0;
}

static int give_fd(struct object *o)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;		/* with the reason that open(2) had */
	if (fd >= MAX_FD) {
		close(fd);
		return refuse(EMFILE);
	}
	objects_by_fd[fd] = o;
	return fd;
}

static int next_id(enum kind kind, union bpf_attr *attr)
{
	const struct fixture *fx = fixture();
	uint32_t best = UINT32_MAX;
	int err = injected("next", kind, 0);

	if (err)
		return refuse(err);
	for (size_t i = 0; i < fx->n_objects; i++)
		if (fx->objects[i].kind == kind && fx->objects[i].id > attr->start_id &&
		    fx->objects[i].id < best)
			best = fx->objects[i].id;
	if (best == UINT32_MAX)
		return refuse(ENOENT);
	attr->next_id = best;
	return 0;
}

static int open_id(enum kind kind, union bpf_attr *attr)
{
	struct object *o;
	int err = injected("open", kind, attr->start_id);

	fixture();
	o = find_object(kind, attr->start_id);
	if (err || !o)
		return refuse(err ? err : ENOENT);
	return give_fd(o);
}

static int get_pinned(const union bpf_attr *attr)
{
	const struct fixture *fx = fixture();
	const char *path = (const char *)(uintptr_t)attr->pathname;
	size_t len = strlen(path);

	for (size_t i = 0; i < fx->n_pins; i++) {
		const struct pin *p = &fx->pins[i];
		size_t n = strlen(p->path);
		int err;

		if (n > len || strcmp(path + len - n, p->path))
			continue;
		err = injected("get", p->object->kind, p->object->id);
		return err ? refuse(err) : give_fd(p->object);
	}
	return refuse(access(path, F_OK) ? ENOENT : EINVAL);
}

/* As the kernel: fill as much of the caller's array as it has room for. */
static void give_array(uint64_t to, uint32_t room, const struct bytes *from, size_t item)
{
	size_t n = from->len / item;

	if (to && room)
		memcpy((void *)(uintptr_t)to, from->data, (n < room ? n : room) * item);
}

static void give_prog_info(const struct object *o, struct bpf_prog_info *info, size_t len)
{
	struct bpf_prog_info asked = {};
	size_t rec = 2 * sizeof(uint32_t);

	memcpy(&asked, info, len);
	give_array(asked.map_ids, asked.nr_map_ids, &o->map_ids, sizeof(uint32_t));
	give_array(asked.xlated_prog_insns, asked.xlated_prog_len, &o->insns, 1);
	give_array(asked.func_info, asked.nr_func_info, &o->func_info, rec);

	struct bpf_prog_info full = o->info.prog;

	full.xlated_prog_len = o->insns.len;
	full.xlated_prog_insns = asked.xlated_prog_insns;
	full.nr_map_ids = o->map_ids.len / sizeof(uint32_t);
	full.map_ids = asked.map_ids;
	full.nr_func_info = o->func_info.len / rec;
	full.func_info_rec_size = rec;
	full.func_info = asked.func_info;
	memcpy(info, &full, len);
}

static void give_btf_info(const struct object *o, struct bpf_btf_info *info, size_t len)
{
	struct bpf_btf_info asked = {}, full = o->info.btf;
	struct bytes name = { (uint8_t *)o->name, strlen(o->name) + 1 };

	memcpy(&asked, info, len);
	give_array(asked.btf, asked.btf_size, &o->btf, 1);
	give_array(asked.name, asked.name_len, &name, 1);
	full.btf = asked.btf;
	full.btf_size = o->btf.len;
	full.name = asked.name;
	full.name_len = strlen(o->name);
	memcpy(info, &full, len);
}

static void give_link_info(const struct object *o, struct bpf_link_info *info, size_t len)
{
	struct bpf_link_info asked = {}, full = o->info.link;
	struct bytes name = { (uint8_t *)o->name, strlen(o->name) + 1 };

	memcpy(&asked, info, len);
	if (o->name[0]) {	/* raw_tracepoint and iter: name and its length at the same place */
		give_array(asked.raw_tracepoint.tp_name, asked.raw_tracepoint.tp_name_len, &name, 1);
		full.raw_tracepoint.tp_name = asked.raw_tracepoint.tp_name;
		full.raw_tracepoint.tp_name_len = name.len;
	}
	memcpy(info, &full, len);
}

static int info_by_fd(union bpf_attr *attr)
{
	static const size_t sizes[] = {
		sizeof(struct bpf_prog_info), sizeof(struct bpf_map_info),
		sizeof(struct bpf_link_info), sizeof(struct bpf_btf_info),
	};
	const struct object *o = object_of_fd(attr->info.bpf_fd);
	void *info = (void *)(uintptr_t)attr->info.info;
	size_t len;
	int err;

	if (!o)
		return refuse(EBADF);
	err = injected("info", o->kind, o->id);
	if (err)
		return refuse(err);
	len = attr->info.info_len < sizes[o->kind] ? attr->info.info_len : sizes[o->kind];
	if (o->kind == K_PROG)
		give_prog_info(o, info, len);
	else if (o->kind == K_BTF)
		give_btf_info(o, info, len);
	else if (o->kind == K_LINK)
		give_link_info(o, info, len);
	else
		memcpy(info, &o->info, len);
	attr->info.info_len = len;
	return 0;
}

static long find_entry(const struct object *o, uint64_t key)
{
	for (size_t i = 0; i < o->n_entries; i++)
		if (!memcmp(o->entries[i].key.data, (void *)(uintptr_t)key, o->entries[i].key.len))
			return i;
	return -1;
}

static void give_bytes(uint64_t to, const struct bytes *b)
{
	memcpy((void *)(uintptr_t)to, b->data, b->len);
}

static int lookup(const struct object *o, const union bpf_attr *attr)
{
	long i = find_entry(o, attr->key);

	if (i < 0)
		return refuse(ENOENT);
	give_bytes(attr->value, &o->entries[i].value);
	return 0;
}

static int next_key(const struct object *o, const union bpf_attr *attr)
{
	size_t i = attr->key ? find_entry(o, attr->key) + 1 : 0;

	if (i >= o->n_entries)
		return refuse(ENOENT);
	give_bytes(attr->next_key, &o->entries[i].key);
	return 0;
}

/* The batch cursor is the index of the next entry. */
static int lookup_batch(const struct object *o, union bpf_attr *attr)
{
	uint32_t at = 0, n = 0, max = attr->batch.count;

	if (attr->batch.in_batch)
		at = *(uint32_t *)(uintptr_t)attr->batch.in_batch;
	for (; n < max && at < o->n_entries; n++, at++) {
		const struct entry *e = &o->entries[at];

		give_bytes(attr->batch.keys + n * e->key.len, &e->key);
		give_bytes(attr->batch.values + n * e->value.len, &e->value);
	}
	attr->batch.count = n;
	*(uint32_t *)(uintptr_t)attr->batch.out_batch = at;
	return at >= o->n_entries ? refuse(ENOENT) : 0;
}

static int delete(struct object *o, const union bpf_attr *attr)
{
	long i = find_entry(o, attr->key);

	if (i < 0)
		return refuse(ENOENT);
	free(o->entries[i].key.data);
	free(o->entries[i].value.data);
	memmove(&o->entries[i], &o->entries[i + 1], (o->n_entries - i - 1) * sizeof(*o->entries));
	o->n_entries--;
	return 0;
}

static int update(struct object *o, const union bpf_attr *attr)
{
	long i = find_entry(o, attr->key);

	if (i < 0)
		return refuse(attr->flags == BPF_EXIST ? ENOENT : E2BIG);
	if (attr->flags == BPF_NOEXIST)
		return refuse(EEXIST);
	memcpy(o->entries[i].value.data, (void *)(uintptr_t)attr->value, o->entries[i].value.len);
	return 0;
}

static int map_call(int cmd, union bpf_attr *attr)
{
	bool batch = cmd == BPF_MAP_LOOKUP_BATCH;
	struct object *o = object_of_fd(batch ? attr->batch.map_fd : attr->map_fd);
	const char *word = batch ? "batch" : cmd == BPF_MAP_LOOKUP_ELEM ? "lookup" :
			   cmd == BPF_MAP_GET_NEXT_KEY ? "nextkey" :
			   cmd == BPF_MAP_UPDATE_ELEM ? "update" :
			   cmd == BPF_MAP_FREEZE ? "freeze" : "delete";
	int err;

	if (!o || o->kind != K_MAP)
		return refuse(EBADF);
	err = injected(word, K_MAP, o->id);
	if (err)
		return refuse(err);
	switch (cmd) {
	case BPF_MAP_LOOKUP_ELEM:
		return lookup(o, attr);
	case BPF_MAP_GET_NEXT_KEY:
		return next_key(o, attr);
	case BPF_MAP_LOOKUP_BATCH:
		return lookup_batch(o, attr);
	case BPF_MAP_UPDATE_ELEM:
		return update(o, attr);
	case BPF_MAP_FREEZE:
		return 0;
	default:
		return delete(o, attr);
	}
}

/* query, attach, detach: a failure's id is the attach type. */
static int hook_call(int cmd, union bpf_attr *attr, size_t size)
{
	bool query = cmd == BPF_PROG_QUERY;
	int err = injected(query ? "query" : cmd == BPF_PROG_ATTACH ? "attach" : "detach", K_NONE,
			   query ? attr->query.attach_type : attr->attach_type);

	if (err || !fixture()->n_devs)
		return refuse(err ? err : EPERM);
	return query ? fake_query(attr, size) : 0;
}

static int fake_bpf(int cmd, union bpf_attr *attr, size_t size)
{
	switch (cmd) {
	case BPF_PROG_GET_NEXT_ID:
		return next_id(K_PROG, attr);
	case BPF_MAP_GET_NEXT_ID:
		return next_id(K_MAP, attr);
	case BPF_LINK_GET_NEXT_ID:
		return next_id(K_LINK, attr);
	case BPF_BTF_GET_NEXT_ID:
		return next_id(K_BTF, attr);
	case BPF_PROG_GET_FD_BY_ID:
		return open_id(K_PROG, attr);
	case BPF_MAP_GET_FD_BY_ID:
		return open_id(K_MAP, attr);
	case BPF_LINK_GET_FD_BY_ID:
		return open_id(K_LINK, attr);
	case BPF_BTF_GET_FD_BY_ID:
		return open_id(K_BTF, attr);
	case BPF_OBJ_GET_INFO_BY_FD:
		return info_by_fd(attr);
	case BPF_OBJ_GET:
		return get_pinned(attr);
	case BPF_MAP_LOOKUP_ELEM:
	case BPF_MAP_GET_NEXT_KEY:
	case BPF_MAP_LOOKUP_BATCH:
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
	case BPF_MAP_FREEZE:
		return map_call(cmd, attr);
	case BPF_PROG_QUERY:
	case BPF_PROG_ATTACH:
	case BPF_PROG_DETACH:
		return hook_call(cmd, attr, size);
	default:
		return refuse(EPERM);
	}
}

long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_bpf)
		return fake_bpf(a[0], (union bpf_attr *)a[1], a[2]);
	if (!real)
		real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
