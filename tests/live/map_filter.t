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
like "$err$out" "nosuch: no such member.*the members are: .*packets" "says so, and which there are"
b map dump pinned "$flows" where packts=1
like "$err" "packts: no such member.*Hint: did you mean 'packets'" "where: the nearest member"
b map dump pinned "$flows" where packets=9..1
status 2 "where: a range without values"
like "$err" "where: 9 is above 1" "says so"
b map dump pinned "$flows" where packets=1..1
status 0 "where: a range with one value"
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
# ranges
values() { json_is '[.[].formatted.value.packets] | sort' "$1" "$2"; }
b -j map dump pinned "$flows" where packets=2..3
values '[2,3]' "where: a range"
b -j map dump pinned "$flows" where packets=3..
values '[3,4]' "open above"
b -j map dump pinned "$flows" where saddr=..10.0.0.2
values '[1,2]' "of addresses, open below"
b -j map dump pinned "$flows" where 'nested[1].a=-5..-1' limit 9
values '[1,2,3,4]' "of negative numbers"
b -j map dump pinned "$flows" where 'nested[1].a=0..5'
values '[]' "signed"
b -j map dump pinned "$peers" where value=3..
json_is '[.[].formatted.values[0].value] | sort' '[3,4]' "of the whole value, any CPU's"
b -j map dump pinned "$peers" where key=10.0.0.3
json_is '[.[].formatted.values[0].value]' '[3]' "and the whole key"
b map dump pinned "$flows" where packets=..
status 2 "a range without ends"
b map dump pinned "$flows" where packets=1..-1
status 1 "an end that cannot be"
like "$err" "packets: out of range" "is named"
# sort
b -j map dump pinned "$flows" sort packets
json_is '[.[].formatted.value.packets]' '[1,2,3,4]' "sort"
b -j map dump pinned "$flows" sort key.saddr reverse limit 2
json_is '[.[].formatted.value.packets]' '[4,3]' "reverse, by an address in the key; limit comes after"
b -j map dump pinned "$peers" sort value percpu max reverse
json_is '[.[].formatted.value]' '[4,3,2,1]' "values of all CPUs together"
b map dump pinned "$peers" sort value
status 1 "values of each CPU"
like "$err" "Hint: .*percpu sum" "have no order"
b map dump pinned "$flows" sort nosuch
like "$err" "sort: nosuch: no such member.*Hint: the members are: .*packets" "sort: no such member"
b map dump pinned "$flows" sort 'nested[1].aa'
like "$err" "aa: no such member.*Hint: the members are: .*a" "sort: the members of an element"
b map dump pinned "$flows" reverse
status 2 "reverse alone"
b map dump pinned "$BPFFS/in" sort a
status 1 "sort without BTF"
# as, pretty
"$BPFCTL" map update pinned "$flows" key saddr=10.0.0.1 sport=443 far.mac=02:00:00:00:00:fe far.six=2001:db8::1 value packets=77
b -j map dump pinned "$flows" where packets=77 pretty
json_is '.[0].formatted.key | [.saddr, .sport, .far.mac, .far.six]' '["10.0.0.1",443,"02:00:00:00:00:fe","2001:db8::1"]' "pretty"
json_is '.[0].key[0:4]' '["0x0a","0x00","0x00","0x01"]' "bytes stay"
b map dump pinned "$flows" where packets=77 pretty
like "$out" '"saddr": "10.0.0.1",' "in text"
b -j map dump pinned "$flows" where packets=77
json_is '.[0].formatted.key.saddr' 16777226 "without it as ever"
b -j map dump pinned "$flows" where packets=77 as saddr=ip4,sport=port,far.mac=mac,far.six=ip6,value.packets=hex,'nested[].a=hex'
json_is '.[0].formatted | [.key.saddr, .key.sport, .key.far.mac, .key.far.six, .value.packets, .value.nested[1].a]' \
	'["10.0.0.1",443,"02:00:00:00:00:fe","2001:db8::1","0x000000000000004d","0x00"]' "as"
b -j map dump pinned "$flows" where packets=77 as far.mac=str,saddr=hex
json_is '.[0].formatted.key | [.far.mac, .saddr]' '["\u0002","0x0a000001"]' "str ends at a zero; hex of network order"
"$BPFCTL" map update pinned "$flows" key saddr=10.0.0.1 sport=443 far.mac=02:00:00:00:00:fe far.six=2001:db8::1 \
	value packets="$(sed 's/\..*/000000000/' /proc/uptime)" bytes=1700000000123456789
b -j map dump pinned "$flows" where bytes=1.. as packets=time,bytes=time
json_is '.[0].formatted.value.bytes' '2023-11-14T22:13:20.123+0000' "a time since 1970"
now=$(date +%s) then=$(date -d "$(jq -r '.[0].formatted.value.packets' <<<"$out")" +%s)
ok "a time since the start is now ($then, $now)" test $(((now - then) * (now - then))) -le 3600
b -j map dump pinned "$peers" limit 1 as key=ip4 where key=10.0.0.2
json_is '.[0].formatted.key' 10.0.0.2 "a key that is no struct"
b map dump pinned "$flows" as packets=ip4
like "$err" "packets: ip4 wants 4 bytes; this has 8" "a form that does not fit"
b map dump pinned "$flows" as nosuch=ip4
like "$err" "nosuch: no such member.*Hint: the members are: .*packets" "as: no such member"
b map dump pinned "$flows" as packets=nosuch
status 2 "no such form"
b map dump pinned "$flows" as 'nested[0].a=hex'
status 1 "one element alone"
b map dump pinned "$BPFFS/in" as x=ip4
status 1 "as without BTF"
# lookup as, pretty
whole=(key saddr=10.0.0.1 sport=443 far.mac=02:00:00:00:00:fe far.six=2001:db8::1)
b -j map lookup pinned "$flows" "${whole[@]}" pretty
json_is '.formatted.key | [.saddr, .sport, .far.mac]' '["10.0.0.1",443,"02:00:00:00:00:fe"]' "lookup: pretty"
b -j map lookup pinned "$flows" as saddr=hex,packets=hex "${whole[@]}"
json_is '.formatted | [.key.saddr, (.value.packets | startswith("0x"))]' '["0x0a000001",true]' "lookup: as, before the key"
b -j map lookup pinned "$peers" key 10.0.0.2 as key=ip4
json_is '.formatted.key' 10.0.0.2 "lookup: as, behind a key of one word"
b -j map lookup pinned "$peers" key hex 0a 00 00 02 pretty
json_is '.formatted.key' 10.0.0.2 "lookup: pretty, behind bytes"
b map lookup pinned "$peers" key 10.0.0.2 as
status 2 "lookup: as without a form"
b map lookup pinned "$peers" key 10.0.0.2 as key=nosuch
status 2 "lookup: no such form"
b map lookup pinned "$peers" as key=ip4 key 10.0.0.2 as value=hex
status 2 "lookup: as twice"
b map lookup pinned "$BPFFS/in" key 0 0 0 0 as x=ip4
status 1 "lookup: as without BTF"
b map delete pinned "$peers" key 10.0.0.2 pretty
status 2 "what shows nothing takes no form"
# what create takes
b map create "$BPFFS/bloom" type bloom_filter value 4 entries 8 name "${PFX}_b" map_extra 3
status 0 "map_extra"
b map create "$BPFFS/bloom16" type bloom_filter value 4 entries 8 name "${PFX}_b" map_extra 16
status 1 "map_extra reaches the kernel"
b -j map create "$BPFFS/numa" type array key 4 value 4 entries 1 name "${PFX}_n" numa_node 0
status 0 "numa_node"
b -j map show pinned "$BPFFS/numa"
json_is .flags 4 "and its flag"
done_testing
