#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# prog dump xlated on real programs: our text and JSON are the distribution's bpftool's, line by
# line, but for what that one does not know yet; kallsyms is read only when it must be.
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

raw_sets=
if gcc -o "$T/raw_insns" "$HERE/raw_insns.c" 2>/dev/null; then
	for set in atomics alu nocall packet v4 ordered; do
		"$T/raw_insns" $set "$BPFFS/raw_$set" && raw_sets="$raw_sets $set"
	done
fi

# bpftool 7.1 shows a per-CPU address as a plain move.
known()
{
	sed -E 's/\(bf\) (r[0-9]+) = &\(void __percpu \*\)\((r[0-9]+)\)/(bf) \1 = \2/'
}

compare()
{
	local what=$1

	shift
	is "$("$BPFCTL" prog dump xlated "$@" | known)" "$("$BPFTOOL" prog dump xlated "$@")" \
	   "$what: text"
	is "$("$BPFCTL" -j prog dump xlated "$@" | known | jq .)" \
	   "$("$BPFTOOL" -j prog dump xlated "$@" | jq .)" "$what: JSON"
	is "$("$BPFCTL" -p prog dump xlated "$@" | known)" "$("$BPFTOOL" -p prog dump xlated "$@")" \
	   "$what: pretty JSON"
}

if [ -n "$BPFTOOL" ]; then
	compare "calls, maps, subprograms" pinned "$MAIN"
	compare "opcodes" pinned "$MAIN" opcodes
	compare "line numbers" pinned "$MAIN" linum
	compare "no calls" pinned "$NOCALL"
	for set in $raw_sets; do
		case $set in
		v4 | ordered) ;;	# newer than that bpftool
		*) compare "raw $set" pinned "$BPFFS/raw_$set" opcodes ;;
		esac
	done
	"$BPFTOOL" prog dump xlated pinned "$MAIN" file "$T/theirs"
	"$BPFCTL" prog dump xlated pinned "$MAIN" file "$T/ours"
	ok "a file of instructions is the same" cmp "$T/ours" "$T/theirs"
else
	skip "comparison with bpftool" "there is none"
fi

run "$BPFCTL" prog dump xlated pinned "$MAIN"
like "$out" "int ${PFX}_main\(struct xdp_md \* ctx\):" "a prototype"
like "$out" $'\n; .*bpf_map_lookup_elem' "a source line"
like "$out" "call pc\+[0-9]+#bpf_prog_[0-9a-f]{16}_sub_pair" "a subprogram by name"
like "$out" "call bpf_trace_printk#-?[0-9]+" "a helper by symbol"
like "$out" "call bpf_tail_call#12" "a helper by number"
like "$out" "r1 = map\[id:[0-9]+\]\[0\]\+0" "a map value"
like "$out" "r2 = subprog\[\+[0-9]+\]" "a callback"
run "$BPFCTL" prog dump xlated pinned "$MAIN" opcodes linum
like "$out" "\[file:.*xlated.bpf.c line_num:[0-9]+ line_col:[0-9]+\]" "opcodes and linum together"

case $raw_sets in
*v4*)
	run "$BPFCTL" prog dump xlated pinned "$BPFFS/raw_v4"
	for text in 'r1 s/= 3' 'r1 s/= r2' 'w1 s%= w2' 'r1 = (s8)r2' 'r1 = (s32)r2' 'w1 = (s8)w2' \
		    'r1 = bswap16 r1' 'r1 = bswap64 r1' 'r1 = *(s8 *)(r10 -8)' \
		    'r1 = *(s32 *)(r10 -8)' 'gotol pc+1'; do
		ok "instruction set 4: $text" grep -qF ") $text" <<<"$out"
	done
	;;
*) skip "instruction set 4" "not in this kernel" ;;
esac
case $raw_sets in
*ordered*)
	run "$BPFCTL" prog dump xlated pinned "$BPFFS/raw_ordered"
	ok "load_acquire" grep -qF 'r2 = load_acquire((u64 *)(r10 -8))' <<<"$out"
	ok "store_release" grep -qF 'store_release((u16 *)(r10 -8), r1)' <<<"$out"
	;;
*) skip "ordered loads and stores" "not in this kernel" ;;
esac

# Several matches: records with heads, or blocks with head lines.
"$BPFCTL" prog loadall "$T/x.o" "$BPFFS/y"
run "$BPFCTL" -j prog dump xlated name "${PFX}_nocall"
json_ok "two programs of one name"
json_is 'map(has("insns") and .id and .type == "socket_filter") | [length, all]' '[2,true]' \
	"are an array of records with their instructions"
run "$BPFCTL" prog dump xlated name "${PFX}_nocall"
is "$(grep -c "socket_filter  name ${PFX}_nocall  tag" <<<"$out")" 2 "head lines in text"
is "$(grep -c '^$' <<<"$out")" 1 "an empty line between them"
if [ -n "$BPFTOOL" ]; then
	is "$out" "$("$BPFTOOL" prog dump xlated name "${PFX}_nocall")" "as bpftool shows them"
	is "$("$BPFCTL" -j prog dump xlated name "${PFX}_nocall" | jq -S .)" \
	   "$("$BPFTOOL" -j prog dump xlated name "${PFX}_nocall" | jq -S .)" "and in JSON"
fi
run "$BPFCTL" prog dump xlated name "${PFX}_nocall" file "$T/two"
status 1 "two programs do not go into one file"
ok "which is not made" test ! -e "$T/two"

# Files.
run "$BPFCTL" -j prog dump xlated pinned "$MAIN" file "$T/f"
is "$out" null "a file: null in JSON"
is "$(stat -c %a "$T/f")" 600 "mode 600"
is "$(("$(stat -c %s "$T/f")" % 8))" 0 "whole instructions"
mkdir "$T/dir"
run "$BPFCTL" prog dump xlated pinned "$MAIN" file "$T/dir"
status 1 "a directory is no file"
run "$BPFCTL" prog dump xlated pinned "$MAIN" file "$T/nodir/f"
status 1 "a directory that is not there"
is "$(find "$T" -name 'dir.*' -o -name 'f.*')" '' "nothing is left of failures"
run "$BPFCTL" prog dump xlated pinned "$MAIN" file /dev/full
status 1 "a full device"
run "$BPFCTL" prog dump xlated pinned "$MAIN" file "$T/f" opcodes
status 2 "file and opcodes exclude each other"
run "$BPFCTL" prog dump xlated
status 2 "a program is wanted"
run "$BPFCTL" -j prog dump xlated name "${PFX}_nobody"
status 1 "nobody of that name"
json_ok "is one document"

# Without CAP_SYSLOG the kernel says less: nothing is made up, and a word tells why.
if command -v capsh >/dev/null && capsh --drop=cap_syslog -- -c 'grep -qv "^0* " /proc/kallsyms'; then
	skip "hidden addresses" "this kernel hides nothing"
elif command -v capsh >/dev/null; then
	chmod 755 "$T"
	run capsh --drop=cap_syslog -- -c "'$BPFCTL' prog dump xlated pinned '$MAIN'"
	status 3 "a dump without CAP_SYSLOG"
	like "$err" "CAP_SYSLOG" "says why names are missing"
	like "$out" "call pc\+[0-9]+#bpf_prog_[0-9a-f]{16}_sub_odd" "subprograms have their names"
	like "$out" "call unknown#0" "helpers are unknown"
	run capsh --drop=all -- -c "'$BPFCTL' -j prog dump xlated pinned '$MAIN'"
	status 1 "no instructions without CAP_BPF"
	json_is .errno EPERM "is a question of permission"
	json_is '.hint | test("cap_bpf")' true "which is named"
else
	skip "hidden addresses" "no capsh"
fi

# kallsyms.
if command -v strace >/dev/null && strace -o "$T/trace" true 2>/dev/null; then
	trace()
	{
		strace -f -o "$T/trace" -e trace=openat,read "$BPFCTL" prog dump xlated "$@" >/dev/null
	}
	trace pinned "$NOCALL"
	unlike "$(<"$T/trace")" kallsyms "without calls kallsyms stays closed"
	trace pinned "$MAIN"
	is "$(grep -c 'openat.*kallsyms' "$T/trace")" 1 "with calls it is opened once"
	read=$(sed -n '/kallsyms/,$p' "$T/trace" | awk '/read\(/ { n += $NF } END { print n + 0 }')
	ok "and read no further than needed ($read bytes)" \
	   test "$read" -lt $(($(wc -c </proc/kallsyms) / 2))
	trace name "${PFX}_main"
	is "$(grep -c 'openat.*kallsyms' "$T/trace")" 1 "two programs, one reading"
else
	skip "what is read of kallsyms" "no strace"
fi

rm -f "$BPFFS"/x/* "$BPFFS"/y/* "$BPFFS"/raw_*
rmdir "$BPFFS"/x "$BPFFS"/y
nothing_left "all is cleaned up"
done_testing
