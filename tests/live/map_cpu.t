#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Values of single CPUs: 'cpu N' of update, lookup and dump, and lists in a file that do not have them all.
. "$(dirname "$0")/../lib.sh"
live
need jq
cpus=$("$BPFCTL" map create "$BPFFS/n" type percpu_array key 4 value 1 entries 1 name "${PFX}_n" &&
	"$BPFCTL" -j map lookup pinned "$BPFFS/n" key 0 0 0 0 | jq '.values | length')
[ "${cpus:-0}" -gt 1 ] || skip_all "this machine has one CPU"
cd "$T" || exit
b() { run "$BPFCTL" "$@"; }
values='[.values[] | .value | map(ltrimstr("0x")) | join("")] | .[:2] | tojson'

for type in percpu_hash percpu_array lru_percpu_hash; do
	m=$BPFFS/$type
	"$BPFCTL" map create "$m" type $type key 4 value 3 entries 4 name "${PFX}_m"
	b map update pinned "$m" key 1 0 0 0 value 1 2 3 cpu 1
	status 0 "$type: one CPU"
	[ -z "$err" ] || like "$err" "read-modify-write" "$type: how it is done, where it is not by the kernel"
	b -j map lookup pinned "$m" key 1 0 0 0
	json_is "$values" '["000000","010203"]' "$type: the others are 0 in a new entry"
	b map update pinned "$m" cpu 0 value hex a b c key 1 0 0 0
	b -j map lookup pinned "$m" key 1 0 0 0
	json_is "$values" '["0a0b0c","010203"]' "$type: and stay in an old one"
	b -j map lookup pinned "$m" key 1 0 0 0 cpu 1
	json_is '.values' '[{"cpu":1,"value":["0x01","0x02","0x03"]}]' "$type: one CPU of a lookup"
	printf '%s' "$out" >one
	b map lookup pinned "$m" key 1 0 0 0 cpu 0
	is "$out" "key:
01 00 00 00
value (CPU 00): 0a 0b 0c" "$type: in text"
	b -j map dump pinned "$m" cpu 1
	json_is 'map(select(.key[0] == "0x01").values) | .[0]' '[{"cpu":1,"value":["0x01","0x02","0x03"]}]' "$type: and of a dump"
	b -j map update pinned "$m" key 1 0 0 0 value 7 7 7
	b map import pinned "$m" file one
	status 0 "$type: a part of the values"
	like "$out" "1 of them for some CPUs only" "$type: which is said"
	b -j map lookup pinned "$m" key 1 0 0 0
	json_is "$values" '["070707","010203"]' "$type: the others stay"
	# an entry before it that still waits to be written
	{ echo '{"key":"01000000","value":"090909"}'; cat one; } >both
	b map import pinned "$m" file both replace
	b -j map lookup pinned "$m" key 1 0 0 0
	json_is "$values" '["090909","010203"]' "$type: in the order of the file"
done
m=$BPFFS/percpu_hash
b map update pinned "$m" key 9 0 0 0 value 1 1 1 cpu 1 exist
status 1 "exist: there is none"
b map update pinned "$m" key 1 0 0 0 value 1 1 1 cpu 1 noexist
status 1 "noexist: there is one"
b map update pinned "$m" key 1 0 0 0 value 1 1 1 cpu "$cpus"
like "$err" "no CPU $cpus: the last one is $((cpus - 1))" "no such CPU"
b map dump pinned "$m" cpu 1 percpu sum
status 2 "one CPU, and all of them"
"$BPFCTL" map create "$BPFFS/hash" type hash key 4 value 4 entries 4 name "${PFX}_h"
for words in "lookup pinned $BPFFS/hash key 1 0 0 0 cpu 0" "dump pinned $BPFFS/hash cpu 0" \
	"update pinned $BPFFS/hash key 1 0 0 0 value 1 0 0 0 cpu 0"; do
	# shellcheck disable=SC2086
	b map $words
	status 1 "${words%% *}: no per-CPU map"
	like "$err" "one value for all CPUs" "${words%% *}: says so"
done
for text in '{"key":"01000000","values":[]}' '{"key":"01000000","values":[{"cpu":-1,"value":"010203"}]}' \
	'{"key":"01000000","values":[{"cpu":0,"value":"010203"},{"cpu":0,"value":"010203"}]}'; do
	echo "$text" >bad
	b map import pinned "$m" file bad
	status 1 "refused: $text"
done
echo '{"key":"01000000","values":[{"value":"010203"}]}' >bad
b map import pinned "$m" file bad
like "$err" "values.0..cpu: expected the number of a CPU" "a value without its CPU: says what is missing"

# typed: where, sort and merge look at that CPU
"$BPFCTL" map create "$BPFFS/typed" type percpu_hash key_type u32 value_type 'struct in_addr' entries 8 name "${PFX}_t" 2>/dev/null ||
	"$BPFCTL" map create "$BPFFS/typed" type percpu_hash key_type u32 value_type u64 entries 8 name "${PFX}_t"
if [ -e "$BPFFS/typed" ]; then
	for i in 1 2 3; do
		"$BPFCTL" map update pinned "$BPFFS/typed" key $i value "{\"s_addr\":$((10 - i))}" cpu 1 2>/dev/null
		"$BPFCTL" map update pinned "$BPFFS/typed" key $i value s_addr=$i cpu 0 merge 2>/dev/null
	done
	b -j map dump pinned "$BPFFS/typed" cpu 1 sort s_addr
	json_is 'map(.formatted.key)' '[3,2,1]' "sorted by that CPU"
	b -j map dump pinned "$BPFFS/typed" cpu 0 sort s_addr
	json_is 'map(.formatted.key)' '[1,2,3]' "or by the other"
	b -j map dump pinned "$BPFFS/typed" cpu 0 where s_addr=9..
	json_is 'map(.formatted.key)' '[]' "where it is in another CPU's"
else
	skip "typed" "the kernel has no BTF"
fi
rm -f "${BPFFS:?}"/*
nothing_left "nothing is left"
done_testing
