#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Maps with types that are picked out of a file or of the kernel: what they are good for, what is refused.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
ok "compile" bpf_cc "$TOP/tests/progs/flows.c" "$T/flows.o" -g
ok "compile every kind" bpf_cc "$TOP/tests/progs/typed.c" "$T/typed.o" -g -DFLOATS

# make NAME TYPE WORD...
make()
{
	run "$BPFCTL" map create "$BPFFS/$1" type "$2" name "${PFX}_m" "${@:3}"
}

make flows hash key_type 'struct flow' value_type 'struct count' from "$T/flows.o" entries 4
status 0 "types of an object"
run "$BPFCTL" -j map show pinned "$BPFFS/flows"
json_is '[.bytes_key, .bytes_value, (.btf_id > 0)]' '[32,24,true]' "sizes come from them"
run "$BPFCTL" map update pinned "$BPFFS/flows" key saddr=10.0.0.1 sport=443 value packets=7 'nested[1].bits=5'
status 0 "typed words"
run "$BPFCTL" -j map lookup pinned "$BPFFS/flows" key saddr=10.0.0.1 sport=443
json_is '.formatted.value | [.packets, .nested[1].bits]' '[7,"0x5"]' "and back"
make kinds hash key_type 'struct key' value_type 'struct value' from "$T/typed.o" entries 4
if [ "$status" = 0 ]; then
	run "$BPFCTL" btf dump id "$("$BPFCTL" -j map show pinned "$BPFFS/kinds" | jq .btf_id)" format c
	status 0 "all kinds of types are whole"
fi
"$BPFCTL" prog load "$T/typed.o" "$BPFFS/prog" type socket pinmaps "$BPFFS"
# The same types as libbpf gave the map of the object.
id=$("$BPFCTL" -j map show pinned "$BPFFS/typed_hash" | jq .btf_id)
names=$("$BPFCTL" -j btf dump id "$id" | jq -r '.types as $t | [.types[] | select(.kind == "STRUCT" and .name != "(anon)") | .name] | unique[]')
n=0
for name in $names; do
	make "x$n" array value_type "struct $name" from "$T/typed.o" entries 1
	[ "$status" = 0 ] || continue
	run "$BPFCTL" btf dump id "$("$BPFCTL" -j map show pinned "$BPFFS/x$n" | jq .btf_id)" format c
	whole=$(sed -n "/^struct $name {/,/^};/p" <<<"$out")
	is "$whole" "$("$BPFCTL" btf dump id "$id" format c | sed -n "/^struct $name {/,/^};/p")" "struct $name is as it was"
	n=$((n + 1))
done
ok "some structures were tried" [ $n -gt 1 ]

make slots array value_type 'struct count' from "$T/flows.o" entries 2
status 0 "an array needs no key_type"
run "$BPFCTL" map dump pinned "$BPFFS/slots"
like "$out" '"key": 1,' "its keys are numbers"
for type in sk task inode cgrp; do
	make $type ${type}_storage value_type 'struct count' from "$T/flows.o" flags no_prealloc
	if [ "$status" != 0 ] && [ $type = cgrp ]; then
		skip "${type}_storage" "this kernel has none"
		continue
	fi
	status 0 "${type}_storage can be made (W29)"
	run "$BPFCTL" -j map show pinned "$BPFFS/$type"
	json_is '[.bytes_key, .bytes_value]' '[4,24]' "with its sizes"
done
make nokernel hash key_type u32 value_type 'struct iphdr' entries 2
status 0 "types of the kernel"
run "$BPFCTL" map update pinned "$BPFFS/nokernel" key 1 value saddr=10.0.0.1
status 0 "which have addresses, too"
make task array value_type 'struct task_struct' from vmlinux entries 1
ok "a large one takes few others" [ "$("$BPFCTL" btf dump id "$("$BPFCTL" -j map show pinned "$BPFFS/nokernel" | jq .btf_id)" |
	grep -c '^\[')" -lt 40 ]

refused()
{
	local want=$1 text=$2 why=$3

	shift 3
	make never "$@"
	status "$want" "$text"
	like "$err" "$why" "$text: says why"
	ok "$text: nothing is left" [ ! -e "$BPFFS/never" ]
}
refused 1 "no such type" "no type 'struct nosuch' in .*flows.o" hash key_type 'struct nosuch' value_type 'struct count' from "$T/flows.o" entries 1
refused 1 "another size" "key 3: key_type is 32 bytes" hash key 3 key_type 'struct flow' value_type 'struct count' from "$T/flows.o" entries 1
refused 2 "a key's type alone" "needs 'value_type'" hash key_type u32 value 4 entries 1
refused 2 "from alone" "needs 'value_type'" hash key 4 value 4 entries 1 from "$T/flows.o"
refused 1 "no such file" "nosuch.o" hash key_type u32 value_type u32 from "$T/nosuch.o" entries 1
head -c 3000 /dev/urandom >"$T/noise"
refused 1 "no BTF at all" "noise|BTF" hash key_type u32 value_type u32 from "$T/noise" entries 1
refused 1 "a queue has no types" "a queue.*takes no types" queue value_type u32 entries 4
refused 1 "local storage without types" "value_type TYPE from" sk_storage key 4 value 4 flags no_prealloc
# hints say what is wrong, or nothing
refused 1 "flags" "flags 0xffffffff are invalid" hash key 4 value 4 entries 1 flags 0xffffffff
unlike "$err" "needs a key" "flags: sizes are not blamed"
refused 1 "one flag of two" "flags 0x400 are invalid" lpm_trie key 8 value 4 entries 1 flags no_prealloc,mmapable
run "$BPFCTL" map create "$BPFFS/x" type hash key 4 value 4 entries 1 name 'a-b c'
status 1 "a name with blanks"
like "$err" "a name has letters" "name: says so"
unlike "$err" "needs a key" "name: sizes are not blamed"
# the hint names what is missing, not all that root has
if setpriv --bounding-set -sys_admin,-bpf --inh-caps -sys_admin,-bpf true 2>/dev/null; then
	run setpriv --bounding-set -sys_admin,-bpf --inh-caps -sys_admin,-bpf "$BPFCTL" map create "$BPFFS/x" type lru_hash key 4 value 4 entries 1 name x
	like "$err" "missing capability: cap_bpf \(" "an LRU hash needs CAP_BPF"
	run setpriv --bounding-set -sys_admin,-net_admin --inh-caps -sys_admin,-net_admin "$BPFCTL" map create "$BPFFS/x" type sockmap key 4 value 4 entries 1 name x
	like "$err" "missing capability: cap_net_admin \(" "a sockmap needs CAP_NET_ADMIN"
else
	skip "creating without a capability" "setpriv cannot take capabilities away"
fi
ok "numbers with a sign" "$BPFCTL" map create "$BPFFS/x" type hash key +4 value +0x8 entries +1 name "${PFX}_x" flags +1
ok "keys with a sign" "$BPFCTL" map update pinned "$BPFFS/x" key +1 0 0 0 value hex +a 0 0 0 0 0 0 0
find "$BPFFS" -type f ! -name "*.debug" -delete
# --- for one program alone ---

cat >"$T/one.c" <<'EOF'
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, int);
} one SEC(".maps");

SEC("tc") int only(struct __sk_buff *skb)
{
	int key = 0, *v = bpf_map_lookup_elem(&one, &key);

	return v ? *v + ADD : 0;
}

char LICENSE[] SEC("license") = "GPL";
EOF
objcopy=$(command -v llvm-objcopy || command -v objcopy)
if [ -n "$objcopy" ] && command -v python3 >/dev/null && bpf_cc "$T/one.c" "$T/one.o" -g -DADD=1 &&
	bpf_cc "$T/one.c" "$T/two.o" -g -DADD=2 && "$objcopy" -O binary --only-section=tc "$T/one.o" "$T/one.insns"; then
	# The instruction that loads the map has its descriptor, which counts as 0.
	hash=$(python3 -c 'import hashlib, sys
code = bytearray(open(sys.argv[1], "rb").read())
for at in range(0, len(code), 8):
    if code[at] == 0x18:
        code[at + 1] |= 0x10
        break
print(hashlib.sha256(code).hexdigest())' "$T/one.insns")
	run "$BPFCTL" map create "$BPFFS/one" type array key 4 value 4 entries 1 name "${PFX}_one" excl_prog_hash "$hash"
	if [ "$status" = 1 ] && [[ $err == *"need Linux 6.18"* ]]; then
		skip "maps for one program" "before Linux 6.18"
	else
		status 0 "a map for one program"
		run "$BPFCTL" prog load "$T/two.o" "$BPFFS/two" map name one pinned "$BPFFS/one"
		status 1 "another one is not loaded with it"
		like "$err" "hash doesn't match" "for that reason"
		run "$BPFCTL" prog load "$T/one.o" "$BPFFS/only" map name one pinned "$BPFFS/one"
		status 0 "the one is"
		is "$("$BPFCTL" -j prog show pinned "$BPFFS/only" | jq -r .tag)" "${hash:0:16}" "whose tag the hash starts with"
	fi
	rm -f "$BPFFS"/{one,two,only}
else
	skip "maps for one program" "no objcopy, python3 or clang"
fi

nothing_left "nothing is left"
done_testing
