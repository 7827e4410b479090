#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Maps with BTF: dump, lookup, peek in all renditions, beside the distribution's bpftool; floats and
# signed bit-fields, which that gets wrong; several maps of one name.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need_bpftool
ok "compile" bpf_cc "$TOP/tests/progs/typed.c" "$T/typed.o" -g
ok "compile with floats" bpf_cc "$TOP/tests/progs/typed.c" "$T/floats.o" -g -DFLOATS
mkdir "$BPFFS/maps"
ok "load" "$BPFCTL" prog load "$T/typed.o" "$BPFFS/prog" type socket pinmaps "$BPFFS/maps"
cd "$BPFFS/maps" || exit
hash=$BPFFS/maps/typed_hash key=(key 1 0 0 0 0xff 1 5 0)

# 7.1 prints pointers bare in text
same()
{
	local text=$1 o

	shift
	for o in "" -j -p; do
		run "$BPFCTL" $o "$@"
		status 0 "$text $o"
		is "${out//\"(nil)\"/(nil)}" "$("$BPFTOOL" $o "$@" 2>/dev/null)" "$text: as bpftool $o"
	done
}

# shellcheck disable=SC2046
ok "update" "$BPFCTL" map update pinned "$hash" "${key[@]}" value \
	$(seq 1 16) $(printf '%d ' 97 98 0 0 0 0 0 0) $(seq 25 31) 0 0 0 0 0 0 0 0 0 $(seq 41 72) 0 0 0 0 0 0 0 0 $(seq 81 96)
run "$BPFCTL" map dump pinned "$hash"
like "$out" '"ptr": "\(nil\)"' "a null pointer in text"
same typed_hash map lookup pinned "$hash" "${key[@]}" 2>/dev/null
for map in *; do
	[ "$map" = typed_queue ] || [ "$map" = typed_socks ] || same "$map" map dump pinned "$BPFFS/maps/$map"
done
"$BPFCTL" map push pinned "$BPFFS/maps/typed_queue" value 1 2 3 4 5 6 7 8
same "queue" map peek pinned "$BPFFS/maps/typed_queue"
run "$BPFCTL" -j map pop pinned "$BPFFS/maps/typed_queue"
json_is '.value | length' 8 "queue: pop (libbpf gives queues no BTF)"

# W44: errors are elements like others
run "$BPFCTL" map dump pinned "$BPFFS/maps/typed_socks"
status 0 "typed_socks"
is "$(jq -c . <<<"$out")" '[{"key":0,"value":{"error":"No such file or directory"}},{"key":1,"value":{"error":"No such file or directory"}}]' \
	"no two formats in one"

# --- several of a name ---

"$BPFCTL" prog load "$T/typed.o" "$BPFFS/prog2" type socket
id1=$("$BPFCTL" -j map show pinned "$BPFFS/maps/typed_cpus" | jq .id)
run "$BPFCTL" -j map dump name typed_cpus
json_ok "several: one JSON document"
json_is "length >= 2 and all(.[]; has(\"id\") and has(\"type\") and has(\"flags\") and (.elements | length) == 2)" true \
	"several: elements below what each map is"
json_is "any(.[]; .id == $id1)" true "several: ours is among them"
run "$BPFCTL" map dump name typed_cpus
is "$(jq -c 'all(.[]; .elements[0].values[0].value.x == 0)' <<<"$out")" true "several: text is one tree"
"$BPFCTL" map create "$BPFFS/bytes" type array key 4 value 4 entries 1 name typed_cpus
run "$BPFCTL" map dump name typed_cpus
like "$out" "^[0-9]+: percpu_array  name typed_cpus  flags 0x0"$'\n'"key:"$'\n'"00 00 00 00" \
	"several, one without BTF: all as bytes"
like "$out" "Found 2 elements"$'\n\n'".*array  name typed_cpus  flags 0x0"$'\n'"key: 00 00 00 00  value: 00 00 00 00"$'\n'"Found 1 element$" \
	"several: a blank line between them"
run "$BPFCTL" map lookup name typed_cpus key 0 0 0 0
status 1 "several: one is wanted"
like "$err" "typed_cpus" "several: and that is said"

"$BPFCTL" map create "$BPFFS/two_q" type queue value 4 entries 1 name "${PFX}_two"
"$BPFCTL" map create "$BPFFS/two_a" type array key 4 value 4 entries 1 name "${PFX}_two"
run "$BPFCTL" map dump name "${PFX}_two"
status 3 "several, one cannot be listed: partly done"
like "$out" "^[0-9]+: array " "several: the other one is shown"
like "$err" "cannot be listed" "several: and the first one's error"
run "$BPFCTL" -j map dump name "${PFX}_two"
json_ok "several: in JSON"
json_is '[.[] | has("error")]' '[true,false]' "several: the error is an element"

# --- W3, W32 ---

mkdir "$BPFFS/floats"
ok "load floats" "$BPFCTL" prog load "$T/floats.o" "$BPFFS/prog3" type socket pinmaps "$BPFFS/floats"
# shellcheck disable=SC2046
ok "update" "$BPFCTL" map update pinned "$BPFFS/floats/typed_hash" "${key[@]}" value $(seq 1 96) \
	0 0 0xc0 0x3f 0 0 0 0 0 0 0 0 0 0 4 0xc0 0xff 1 0 0 9 0 0 0 0 0 0 0 0 0 0 0
run "$BPFCTL" -j map dump pinned "$BPFFS/floats/typed_hash"
json_ok "floats: JSON"
json_is '.[0].formatted.value | [.f, .d, .sbits, .after, .low]' '[1.5,-2.5,-1,9,"0x4"]' \
	"floats are numbers, signed bits have a sign, nothing is dropped"
run "$BPFCTL" map dump pinned "$BPFFS/floats/typed_hash"
like "$out" '"d": -2.5,'$'\n *"sbits": -1,\n *'"\"after\": 9" "floats in text"

# --- bit-fields of an enum have its names, read and written; called as bpftool they are bare as there ---

cat >"$T/en.c" <<'C'
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
enum state { CLOSED, OPEN, HALF = 5 };
enum sign { MINUS = -1, ZERO, ONE };
struct v { enum state s : 3; enum sign g : 2; unsigned int n : 27; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct v);
} en SEC(".maps");
SEC("socket") int use(void *ctx)
{
	__u32 key = 0;
	return !!bpf_map_lookup_elem(&en, &key);
}
char _license[] SEC("license") = "GPL";
C
ok "compile enums" bpf_cc "$T/en.c" "$T/en.o" -g
mkdir "$BPFFS/enums"
ok "load enums" "$BPFCTL" prog load "$T/en.o" "$BPFFS/enums_prog" type socket pinmaps "$BPFFS/enums"
en=$BPFFS/enums/en
"$BPFCTL" map update pinned "$en" key 1 value s=OPEN g=MINUS n=+3
"$BPFCTL" map update pinned "$en" key +2 value '{"s":"HALF","g":1}'
"$BPFCTL" map update pinned "$en" key 3 value s=4 g=ZERO
run "$BPFCTL" -j map dump pinned "$en" sort key
json_is '[.[] | .formatted.value | [.s, .g]]' '[["OPEN","MINUS"],["HALF","ONE"],["0x4","ZERO"]]' "by name where there is one"
run "$BPFCTL" -j map dump pinned "$en" where g=MINUS
json_is 'map(.formatted.key)' '[1]' "where, by name"
run "$BPFCTL" map update pinned "$en" key 3 value s=9
like "$err" 'value.s: out of range: 0 to 7' "what does not fit"
run "$BPFCTL" map update pinned "$en" key 3 value s=NOSUCH
like "$err" "expected an enumerator" "no such name"
run "$BPFCTL" map export pinned "$en" file "$T/en.1"
"$BPFCTL" map clear pinned "$en" yes >/dev/null
run "$BPFCTL" map import pinned "$en" file "$T/en.1"
is "$("$BPFCTL" map export pinned "$en" | sort)" "$(sort "$T/en.1")" "export and import"
ln -s "$(realpath "$BPFCTL")" "$T/bpftool"
is "$("$T/bpftool" -j map dump pinned "$en")" "$("$BPFTOOL" -j map dump pinned "$en")" "as bpftool"

# --- without the right to read BTF ---

deprived=(setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$BPFCTL")
if setpriv --bounding-set -sys_admin true 2>/dev/null; then
	for words in "where s=OPEN" "sort s" "as n=hex"; do
		# shellcheck disable=SC2086
		run "${deprived[@]}" map dump pinned "$en" $words
		status 1 "$words, without the right to read BTF"
		like "$err" "read the BTF of map .*EPERM" "$words: the reason is said"
		unlike "$err" "has no BTF" "$words: it does not say that there is none"
	done
	run "${deprived[@]}" map update pinned "$en" key 3 value s=OPEN
	like "$err" "read the BTF of map .*EPERM" "update: the reason is said"
else
	skip "without the right to read BTF" "setpriv cannot take capabilities away"
fi
cd / || exit
done_testing
