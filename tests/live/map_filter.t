#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Dumps of a part: limit, where; values of all CPUs as one.
. "$(dirname "$0")/../lib.sh"
live
need_clang
b() { run "$BPFCTL" "$@"; }
ok "compile" bpf_cc "$TOP/tests/progs/flows.c" "$T/flows.o" -g
mkdir "$BPFFS/maps"
ok "load" "$BPFCTL" prog load "$T/flows.o" "$BPFFS/prog" type socket pinmaps "$BPFFS/maps"
flows=$BPFFS/maps/flows peers=$BPFFS/maps/peers
for i in 1 2 3 4; do
	"$BPFCTL" map update pinned "$flows" key saddr=10.0.0.$i sport=$((i % 2)) value packets=$i 'nested[1].a=-1'
	"$BPFCTL" map update pinned "$peers" key 10.0.0.$i value $i
done
b -j map dump pinned "$flows" limit 3
json_is length 3 "limit"
b -j map dump pinned "$flows" limit 3 where sport=1
json_is 'length' 2 "where: a port of the key"
b -j map dump pinned "$flows" where packets=3
json_is '[.[].formatted.value.packets]' '[3]' "where: the value"
b -j map dump pinned "$flows" where key.saddr=10.0.0.4
json_is '[.[].formatted.value.packets]' '[4]' "where: an address, in the key"
b -j map dump pinned "$flows" where 'nested[1].a=-1'
json_is length 4 "where: an element"
b -j map dump pinned "$flows" where nosuch=1
status 1 "where: no such member"
like "$err$out" "nosuch: there is no such member" "says so"
b -j map dump pinned "$flows" where packets=-1
status 1 "where: a value that cannot be"
cpus=$("$BPFCTL" -j map dump pinned "$peers" | jq '.[0].values | length')
b -j map dump pinned "$peers" percpu sum
json_is '[.[].formatted.value] | sort' "[$((cpus)),$((2 * cpus)),$((3 * cpus)),$((4 * cpus))]" "percpu sum"
b -j map dump pinned "$peers" percpu max
json_is '[.[].formatted.value] | sort' '[1,2,3,4]' "percpu max"
b map dump pinned "$peers" percpu sum limit 1
status 0 "in text"
unlike "$out" '"values"' "one value"
b -j map dump pinned "$peers" percpu each
json_is '.[0].values | length' "$cpus" "percpu each"
"$BPFCTL" map create "$BPFFS/c" type percpu_array key 4 value 4 entries 1 name "${PFX}_c"
"$BPFCTL" map create "$BPFFS/d" type percpu_array key 4 value 5 entries 1 name "${PFX}_d"
"$BPFCTL" map update pinned "$BPFFS/c" key 0 0 0 0 value 1 0 0 0
b map dump pinned "$BPFFS/c" percpu sum
like "$out" "value: 0?$(printf %x "$cpus") 00 00 00" "a number without BTF"
b map dump pinned "$BPFFS/d" percpu sum
status 1 "bytes without BTF"
like "$err" "cannot be added" "says so"
# maps in maps
"$BPFCTL" map create "$BPFFS/in" type array key 4 value 4 entries 2 name "${PFX}_in"
"$BPFCTL" map create "$BPFFS/out" type hash_of_maps key 4 value 4 entries 2 name "${PFX}_out" inner_map pinned "$BPFFS/in"
"$BPFCTL" map update pinned "$BPFFS/out" key 1 0 0 0 value pinned "$BPFFS/in"
b -j map dump pinned "$BPFFS/out" recurse
json_ok "recurse"
json_is '[.[0].key[0], (.[0].inner_map_id > 0), (.[0].elements | length), .[0].elements[1].key[0]]' '["0x01",true,2,"0x01"]' "inner entries"
b map dump pinned "$BPFFS/out" recurse
like "$out" "key: 01 00 00 00  inner_map_id: [0-9]+"$'\n+'"key: 00 00 00 00  value: 00 00 00 00" "in text"
b map dump pinned "$BPFFS/in" recurse
like "$out" "Found 2 elements" "other maps as ever"
# what create takes
"$BPFCTL" map create "$BPFFS/bloom" type bloom_filter value 4 entries 8 name "${PFX}_b" map_extra 3
status 0 "map_extra"
b map create "$BPFFS/bloom16" type bloom_filter value 4 entries 8 name "${PFX}_b" map_extra 16
status 1 "map_extra reaches the kernel"
b -j map create "$BPFFS/numa" type array key 4 value 4 entries 1 name "${PFX}_n" numa_node 0
status 0 "numa_node"
b -j map show pinned "$BPFFS/numa"
json_is .flags 4 "and its flag"
done_testing
