#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# prog dump xlated visual and graph: every function has its own blocks, lines and numbers, edges are
# those that the instructions say, Graphviz draws it.
. "$(dirname "$0")/../lib.sh"
live "$@"
need_clang
need jq
HERE=$(dirname "$0")

bpf_cc "$HERE/xlated.bpf.c" "$T/x.o" -g "-DNAME=$PFX" || skip_all "clang does not compile this"
run "$BPFCTL" prog loadall "$T/x.o" "$BPFFS/x"
status 0 "programs load" || done_testing
MAIN=$BPFFS/x/${PFX}_main
NOCALL=$BPFFS/x/${PFX}_nocall

run "$BPFCTL" prog dump xlated pinned "$MAIN" visual
status 0 "a drawing"
dot=$out
is "$(head -n 1 <<<"$dot")" 'digraph "DOT graph for eBPF program" {' "is a graph"
json=$("$BPFCTL" -j prog dump xlated pinned "$MAIN")
is "$(grep -c '^subgraph' <<<"$dot")" "$(jq '[.[] | select(.proto)] | length' <<<"$json")" \
	"a cluster for each function, those called back included"
# All instructions are there, once, with the numbers they have in a plain dump.
is "$(sed -nE 's/^(\| )?([0-9]+): .*/\2/p' <<<"$dot")" \
   "$("$BPFCTL" prog dump xlated pinned "$MAIN" | sed -nE 's/^ *([0-9]+): \(.*/\1/p')" "each instruction once, numbered as ever"
# Function by function: the prototype is its own (W17).
is "$(sed -nE 's/^; (.*\)):\\l\\$/\1/p' <<<"$dot" | sed 's/\\//g')" "$(jq -r '.[].proto // empty' <<<"$json")" \
	"prototypes in order"
like "$(sed -n '/cluster_1/,/^}/p' <<<"$dot")" "; int sub_pair\(.*85: .*; p-.>a.*86: " "the second function has its own lines"

# Edges from the instructions themselves: what an independent reader of the plain dump finds.
cat >"$T/edges.py" <<'PY'
import re, sys
insns = {}
for line in open(sys.argv[1]):
    m = re.match(r' *(\d+): \((..)\) (.*)', line)
    if m:
        insns[int(m[1])] = m[3]
order = sorted(insns)
follow = dict(zip(order, order[1:]))
dot = open(sys.argv[2]).read()
bad = 0
for cluster in re.split(r'^subgraph ', dot, flags=re.M)[1:]:
    blocks, edges = {}, set(re.findall(r'(fn_\d+_bb_\d+):s -> (fn_\d+_bb_\d+):n \[style="solid', cluster))
    for name, label in re.findall(r'(fn_\d+_bb_\d+) \[shape=record.*?label="\{\\\n(.*?)\}"\];', cluster, re.S):
        blocks[name] = [int(n) for n in re.findall(r'^(?:\| )?(\d+): \(', label, re.M)]
    first = {b[0]: n for n, b in blocks.items()}
    fn = re.match(r'"cluster_(\d+)"', cluster)[1]
    want = {(f'fn_{fn}_bb_0', f'fn_{fn}_bb_2')}
    for name, b in blocks.items():
        text = insns[b[-1]]
        jump = re.search(r'goto(?:l)? pc([+-]\d+)', text)
        if jump:
            want.add((name, first[b[-1] + 1 + int(jump[1])]))
        if text == 'exit':
            want.add((name, f'fn_{fn}_bb_1'))
        elif not text.startswith('goto'):
            want.add((name, first[follow[b[-1]]]))
        for i in b[:-1]:
            bad += bool(re.search('goto|^exit', insns[i]))
    if want != edges:
        print('cluster', fn, 'lacks', want - edges, 'has', edges - want)
        bad += 1
sys.exit(bad > 0)
PY
edges_are_right()
{
	"$BPFCTL" prog dump xlated pinned "$1" >"$T/plain"
	"$BPFCTL" prog dump xlated pinned "$1" visual >"$T/dot"
	python3 "$T/edges.py" "$T/plain" "$T/dot"
}
if command -v python3 >/dev/null; then
	ok "edges are those of the instructions" edges_are_right "$MAIN"
	ok "and in a program of one function" edges_are_right "$NOCALL"
else
	skip "edges" "no python3"
fi

# Jumps that compilers choose rarely.
cat >"$T/jumps.c" <<C
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("socket") __attribute__((naked)) int ${PFX}_early(void *ctx)
{ asm volatile("r1 = *(u32 *)(r1 + 0)\n" "r0 = 0\n" "if r1 > 5 goto 1f\n" "r0 = 1\n" "exit\n" "1:\n" "if r1 > 9 goto 2f\n"
	       "exit\n" "2:\n" "r0 = 3\n" "exit\n"); }
SEC("socket") __attribute__((naked)) int ${PFX}_gotol(void *ctx)
{ asm volatile("r1 = *(u32 *)(r1 + 0)\n" "r0 = 0\n" "if r1 > 5 goto 1f\n" ".byte 6, 0, 0, 0, 1, 0, 0, 0\n" "1:\n" "r0 = 1\n"
	       "exit\n"); }
SEC("socket") __attribute__((naked)) int ${PFX}_may(void *ctx)
{ asm volatile("r0 = 0\n" "1:\n" ".byte 0xe5, 0, 1, 0, 0, 0, 0, 0\n" "goto 1b\n" "r0 = 1\n" "exit\n"); }
char _license[] SEC("license") = "GPL";
C
for name in early gotol may; do
	# one at a time: what this kernel does not know must not keep the others away
	sed -n "1,2p;/${PFX}_$name/,/^{.*;/p;\$p" "$T/jumps.c" | sed "s/(void \*ctx)/(void *ctx __attribute__((unused)))/" >"$T/$name.c"
	if bpf_cc "$T/$name.c" "$T/$name.o" 2>"$T/cc" && "$BPFCTL" prog load "$T/$name.o" "$BPFFS/$name" >/dev/null 2>&1; then
		ok "edges: $name" edges_are_right "$BPFFS/$name"
	else
		skip "edges: $name" "cannot be compiled or loaded here"
	fi
done

# A loop whose callback never runs: the kernel takes the callback away, and of the inlined loop leaves "call pc+0".
printf '%s\n' '#include <linux/bpf.h>' '#include <bpf/bpf_helpers.h>' 'const volatile unsigned int n = 0; int sum;' \
	"static int ${PFX}_back(__u32 i, void *ctx) { sum += i; return 0; }" \
	"SEC(\"socket\") int ${PFX}_loop(void *ctx)" '{' 'int x = 0;' "bpf_loop(n, ${PFX}_back, &x, 0);" \
	$'sum\t= x;' 'return 0;' '}' 'char _license[] SEC("license") = "GPL";' >"$T/loop.c"
if bpf_cc "$T/loop.c" "$T/loop.o" -g 2>"$T/cc" && "$BPFCTL" prog load "$T/loop.o" "$BPFFS/loop" >/dev/null 2>&1; then
	run "$BPFCTL" prog dump xlated pinned "$BPFFS/loop" visual opcodes
	loop=$out
	if grep -q 'call pc+0' <<<"$loop"; then
		is "$(grep -c '^subgraph' <<<"$loop")" 1 "an inlined loop without its callback is one function"
		ok "edges: inlined loop" edges_are_right "$BPFFS/loop"
	else
		skip "an inlined loop without its callback" "this kernel does not inline it, or keeps the callback"
	fi
	like "$loop" "fn_0_bb_3 \[[^;]*\"\{\\\\
; bpf_loop" "a block begins with its source line, also when an earlier one began with it"
	unlike "$loop" $'; \\\\l' "no empty source lines"
	like "$loop" $'\n\\\\ \\\\ \\\\ \\\\ b7 0. 00 00 00 00 00 00\\\\l' "opcodes as they are"
	for words in "" visual graph; do
		# shellcheck disable=SC2086
		run "$BPFCTL" prog dump xlated pinned "$BPFFS/loop" $words
		like "$out" $'sum\t\\\\?= ?' "a tab in a source line stays ($words)"
		unlike "$out" 'x09' "as it is ($words)"
	done
	run "$BPFCTL" prog dump jited pinned "$BPFFS/loop"
	[ "$status" != 0 ] || like "$out" $'; sum\t= x;' "a tab in a source line stays (jited)"
	rm "$BPFFS/loop"
else
	skip "an inlined loop" "cannot be compiled or loaded here"
fi
printf '%s\n' '#include <linux/bpf.h>' '#include <bpf/bpf_helpers.h>' "SEC(\"socket\") int ${PFX}_bad(void *ctx)" '{' \
	$'return\t*(volatile int *)(long)8;' '}' 'char _license[] SEC("license") = "GPL";' >"$T/bad.c"
bpf_cc "$T/bad.c" "$T/bad.o" -g
run "$BPFCTL" -d prog load "$T/bad.o" "$BPFFS/bad"
status 1 "a program that is refused"
like "$err" $'return\t\\*' "its source line in the verifier's log keeps the tab"

# Drawn by Graphviz.
if command -v dot >/dev/null; then
	for words in "" opcodes linum "opcodes linum"; do
		# shellcheck disable=SC2086
		"$BPFCTL" prog dump xlated pinned "$MAIN" visual $words >"$T/dot"
		run dot -Tsvg "$T/dot"
		status 0 "Graphviz draws it ($words)"
		is "$err" '' "without a word"
		is "$(grep -c '<g id="node' <<<"$out")" "$(grep -cE '^	fn_[0-9]+_bb_[0-9]+ \[' "$T/dot")" "every block is there"
		is "$(grep -c '<g id="edge' <<<"$out")" "$(grep -c ' -> .*solid' "$T/dot")" "every edge that is seen too"
	done
	like "$out" "sub_pair\(p, &amp;local, 0\);" "source lines can be read"
else
	skip "Graphviz" "dot is not installed"
fi

# --- graph ---
run "$BPFCTL" prog dump xlated pinned "$MAIN" graph
status 0 "arrows"
graph=$out
is "$(sed -nE 's/^[-+|,`> ]*([0-9]+: \(.*)/\1/p' <<<"$graph" | sed -E 's/  -> [0-9]+$//')" \
   "$("$BPFCTL" prog dump xlated pinned "$MAIN" | sed -nE 's/^ *([0-9]+: \(.*)/\1/p')" "the same instructions"
is "$(sed -nE 's/^[-+|,`> ]* ([0-9]+): .*goto pc([-+][0-9]+)  -> ([0-9]+)$/\1 \2 \3/p' <<<"$graph" |
      awk '$1 + 1 + $2 != $3')" '' "destinations are right"
is "$(grep 'goto pc' <<<"$graph" | grep -vE '^[-+| ]*[,`]')" '' "each jump has an arrow"
is "$(grep -cE '^[-+|,`]+>  |^ *[-+|,` ]*-> ' <<<"$graph")" \
   "$(sed -nE 's/.*goto pc.*  -> ([0-9]+)$/\1/p' <<<"$graph" | sort -u | wc -l)" "each destination is the end of one"
is "$(grep -E '\):$' <<<"$graph" | sed 's/:$//')" "$(jq -r '.[].proto // empty' <<<"$json")" "functions have their heads"

# --- refusals ---
for word in visual graph; do
	run "$BPFCTL" -j prog dump xlated pinned "$MAIN" $word
	status 2 "no $word in JSON"
	json_ok "is one document"
	json_is 'has("error")' true "an error"
	run "$BPFCTL" prog dump xlated pinned "$MAIN" $word file "$T/f"
	status 2 "no $word in a file"
done
run "$BPFCTL" prog dump xlated pinned "$MAIN" visual graph
status 2 "one drawing at a time"
"$BPFCTL" prog loadall "$T/x.o" "$BPFFS/y"
run "$BPFCTL" prog dump xlated name "${PFX}_nocall" visual
status 1 "one program in a drawing"
run "$BPFCTL" prog dump xlated name "${PFX}_nocall" graph
status 0 "arrows for several"
is "$(grep -c "socket_filter  name ${PFX}_nocall  tag" <<<"$out")" 2 "each has its head"

rm -f "$BPFFS"/x/* "$BPFFS"/y/* "$BPFFS"/early "$BPFFS"/gotol "$BPFFS"/may
rmdir "$BPFFS"/x "$BPFFS"/y
nothing_left "all is cleaned up"
done_testing
