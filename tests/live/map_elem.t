#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Single entries: update, lookup, getnext, delete, and what is refused; program arrays; freezing,
# pinning.
. "$(dirname "$0")/../lib.sh"
live
h=$BPFFS/h
ok "create" "$BPFCTL" map create "$h" type hash key 4 value 4 entries 3 name "${PFX}_h"

m()
{
	local verb=$1

	shift
	run "$BPFCTL" map "$verb" pinned "$h" "$@"
}

m update key 1 2 3 4 value 10 0x20 030 255
status 0 "update: decimal, hex, octal"
is "$out$err" "" "silently"
m lookup key 1 2 3 4
is "$out" "key: 01 02 03 04  value: 0a 20 18 ff" "lookup"
m update k hex 1 2 3 ff v h 0 1 2 ff e
status 1 "exist: only what is there (abbreviated words)"
like "$err" "Hint: the map has no entry with this key" "exist: the hint"
m update key hex 1 2 3 ff value h 0 1 2 ff noexist
status 0 "noexist"
m update key hex 1 2 3 ff value h 0 1 2 ff noexist
status 1 "noexist again"
like "$err" "EEXIST.*Hint: the map already has an entry with this key" "says so"
m update value 1 1 1 1 any key 1 2 3 4
status 0 "any order"
run "$BPFCTL" -j map update pinned "$h" key 1 2 3 4 value 1 1 1 1
is "$out" null "JSON: null"
m update key 5 5 5 5 value 1 1 1 1
m update key 6 6 6 6 value 1 1 1 1
status 1 "full"
like "$err" "room for 3" "says so"

refused()
{
	local text=$1 want=$2

	shift 2
	m "$@"
	status 2 "$text: refused"
	like "$err" "$want" "$text: told"
	run "$BPFCTL" -j map "$1" pinned "$h" "${@:2}"
	json_ok "$text: in JSON"
}

refused "257 (W30)" 257 lookup key 257 2 3 4
refused "too few bytes" "expected 4 bytes got 3" lookup key 1 2 3
refused "no key" "missing.*key" lookup
refused "too many" "got" update key 1 2 3 4 5 value 1 1 1 1
refused "no value" "missing.*value" update key 1 2 3 4
refused "a value for lookup" "value" lookup key 1 2 3 4 value 1 1 1 1
refused "a key twice" "twice" update key 1 2 3 4 key 1 2 3 4 value 1 1 1 1
refused "flags twice" "twice" update key 1 2 3 4 value 1 1 1 1 any exist
refused "no hex digits" "zz" lookup key hex zz 2 3 4

m getnext
first=$(tail -n 1 <<<"$out")
like "$out" "^key: None"$'\n'"next key:"$'\n'"[0-9a-f ]+$" "getnext: the first"
keys=$first key=$first
for _ in 2 3; do
	# shellcheck disable=SC2086
	m getnext key hex $key
	like "$out" "^key:"$'\n'"$key"$'\n'"next key:" "getnext"
	key=$(tail -n 1 <<<"$out")
	keys=$keys$'\n'$key
done
is "$(sort -u <<<"$keys" | wc -l)" 3 "getnext walks over all"
# shellcheck disable=SC2086
m getnext key hex $key
status 1 "getnext: the last"
run "$BPFCTL" -j map getnext pinned "$h"
json_is '.key == null and (.next_key | length) == 4' true "getnext in JSON"

m delete key 1 2 3 4
status 0 "delete"
m delete key 1 2 3 4
status 1 "delete again"
like "$err" "not found.*01 02 03 04" "says what is not there"
m lookup key 1 2 3 4
status 1 "lookup of what is not there"
is "$out" "" "nothing on stdout"
run "$BPFCTL" -j map lookup pinned "$h" key 1 2 3 4
json_ok "in JSON"
json_is .errno ENOENT "errno tells a script"

# --- program arrays ---

if [ -n "$BPFTOOL" ] && command -v "$CLANG" >/dev/null; then
	bpf_cc "$TOP/tests/progs/typed.c" "$T/typed.o" -g
	"$BPFCTL" prog load "$T/typed.o" "$BPFFS/p" type socket
	"$BPFCTL" map create "$BPFFS/pa" type prog_array key 4 value 4 entries 2 name "${PFX}_pa"
	id=$("$BPFCTL" -j prog show pinned "$BPFFS/p" | jq .id)
	run "$BPFCTL" map update pinned "$BPFFS/pa" key 0 0 0 0 value id "$id"
	status 0 "prog_array: by id"
	is "$err" "" "prog_array: a pinned one needs no notice (W35)"
	map_id=$("$BPFCTL" -j map show pinned "$BPFFS/pa" | jq .id)
	run "$BPFCTL" map update id "$map_id" key 1 0 0 0 value pinned "$BPFFS/p"
	is "$status $err" "0 " "prog_array: nor does it by its id"
	# shellcheck disable=SC2016
	run unshare -m bash -c 'umount -l "$0" && exec "$@"' "$BPFFS" \
		"$BPFCTL" map update id "$map_id" key 1 0 0 0 value id "$id"
	like "$status $err" "^0 map $map_id is a program array" "prog_array: one whose pin is out of sight is told of"
	run "$BPFCTL" -j map update id "$map_id" key 1 0 0 0 value pinned "$BPFFS/p"
	json_ok "prog_array: no notice in JSON"
	is "$("$BPFCTL" -j map dump pinned "$BPFFS/pa")" "$("$BPFTOOL" -j map dump pinned "$BPFFS/pa")" "prog_array: dump as bpftool"
	run "$BPFCTL" -j map show pinned "$BPFFS/pa"
	is "$(jq -cS 'del(.pids)' <<<"$out")" "$("$BPFTOOL" -j map show pinned "$BPFFS/pa" | jq -cS .)" \
		"prog_array: show knows the owner"
	like "$("$BPFCTL" map show pinned "$BPFFS/pa")" $'\n\towner_prog_type socket_filter  owner (not )?jited' "prog_array: in text"
	run "$BPFCTL" map update pinned "$BPFFS/pa" key 0 0 0 0 value 1 2 3 4
	status 2 "prog_array: bytes are no program"
else
	skip "prog_array" "needs clang and bpftool"
fi

# --- per CPU ---

"$BPFCTL" map create "$BPFFS/c" type percpu_array key 4 value 3 entries 1 name "${PFX}_c"
run "$BPFCTL" map update pinned "$BPFFS/c" key 0 0 0 0 value 1 2 3
run "$BPFCTL" -j map lookup pinned "$BPFFS/c" key 0 0 0 0
json_is '.values | all(.[]; .value == ["0x01","0x02","0x03"]) and length > 0' true "per CPU: all get the value"
run "$BPFCTL" map update pinned "$BPFFS/c" key 9 0 0 0 value 1 2 3
status 1 "beyond the end of an array"
like "$err" "Hint: the keys of this array are 0 to [0-9]+$" "which keys it has"
run "$BPFCTL" map update pinned "$BPFFS/c" key 0 0 0 0 value 1 2 3 noexist
like "$err" "EEXIST.*Hint: the entries of an array always exist: leave out" "noexist in an array"
run "$BPFCTL" map delete pinned "$BPFFS/c" key 0 0 0 0
like "$err" "Hint: the entries of an array always exist; 'map update'" "delete from an array"

# --- pin, freeze ---

run "$BPFCTL" map pin pinned "$h" "$BPFFS/again"
status 0 "pin"
is "$("$BPFCTL" -j map show pinned "$BPFFS/again" | jq .id)" "$("$BPFCTL" -j map show pinned "$h" | jq .id)" "the same map"
run "$BPFCTL" -f -j map show pinned "$h"
json_is ".pinned | sort" "[\"$BPFFS/again\",\"$h\"]" "-f: both paths"
run "$BPFCTL" map pin pinned "$h" "$BPFFS/again"
status 1 "pin: the path is taken"
m freeze
status 0 "freeze"
m freeze
status 1 "freeze again"
like "$err" "Hint: the map is already frozen$" "freeze again: the hint"
run "$BPFCTL" -j map show pinned "$h"
json_is .frozen 1 "frozen is 1"
like "$("$BPFCTL" map show pinned "$h")" $'\n\t(btf_id [0-9]+  )?frozen' "frozen in text"
m update key 1 2 3 4 value 1 1 1 1
like "$err" "is frozen" "a write to a frozen map: told why"
m lookup key 5 5 5 5
status 0 "it can be read"
run "$BPFCTL" map event_pipe pinned "$h"
status 1 "event_pipe is for other maps"

# --- the hash of a frozen array's contents ---

run "$BPFCTL" map create "$BPFFS/sum" type array key 4 value 8 entries 2 name "${PFX}_sum"
"$BPFCTL" map update pinned "$BPFFS/sum" key 1 0 0 0 value 1 2 3 4 5 6 7 8
is "$("$BPFCTL" -j map show pinned "$BPFFS/sum" | jq .hash)" null "none before it is frozen"
"$BPFCTL" map freeze pinned "$BPFFS/sum"
sum=$("$BPFCTL" -j map show pinned "$BPFFS/sum" | jq -r .hash)
if [ "$sum" = null ]; then
	skip "the hash" "this kernel has none (before 6.18)"
else
	is "$sum" "$(printf '\0\0\0\0\0\0\0\0\1\2\3\4\5\6\7\10' | sha256sum | cut -d' ' -f1)" "the SHA-256 of both values"
	like "$("$BPFCTL" map show pinned "$BPFFS/sum")" "frozen  hash $sum" "in text"
fi
is "$("$BPFCTL" -j map show pinned "$h" | jq .hash)" null "a frozen hash has none"
done_testing
