// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What was opened and not closed, and loops. */
#include "decode/verifier/inquiry.h"
#include "decode/verifier/walk.h"

/* Who gives back what a helper or kfunc gives out. */
static const struct {
	const char *acquire, *release;
} pairs[] = {
	{ "bpf_ringbuf_reserve", "bpf_ringbuf_submit() or bpf_ringbuf_discard()" },
	{ "bpf_ringbuf_reserve_dynptr",
	  "bpf_ringbuf_submit_dynptr() or bpf_ringbuf_discard_dynptr()" },
	{ "bpf_sk_lookup_tcp", "bpf_sk_release()" },
	{ "bpf_sk_lookup_udp", "bpf_sk_release()" },
	{ "bpf_skc_lookup_tcp", "bpf_sk_release()" },
	{ "bpf_task_acquire", "bpf_task_release()" },
	{ "bpf_task_from_pid", "bpf_task_release()" },
	{ "bpf_task_from_vpid", "bpf_task_release()" },
	{ "bpf_cgroup_acquire", "bpf_cgroup_release()" },
	{ "bpf_cgroup_ancestor", "bpf_cgroup_release()" },
	{ "bpf_cgroup_from_id", "bpf_cgroup_release()" },
	{ "bpf_task_get_cgroup1", "bpf_cgroup_release()" },
	{ "bpf_cpumask_create", "bpf_cpumask_release()" },
	{ "bpf_cpumask_acquire", "bpf_cpumask_release()" },
	{ "bpf_obj_new_impl", "bpf_obj_drop()" },
	{ "bpf_percpu_obj_new_impl", "bpf_percpu_obj_drop()" },
	{ "bpf_refcount_acquire_impl", "bpf_obj_drop()" },
	{ "bpf_crypto_ctx_create", "bpf_crypto_ctx_release()" },
	{ "bpf_crypto_ctx_acquire", "bpf_crypto_ctx_release()" },
	{ "bpf_get_task_exe_file", "bpf_put_file()" },
	{ "bpf_skb_ct_lookup", "bpf_ct_release()" },
	{ "bpf_xdp_ct_lookup", "bpf_ct_release()" },
	{ "bpf_lookup_user_key", "bpf_key_put()" },
	{ "bpf_lookup_system_key", "bpf_key_put()" },
	{ "bpf_kptr_xchg", "the release function of its type" },
	{ "bpf_spin_lock", "bpf_spin_unlock()" },
	{ "bpf_res_spin_lock", "bpf_res_spin_unlock()" },
	{ "bpf_rcu_read_lock", "bpf_rcu_read_unlock()" },
	{ "bpf_preempt_disable", "bpf_preempt_enable()" },
	{ "bpf_local_irq_save", "bpf_local_irq_restore()" },
};

#define FIRST_LOCK "bpf_spin_lock"

static const char *release_of(struct span acquire, char *buf, size_t size)
{
	struct match m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		if (span_is(acquire, pairs[i].acquire))
			return pairs[i].release;
	if (!text_match("bpf_iter_%s_new", acquire, &m))
		return NULL;
	snprintf(buf, size, "bpf_iter_" SPAN_FMT "_destroy()", SPAN_ARG(m.text[0]));
	return buf;
}

/* The last branch after the step: where this path parted from the others. */
static uint32_t last_branch(const struct inquiry *q, uint32_t since)
{
	uint32_t i = q->at, found = VLOG_NONE;

	while (i-- > since + 1 && q->at - i < WALK_BACK_MAX) {
		struct step s;

		if (q->log->steps[i].frame != q->log->steps[since].frame || !vlog_jumps(q->log, i))
			continue;
		s = vlog_step(q->log, i);
		if (s.kind != STEP_BRANCH)
			continue;
		/* A test for NULL of what was acquired does not count. */
		if (s.src == NO_REG && !s.imm && found == VLOG_NONE &&
		    walk_origin(q->log, i, s.dst).step == since)
			break;
		return i;
	}
	return found;
}

/* Opened at the step, still open at the exit. */
static void blame_open(struct inquiry *q, uint32_t opened)
{
	struct step s = vlog_step(q->log, opened);
	uint32_t branch = VLOG_NONE;
	const char *release;
	char buf[64];

	fact(q, "call", SPAN_FMT "()", SPAN_ARG(s.name));
	release = release_of(s.name, buf, sizeof(buf));
	if (release)
		fact(q, "release", "%s", release);
	if (vlog_step(q->log, q->at).kind == STEP_EXIT)
		branch = last_branch(q, opened);
	if (branch == VLOG_NONE) {
		blame(q, opened, SPAN_FMT "() here", SPAN_ARG(s.name));
		return;
	}
	pass(q, opened, SPAN_FMT "() here", SPAN_ARG(s.name));
	blame(q, branch, "this way leads out while it is held");
}

static bool is_opener(const struct vlog *log, uint32_t step, const void *data)
{
	const char *only = data;
	struct step s;
	size_t i;

	if (!vlog_calls(log, step))
		return false;
	s = vlog_step(log, step);
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (only && i && streq(pairs[i].acquire, FIRST_LOCK))
			only = NULL;
		if (!only && span_is(s.name, pairs[i].acquire))
			return true;
	}
	return !data && text_match("bpf_iter_%s_new", s.name, NULL);
}

void find_alloc(struct inquiry *q)
{
	uint32_t step = VLOG_NONE;

	if (q->at == VLOG_NONE)
		return;
	if (q->m.n >= 2 && q->m.number[1] >= 0 && q->m.number[1] < VLOG_INSNS_MAX)
		step = walk_insn(q->log, (uint32_t)q->m.number[1]);
	if (step == VLOG_NONE)
		step = walk_find(q->log, q->at, is_opener, NULL);
	if (step != VLOG_NONE)
		blame_open(q, step);
}

void find_region(struct inquiry *q)
{
	uint32_t step;

	if (q->at == VLOG_NONE)
		return;
	step = walk_find(q->log, q->at, is_opener, FIRST_LOCK);
	if (step != VLOG_NONE)
		blame_open(q, step);
}

/* The complaint names an instruction, there may be no walk. */
static void set_here(struct inquiry *q, int64_t insn)
{
	if (insn < 0 || insn >= VLOG_INSNS_MAX)
		return;
	blame_insn(q, (uint32_t)insn, NULL);
	q->r->at = q->r->cause;
	q->at = q->r->at.step;
}

void find_insn(struct inquiry *q)
{
	if (q->m.n && !(q->m.n == 2 && !q->m.number[0] && q->m.text[0].len > 2))
		set_here(q, q->m.number[0]);
}

static bool jumps_back(const struct vlog *log, uint32_t step, const void *data UNUSED)
{
	struct step s;

	if (!vlog_jumps(log, step))
		return false;
	s = vlog_step(log, step);
	return (s.kind == STEP_BRANCH || s.kind == STEP_GOTO) && s.jump < 0;
}

void find_loop(struct inquiry *q)
{
	uint32_t at = q->at, first;

	if (q->m.n >= 2) { /* a jump from, to */
		set_here(q, q->m.number[0]);
		if (q->m.number[1] >= 0 && q->m.number[1] < VLOG_INSNS_MAX)
			blame_insn(q, (uint32_t)q->m.number[1], "the loop starts here");
		return;
	}
	if (at == VLOG_NONE || !q->m.n)
		return;
	first = walk_find(q->log, at + 1, jumps_back, NULL);
	if (first == VLOG_NONE)
		first = walk_insn(q->log, (uint32_t)q->m.number[0]);
	blame(q, first, "goes round again, nothing has come nearer to the end");
}

/* The jump back that was passed most often, in what is left of the walk. */
static uint32_t hottest_jump(const struct vlog *log, uint32_t *ret_count)
{
	auto_free uint32_t *counts = calloc(log->n_last ?: 1, sizeof(*counts));
	uint32_t i = log->n, best = VLOG_NONE;

	*ret_count = 0;
	while (counts && i && log->n - i < WALK_BACK_MAX) {
		uint32_t insn = log->steps[--i].insn;

		if (!jumps_back(log, i, NULL) || ++counts[insn] <= *ret_count)
			continue;
		*ret_count = counts[insn];
		best = i;
	}
	return best;
}

void find_large(struct inquiry *q)
{
	uint32_t count, jump;

	if (q->m.n && q->m.number[0] > 1)
		fact(q, "n", "%lld", (long long)q->m.number[0]);
	jump = hottest_jump(q->log, &count);
	if (jump == VLOG_NONE || count < 2)
		return;
	blame(q, jump, "the loop: at least %u rounds were followed", count);
}
