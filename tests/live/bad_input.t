#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What goes wrong every day: each time one clear sentence with what and why, the right status, one valid
# document with -j and a silent stderr, and nothing left behind.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq

# bad STATUS REGEX TEXT WORD...: plain and with -j
bad()
{
	local want=$1 regex=$2 text=$3

	shift 3
	run "$BPFCTL" "$@"
	status "$want" "$text: status"
	is "$out" '' "$text: nothing on stdout"
	like "$err" "(^|"$'\n'")Error: [^"$'\n'"]*$regex" "$text: says so"
	run "$BPFCTL" -j "$@"
	status "$want" "$text: status with -j"
	json_ok "$text: one document, stderr silent"
	like "$(jq -r 'if type == "array" then .[-1] else . end | .error' <<<"$out" 2>&1)" "$regex" "$text: the same in JSON"
}

cat >"$T/refused.c" <<'C'
// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
__attribute__((section("xdp"), used)) int refused(int *ctx) { return *(int *)(long)ctx[0]; }
char l[] __attribute__((section("license"), used)) = "GPL";
C
bpf_cc "$T/refused.c" "$T/refused.o" -Drefused="${PFX}_bad" -g
bpf_cc "$TOP/tests/progs/counter.c" "$T/good.o" -g -DBTF -Dcounter="${PFX}_cnt" -Dcounter_map="${PFX}_map"
echo "this is no ELF file" >"$T/text.o"
head -c 300 "$T/good.o" >"$T/short.o"
: >"$T/empty.o"
mkdir "$T/full" && touch "$T/full/file"

# --- objects ---
bad 1 "nosuch\.o.*No such file" "missing file" prog load "$T/nosuch.o" "$BPFFS/p"
bad 1 "text\.o" "no ELF" prog load "$T/text.o" "$BPFFS/p"
bad 1 "short\.o" "torn ELF" prog load "$T/short.o" "$BPFFS/p"
bad 1 "empty\.o" "empty file" prog load "$T/empty.o" "$BPFFS/p"
bad 1 "full" "a directory" prog load "$T/full" "$BPFFS/p"
bad 1 "(load|refused|verifier).*" "the verifier refuses" prog load "$T/refused.o" "$BPFFS/p"
run "$BPFCTL" prog load "$T/refused.o" "$BPFFS/p"
like "$err" "R[0-9] .*(prohibited|invalid)" "the verifier's reason is shown"
run "$BPFCTL" -j prog load "$T/refused.o" "$BPFFS/p"
json_is '.log | map(select(test("prohibited|invalid"))) | length > 0' true "in JSON it is in log"
bad 2 "frob" "unknown program type" prog load "$T/good.o" "$BPFFS/p" type frob
bad 1 "nosuch" "a map to replace that is not there" prog load "$T/good.o" "$BPFFS/p" map name nosuch id 1

# --- names, ids ---
bad 1 "nosuch_$PFX" "a program name nobody has" prog show name "nosuch_$PFX"
bad 1 "nosuch_$PFX" "a map name nobody has" map dump name "nosuch_$PFX"
bad 1 "99999999" "a program id nobody has" prog show id 99999999
bad 1 "99999999" "top: a program id nobody has" top id 99999999 samples 1
bad 1 "nosuch_$PFX" "top: a program name nobody has" top name "nosuch_$PFX" samples 1
bad 1 "99999999" "a map id nobody has" map show id 99999999
bad 1 "99999999" "a link id nobody has" link show id 99999999
bad 1 "99999999" "a BTF id nobody has" btf dump id 99999999
bad 1 "nosuch_dev" "an interface nobody has" net show dev nosuch_dev
bad 2 "4294967297" "an id out of range" map show id 4294967297
bad 2 "-5" "a negative id" map show id -- -5
bad 2 "7x" "no number" map show id 7x
bad 2 "''" "an empty word" map show id ''
bad 2 "frob" "an unknown verb" map frob
bad 2 "frob" "an unknown object" frob
bad 2 "frob" "an unknown option" --frob map

# --- maps ---
"$BPFCTL" map create "$BPFFS/m" type hash key 4 value 8 entries 2 name "${PFX}_m"
ref=(pinned "$BPFFS/m")
bad 2 "4 bytes.*3|key.*4.*3" "too few key bytes" map lookup "${ref[@]}" key 1 2 3
bad 2 "." "too many key bytes" map lookup "${ref[@]}" key 1 2 3 4 5
bad 2 "257" "a byte out of range" map lookup "${ref[@]}" key 257 0 0 0
bad 2 "8 bytes|value" "too few value bytes" map update "${ref[@]}" key 1 2 3 4 value 1 2
bad 2 "." "no value" map update "${ref[@]}" key 1 2 3 4
bad 1 "." "delete what is not there" map delete "${ref[@]}" key 9 9 9 9
bad 2 "has" "a map type that is none" map create "$BPFFS/x" type has key 4 value 4 entries 1 name x
bad 1 "create" "a geometry the kernel refuses" map create "$BPFFS/x" type array key 3 value 4 entries 1 name x
bad 2 "4z" "a size that is no number" map create "$BPFFS/x" type hash key 4z value 4 entries 1 name x

# --- pins ---
bad 1 "m.*([Ee]xists|EEXIST)" "the pin path exists" map pin "${ref[@]}" "$BPFFS/m"
bad 1 "m.*([Ee]xists|EEXIST)" "load to a path that exists" prog load "$T/good.o" "$BPFFS/m"
bad 1 "not on a BPF file system" "a directory with files is not mounted over" map pin "${ref[@]}" "$T/full/pin"
is "$(ls "$T/full")" file "its files are still in view"
bad 1 "not on a BPF file system" "load to a directory with files" prog load "$T/good.o" "$T/full/pin"
bad 1 "nodir" "the parent is missing" map pin "${ref[@]}" "$BPFFS/nodir/pin"
bad 1 "." "no pin there" map show pinned "$BPFFS/nosuch"
bad 1 "map" "a map is no program" prog show pinned "$BPFFS/m"
bad 1 "." "an ordinary file is no pin" prog show pinned "$T/text.o"

# --- no privileges ---
if command -v setpriv >/dev/null; then
	chmod 755 "$T"
	as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all)
	ours=$BPFCTL
	cp "$BPFCTL" "$T/copy" && chmod 755 "$T/copy"
	if "${as_nobody[@]}" test -x "$T/copy"; then
		cat >"$T/nobody" <<-SH
			#!/bin/sh
			exec ${as_nobody[*]} $T/copy "\$@"
		SH
		chmod 755 "$T/nobody"
		BPFCTL=$T/nobody
		bad 1 "Operation not permitted|Permission denied" "no privileges: prog show" prog show
		bad 1 "Operation not permitted|Permission denied" "no privileges: map show id" map show id 1
		bad 1 "Operation not permitted|Permission denied" "no privileges: load" \
			prog load "$T/good.o" "$BPFFS/p"
		bad 1 "Operation not permitted|Permission denied" "no privileges: perf show" perf show
		run "$BPFCTL" prog show
		like "$err" "Hint: .*(CAP_BPF|cap_bpf|CAP_SYS_ADMIN|cap_sys_admin)" "a hint names what is missing"
		BPFCTL=$ours
	else
		skip "no privileges" "nobody cannot reach $T"
	fi
else
	skip "no privileges" "setpriv is not installed"
fi

# --- where the output goes ---
run sh -c "'$BPFCTL' map show >/dev/full"
status 1 "a full disk is noticed"
like "$err" "No space left" "and said"
run sh -c "'$BPFCTL' -j map show >/dev/full"
status 1 "with -j too"
run sh -c "'$BPFCTL' map show | head -c 1 >/dev/null"
is "$err" '' "a reader that leaves is no news"
# A name with control bytes cannot be made by map create's own checks alone: the kernel refuses most.
run "$BPFCTL" -j prog show pinned $'/x/a\x01b\xff'
json_ok "odd bytes in a path: still JSON"
run "$BPFCTL" prog show pinned $'/x/a\x1b[2J'
unlike "$err" $'\x1b' "and no escape sequence reaches the terminal"

rm "$BPFFS/m"
nothing_left "nothing is left"
done_testing
