#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Keys and values as JSON, as field=value and as one word; merge; errors that name the path.
. "$(dirname "$0")/../lib.sh"
live
need_clang
ok "compile" bpf_cc "$TOP/tests/progs/flows.c" "$T/flows.o" -g
ok "compile every kind" bpf_cc "$TOP/tests/progs/typed.c" "$T/typed.o" -g -DFLOATS
mkdir "$BPFFS/maps" "$BPFFS/kinds"
ok "load" "$BPFCTL" prog load "$T/flows.o" "$BPFFS/prog" type socket pinmaps "$BPFFS/maps"
ok "load" "$BPFCTL" prog load "$T/typed.o" "$BPFFS/prog2" type socket pinmaps "$BPFFS/kinds"
flows=$BPFFS/maps/flows

u()
{
	run "$BPFCTL" map "$1" pinned "${@:2}"
}

u update "$flows" key '{"saddr":"10.0.0.1","sport":443}' value '{"packets":18446744073709551615}'
status 0 "JSON"
is "$out$err" "" "silently"
run "$BPFCTL" -j map lookup pinned "$flows" key saddr=10.0.0.1 sport=443
like "$out" '"packets":18446744073709551615,' "field=value finds it; 2^64 - 1 survives"
json_is '.key[0:6]' '["0x0a","0x00","0x00","0x01","0x01","0xbb"]' "in network byte order"
u update "$flows" key saddr=10.0.0.1 sport=443 value 'nested[1].a=-3' nested[0].bits=7 bytes=0x10 merge exist
status 0 "merge"
run "$BPFCTL" -j map lookup pinned "$flows" key saddr=10.0.0.1 sport=443
json_is '.formatted.value | [.bytes, .nested[1].a, .nested[0].bits]' '[16,-3,"0x7"]' "what was given"
like "$out" '"packets":18446744073709551615,' "merge keeps the others"
u update "$flows" key saddr=10.0.0.1 sport=443 value bytes=1
run "$BPFCTL" -j map lookup pinned "$flows" key saddr=10.0.0.1 sport=443
json_is '.formatted.value | [.packets, .bytes]' '[0,1]' "without merge they are zero"
u update "$flows" value packets=1 key '{"far":{"mac":"02:00:00:00:00:fe","six":"2001:db8::1"}}'
status 0 "MAC and IPv6"
run "$BPFCTL" -j map lookup pinned "$flows" key far.mac=02:00:00:00:00:fe far.six=2001:db8::1
json_is '.formatted.key.far.mac' '[2,0,0,0,0,254]' "as field=value too"
u getnext "$flows" key saddr=10.0.0.1 sport=443
unlike "$err" "expected" "getnext"
u delete "$flows" key saddr=10.0.0.1 sport=443
status 0 "delete"
u lookup "$flows" key saddr=10.0.0.1 sport=443
status 1 "gone"

bad()
{
	local text=$1 want=$2

	shift 2
	u update "$flows" key saddr=1.2.3.4 value "$@"
	status 1 "$text: refused"
	like "$err" "$want" "$text: says where and why"
	run "$BPFCTL" -j map update pinned "$flows" key saddr=1.2.3.4 value "$@"
	json_ok "$text: in JSON"
}

bad "out of range" 'value\.nested\[1\]\.a: out of range: -128 to 127' '{"nested":[{},{"a":128}]}'
bad "out of range, bits" 'value\.nested\[0\]\.bits: out of range: 0 to 7' 'nested[0].bits=8'
bad "unknown member" 'value\.nested\[0\]\.z: no such member' '{"nested":[{"z":1}]}'
bad "unknown member, short" 'value\.nested\[0\]\.z: no such member' 'nested[0].z=1'
bad "the hint lists them" 'Hint: the members are: .*, ' '{"zzzzzz":1}'
bad "the hint names the nearest" "value\.packts: no such member.*did you mean 'packets'" packts=1
bad "wrong kind" 'value\.packets: expected a whole number, got an object' '{"packets":{}}'
bad "fraction" 'value\.packets: expected a whole number' '{"packets":1.5}'
bad "too many" 'value\.nested: 3 elements do not fit into 2' '{"nested":[{},{},{}]}'
bad "index" 'value\.nested: there are 2 elements' 'nested[2].a=1'
bad "negative" 'value\.packets: out of range: 0 to 18446744073709551615' packets=-1
bad "2^64" 'value\.packets: out of range' '{"packets":18446744073709551616}'
bad "no JSON" 'not JSON' '{"packets":'
bad "no address" 'value\.packets: expected a whole number, got .10' packets=10.0.0.1
u lookup "$flows" key saddr=1.2.3.4
status 1 "nothing was written"

u update "$BPFFS/maps/peers" key 10.1.2.3 value 77
status 0 "one word each"
run "$BPFCTL" -j map lookup pinned "$BPFFS/maps/peers" key hex 0a 01 02 03
json_is '[.formatted.values[].value] | unique' '[77]' "for all CPUs"
u update "$BPFFS/maps/peers" key 10.1.2.3 value 1 merge
status 1 "no merge for per-CPU values"
u update "$BPFFS/maps/routes" key len=8 net=10.0.0.0 value 5
u lookup "$BPFFS/maps/routes" key len=32 net=10.9.8.7
status 0 "lpm_trie"

k=$BPFFS/kinds/typed_hash
u update "$k" key '{"a":1,"b":-1,"flag":true,"c":[65535]}' value '{"n":1,"negative":-2147483648,"color":"NEGATIVE",
	"name":"eth0","numbers":[-128,0,127],"low":7,"high":"0x1fff","ptr":4096,"next":"(nil)",
	"grid":[[{"x":1},{"word":4294967295}],[{"bytes":[1,2,3,4]}]],"wide":"-1","f":1.5,"d":-2.5e-3,"sbits":-16,"after":3}'
status 0 "every kind"
run "$BPFCTL" -j map lookup pinned "$k" key a=1 b=-1 flag=1 c[0]=65535
json_is '.formatted.value | [.negative,.color,.name,.numbers,.low,.high,.ptr,.f,.d,.sbits,.after]' \
	'[-2147483648,"NEGATIVE","eth0",[-128,0,127],"0x7","0x1fff",4096,1.5,-0.0025,-16,3]' "is what it says"
json_is '.formatted.value.wide' 0xffffffffffffffffffffffffffffffff "128 bits"
json_is '.formatted.value.grid[1][0][""].word' 67305985 "a union without a name"
u update "$k" key a=1 b=-1 flag=1 c[0]=65535 value color=7
status 0 "an enum by number"
u update "$k" key a=1 value color=BLUE
like "$err" "value.color: expected an enumerator" "no such name"
u update "$k" key a=1 value name=longer_than_that
like "$err" "value.name: 16 bytes do not fit" "a string that is too long"

"$BPFCTL" map create "$BPFFS/plain" type hash key 4 value 4 entries 3 name "${PFX}_p"
u update "$BPFFS/plain" key a=1 value 1 2 3 4
status 1 "no BTF"
like "$err" "no BTF" "says so"
u push "$BPFFS/kinds/typed_queue" value x=1
status 1 "a queue without BTF (libbpf gives it none)"
u update "$BPFFS/plain" key 1 value 1 2 3 4
status 2 "bytes are counted as ever"
done_testing
