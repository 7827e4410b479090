#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Objects with legacy SEC("maps") definitions: loaded, and each reference reaches the map it should.

. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq

obj()
{
	local name=$1 src=$2

	shift 2
	bpf_cc "$TOP/tests/progs/$src.c" "$T/$name.o" -DPFX="$PFX" "$@" || skip_all "cannot compile $src.c"
}

# Debian's bpftool knows best what was loaded; without it, ours.
peek()
{
	"${BPFTOOL:-$BPFCTL}" -j "$@"
}

# shape NAME: "type key value entries" of a pinned map
shape()
{
	peek map show pinned "$BPFFS/maps/$1" |
		jq -r '"\(.type) \(.bytes_key) \(.bytes_value) \(.max_entries)"'
}

# The first byte of the value under a key
value()
{
	peek map lookup pinned "$BPFFS/maps/$1" key "$2" 0 0 0 | jq -r '.value[0]'
}

unpin()
{
	rm -rf "$BPFFS/prog" "$BPFFS/maps" "$BPFFS/all"
}

head -c 64 /dev/zero >"$T/packet"

for variant in plain: with_btf:-g mixed:-g,-DMIXED; do
	name=${variant%%:*}
	IFS=, read -ra flags <<<"${variant#*:}"
	obj "$name" legacy "${flags[@]}"
	run "$BPFCTL" prog load "$T/$name.o" "$BPFFS/prog" pinmaps "$BPFFS/maps"
	status 0 "$name: loads"
	like "$err" "converted 3 legacy map definitions" "$name: a notice says what was done"
	is "$(shape "${PFX}_one")" "hash 4 8 100" "$name: global map"
	is "$(shape "${PFX}_two")" "array 4 16 2" "$name: static map"
	is "$(shape "${PFX}_three")" "array 4 32 3" "$name: second static map"
	if [ -n "$BPFTOOL" ]; then
		"$BPFTOOL" prog run pinned "$BPFFS/prog" data_in "$T/packet" >/dev/null 2>&1
		is "$(value "${PFX}_two" 1) $(value "${PFX}_three" 2)" "0x01 0x01" "$name: the program writes to the right maps"
		is "$(value "${PFX}_two" 0) $(value "${PFX}_three" 1)" "0x00 0x00" "$name: and nowhere else"
	fi
	if [ "$name" = mixed ]; then
		is "$(shape "${PFX}_modern")" "array 4 8 4" "mixed: the BTF-defined map"
		[ -z "$BPFTOOL" ] ||
			is "$(peek map lookup pinned "$BPFFS/maps/${PFX}_modern" key 3 0 0 0 | jq -r '.value[0]')" 0x01 \
			   "mixed: is written too"
	fi
	unpin
done

# Line information survives: it lives in .BTF.ext, which refers to .BTF.
run "$BPFCTL" prog load "$T/with_btf.o" "$BPFFS/prog"
if [ -n "$BPFTOOL" ]; then
	like "$("$BPFTOOL" prog dump xlated pinned "$BPFFS/prog" linum)" "legacy.c" "source lines are those of the file"
fi
unpin

run "$BPFCTL" -j prog load "$T/plain.o" "$BPFFS/prog"
is "$out" null "with -j: null"
json_ok "with -j: no notice on stderr"
unpin
run "$BPFCTL" prog loadall "$T/plain.o" "$BPFFS/all"
is "$status $(ls "$BPFFS/all")" "0 ${PFX}_prog" "loadall"
unpin

obj iproute legacy -DIPROUTE
run "$BPFCTL" prog load "$T/iproute.o" "$BPFFS/prog" pinmaps "$BPFFS/maps"
status 0 "iproute2's definitions load"
like "$err" "request pinning by iproute2" "what is not done is said"
is "$(shape "${PFX}_outer")" "array_of_maps 4 4 2" "a map of maps with its inner map"
unpin

obj broken legacy -DBROKEN
run "$BPFCTL" prog load "$T/broken.o" "$BPFFS/prog"
status 1 "a definition nobody knows"
like "$err" "map '${PFX}_one' has 40 bytes; unknown byte at offset 36 \(0x03\)" "is refused with the reason"
run "$BPFCTL" -j prog load "$T/broken.o" "$BPFFS/prog"
json_ok "as valid JSON"

# Cut anywhere, it is refused and nothing stays.
size=$(stat -c %s "$T/plain.o")
bad=0
for ((n = 0; n < size; n += size / 25)); do
	head -c $n "$T/plain.o" >"$T/cut.o"
	run "$BPFCTL" -j prog load "$T/cut.o" "$BPFFS/prog"
	if [ "$status" != 1 ] || ! one_json "$out" || [ -n "$err" ]; then
		bad=$((bad + 1))
		diag "cut at $n: status $status, $out $err"
	fi
done
is $bad 0 "cut anywhere: an error, valid JSON"

# The walkthrough's program, compiled as it says: no flags of ours.
(cd "$TOP/tests/progs" &&
 "$CLANG" -O2 -target bpf -c counter.c -o "$T/counter_nobtf.o" &&
 "$CLANG" -O2 -target bpf -c counter.c -o "$T/counter_btf.o" -g -D BTF)
run "$BPFCTL" prog load "$T/counter_nobtf.o" "$BPFFS/prog" type xdp
status 0 "counter, legacy"
unpin
run "$BPFCTL" prog load "$T/counter_btf.o" "$BPFFS/prog" type xdp --debug
status 0 "counter, BTF"
unpin

nothing_left "nothing is left"
done_testing
