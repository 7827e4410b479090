// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Addresses of maps in machine code, by comparing it with the instructions it was compiled from. */
#include <errno.h>

#include "cli/array.h"
#include "decode/code/insn.h"
#include "decode/code/machine.h"
#include "kern/object/prog_code.h"
#include "prog/dump_maps.h"

/* A constant that only a 64-bit move can load, and that may be a kernel address. */
static bool is_address(uint64_t value)
{
	return value >> 56 == 0xff && (uint64_t)(int64_t)(int32_t)value != value;
}

static bool add_ref(struct map_refs *r, const struct map_ref *ref)
{
	struct map_ref *refs = array_room(r->refs, r->n, &r->max, sizeof(*refs));

	if (!refs) {
		r->err = -ENOMEM;
		return false;
	}
	r->refs = refs;
	r->refs[r->n++] = *ref;
	return true;
}

void map_refs_free(struct map_refs *r)
{
	free(r->refs);
	*r = (struct map_refs){};
}

const struct map_ref *map_refs_find(const struct map_refs *r, uint64_t value)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->refs[i].value == value)
			return &r->refs[i];
	return NULL;
}

/* What instructions [from, to) load: maps (id != 0), and numbers that look like addresses. */
static bool collect_loads(const struct bpf_insn *insns, size_t from, size_t to,
			  struct map_refs *ret)
{
	bool fine = true;

	for (size_t i = from; i + 1 < to && fine; i += insn_slots(&insns[i])) {
		const struct bpf_insn *insn = &insns[i];
		struct map_ref ref = { .off = insn[1].imm };

		if (insn_slots(insn) != 2)
			continue;
		ref.value = (uint64_t)(uint32_t)insn[1].imm << 32 | (uint32_t)insn->imm;
		ref.is_value = insn->src_reg == BPF_PSEUDO_MAP_VALUE;
		if (ref.is_value || insn->src_reg == BPF_PSEUDO_MAP_FD)
			ref.id = insn->imm;
		else if (insn->src_reg == BPF_PSEUDO_FUNC || !is_address(ref.value))
			continue;
		fine = add_ref(ret, &ref);
	}
	return fine;
}

/* Assigns the constants of the machine code to the loads, one after the other. True: all match. */
static bool match_constants(struct machine *m, const struct jited_func *f, struct map_refs *loads)
{
	struct machine_insn insn;
	uint64_t value;
	size_t n = 0;

	for (size_t pc = 0; pc < f->len; pc += insn.len) {
		machine_insn(m, f->bytes + pc, f->len - pc, f->addr + pc, &insn);
		if (!machine_wide_constant(m, &insn, &value) || !is_address(value))
			continue;
		if (n == loads->n || (!loads->refs[n].id && loads->refs[n].value != value))
			return false;
		loads->refs[n++].value = value;
	}
	return n == loads->n;
}

/* The same map must have the same address everywhere, and another map another one. */
static bool is_consistent(const struct map_refs *r, const struct map_ref *ref)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct map_ref *other = &r->refs[i];
		bool same_map = other->id == ref->id && other->is_value == ref->is_value;

		if (same_map ? other->value - other->off != ref->value - ref->off :
			       other->value == ref->value)
			return false;
	}
	return true;
}

/* 0 also for a map that is gone: it has none. */
static int find_name(struct map_ref *ref)
{
	auto_close int fd = obj_map.open_id(ref->id, 0);
	struct bpf_map_info info = {};
	int err = fd < 0 ? fd : obj_info(fd, &info, sizeof(info));

	if (!err)
		snprintf(ref->name, sizeof(ref->name), "%.15s", info.name);
	return err == -ENOENT ? 0 : err;
}

/* False: a contradiction, nothing is certain any more; or out of memory. */
static bool keep_maps(const struct map_refs *loads, struct map_refs *ret)
{
	for (size_t i = 0; i < loads->n; i++) {
		struct map_ref ref = loads->refs[i];

		if (!ref.id)
			continue;
		ref.off = ref.is_value ? ref.off : 0;
		if (!is_consistent(ret, &ref))
			return false;
		if (map_refs_find(ret, ref.value))
			continue;
		ret->err = find_name(&ref) ?: ret->err;
		if (!add_ref(ret, &ref))
			return false;
	}
	return true;
}

/* The instructions of function i; false if its bounds are not known. */
static bool func_range(const struct prog_code *code, uint32_t i, size_t *ret_from, size_t *ret_to)
{
	const struct bpf_func_info *func = prog_code_func(code, i),
				   *next = prog_code_func(code, i + 1);
	size_t n;

	prog_code_insns(code, &n);
	*ret_from = func ? func->insn_off : 0;
	*ret_to = next ? next->insn_off : n;
	if (code->info.nr_jited_func_lens > 1 &&
	    code->info.nr_func_info != code->info.nr_jited_func_lens)
		return false;
	return *ret_from <= *ret_to && *ret_to <= n;
}

int map_refs_read(struct machine *m, const struct prog_code *code, struct map_refs *ret)
{
	size_t n, from, to;
	const struct bpf_insn *insns = prog_code_insns(code, &n);
	struct jited_func f;
	bool fine = true;
	int err;

	*ret = (struct map_refs){};
	for (uint32_t i = 0; m && insns && fine && prog_code_jited(code, i, &f); i++) {
		struct map_refs loads = {};

		if (func_range(code, i, &from, &to) && collect_loads(insns, from, to, &loads) &&
		    match_constants(m, &f, &loads))
			fine = keep_maps(&loads, ret);
		ret->err = loads.err ?: ret->err;
		map_refs_free(&loads);
	}
	err = ret->err;
	if (!fine)
		map_refs_free(ret);
	return err;
}
