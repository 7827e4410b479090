#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# prog dump jited: the same instructions as objdump finds in the bytes of "file", every target that
# has a name carries it, maps are where their other uses say; and what there is without capstone.
. "$(dirname "$0")/../lib.sh"
live "$@"
need_clang
need jq
HERE=$(dirname "$0")

bpf_cc "$HERE/xlated.bpf.c" "$T/x.o" -g "-DNAME=$PFX" || skip_all "clang does not compile this"
run "$BPFCTL" prog loadall "$T/x.o" "$BPFFS/x"
status 0 "programs with all kinds of calls load" || done_testing
MAIN=$BPFFS/x/${PFX}_main
NOCALL=$BPFFS/x/${PFX}_nocall
done_here()
{
	rm -f "$BPFFS"/x/* "$BPFFS"/tc/*
	rmdir "$BPFFS"/x "$BPFFS"/tc 2>/dev/null
	nothing_left "all is cleaned up"
	done_testing
}

run "$BPFCTL" prog dump jited pinned "$MAIN"
if [[ $err == *"interpreted"* ]]; then
	skip "machine code" "this kernel interprets"
	done_here
fi
status 0 "machine code is shown"

# --- structure ---
text=$out
like "$text" "^int ${PFX}_main\(struct xdp_md \* ctx\):"$'\n'"bpf_prog_[0-9a-f]{16}_${PFX}_main:" \
	"prototype and symbol"
like "$text" $'\n; .*bpf_map_lookup_elem' "a source line"
is "$(grep -c '^$' <<<"$text")" 4 "an empty line between functions"
run "$BPFCTL" -j prog dump jited pinned "$MAIN" opcodes linum
json_ok "JSON"
json=$out
json_is 'map(keys_unsorted) | unique' '[["proto","name","insns"]]' "functions have these members"
json_is length "$(grep -cE '^bpf_prog_[0-9a-f]{16}_' <<<"$text")" "as many as in text"
json_is '[.[].insns[] | has("pc") and has("operation") and (.operands | type == "array") and
	  (.opcodes | length > 0)] | all' true "instructions have these"
json_is '[.[].insns[] | select(.operands == [null]) | .operation] | length > 0' true "no operands: null"
json_is '[.[].insns[].file // empty] | length > 0' true "linum tells files"
json_is '[.[].insns[].opcodes | length] | add' "$("$BPFCTL" prog dump jited pinned "$MAIN" file "$T/main.bin" &&
	stat -c %s "$T/main.bin")" "opcodes are the bytes of the file"
is "$(stat -c %a "$T/main.bin")" 600 "which has mode 600"
is "$(jq -r '.[].insns[].opcodes[][2:]' <<<"$json" | tr -d '\n')" "$(od -An -v -tx1 "$T/main.bin" | tr -d ' \n')" \
	"one after the other"

# --- beside objdump ---
if ! ldconfig -p | grep -q 'libcapstone\.so\.[45] '; then
	skip "what instructions say" "no libcapstone"
	done_here
fi
if [ "$(uname -m)" = x86_64 ] && command -v objdump >/dev/null; then
	# Where each instruction begins and what it is, without the suffixes that AT&T allows.
	offsets()
	{
		awk -F'\t' '{ sub(/:/, "", $1); gsub(/ /, "", $1); split($NF, w, " "); print $1, w[1] }'
	}
	bare()
	{
		sed -E 's/ (data16|cs|xchg +%ax,%ax)$/ nop/; s/ (nopw|nopl|nop)$/ nop/; s/ movabsq?$/ mov/
			s/ jae$/ jnb/; s/ jb$/ jnae/; s/ (push|pop|call|ret|jmp|mov|add|sub|cmp|and|or|xor|test|lea|shl|shr|sar|imul|neg|leave|xadd|movzx|movzb|movzw)[bwlq]$/ \1/
			s/ movz[bw][lq]?$/ movz/; s/ movs[blw][lq]$/ movs/; s/ leave(q)?$/ leave/; s/ (lock|rep).*/ \1/'
	}
	at=0
	n=$(jq length <<<"$json")
	for ((i = 0; i < n; i++)); do
		len=$(jq "[.[$i].insns[].opcodes | length] | add" <<<"$json")
		dd if="$T/main.bin" of="$T/f.bin" bs=1 skip="$at" count="$len" 2>/dev/null
		at=$((at + len))
		is "$(jq -r ".[$i].insns[] | \"\(.pc[2:]) \(.operation)\"" <<<"$json" | bare)" \
		   "$(objdump -D -b binary -m i386:x86-64 --insn-width=16 "$T/f.bin" | sed -n 's/^ *\([0-9a-f]*\):/\1:/p' |
		      offsets | bare)" "function $i: objdump finds the same instructions"
	done
	at=$(jq '[.[0].insns[].opcodes | length] | add' <<<"$json")
	base=$(jq -r '[.[0].insns[] | select(.target_pc)][0] | "\(.operands[-1]) \(.target_pc)"' <<<"$json" |
	       { read -r abs off; printf '0x%x' $((abs - off)); })
	dd if="$T/main.bin" of="$T/f.bin" bs=1 count="$at" 2>/dev/null
	is "$(jq -r '.[0].insns[] | select(.target or .target_pc) | select(.operation | test("^(j|call)")) | .operands[-1]' <<<"$json")" \
	   "$(objdump -D -b binary -m i386:x86-64 --adjust-vma="$base" "$T/f.bin" |
	      sed -nE 's/.*\t(j[a-z]+|call) +(0x[0-9a-f]+)$/\2/p')" "objdump finds the same targets, and each has a name"
else
	skip "comparison with objdump" "not x86-64, or there is none"
fi

# --- names ---
bad=$(jq -r '.[].insns[] | select(.operation | test("^(call|bl)")) |
	     select(.operands[-1] | test("^#?0x")) | select((.target or .target_pc) | not) | .operands[-1]' <<<"$json")
is "$bad" '' "no call without a name"
for name in "bpf_prog_[0-9a-f]{16}_sub_pair" "bpf_prog_[0-9a-f]{16}_sub_odd" "bpf_trace_printk" bpf_for_each_hash_elem; do
	like "$text" "<$name>" "a call of $name"
done
# kallsyms, asked by ourselves
if jq -e '[.[].insns[].target // empty] | length > 0' <<<"$json" >/dev/null; then
	ok "names are those of kallsyms" bash -c '
		jq -r ".[].insns[] | select(.target and (.target_off | not)) |
		       select(.operands[-1] | test(\"^0x\")) | \"\(.operands[-1][2:]) \(.target)\"" <<<"$1" |
		sort -u >"$2/wanted"
		[ -s "$2/wanted" ] && awk "NR == FNR { want[\$1] = \$2; next } \$1 in want && \$3 == want[\$1] { seen[\$1] = 1 }
			END { for (a in want) if (!(a in seen)) { print a, want[a]; exit 1 } }" "$2/wanted" /proc/kallsyms
	' - "$json" "$T"
fi
if [ "$(uname -m)" = x86_64 ]; then
	ids=$("$BPFCTL" -j prog show pinned "$MAIN" | jq -c '.map_ids | sort')
	is "$(jq -c '[.[].insns[].map_id // empty] | unique' <<<"$json")" "$ids" "every map of the program is named"
	is "$(jq -r '[.[].insns[] | select(.map_id) | "\(.map_id) \(.map_name)"] | unique[]' <<<"$json")" \
	   "$(for id in $(jq '.[]' <<<"$ids"); do
		"$BPFCTL" -j map show id "$id" | jq -r '"\(.id) \(.name)"'; done)" "by its name"
	# The source line says which map: the one and only proof from outside.
	is "$(jq -r --arg p "$PFX" '.[0].insns | map(.src // "" | if test("lookup_elem.*_hash") then "h" elif . == "" then "" else "x" end) as $s |
		. as $i | [range(length) | select($i[.].map_name == ($p + "_hash"))] | length' <<<"$json")" 3 \
	   "the hash is where its three users are"
	like "$text" "<map\[id:[0-9]+\]\[0\]\+[0-9]+ x\.data>" "a map's value"
	like "$text" "<bpf_prog_[0-9a-f]{16}_on_key>" "a callback"
fi

# --- syntax ---
if [ "$(uname -m)" = x86_64 ]; then
	like "$text" $'\tpushq\t%rbp' "AT&T's syntax"
	run "$BPFCTL" prog dump jited pinned "$MAIN" intel
	like "$out" $'\tpush\trbp' "Intel's"
	run "$BPFCTL" prog dump jited pinned "$NOCALL" opcodes
	like "$out" $'pushq\t%rbp\n\t55 ' "opcodes in text"
fi
run "$BPFCTL" prog dump jited pinned "$NOCALL"
plain=$out
run "$BPFCTL" prog dump jited pinned "$NOCALL" visual
is "$status$out" "0$plain" "visual is accepted, as bpftool accepts it, and changes nothing"
like "$err" "xlated" "which is said"
run "$BPFCTL" prog dump jited pinned "$NOCALL" linum
like "$out" "\[file:.*xlated.bpf.c line_num:[0-9]+ line_col:[0-9]+\]" "linum in text"

# --- a tail call whose target is known: a jump to another program ---
if [ "$(uname -m)" = x86_64 ]; then
	cat >"$T/tc.c" <<-C
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 1); __uint(key_size, 4);
		 __uint(value_size, 4); } ${PFX}_arr SEC(".maps");
	SEC("xdp") int ${PFX}_from(struct xdp_md *x) { bpf_tail_call_static(x, &${PFX}_arr, 0); return 1; }
	SEC("xdp") int ${PFX}_to(struct xdp_md *x) { return 2; }
	char _license[] SEC("license") = "GPL";
	C
	bpf_cc "$T/tc.c" "$T/tc.o" -g && "$BPFCTL" prog loadall "$T/tc.o" "$BPFFS/tc" pinmaps "$BPFFS/tc" &&
	"$BPFCTL" map update pinned "$BPFFS/tc/${PFX}_arr" key 0 0 0 0 value pinned "$BPFFS/tc/${PFX}_to"
	run "$BPFCTL" prog dump jited pinned "$BPFFS/tc/${PFX}_from"
	like "$out" "jmp	0x[0-9a-f]+ <bpf_prog_[0-9a-f]{16}_${PFX}_to\+0x[0-9a-f]+>" "a tail call names the other program"
fi

# --- several, refusals ---
"$BPFCTL" prog loadall "$T/x.o" "$BPFFS/y"
run "$BPFCTL" -j prog dump jited name "${PFX}_nocall"
json_ok "two programs"
json_is 'map(has("insns") and .id and (.insns[0].insns | length > 0)) | [length, all]' '[2,true]' \
	"are records with their functions"
run "$BPFCTL" prog dump jited name "${PFX}_nocall"
is "$(grep -c "socket_filter  name ${PFX}_nocall  tag" <<<"$out")" 2 "head lines in text"
run "$BPFCTL" prog dump jited name "${PFX}_nocall" file "$T/two"
status 1 "two programs do not go into one file"
rm -f "$BPFFS"/y/*; rmdir "$BPFFS/y"
run "$BPFCTL" prog dump jited pinned "$MAIN" file "$T/f" intel
status 2 "file goes with no other word"
run "$BPFCTL" -j prog dump jited pinned "$MAIN" file "$T/f"
is "$out" null "a file: null in JSON"
if command -v capsh >/dev/null && ! capsh --drop=cap_syslog -- -c 'grep -qv "^0* " /proc/kallsyms'; then
	chmod 755 "$T"
	run capsh --drop=cap_syslog -- -c "'$BPFCTL' -j prog dump jited pinned '$MAIN'"
	status 1 "without CAP_SYSLOG there is nothing to see"
	json_is '[.errno, (.hint | test("cap_syslog|kptr_restrict"; "i"))]' '["EPERM",true]' "and a word why"
else
	skip "hidden addresses" "this kernel hides nothing, or no capsh"
fi

# --- without the library, and who loads it ---
lib=$(ldconfig -p | sed -nE 's/.*libcapstone\.so\.[45] .* => (.*)/\1/p')
if command -v strace >/dev/null && strace -o "$T/trace" true 2>/dev/null; then
	strace -o "$T/trace" -e trace=openat "$BPFCTL" prog dump xlated pinned "$MAIN" >/dev/null
	unlike "$(<"$T/trace")" capstone "the library is not loaded for xlated"
	strace -o "$T/trace" -e trace=openat "$BPFCTL" prog show pinned "$MAIN" >/dev/null
	unlike "$(<"$T/trace")" capstone "nor for show"
fi
for l in $lib; do
	mount --bind /dev/null "$l" && at_exit umount "$l"
done
run "$BPFCTL" prog dump jited pinned "$NOCALL"
status 3 "with a library that cannot be loaded"
like "$err" "shown as bytes: .*libcapstone.*file too short"$ "a word why"
like "$out" $'   0:\t\\.byte\t0x' "and bytes"
run "$BPFCTL" -j prog dump jited pinned "$MAIN"
json_ok "in JSON"
json_is '[.[] | select(.insns) | .insns[].operands[]] | map(.[2:]) | add' "$(od -An -v -tx1 "$T/main.bin" | tr -d ' \n')" "all of them"
for l in $lib; do
	umount "$l"
done
done_here
