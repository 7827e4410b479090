#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The distribution's bpftool beside ours, over the same objects: every key it prints in JSON we print
# with the same value, and the first plain line of each object is the same.
. "$(dirname "$0")/../lib.sh"
live
need_bpftool
need_clang
need jq
prog=${PFX}_cnt
map=${PFX}_map
dev=${PFX}v
veth "$dev" "${PFX}w" || exit 1
# Nothing is sent but what is asked for: the counter stands still while two tools look at it.
peer sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6' 2>/dev/null
bpf_cc "$TOP/tests/progs/counter.c" "$T/o.o" -g -DBTF -Dcounter="$prog" -Dcounter_map="$map" || exit 1
"$BPFCTL" prog load "$T/o.o" "$BPFFS/prog" type xdp pinmaps "$BPFFS/maps" || exit 1
"$BPFCTL" map create "$BPFFS/hash" type hash key 4 value 8 entries 8 name "${PFX}_h" || exit 1
"$BPFCTL" map update pinned "$BPFFS/hash" key 1 0 0 0 value 1 2 3 4 5 6 7 8
"$BPFCTL" map create "$BPFFS/wide" type hash key 4 value 40 entries 8 name "${PFX}_w"
"$BPFCTL" map update pinned "$BPFFS/wide" key 1 0 0 0 value $(seq 1 40)
"$BPFCTL" map create "$BPFFS/percpu" type percpu_hash key 4 value 8 entries 8 name "${PFX}_p"
"$BPFCTL" map update pinned "$BPFFS/percpu" key 1 0 0 0 value 1 2 3 4 5 6 7 8
"$BPFCTL" map create "$BPFFS/queue" type queue key 0 value 4 entries 8 name "${PFX}_q"
"$BPFCTL" map create "$BPFFS/jumps" type prog_array key 4 value 4 entries 2 name "${PFX}_j"
"$BPFCTL" map create "$BPFFS/outer" type hash_of_maps key 4 value 4 entries 2 name "${PFX}_o" \
	inner_map pinned "$BPFFS/hash"
"$BPFCTL" map update pinned "$BPFFS/outer" key 1 0 0 0 value pinned "$BPFFS/hash" 2>/dev/null
"$BPFCTL" net attach xdp pinned "$BPFFS/prog" dev "$dev"
prog_id=$("$BPFCTL" -j prog show pinned "$BPFFS/prog" | jq .id)
btf_id=$("$BPFCTL" -j prog show pinned "$BPFFS/prog" | jq .btf_id)

# Theirs must be contained in ours: every path to a scalar, with the same value.
# The machine has other objects: a listing is compared in what carries our prefix.
contained()
{
	local text=$1 ours=$2 theirs=$3 lost

	lost=$(jq -nr --argjson a "$theirs" --argjson b "$ours" '
		$a | paths(scalars) as $p | select(getpath($p) != ($b | try getpath($p) catch null)) |
		"\($p | join("."))=\(getpath($p)) ours=\($b | try getpath($p) catch null)"' 2>&1)
	is "$lost" '' "$text"
}

json_same()
{
	local ours theirs

	ours=$("$BPFCTL" -j "$@" 2>&1) || true
	theirs=$("$BPFTOOL" -j "$@" 2>/dev/null) || true
	theirs=${theirs:-null}
	contained "-j $*" "$ours" "$theirs"
}

first_line_same()
{
	is "$("$BPFCTL" "$@" 2>/dev/null | head -n 1)" "$("$BPFTOOL" "$@" 2>/dev/null | head -n 1)" "plain: $*"
}

text_same()
{
	is "$("$BPFCTL" "$@" 2>/dev/null)" "$("$BPFTOOL" "$@" 2>/dev/null)" "all of: $*"
}

ours_in()
{
	jq -c --arg p "$PFX" '[.[] | select(.name // "" | startswith($p))]'
}

# In a listing 7.1 repeats an earlier map's btf_id for maps that have none; single ones are right.
theirs_in()
{
	ours_in | jq -c 'map(del(.btf_id))'
}

for kind in prog map; do
	contained "-j $kind show, ours in it" "$("$BPFCTL" -j $kind show | ours_in)" \
		"$("$BPFTOOL" -j $kind show | theirs_in)"
	contained "-j -f $kind show, ours in it" "$("$BPFCTL" -jf $kind show | ours_in)" \
		"$("$BPFTOOL" -jf $kind show | theirs_in)"
done
json_same prog show pinned "$BPFFS/prog"
json_same prog show id "$prog_id"
first_line_same prog show pinned "$BPFFS/prog"
text_same -f prog show pinned "$BPFFS/prog"
text_same -f map show pinned "$BPFFS/maps/$map"
json_same prog dump xlated pinned "$BPFFS/prog"
json_same prog dump xlated pinned "$BPFFS/prog" opcodes linum
text_same prog dump xlated pinned "$BPFFS/prog"
text_same prog dump xlated pinned "$BPFFS/prog" opcodes
text_same prog dump xlated pinned "$BPFFS/prog" linum
for m in hash wide percpu queue jumps outer maps/"$map"; do
	json_same map show pinned "$BPFFS/$m"
	first_line_same map show pinned "$BPFFS/$m"
done
for m in hash wide percpu jumps outer maps/"$map"; do
	json_same map dump pinned "$BPFFS/$m"
	json_same -p map dump pinned "$BPFFS/$m"
done
for m in hash wide percpu jumps maps/"$map"; do
	text_same map dump pinned "$BPFFS/$m"
	text_same -p map dump pinned "$BPFFS/$m"
done
for m in hash wide percpu; do
	json_same map lookup pinned "$BPFFS/$m" key 1 0 0 0
	text_same map lookup pinned "$BPFFS/$m" key 1 0 0 0
	json_same map getnext pinned "$BPFFS/$m"
	text_same map getnext pinned "$BPFFS/$m"
	json_same map lookup pinned "$BPFFS/$m" key 9 9 9 9
done
json_same net show
json_same net show dev "$dev"
first_line_same net show dev "$dev"
json_same btf dump id "$btf_id"
text_same btf dump id "$btf_id"
contained "-j btf show, ours in it" "$("$BPFCTL" -j btf show | jq -c "[.[] | select(.id == $btf_id)]")" \
	"$("$BPFTOOL" -j btf show | jq -c "[.[] | select(.id == $btf_id)]")"
# What others hold may come and go meanwhile: what theirs lists before and after ours.
before=$("$BPFTOOL" -j perf show)
ours=$("$BPFCTL" -j perf show)
after=$("$BPFTOOL" -j perf show)
is "$(jq -nc --argjson a "${before:-[]}" --argjson b "${after:-[]}" --argjson o "$ours" '$a - ($a - $b) | .[] | . as $their |
	select(any($o[]; . as $our | all($their | to_entries[]; .value == $our[.key])) | not)')" '' "-j perf show"

# A link: the loader of the skeleton kind is not here yet, so take one that autoattach leaves.
for v in help 'prog help' 'map help' 'net help'; do
	# shellcheck disable=SC2086
	run "$BPFCTL" -j $v
	is "$out" null "-j $v is null, as theirs"
done
run "$BPFCTL" -j prog show id 99999999
ok "failure is no success with either" [ "$status" != 0 ]
json_is 'has("error")' true "an error is an object with error"

ln -s "$BPFCTL" "$T/bpftool"
run "$T/bpftool" version
like "$out" "^bpftool v[0-9.]+"$'\n'"using libbpf v[0-9.]+"$'\n'"features:" "called as bpftool it names itself so"
run "$T/bpftool" help
like "$out" "bpftool" "in help"
unlike "$out" "bpfctl" "and does not call itself otherwise"
run "$T/bpftool" p s id "$prog_id"
is "$out" "$("$BPFCTL" prog show id "$prog_id")" "and does the same"

rm -r "${BPFFS:?}"/{prog,maps,hash,wide,percpu,queue,jumps,outer}
"$BPFCTL" net detach xdp dev "$dev"
nothing_left "nothing is left"
done_testing
