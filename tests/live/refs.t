#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Bare references: an id, a name, a pattern, a path, several of them, everywhere; and as bpftool none of this.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf || exit 1
"$T/make_links" "$BPFFS" lo /nowhere >/dev/null 2>&1
for n in a b c; do
	"$BPFCTL" map create "$BPFFS/$n" type hash key 4 value 4 entries 4 name "${PFX}_$n" || exit 1
done
"$BPFCTL" map create "$BPFFS/twin" type array key 4 value 4 entries 1 name "${PFX}_a" || exit 1
a=$("$BPFCTL" -j map show pinned "$BPFFS/a" | jq .id)
b=$("$BPFCTL" -j map show pinned "$BPFFS/b" | jq .id)
c=$("$BPFCTL" -j map show pinned "$BPFFS/c" | jq .id)
twin=$("$BPFCTL" -j map show pinned "$BPFFS/twin" | jq .id)

# finds WANT WORD...: ids of map show
finds()
{
	run "$BPFCTL" -j map show "${@:2}"
	is "$(jq -c '[.. | .id? // empty]' <<<"$out")" "$1" "map show ${*:2}"
}
finds "[$b]" "$b"
finds "[$b]" "${PFX}_b"
finds "[$b]" "$BPFFS/b"
finds "[$a,$twin]" "${PFX}_a"
finds "[$c,$b]" "$c" "$BPFFS/b" name "${PFX}_c"
finds "[$a,$b,$c,$twin]" "${PFX}_*"
finds "[$b,$c]" "${PFX}_[bc]" "$b"
run "$BPFCTL" -j map show "${PFX}_b"
json_is 'type' object "one reference to one object is a record"
run "$BPFCTL" -j map show "${PFX}_[b]"
json_is 'type' array "a pattern is a list"
run "$BPFCTL" map show "$b" "${PFX}_nosuch"
status 3 "one of two is missing"
like "$out" " *$b +hash " "the other is shown"
like "$err" "no map named '${PFX}_nosuch'" "and it is said"

# --- one is needed ---
run "$BPFCTL" map lookup "${PFX}_a" key 0 0 0 0
status 1 "two maps of a name"
like "$err" "id $a  hash  pinned $BPFFS/a"$'\n'".*id $twin  array  pinned $BPFFS/twin" "the candidates are listed"
"$BPFCTL" map update "${PFX}_b" key 1 0 0 0 value 2 0 0 0
run "$BPFCTL" -j map dump "$BPFFS/b"
json_is '.[0].value[0]' 0x02 "update by name, dump by path"
run "$BPFCTL" map freeze "$twin"
status 0 "freeze by id"
"$BPFCTL" map create "$BPFFS/outer" type array_of_maps key 4 value 4 entries 1 inner_map "${PFX}_b" name "${PFX}_o"
run "$BPFCTL" map update "${PFX}_o" key 0 0 0 0 value "${PFX}_b"
status 0 "a map as value"
run "$BPFCTL" btf dump map "${PFX}_b" key
like "$err" "no BTF|has no" "btf dump map NAME PART"

# --- programs and links: a link has the name of its program ---
link=$("$BPFCTL" -j link show "$BPFFS/raw_tp" | jq .id)
name=$("$BPFCTL" -j prog show "$("$BPFCTL" -j link show "$link" | jq .prog_id)" | jq -r .name)
run "$BPFCTL" -j link show "$name"
is "$(jq -c "[.. | .id? // empty] | any(. == $link)" <<<"$out")" true "link show NAME"
run "$BPFCTL" -j btf show vmlinux
json_is '.name' vmlinux "btf show NAME"
run "$BPFCTL" link detach "$BPFFS/raw_tp"
like "$status $err" "^0|cannot detach links of type" "link detach PATH"

# --- keywords win ---
"$BPFCTL" map create "$BPFFS/over" type hash key 4 value 4 entries 4 name over || exit 1
run "$BPFCTL" map usage over 0 "$b"
status 2 "map usage over N is the keyword"
run "$BPFCTL" -j map usage name over
like "$out" '"name":"over"' "and name NAME the map"

# --- processes ---
sleep 600 {fd}<"$BPFFS" & at_exit kill $!
run "$BPFCTL" ps "$!"
status 1 "who holds nothing"
like "$err" "no process $! holds BPF objects" "is named"
gcc -O1 -o "$T/many" "$TOP/tests/bench/many.c" -lbpf || exit 1
mkfifo "$T/end"
"$T/many" "$PFX" 3 <"$T/end" >"$T/many.out" 2>&1 & many=$!
at_exit kill $many
exec {end}>"$T/end"
wait_file '^(ready|\.)$' "$T/many.out" || skip_all "cannot hold objects"
run "$BPFCTL" -j ps "$many"
is "$(jq -c "map(.pid // empty)" <<<"$out")" "[$many]" "ps PID"
run "$BPFCTL" -j ps 'man[y]' detail
is "$(jq "any(.pid == $many)" <<<"$out")" true "ps PATTERN with a keyword"
run "$BPFCTL" -j ps "$many" nosuchname
status 3 "ps: one is missing"
run "$BPFCTL" -j ps d
is "$(jq "any(.objects)" <<<"$out")" true "ps: an abbreviated keyword"

# --- unpin ---
run "$BPFCTL" -j map unpin "${PFX}_[bc]" "$BPFFS/twin"
json_is 'map(.id)' "[$b,$c,$twin]" "unpin several"
is "$(cd "$BPFFS" && ls [abc] twin 2>/dev/null)" a "those and no others"
run "$BPFCTL" map unpin "${PFX}_a" "${PFX}_zz"
status 3 "unpin: one is missing"
is "$(cd "$BPFFS" && ls a 2>&1)" "ls: cannot access 'a': No such file or directory" "the other is done"

# --- as bpftool ---
ln -s "$BPFCTL" "$T/bpftool"
run "$T/bpftool" map show over
status 2 "bpftool: a bare name"
run "$T/bpftool" map show id "$a" id "$b"
status 2 "bpftool: two references"
rm -f "$BPFFS"/[!mp]*
exec {end}>&-
wait $many
nothing_left "nothing is left"
done_testing
