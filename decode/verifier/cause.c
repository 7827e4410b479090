// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Where a pointer lost its proof, or never had it. */
#include "decode/verifier/expr.h"
#include "decode/verifier/inquiry.h"
#include "decode/verifier/walk.h"

#define PACKET_OFF_MAX 65535 /* offsets up to this are followed by the verifier */

/* Helpers that may move the packet: pointers into it are numbers afterwards. */
static const char *const movers[] = {
	"bpf_skb_vlan_push",	    "bpf_skb_vlan_pop",	       "bpf_skb_store_bytes",
	"bpf_skb_change_proto",	    "bpf_skb_change_head",     "bpf_skb_change_tail",
	"bpf_skb_adjust_room",	    "bpf_skb_pull_data",       "bpf_clone_redirect",
	"bpf_l3_csum_replace",	    "bpf_l4_csum_replace",     "bpf_xdp_adjust_head",
	"bpf_xdp_adjust_meta",	    "bpf_xdp_adjust_tail",     "bpf_msg_pull_data",
	"bpf_msg_push_data",	    "bpf_msg_pop_data",	       "bpf_lwt_push_encap",
	"bpf_lwt_seg6_store_bytes", "bpf_lwt_seg6_adjust_srh", "bpf_lwt_seg6_action",
	"bpf_skb_set_tunnel_opt",   "bpf_store_hdr_opt",       "bpf_reserve_hdr_opt",
	"bpf_sk_skb_pull_data",	    "bpf_tail_call",
};

static bool moves_packet(const struct vlog *log, uint32_t step, const void *data UNUSED)
{
	struct step s;
	size_t i;

	if (!vlog_calls(log, step))
		return false;
	s = vlog_step(log, step);
	for (i = 0; i < ARRAY_SIZE(movers); i++)
		if (span_is(s.name, movers[i]))
			return true;
	return false;
}

static bool is_packet(struct span value)
{
	return value_is(value, "pkt") || value_is(value, "pkt_meta") ||
	       value_is(value, "flow_keys");
}

/* Packets. */

struct comparison {
	uint32_t step;	    /* VLOG_NONE: there is none on the path */
	struct span proven; /* what is known of the pointer after it */
};

static bool is_end(struct span value)
{
	return value_is(value, "pkt_end");
}

/* Is it a comparison of a packet pointer with the end of the packet? Then which register is it? */
static int compared(const struct vlog *log, uint32_t step)
{
	struct step s;

	if (!vlog_jumps(log, step))
		return NO_REG;
	s = vlog_step(log, step);
	if (s.kind != STEP_BRANCH || s.src == NO_REG)
		return NO_REG;
	if (is_end(walk_value(log, step, s.src)))
		return s.dst;
	return is_end(walk_value(log, step, s.dst)) ? s.src : NO_REG;
}

static bool compares_end(const struct vlog *log, uint32_t step, const void *data UNUSED)
{
	return compared(log, step) != NO_REG;
}

static struct comparison last_comparison(const struct vlog *log, uint32_t at)
{
	struct comparison c = { .step = walk_find(log, at, compares_end, NULL) };
	int reg;

	if (c.step == VLOG_NONE)
		return c;
	reg = compared(log, c.step);
	if (c.step + 1 < log->n)
		c.proven = walk_value(log, c.step + 1, reg);
	return c;
}

/* The last addition on the way of a pointer to at; src: what was added, NO_REG: a constant. */
struct addition {
	uint32_t step;
	int src;
};

static struct addition last_addition(const struct vlog *log, uint32_t at, int reg)
{
	struct vdef def = walk_origin(log, at, reg);
	struct addition a = { .step = VLOG_NONE, .src = NO_REG };
	struct step s;

	if (def.step == VLOG_NONE || def.lost)
		return a;
	s = vlog_step(log, def.step);
	if (s.kind == STEP_MATH) {
		a.step = def.step;
		a.src = s.src;
	}
	return a;
}

/* The addition that made the offset of the pointer unknown. */
static struct addition variable_addition(const struct vlog *log, uint32_t at, int reg)
{
	struct addition a = last_addition(log, at, reg);
	unsigned int i;

	for (i = 0; i < 16 && a.step != VLOG_NONE && a.src == NO_REG; i++)
		a = last_addition(log, a.step, reg = vlog_step(log, a.step).dst);
	return a;
}

/* Where the variable got its value that was added. */
static uint32_t added_from(const struct vlog *log, const struct addition *a)
{
	struct vdef def = walk_def(log, a->step, a->src);

	return def.step == VLOG_NONE || def.lost ? a->step : def.step;
}

static void say_bytes(struct inquiry *q, int64_t off, int64_t size, int64_t id)
{
	const char *base = id ? " after a variable offset" : "";

	if (size == 1)
		fact(q, "bytes", "byte %lld%s", (long long)off, base);
	else
		fact(q, "bytes", "bytes %lld to %lld%s", (long long)off,
		     (long long)(off + size - 1), base);
}

static void advise_packet(struct inquiry *q)
{
	struct span text = span_of(q->r->at.source.text);
	struct span e = expr_at(text, q->r->at.source.column), p = expr_pointer(e);

	if (!p.len || !q->r->at.source.column)
		advise(q, "compare the end of what is accessed with data_end before this line");
	else if (expr_index(e).len || *e.at == '*')
		advise(q, "compare (void *)(&" SPAN_FMT " + 1) with data_end before this line",
		       SPAN_ARG(e));
	else if (!expr_is_plain(p))
		advise(q, "compare the end of " SPAN_FMT " with data_end before this line",
		       SPAN_ARG(p));
}

/* The variable is too wide: the comparison with data_end proves nothing then. */
static bool is_too_wide(struct span value)
{
	int64_t umax = 0, off = 0;

	value_number(value, "umax", &umax);
	value_number(value, "off", &off);
	return (uint64_t)umax > PACKET_OFF_MAX || umax + off > PACKET_OFF_MAX;
}

static bool same_line(const struct inquiry *q, uint32_t a, uint32_t b)
{
	struct vsource x = vlog_source(q->log, a), y = vlog_source(q->log, b);

	return x.line == y.line && x.text.len == y.text.len &&
	       !memcmp(x.text.at ?: "", y.text.at ?: "", x.text.len);
}

/* Something is proven of this pointer: too little, or before it was moved on. */
static void blame_proven(struct inquiry *q, const struct comparison *c, int64_t r)
{
	struct addition a = last_addition(q->log, q->at, q->m.reg);

	if (a.step != VLOG_NONE && c->step != VLOG_NONE && a.step > c->step) {
		if (!same_line(q, a.step, c->step)) {
			blame(q, a.step, "the pointer moves on here, after the comparison");
			pass(q, c->step, "bytes 0 to %lld are proven here", (long long)r - 1);
			return;
		}
	}
	blame(q, c->step, r == 1 ? "byte 0 is proven here" : "bytes 0 to %lld are proven here",
	      (long long)r - 1);
}

static void blame_variable(struct inquiry *q, const struct comparison *c, struct span value)
{
	struct addition a = variable_addition(q->log, q->at, q->m.reg);
	int64_t umax = 0;

	if (a.step == VLOG_NONE)
		return;
	if (is_too_wide(value) && value_number(value, "umax", &umax)) {
		blame(q, added_from(q->log, &a), "up to %llu is added", (unsigned long long)umax);
		title(q, "packet access at an offset that is not limited enough");
		advise(q,
		       "limit what is added first (if (x > 1500) return ...;): a comparison with "
		       "data_end proves nothing of offsets that may exceed %d",
		       PACKET_OFF_MAX);
		return;
	}
	if (c->step == VLOG_NONE) {
		blame(q, a.step, "adds a variable, and nothing is compared with data_end");
		return;
	}
	blame(q, a.step, "adds a variable: a comparison from before does not count any more");
	pass(q, c->step, "compares without it");
}

void find_packet(struct inquiry *q)
{
	struct comparison c;
	struct span value;
	int64_t id = 0, r = 0, other = 0;
	bool full = q->m.n >= 6;

	if (q->at == VLOG_NONE || q->m.reg == NO_REG)
		return;
	value = walk_value(q->log, q->at, q->m.reg);
	id = full ? q->m.number[3] : 0;
	r = full ? q->m.number[5] : 0;
	if (full)
		say_bytes(q, q->m.number[0], q->m.number[1], id);
	advise_packet(q);
	c = last_comparison(q->log, q->at);
	value_number(c.proven, "id", &other);
	if (r > 0 && c.step != VLOG_NONE) {
		blame_proven(q, &c, r);
	} else if (id) {
		blame_variable(q, &c, value);
	} else if (c.step != VLOG_NONE && other == id) {
		blame(q, c.step, "this comparison leaves nothing proven on this path");
		advise(q, "the wrong side goes on: leave if the end of the access is > data_end");
	}
}

/* Numbers in the place of pointers. */

static const char *source_word(struct span type)
{
	if (span_is(type, "ctx"))
		return "the context";
	if (span_is(type, "map_value"))
		return "a map's value";
	if (span_is(type, "fp"))
		return "the stack";
	if (span_is(type, "pkt"))
		return "the packet";
	return "the kernel's memory";
}

/* A number was loaded, what can be done depends on where from. */
static void blame_load(struct inquiry *q, uint32_t step, const struct step *s)
{
	struct span base = value_type(walk_value(q->log, step, s->src));
	struct source_line room;
	struct span name = variable_of(q, step, &room);

	if (name.len && expr_is_plain(name))
		pass(q, step, SPAN_FMT " is read from %s here: a number", SPAN_ARG(name),
		     source_word(base));
	else
		pass(q, step, "read from %s here: a number", source_word(base));
	if (span_is(base, "map_value"))
		advise(q, "what comes back from a map is a number: keep the data itself or a key "
			  "there, or mark the member __kptr; kernel addresses can be read with "
			  "bpf_probe_read_kernel()");
	else if (span_is(base, "ctx"))
		advise(q, "read through it with bpf_probe_read_kernel() or BPF_CORE_READ() "
			  "(addresses of user space: bpf_probe_read_user()), or use a program type "
			  "with typed arguments (tp_btf, fentry)");
	else
		advise(q, "read it with BPF_CORE_READ() or bpf_probe_read_kernel()");
}

static void blame_result(struct inquiry *q, uint32_t step, const struct step *s)
{
	blame(q, step, SPAN_FMT "() returns a number", SPAN_ARG(s->name));
	if (span_is(s->name, "bpf_get_current_task"))
		advise(q, "bpf_get_current_task_btf() returns a pointer that can be read; or read "
			  "with BPF_CORE_READ()");
	else
		advise(q, "read through it with bpf_probe_read_kernel(), or BPF_CORE_READ() (user "
			  "space: bpf_probe_read_user())");
}

/* The call between the step and at that moved the packet, seen from the frame of at. */
static bool blame_mover(struct inquiry *q, uint32_t since)
{
	uint32_t at = walk_find(q->log, q->at, moves_packet, NULL), call = at;
	struct step s;

	if (at == VLOG_NONE || at < since)
		return false;
	s = vlog_step(q->log, at);
	while (call > since && q->log->steps[call].frame > q->log->steps[q->at].frame)
		call--;
	blame(q, call, SPAN_FMT "() may move the packet: its pointers are lost", SPAN_ARG(s.name));
	if (call != at)
		pass(q, at, "called here");
	title(q, "a packet pointer from before " SPAN_FMT "() is used", SPAN_ARG(s.name));
	advise(q,
	       "after " SPAN_FMT "() read data and data_end from the context again, derive {ptr} "
	       "from them and compare it with data_end again",
	       SPAN_ARG(s.name));
	return true;
}

static void blame_zero(struct inquiry *q, uint32_t step)
{
	struct source_line room;
	struct span name = variable_of(q, step, &room);

	title(q, "a NULL pointer is used on this path");
	say_here(q, "{ptr} is NULL here");
	if (name.len && expr_is_plain(name))
		blame(q, step, SPAN_FMT " is set to NULL here", SPAN_ARG(name));
	else
		blame(q, step, "set to 0 here");
	advise(q, "set it on every path that leads here, or compare it with NULL before");
}

void find_scalar(struct inquiry *q)
{
	struct vdef def;
	struct step s;
	struct span was;

	if (q->at == VLOG_NONE || q->m.reg == NO_REG)
		return;
	def = walk_origin(q->log, q->at, q->m.reg);
	if (def.step == VLOG_NONE || def.lost)
		return;
	s = vlog_step(q->log, def.step);
	was = state_value(vlog_after(q->log, def.step), def.reg);
	if (is_packet(was) && blame_mover(q, def.step))
		return;
	switch (s.kind) {
	case STEP_LOAD:
		blame_load(q, def.step, &s);
		break;
	case STEP_CALL:
		blame_result(q, def.step, &s);
		break;
	case STEP_SET:
		if (span_is(was, "0") || !s.imm) {
			blame_zero(q, def.step);
			break;
		}
		/* fall through */
	default:
		blame(q, def.step, "a number is made here");
		advise(q, "compute with the pointer itself (64 bits wide, one addition), not with "
			  "a number made of it");
	}
}

/* Results that may be NULL, and where other pointers come from. */

static void name_call(struct inquiry *q, uint32_t step, const struct step *s)
{
	struct source_line room;
	struct span name = variable_of(q, step, &room);

	fact_span(q, "call", s->name);
	if (name.len && expr_is_plain(name) && name.len < 40)
		fact_span(q, "ptr", name);
}

void find_null(struct inquiry *q)
{
	int reg = q->m.reg;
	struct vdef def;
	struct step s;

	if (q->at == VLOG_NONE)
		return;
	if (reg == NO_REG)
		reg = (int)q->m.number[0] + 1;
	if (reg < 0 || reg > 10)
		return;
	def = walk_origin(q->log, q->at, reg);
	while (def.step != VLOG_NONE && !def.lost && vlog_step(q->log, def.step).kind == STEP_MATH)
		def = walk_origin(q->log, def.step, def.reg);
	if (def.step == VLOG_NONE || def.lost)
		return;
	s = vlog_step(q->log, def.step);
	if (s.kind == STEP_CALL) {
		name_call(q, def.step, &s);
		blame(q, def.step, SPAN_FMT "() may return NULL", SPAN_ARG(s.name));
	} else if (s.kind == STEP_LOAD) {
		blame(q, def.step, "what is read here may be NULL");
	}
}

static void label_made(struct inquiry *q, uint32_t step, const struct step *s)
{
	if (s->kind == STEP_CALL)
		blame(q, step, "the result of " SPAN_FMT "()", SPAN_ARG(s->name));
	else if (s->kind == STEP_LOAD)
		blame(q, step, "read here");
	else
		blame(q, step, "made here");
}

void find_made(struct inquiry *q)
{
	struct vdef def;
	struct step s;

	if (q->at == VLOG_NONE || q->m.reg == NO_REG)
		return;
	def = walk_origin(q->log, q->at, q->m.reg);
	if (def.step == VLOG_NONE || def.lost)
		return;
	s = vlog_step(q->log, def.step);
	label_made(q, def.step, &s);
}

void find_here(struct inquiry *q)
{
	struct vdef def;

	if (q->at == VLOG_NONE || q->m.reg == NO_REG)
		return;
	def = walk_origin(q->log, q->at, q->m.reg);
	if (def.step != VLOG_NONE && !def.lost)
		pass(q, def.step, "made here");
}

/* Kinds of pointers as the verifier prints them, in words. */
static const struct {
	const char *type, *words;
} kinds[] = {
	{ "fp", "a pointer to the stack" },
	{ "pkt", "a pointer into the packet" },
	{ "pkt_meta", "a pointer to the packet's metadata" },
	{ "pkt_end", "the end of the packet" },
	{ "map_value", "a pointer to a map's value" },
	{ "map_key", "a pointer to a map's key" },
	{ "map_ptr", "a map" },
	{ "ctx", "the context" },
	{ "mem", "a pointer to memory of known size" },
	{ "scalar", "a number" },
	{ "inv", "a number" },
	{ "ringbuf_mem", "a record from bpf_ringbuf_reserve()" },
	{ "alloc_mem", "a record from bpf_ringbuf_reserve()" },
	{ "sock", "a socket" },
	{ "sock_common", "a socket" },
	{ "tcp_sock", "a TCP socket" },
	{ "func", "a function of the program" },
	{ "percpu_ptr_", "a per-CPU variable of the kernel" },
	{ "trusted_ptr_", "a trusted pointer to a structure of the kernel" },
	{ "ptr_", "a pointer to a structure of the kernel" },
	{ "rcu_ptr_", "an RCU-protected pointer to a structure of the kernel" },
	{ "const_str", "a constant string" },
	{ "map_value_or_null", "a pointer that may be NULL" },
};

static const char *kind_words(struct span type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (span_is(type, kinds[i].type))
			return kinds[i].words;
	return NULL;
}

/* "fp, pkt, map_value": as many in words as fit in a line; the others are rare. */
static void say_wanted(struct inquiry *q, struct span list)
{
	unsigned int n = 0;
	char text[160] = "";
	size_t len = 0;

	while (list.len && n < 3) {
		struct span rest = span_find(list, ", ");
		struct span type = { list.at, list.len - rest.len };
		const char *words = kind_words(type);

		list = rest.len ? span_skip(rest, 2) : rest;
		if (span_starts(type, "pkt_meta") || !type.len)
			continue;
		n++;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s" SPAN_FMT,
					n > 1 ? " or " : "", words ?: "", words ? 0 : (int)type.len,
					type.at);
		if (len >= sizeof(text))
			return;
	}
	fact(q, "wanted", "%s", text);
}

void find_type(struct inquiry *q)
{
	const char *got = kind_words(q->m.text[1]);

	if (got)
		fact(q, "got", "%s", got);
	else
		fact_span(q, "got", q->m.text[1]);
	say_wanted(q, q->m.text[2]);
	find_made(q);
}

void find_call(struct inquiry *q)
{
	if (q->m.reg != NO_REG)
		find_made(q);
}

void find_context(struct inquiry *q)
{
	(void)q;
}

/* Values that were never set. */

void find_unset(struct inquiry *q)
{
	struct vdef def;
	struct step s;

	if (q->at == VLOG_NONE || q->m.reg == NO_REG)
		return;
	def = walk_def(q->log, q->at, q->m.reg);
	s = vlog_step(q->log, q->at);
	if (def.lost) {
		struct span name = vlog_step(q->log, def.step).name;

		name = name.len ? name : span_of("the function");
		blame(q, def.step, "after the call of " SPAN_FMT "() r1 to r5 have no value",
		      SPAN_ARG(name));
		advise(q, "keep the value in a variable, or declare all arguments of the function; "
			  "assembly: keep it in r6 to r9");
	}
	if (s.kind == STEP_CALL && q->m.reg >= 1 && q->m.reg <= 5) {
		say_here(q, "{arg} of {callee} has no value");
		if (!def.lost)
			advise(q, "initialise what is passed as {arg}, and declare {callee} "
				  "with all its arguments");
	}
}

/* The last numbers of the message: an offset, perhaps the byte within, and the size. */
static void stack_range(const struct inquiry *q, int64_t *off, int64_t *byte, int64_t *size)
{
	unsigned int n = q->m.n, first = q->m.reg == NO_REG ? 0 : 1;

	*byte = 0;
	*size = n ? q->m.number[n - 1] : 0;
	*off = 0;
	while (first < n && !q->m.number[first]) /* " indirect ", a text */
		first++;
	if (first < n)
		*off = q->m.number[first];
	if (n >= first + 3)
		*byte = q->m.number[first + 1];
}

void find_unwritten(struct inquiry *q)
{
	int64_t off, byte, size;
	uint32_t store;

	if (q->at == VLOG_NONE)
		return;
	stack_range(q, &off, &byte, &size);
	fact(q, "bytes", size == 1 ? "1 byte" : "%lld bytes", (long long)size);
	store = walk_store(q->log, q->at, off, size ?: 1);
	if (store == VLOG_NONE) {
		find_made(q);
		return;
	}
	blame(q, store, "writes a part of it, not byte %lld of %lld", (long long)byte,
	      (long long)size);
}
