// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Refusals from logs of several kernels: what is said, where, and where it comes from. */
#include "decode/verifier/expr.h"
#include "decode/verifier/refusal.h"
#include "decode/verifier/walk.h"
#include "tap.h"

static struct refusal read_log(const char *log)
{
	struct refusal r;

	if (refusal_read(span_of(log), NULL, &r))
		r.known = false;
	return r;
}

static void test_match(void)
{
	struct match m;

	ok(text_match("R%r invalid mem access '%s'", span_of("R10 invalid mem access 'scalar'"),
		      &m),
	   "a register and a text");
	ok(m.reg == 10 && m.n == 2 && m.text[1].len == 6, "are kept");
	ok(!text_match("R%r x", span_of("R11 x"), &m), "there is no R11");
	ok(text_match("off=%d size=%d", span_of("off=-8 size=0x10"), &m) && m.number[0] == -8 &&
		   m.number[1] == 16,
	   "negative and hexadecimal numbers");
	ok(text_match("%s: %s", span_of("a: b: c"), &m) && m.text[0].len == 1, "a text is short");
	ok(!text_match("abc", span_of("ab"), NULL), "a cut line does not match");
}

static void test_packet(void)
{
	struct refusal r = read_log(
		"0: R1=ctx() R10=fp0\n"
		"; void *data = (void *)(long)ctx->data; @ a.bpf.c:11\n"
		"1: (61) r2 = *(u32 *)(r1 +0)          ; R1=ctx() R2=pkt(r=0)\n"
		"; if (data + sizeof(*eth) > data_end) @ a.bpf.c:16\n"
		"2: (07) r2 += 14                      ; R2=pkt(off=14,r=0)\n"
		"3: (61) r1 = *(u32 *)(r1 +4)          ; R1=pkt_end()\n"
		"4: (2d) if r2 > r1 goto pc+4          ; R1=pkt_end() R2=pkt(off=14,r=14)\n"
		"; if (ip->protocol == 17) @ a.bpf.c:19\n"
		"5: (71) r1 = *(u8 *)(r2 +9)\n"
		"invalid access to packet, off=23 size=1, R2(id=0,off=23,r=14)\n"
		"R2 offset is outside of the packet\n"
		"processed 6 insns (limit 1000000) max_states_per_insn 0\n");

	ok(r.known, "6.18: a packet access");
	is_str(r.category, "Memory Safety", "its category");
	ok(r.at.insn == 5 && r.at.source.line == 19, "where");
	ok(r.cause.insn == 4 && r.cause.source.line == 16, "the comparison");
	is_str(r.cause.label, "bytes 0 to 13 are proven here", "what it proves");
	is_str(r.at.label, "reads byte 23", "what is read");
}

static void test_old_packet(void)
{
	struct refusal r = read_log(
		"; if (data + sizeof(*eth) > data_end)\n"
		"4: (2d) if r2 > r1 goto pc+4\n"
		" R1_w=pkt_end(id=0,off=0,imm=0) R2_w=pkt(id=0,off=14,r=14,imm=0) R10=fp0\n"
		"; if (ip->protocol == 17)\n"
		"5: (71) r1 = *(u8 *)(r2 +9)\n"
		"invalid access to packet, off=23 size=1, R2(id=0,off=23,r=14)\n"
		"R2 offset is outside of the packet\n"
		"processed 6 insns (limit 1000000)\n");

	ok(r.known && r.at.insn == 5, "5.10: the same without places");
	is_str(r.at.source.text, "if (ip->protocol == 17)", "its source line");
}

static void test_scalar(void)
{
	struct refusal r =
		read_log("0: R1=ctx(off=0,imm=0) R10=fp0\n"
			 "; struct task_struct *t = (void *)bpf_get_current_task();\n"
			 "0: (85) call bpf_get_current_task#35          ; R0_w=scalar()\n"
			 "; return t->pid;\n"
			 "1: (61) r0 = *(u32 *)(r0 +1264)\n"
			 "R0 invalid mem access 'scalar'\n");

	is_str(r.category, "Register Type Safety", "6.1: a number as pointer");
	ok(r.cause.insn == 0, "the call that returns it");
	ok(strstr(r.suggestion, "bpf_get_current_task_btf") != NULL, "and what to call instead");
	r = read_log("1: (61) r0 = *(u32 *)(r0 +1264)\nR0 invalid mem access 'inv'\n");
	is_str(r.problem, "a number is used as a pointer", "5.10 calls it 'inv'");
}

static void test_lost_packet(void)
{
	struct refusal r =
		read_log("0: (61) r6 = *(u32 *)(r1 +0)          ; R1=ctx() R6=pkt(r=0)\n"
			 "1: (85) call pc+2\n"
			 "caller:\n R6=pkt(r=0) R10=fp0\ncallee:\n frame1: R1=ctx() R10=fp0\n"
			 "4: frame1: R1=ctx() R10=fp0\n"
			 "4: (85) call bpf_skb_store_bytes#9   ; frame1: R0=scalar()\n"
			 "5: (95) exit\n"
			 "returning from callee:\n frame1: R0=scalar() R10=fp0\nto caller at 2:\n"
			 " R0=scalar() R6=scalar() R10=fp0\n"
			 "2: (71) r1 = *(u8 *)(r6 +22)\n"
			 "R6 invalid mem access 'scalar'\n");

	ok(r.cause.insn == 1, "a packet pointer lost in a function: the call of the function");
	ok(r.n_path == 1 && r.path[0].insn == 4, "and the helper in it");
	ok(strstr(r.problem, "bpf_skb_store_bytes") != NULL, "by name");
}

static void test_levels(void)
{
	struct vlog log;

	ok(!vlog_read(span_of("0: (b7) r1 = 0\n1: (15) if r2 == 0x0 goto pc+2\n"
			      "2: (b7) r0 = 1\n3: (95) exit\n\n"
			      "from 1 to 4: R1=0 R2=0 R10=fp0\n4: (95) exit\nR0 !read_ok\n"),
		      &log),
	   "level 2 is read");
	ok(log.n == 3 && log.steps[2].insn == 4 && log.n_printed == 5,
	   "what was walked on another path is left out");
	vlog_free(&log);
	ok(!vlog_read(span_of("1: (15) if r2 == 0x3 goto pc+6 8: R0=1 R10=fp0\n8: (95) exit\nx\n"),
		      &log),
	   "level 1 is read");
	ok(log.n == 2 && state_value(vlog_before(&log, 1), 0).len == 1,
	   "a state on the line of the branch is the next one's");
	vlog_free(&log);
}

static void test_stack(void)
{
	struct refusal r = read_log("; k.b = 1; @ a.c:4\n"
				    "3: (63) *(u32 *)(r10 -4) = r1\n"
				    "; return lookup(&m, &k); @ a.c:5\n"
				    "4: (bf) r2 = r10                      ; R2_w=fp0 R10=fp0\n"
				    "5: (07) r2 += -8                      ; R2_w=fp-8\n"
				    "7: (85) call bpf_map_lookup_elem#1\n"
				    "invalid indirect read from stack R2 off -8+1 size 8\n");

	is_str(r.problem, "bytes of the stack are read unwritten", "6.1: unwritten bytes");
	ok(r.cause.insn == 3, "what was written of them");
	ok(strstr(r.at.label, "byte 1 of 8") != NULL, "which byte");
	r = read_log("7: (85) call bpf_map_lookup_elem#1\n"
		     "invalid indirect read from stack off -8+1 size 8\n");
	ok(r.known && strstr(r.at.label, "byte 1 of 8"), "5.10 names no register");
}

static void test_report(void)
{
	struct refusal r = read_log(
		"5: (71) r1 = *(u8 *)(r2 +9)\n"
		"invalid access to packet, off=23 size=1, R2(id=0,off=23,r=14)\n"
		"Verification failed: Memory Safety: access outside of the packet\n"
		"Reason:\n  the packet may be\n  shorter\n"
		"At:\n  parse_ip @ fw.bpf.c:15:13\n  Source context:\n"
		"    >>> 15 | if (ip->protocol == 17)\n           ^-- error: reads byte 23\n"
		"Causal path:\n  parse_ip @ fw.bpf.c:13:4\n  Source context:\n"
		"    >>> 13 | if (data + 14 > data_end)\n           ^-- branch: 14 bytes\n"
		"Suggestion:\n  check more\nprocessed 6 insns\n");

	is_str(r.category, "Memory Safety", "7.3: the kernel's category");
	is_str(r.problem, "access outside of the packet", "its problem");
	is_str(r.reason, "the packet may be shorter", "wrapped text is joined");
	ok(r.at.source.line == 15 && r.cause.source.line == 13 && r.cause.source.column == 4,
	   "its places");
	is_str(r.suggestion, "check more", "its suggestion");
	is_str(r.at.source.function, "parse_ip", "its function");
}

static void test_unknown(void)
{
	struct refusal r = read_log("3: (95) exit\nsomething entirely new %d\n");

	ok(!r.known && !r.category && !r.suggestion[0], "an unknown message gets no words of ours");
	is_str(r.message, "something entirely new %d", "it is shown as it is");
	ok(refusal_read(span_of("processed 0 insns\n"), NULL, &r) == -2,
	   "no complaint, no refusal");
	ok(refusal_read(span_of(""), NULL, &r) == -2, "an empty log is none");
}

/* A damaged log never crashes and names no line that it does not have. */
static void test_damaged(void)
{
	static const char log[] =
		"from 7 to 9: R0=\n99999999999: (07) r2\n4: (\n5: (95\n"
		"; @ :0\n; x @ y:z\n6: (2d) if r2 > r1 goto pc+4 9:\n7: (85) call #\n"
		"to caller at\ncallee:\nframe9: R11=(((\n8: (71) r1 = *(u8 *)(r2 +9) ; R2=pkt((\n"
		"invalid access to packet, off=23 size=1, R2(id=7,off=23,r=0)\n";
	struct refusal r;
	bool good = true;
	size_t i;

	for (i = 0; i < sizeof(log); i++) {
		char *copy = strndup(log + i, sizeof(log) - i);
		struct span s = { copy, strlen(copy) / 2 };

		if (!refusal_read((struct span){ copy, strlen(copy) }, NULL, &r) && r.at.known)
			good = good && r.at.source.line == 0;
		refusal_read(s, NULL, &r);
		free(copy);
	}
	ok(good, "a damaged log invents no line");
}

static void is_span(struct span s, const char *want, const char *text)
{
	char buf[128];

	snprintf(buf, sizeof(buf), "%.*s", (int)s.len, s.at ?: "");
	is_str(buf, want, text);
}

static void test_expr(void)
{
	static const char line[] = "\tif (ip->protocol == 17 && q->n[i]++ > max(a, b))";

	is_span(expr_at(span_of(line), 10), "ip->protocol", "a member belongs to its structure");
	is_span(expr_at(span_of(line), 35), "q->n[i]", "what is counted up");
	is_span(expr_at(span_of("}\t/* end */"), 1), "}", "the end of a function");
	is_span(expr_at(span_of("\t(*n)++;"), 6), "(*n)", "brackets");
	is_span(expr_at(span_of("\treturn v->a;"), 2), "v->a", "what is returned");
	is_span(expr_at(span_of("x"), 400), "x", "a column that the line does not have");
	is_span(expr_condition(span_of(line), 10), "ip->protocol == 17", "one of two conditions");
	is_span(expr_condition(span_of(line), 41), "q->n[i]++ > max(a, b)", "the other");
	is_span(expr_pointer(span_of("p->buf[i]")), "p->buf", "what is indexed");
	is_span(expr_pointer(span_of("*v")), "v", "what is dereferenced");
	is_span(expr_index(span_of("p->buf[i + 1]")), "i + 1", "the index");
	is_span(expr_argument(span_of("x = f(a, g(b, c), &d);"), span_of("f"), 2), "g(b, c)",
		"an argument");
	is_span(expr_argument(span_of("x = f(a"), span_of("f"), 2), "", "one that is not there");
	is_span(expr_assigned(span_of("struct val *v = f(x);"), 0), "v", "what a line declares");
	is_span(expr_assigned(span_of("u32 a = 1, b = x;"), 16), "b", "of several the column's");
	is_span(expr_assigned(span_of("if (a == b)"), 0), "", "a comparison sets nothing");
}

int main(void)
{
	test_match();
	test_packet();
	test_old_packet();
	test_scalar();
	test_lost_packet();
	test_levels();
	test_stack();
	test_report();
	test_unknown();
	test_damaged();
	test_expr();
	return tap_done();
}
