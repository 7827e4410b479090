// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Objects that a command creates: maps, programs, BTF, links, pins. They live as long as the
 * process. "allow" lines of the fixture permit it; everything else fails with EPERM.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fake.h"

#define FIRST_ID 1000			/* of created objects; separate for each kind */
#define ZEROED_MAX 4096 /* entries of an array that exist from the start */

static bool is_allowed(const char *word)
{
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < fx->n_allowed; i++)
		if (!strcmp(fx->allowed[i].words[0], word))
			return true;
	return false;
}

static const char *word_of(int cmd)
{
	static const struct { int cmd; const char *word;
	} words[] = {
		{ BPF_MAP_CREATE, "create" },
		{ BPF_PROG_LOAD, "load" },
		{ BPF_BTF_LOAD, "load" },
		{ BPF_LINK_CREATE, "link" },
		{ BPF_RAW_TRACEPOINT_OPEN, "link" },
		{ BPF_LINK_UPDATE, "link" },
		{ BPF_LINK_DETACH, "detach" },
		{ BPF_OBJ_PIN, "pin" },
		{ BPF_ITER_CREATE, "iter" },
		{ BPF_PROG_TEST_RUN, "run" },
		{ BPF_PROG_BIND_MAP, "load" },
		{ BPF_ENABLE_STATS, "stats" },
		{ BPF_TASK_FD_QUERY, "perf" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].cmd == cmd)
			return words[i].word;
	return "";
}

static struct object *new_object(enum kind kind)
{
	struct fixture *fx = fixture();
	struct object *o = &fx->objects[fx->n_objects];

	if (fx->n_objects == sizeof(fx->objects) / sizeof(fx->objects[0]))
		return NULL;
	fx->n_objects++;
	memset(o, 0, sizeof(*o));
	o->kind = kind;
	o->made = true;
	o->id = FIRST_ID;
	while (find_object(kind, o->id) != o)
		o->id++;
	return o;
}

static struct bytes copy_of(uint64_t from, size_t len)
{
	struct bytes b = { calloc(1, len + 1), len };

	if (len)
		memcpy(b.data, (void *)(uintptr_t)from, len);
	return b;
}

static uint32_t id_of_fd(int fd)
{
	const struct object *o = object_of_fd(fd);

	return o ? o->id : 0;
}

static int make_map(const union bpf_attr *attr)
{
	struct object *o;
	int err = injected("create", K_NONE, attr->map_type);

	if (err)
		return refuse(err);
	o = new_object(K_MAP);
	if (!o)
		return refuse(ENOMEM);
	o->info.map = (struct bpf_map_info){
		.type = attr->map_type,
		.id = o->id,
		.key_size = attr->key_size,
		.value_size = attr->value_size,
		.max_entries = attr->max_entries,
		.map_flags = attr->map_flags,
		.map_extra = attr->map_extra,
		.btf_id = attr->btf_key_type_id || attr->btf_value_type_id ? id_of_fd(attr->btf_fd)
									   : 0,
		.btf_key_type_id = attr->btf_key_type_id,
		.btf_value_type_id = attr->btf_value_type_id,
		.btf_vmlinux_value_type_id = attr->btf_vmlinux_value_type_id,
	};
	memcpy(o->info.map.name, attr->map_name, sizeof(attr->map_name));
	if (attr->map_type != BPF_MAP_TYPE_ARRAY && attr->map_type != BPF_MAP_TYPE_PERCPU_ARRAY)
		return give_fd(o);
	for (uint32_t i = 0; i < attr->max_entries && i < ZEROED_MAX; i++) {
		struct bytes zero = { calloc(1, fake_value_len(o)), fake_value_len(o) };

		fake_add_entry(o, copy_of((uintptr_t)&i, sizeof(i)), zero);
	}
	return give_fd(o);
}

/* The kernel returns ids of maps in place of descriptors, and moves the distance of calls. */
static void note_maps(struct object *o)
{
	struct bpf_insn *insns = (void *)o->insns.data;

	o->map_ids.data = calloc(o->insns.len / sizeof(*insns) + 1, sizeof(uint32_t));
	for (size_t i = 0; i < o->insns.len / sizeof(*insns); i++) {
		uint32_t *ids = (void *)o->map_ids.data, id;
		size_t n = o->map_ids.len / sizeof(id), k = 0;

		if (insns[i].code == (BPF_JMP | BPF_CALL) && insns[i].src_reg == BPF_PSEUDO_CALL) {
			insns[i].off = insns[i].imm;
			insns[i].imm = 1;
		}
		if (insns[i].code != (BPF_LD | BPF_IMM | BPF_DW) ||
		    (insns[i].src_reg != BPF_PSEUDO_MAP_FD &&
		     insns[i].src_reg != BPF_PSEUDO_MAP_VALUE))
			continue;
		id = id_of_fd(insns[i].imm);
		insns[i].imm = id;
		while (k < n && ids[k] != id)
			k++;
		if (k == n) {
			ids[n] = id;
			o->map_ids.len += sizeof(id);
		}
	}
}

/* The rule "log FILE" is the verifier log of rejected programs. */
static void give_log(const union bpf_attr *attr)
{
	const struct bytes *log = &fixture()->log;
	size_t n = log->len < attr->log_size ? log->len : attr->log_size ? attr->log_size - 1 : 0;

	if (!attr->log_level || !attr->log_buf || !attr->log_size)
		return;
	if (n)
		memcpy((void *)(uintptr_t)attr->log_buf, log->data, n);
	((char *)(uintptr_t)attr->log_buf)[n] = '\0';
}

static struct bytes strip_records(uint64_t from, uint32_t n, uint32_t size, size_t want)
{
	struct bytes b = { calloc(n + 1, want), n * want };

	for (uint32_t i = 0; i < n; i++)
		memcpy(b.data + i * want, (char *)(uintptr_t)from + i * size,
		       want < size ? want : size);
	return b;
}

/* The id of a fail line is the program type. Two instructions or fewer are libbpf's own probes. */
static int make_prog(const union bpf_attr *attr)
{
	struct object *o;
	int err = attr->insn_cnt > 2 ? injected("load", K_PROG, attr->prog_type) : 0;

	if (err) {
		give_log(attr);
		return refuse(err);
	}
	o = new_object(K_PROG);
	if (!o)
		return refuse(ENOMEM);
	o->info.prog = (struct bpf_prog_info){
		.type = attr->prog_type,
		.id = o->id,
		.load_time = 900000000000,
		.gpl_compatible = 1,
		.btf_id = attr->func_info_cnt ? id_of_fd(attr->prog_btf_fd) : 0,
	};
	memcpy(o->info.prog.name, attr->prog_name, sizeof(attr->prog_name));
	o->insns = copy_of(attr->insns, attr->insn_cnt * sizeof(struct bpf_insn));
	o->func_info =
		strip_records(attr->func_info, attr->func_info_cnt, attr->func_info_rec_size, 8);
	o->line_info =
		strip_records(attr->line_info, attr->line_info_cnt, attr->line_info_rec_size, 16);
	note_maps(o);
	return give_fd(o);
}

static int make_btf(const union bpf_attr *attr)
{
	struct object *o = new_object(K_BTF);

	if (!o)
		return refuse(ENOMEM);
	o->info.btf.id = o->id;
	o->btf = copy_of(attr->btf, attr->btf_size);
	return give_fd(o);
}

static uint32_t link_type(uint32_t attach)
{
	static const struct { uint32_t attach, type;
	} types[] = {
		{ BPF_XDP, 6 },
		{ 46, 11 },
		{ 47, 11 },
		{ 54, 13 },
		{ 55, 13 },
		{ BPF_TRACE_ITER, 4 },
		{ BPF_TRACE_FENTRY, 2 },
		{ BPF_TRACE_FEXIT, 2 },
		{ BPF_PERF_EVENT, 7 },
		{ BPF_TRACE_KPROBE_MULTI, 8 },
		{ 44, 9 },
		{ 45, 10 },
		{ BPF_SK_LOOKUP, 5 },
		{ BPF_FLOW_DISSECTOR, 5 },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].attach == attach)
			return types[i].type;
	return BPF_LINK_TYPE_CGROUP;
}

/* The id of a fail line is the attach type; 0 for raw tracepoints. */
static int make_link(int cmd, const union bpf_attr *attr)
{
	bool raw = cmd == BPF_RAW_TRACEPOINT_OPEN;
	int err = injected("link", K_NONE, raw ? 0 : attr->link_create.attach_type);
	struct object *o;

	if (err)
		return refuse(err);
	o = new_object(K_LINK);
	if (!o)
		return refuse(ENOMEM);
	o->info.link.id = o->id;
	o->info.link.prog_id =
		id_of_fd(raw ? attr->raw_tracepoint.prog_fd : attr->link_create.prog_fd);
	o->info.link.type =
		raw ? BPF_LINK_TYPE_RAW_TRACEPOINT : link_type(attr->link_create.attach_type);
	if (raw && attr->raw_tracepoint.name)
		snprintf(o->name, sizeof(o->name), "%s",
			 (char *)(uintptr_t)attr->raw_tracepoint.name);
	if (o->info.link.type == BPF_LINK_TYPE_XDP)
		o->info.link.xdp.ifindex = attr->link_create.target_ifindex;
	return give_fd(o);
}

/* Only remembered: the directory itself is not written to. */
static int make_pin(const union bpf_attr *attr)
{
	struct fixture *fx = fixture();
	const char *path = (const char *)(uintptr_t)attr->pathname;
	struct object *o = object_of_fd(attr->bpf_fd);
	int err = injected("pin", o ? o->kind : K_NONE, o ? o->id : 0);

	if (err || !o)
		return refuse(err ? err : EBADF);
	if (!access(path, F_OK))
		return refuse(EEXIST);
	for (size_t i = 0; i < fx->n_pins; i++)
		if (!strcmp(fx->pins[i].path, path))
			return refuse(EEXIST);
	if (fx->n_pins == sizeof(fx->pins) / sizeof(fx->pins[0]))
		return refuse(ENOSPC);
	snprintf(fx->pins[fx->n_pins].path, sizeof(fx->pins[0].path), "%s", path);
	fx->pins[fx->n_pins++].object = o;
	return 0;
}

/* run PROG RETVAL DURATION DATA: the result of a test run. Without such a line: ENOTSUPP. */
static int test_run(union bpf_attr *attr)
{
	const struct fixture *fx = fixture();
	uint32_t id = id_of_fd(attr->test.prog_fd);
	int err = injected("run", K_PROG, id);

	if (err)
		return refuse(err);
	for (size_t i = 0; i < fx->n_runs; i++) {
		const struct run_rule *r = &fx->runs[i];
		size_t n = r->data.len < attr->test.data_size_out ? r->data.len
								  : attr->test.data_size_out;
		bool cut = attr->test.data_size_out && n < r->data.len;

		if (r->prog != id)
			continue;
		if (attr->test.data_out && n)
			memcpy((void *)(uintptr_t)attr->test.data_out, r->data.data, n);
		attr->test.data_size_out = r->data.len;
		if (attr->test.ctx_out && attr->test.ctx_in &&
		    attr->test.ctx_size_out >= attr->test.ctx_size_in)
			memcpy((void *)(uintptr_t)attr->test.ctx_out,
			       (void *)(uintptr_t)attr->test.ctx_in, attr->test.ctx_size_in);
		attr->test.ctx_size_out = attr->test.ctx_size_in;
		attr->test.retval = r->retval;
		attr->test.duration = r->duration;
		return cut ? refuse(ENOSPC) : 0;
	}
	return refuse(524);
}

static int make(int cmd, union bpf_attr *attr)
{
	struct object *o;

	if (!is_allowed(word_of(cmd)))
		return refuse(EPERM);
	switch (cmd) {
	case BPF_MAP_CREATE:
		return make_map(attr);
	case BPF_PROG_LOAD:
		return make_prog(attr);
	case BPF_BTF_LOAD:
		return make_btf(attr);
	case BPF_LINK_CREATE:
	case BPF_RAW_TRACEPOINT_OPEN:
		return make_link(cmd, attr);
	case BPF_OBJ_PIN:
		return make_pin(attr);
	case BPF_ITER_CREATE:
		return fixture()->iter[0] ? open(fixture()->iter, O_RDONLY | O_CLOEXEC)
					  : refuse(EINVAL);
	case BPF_PROG_TEST_RUN:
		return test_run(attr);
	case BPF_ENABLE_STATS:
		return eventfd(0, EFD_CLOEXEC);
	case BPF_LINK_DETACH:
		o = object_of_fd(attr->link_detach.link_fd);
		return o && !injected("detach", K_LINK, o->id)
			       ? 0
			       : refuse(o ? injected("detach", K_LINK, o->id) : EBADF);
	case BPF_TASK_FD_QUERY:
		return refuse(EOPNOTSUPP);
	default:
		return 0;
	}
}

/* Members that the caller left out are 0. */
int fake_make(int cmd, union bpf_attr *attr, size_t size)
{
	union bpf_attr full = {};
	int ret;

	size = size < sizeof(full) ? size : sizeof(full);
	memcpy(&full, attr, size);
	ret = make(cmd, &full);
	memcpy(attr, &full, size);
	return ret;
}
