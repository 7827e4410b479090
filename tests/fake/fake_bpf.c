// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpf(2) answered from the fixture: libbpf calls it through syscall(), which we interpose. What the
 * fixture does not contain fails with EPERM, as for an unprivileged user.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../kern/abi.h"
#include "fake.h"

#define MAX_FD 1024
#define MAPPED_MAX (1 << 20)

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

int refuse(int err)
{
	errno = err;
	return -1;
}

int injected(const char *cmd, enum kind kind, uint32_t id)
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

/* Maps have memory, for those who mmap() them. */
static int open_something(const struct object *o)
{
	bool mappable = o->kind == K_MAP && o->info.map.map_flags & BPF_F_MMAPABLE;
	int fd =
		mappable ? memfd_create("map", MFD_CLOEXEC) : open("/dev/null", O_RDWR | O_CLOEXEC);

	if (mappable && fd >= 0 && ftruncate(fd, MAPPED_MAX)) {
		close(fd);
		return -1;
	}
	return fd;
}

int give_fd(struct object *o)
{
	int fd = o->event_fd ? fcntl(o->event_fd, F_DUPFD_CLOEXEC, 3) : open_something(o);

	if (fd < 0)
		return -1;		/* with the errno of open(2) */
	if (fd >= MAX_FD) {
		close(fd);
		return refuse(EMFILE);
	}
	objects_by_fd[fd] = o;
	return fd;
}

void keep_fd(int fd, struct object *o)
{
	if (fd >= 0 && fd < MAX_FD)
		objects_by_fd[fd] = o;
}

static bool has_id(const struct bytes *ids, uint32_t id)
{
	for (size_t i = 0; i < ids->len / sizeof(id); i++)
		if (((uint32_t *)ids->data)[i] == id)
			return true;
	return false;
}

static bool holds(const struct object *holder, const struct object *o)
{
	if (holder->kind == K_LINK)
		return o->kind == K_PROG && holder->info.link.prog_id == o->id;
	if (holder->kind == K_PROG)
		return o->kind == K_BTF ? holder->info.prog.btf_id == o->id :
		       o->kind == K_MAP && has_id(&holder->map_ids, o->id);
	return holder->kind == K_MAP && o->kind == K_BTF && holder->info.map.btf_id == o->id;
}

static bool is_held(const struct object *o)
{
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < MAX_FD; i++)
		if (objects_by_fd[i] == o)
			return true;
	for (size_t i = 0; i < fx->n_pins; i++)
		if (fx->pins[i].object == o)
			return true;
	for (size_t i = 0; i < fx->n_objects; i++)
		if (holds(&fx->objects[i], o))
			return true;
	return false;
}

/* Created objects are freed with their last descriptor, pin or holder. */
static void sweep(void)
{
	struct fixture *fx = fixture();
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < fx->n_objects; i++) {
			struct object *o = &fx->objects[i];

			if (!o->made || o->kind == K_NONE || is_held(o))
				continue;
			o->kind = K_NONE;
			again = true;
		}
	}
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
	return refuse(ENOENT);
}

/* As in the kernel: fills as much of the caller's array as fits. */
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
	give_array(asked.line_info, asked.nr_line_info, &o->line_info, 2 * rec);
	give_array(asked.jited_prog_insns, asked.jited_prog_len, &o->jited, 1);
	give_array(asked.jited_ksyms, asked.nr_jited_ksyms, &o->ksyms, sizeof(uint64_t));
	give_array(asked.jited_func_lens, asked.nr_jited_func_lens, &o->jited_lens,
		   sizeof(uint32_t));

	struct bpf_prog_info full = o->info.prog;

	full.xlated_prog_len = o->insns.len;
	full.xlated_prog_insns = asked.xlated_prog_insns;
	full.nr_map_ids = o->map_ids.len / sizeof(uint32_t);
	full.map_ids = asked.map_ids;
	full.nr_func_info = o->func_info.len / rec;
	full.func_info_rec_size = rec;
	full.func_info = asked.func_info;
	full.nr_line_info = o->line_info.len / (2 * rec);
	full.line_info_rec_size = 2 * rec;
	full.line_info = asked.line_info;
	if (o->jited.len)
		full.jited_prog_len = o->jited.len;
	full.jited_prog_insns = asked.jited_prog_insns;
	full.nr_jited_ksyms = o->ksyms.len / sizeof(uint64_t);
	full.jited_ksyms = asked.jited_ksyms;
	full.nr_jited_func_lens = o->jited_lens.len / sizeof(uint32_t);
	full.jited_func_lens = asked.jited_func_lens;
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

static bool is_tracing_multi(const struct object *o)
{
	return o->kind == K_LINK && o->info.link.type == ABI_LINK_TYPE_TRACING_MULTI;
}

/* With arrays the count is their room, on return the number of functions, as for all. */
static int give_tracing_multi(const struct object *o, struct abi_link_info *info, size_t len)
{
	struct abi_link_info asked = {}, full;
	uint32_t n = o->ids.len / sizeof(uint32_t), room;

	memcpy(&asked, info, len);
	memcpy(&full, &o->info, sizeof(full));
	room = asked.tracing_multi.count;
	give_array(asked.tracing_multi.ids, room, &o->ids, sizeof(uint32_t));
	give_array(asked.tracing_multi.addrs, room, &o->addrs, sizeof(uint64_t));
	give_array(asked.tracing_multi.cookies, room, &o->cookies, sizeof(uint64_t));
	full.tracing_multi.ids = asked.tracing_multi.ids;
	full.tracing_multi.addrs = asked.tracing_multi.addrs;
	full.tracing_multi.cookies = asked.tracing_multi.cookies;
	full.tracing_multi.count = n;
	memcpy(info, &full, len);
	return asked.tracing_multi.ids && room < n ? ENOSPC : 0;
}

static void give_link_info(const struct object *o, struct bpf_link_info *info, size_t len)
{
	struct bpf_link_info asked = {}, full = o->info.link;
	struct bytes name = { (uint8_t *)o->name, strlen(o->name) + 1 };

	memcpy(&asked, info, len);
	if (o->name[0]) {	/* raw_tracepoint and iter: name and length have the same offsets */
		give_array(asked.raw_tracepoint.tp_name, asked.raw_tracepoint.tp_name_len, &name,
			   1);
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
	size_t len, most;
	int err;

	if (!o)
		return refuse(EBADF);
	err = injected("info", o->kind, o->id);
	if (err)
		return refuse(err);
	most = is_tracing_multi(o) ? sizeof(struct abi_link_info) : sizes[o->kind];
	len = attr->info.info_len < most ? attr->info.info_len : most;
	if (o->kind == K_PROG)
		give_prog_info(o, info, len);
	else if (o->kind == K_BTF)
		give_btf_info(o, info, len);
	else if (is_tracing_multi(o))
		err = give_tracing_multi(o, info, len);
	else if (o->kind == K_LINK)
		give_link_info(o, info, len);
	else
		memcpy(info, &o->info, len);
	attr->info.info_len = len;
	return err ? refuse(err) : 0;
}

/* query, attach, detach: a failure's id is the attach type. */
static int hook_call(int cmd, union bpf_attr *attr, size_t size)
{
	bool query = cmd == BPF_PROG_QUERY;
	int err = injected(query ? "query" : cmd == BPF_PROG_ATTACH ? "attach" : "detach", K_NONE,
			   query ? attr->query.attach_type : attr->attach_type);

	if (err || (!fixture()->n_devs && !fixture()->n_hooks))
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
	case BPF_MAP_UPDATE_BATCH:
	case BPF_MAP_DELETE_ELEM:
	case BPF_MAP_DELETE_BATCH:
	case BPF_MAP_LOOKUP_AND_DELETE_ELEM:
	case BPF_MAP_FREEZE:
		return fake_map_call(cmd, attr);
	case BPF_PROG_QUERY:
	case BPF_PROG_ATTACH:
	case BPF_PROG_DETACH:
		return hook_call(cmd, attr, size);
	default:
		return fake_make(cmd, attr, size);
	}
}

/* Probes call from several threads. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static long locked_bpf(int cmd, union bpf_attr *attr, size_t size)
{
	long ret;
	int err;

	pthread_mutex_lock(&lock);
	ret = fake_bpf(cmd, attr, size);
	err = errno;
	pthread_mutex_unlock(&lock);
	errno = err;
	return ret;
}

/* Created objects are freed with their last descriptor, unless a pin or a link holds them. */
void forget_fd(int fd)
{
	struct object *o = object_of_fd(fd);

	if (!o)
		return;
	pthread_mutex_lock(&lock);
	objects_by_fd[fd] = NULL;
	sweep();
	pthread_mutex_unlock(&lock);
}

#define COMMON_ATTRS (1 << 16)

struct common_attrs {
	uint64_t log;
	uint32_t size, level, true_size;
};

/* Since 7.2: a log for any command. Only that of maps is known here. */
static long locked_reason(int cmd, union bpf_attr *attr, size_t size,
			  const struct common_attrs *common)
{
	const char *log = fixture()->map_log;
	long ret = cmd == BPF_MAP_CREATE && *log ? locked_bpf(cmd, attr, size) : refuse(EINVAL);

	if (ret < 0 && *log)
		snprintf((char *)(uintptr_t)common->log, common->size, "%s\n", log);
	return ret;
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
	if (number == SYS_bpf && (a[0] & COMMON_ATTRS))
		return locked_reason(a[0] & ~COMMON_ATTRS, (union bpf_attr *)a[1], a[2],
				     (void *)a[3]);
	if (number == SYS_bpf)
		return locked_bpf(a[0], (union bpf_attr *)a[1], a[2]);
	if (number == SYS_perf_event_open)
		return fake_perf_open((void *)a[0], a[2]);
	if (number == SYS_dup3)		/* libbpf since 1.4: as much an object's as the original */
		return dup3(a[0], a[1], a[2]);
	if (!real)
		real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
