#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Objects and kernels with the newest BTF: a layout section, kinds that only that describes, more values than 16 bits
# count. Kernels before 7.1 and libbpf before 1.8 refuse all of it.

. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
need python3
objcopy=$(command -v llvm-objcopy || command -v objcopy) || skip_all "no objcopy"

cat >"$T/spin.c" <<'EOF'
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct val {
	struct bpf_spin_lock lock;	/* its map has to have BTF */
	int n;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct val);
} spin SEC(".maps");

SEC("tc") int count(struct __sk_buff *skb)
{
	int key = 0;
	struct val *v = bpf_map_lookup_elem(&spin, &key);

	if (v) {
		bpf_spin_lock(&v->lock);
		v->n++;
		bpf_spin_unlock(&v->lock);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
EOF
bpf_cc "$T/spin.c" "$T/spin.o" -g || skip_all "cannot compile"
"$objcopy" -O binary --only-section=.BTF --set-section-flags .BTF=alloc "$T/spin.o" "$T/spin.btf" 2>/dev/null &&
	[ -s "$T/spin.btf" ] || skip_all "objcopy cannot take a section"
mkdir -p "$BPFFS/p"
run "$BPFCTL" prog loadall "$T/spin.o" "$BPFFS/p/0"
[ "$status" = 0 ] || skip_all "spin locks: $err"

# later NAME WORD...: spin.o with its BTF made newer
later()
{
	local name=$1

	shift
	python3 "$TOP/tests/live/later_btf.py" "$T/spin.btf" "$T/$name.btf" "$@" &&
		"$objcopy" --update-section .BTF="$T/$name.btf" "$T/spin.o" "$T/$name.o" 2>/dev/null
}

for name in layout unknown wide; do
	later $name $name || { skip "$name" "objcopy cannot replace a section"; continue; }
	run "$BPFCTL" prog loadall "$T/$name.o" "$BPFFS/p/$name"
	status 0 "$name: loaded"
	run "$BPFCTL" -j btf dump file "$T/$name.o"
	json_ok "$name: all types"
	json_is '[.types[] | select(.name == "count" and .kind == "FUNC")] | length' 1 "$name: the program is among them"
	run "$BPFCTL" obj show "$T/$name.o"
	status 0 "$name: obj show"
	run "$BPFCTL" gen skeleton "$T/$name.o" output "$T/$name.h"
	status 0 "$name: a skeleton"
	ok "$name: describes the map" grep -q 'struct bpf_map \*spin;' "$T/$name.h"
	run "$BPFCTL" gen object "$T/linked.o" "$T/$name.o"
	status 0 "$name: linked"
	run "$BPFCTL" prog loadall "$T/linked.o" "$BPFFS/p/linked_$name"
	status 0 "$name: and loaded after that"
done
if [ -s "$T/wide.btf" ]; then
	run "$BPFCTL" -j btf dump file "$T/wide.btf"
	json_is '[.types[] | select(.name == "wide")][0] | [.vlen, (.values | length), .values[-1].val]' \
		'[70000,70000,69999]' "all values of a wide enum"
fi
if [ -s "$T/unknown.btf" ]; then
	run "$BPFCTL" -j btf dump file "$T/unknown.btf"
	json_is '.types[-1] | [.kind, .name, .kind_number, .size]' '["UNKNOWN","mystery",20,24]' "an unknown kind"
fi

# The running kernel's own types, as they are, and with a layout, as from 7.1 on.
vmlinux=/sys/kernel/btf/vmlinux
if [ -r $vmlinux ]; then
	diag "the header of $vmlinux has $(od -An -tu4 -j4 -N4 $vmlinux | tr -d ' ') bytes"
	run "$BPFCTL" btf dump file $vmlinux
	status 0 "the kernel's own types"
	unlike "$out" "\\] UNKNOWN " "are all known"
	like "$out" "STRUCT 'task_struct' size=[0-9]{4}" "with the struct of a task"
fi
if [ -r $vmlinux ] && python3 "$TOP/tests/live/later_btf.py" $vmlinux "$T/kernel.btf" unknown wide 2>/dev/null; then
	"$BPFCTL" btf dump file $vmlinux >"$T/old.txt"
	"$BPFCTL" btf dump file "$T/kernel.btf" >"$T/new.txt"
	ok "a kernel's types are the same with a layout" cmp <(head -n "$(wc -l <"$T/old.txt")" "$T/new.txt") "$T/old.txt"
	run "$BPFCTL" gen min_core_btf "$T/kernel.btf" "$T/min.btf" "$T/spin.o"
	status 0 "the minimal BTF of such a kernel"
	is "$(od -An -tu4 -j4 -N4 "$T/min.btf" | tr -d ' ')" 32 "has a layout, too"
	run "$BPFCTL" btf header file "$T/kernel.btf" only task_struct output "$T/vmlinux.h"
	status 0 "a header of it"
	ok "compiles" "$CLANG" -target bpf -fsyntax-only -x c "$T/vmlinux.h"
	run "$BPFCTL" map create "$BPFFS/p/map" type hash key_type int value_type 'enum wide' from "$T/kernel.btf" entries 1 name "${PFX}_w"
	status 0 "a map with a wide enum as its value"
else
	skip "the kernel's types" "no $vmlinux"
fi

rm -rf "$BPFFS/p"
nothing_left "nothing is left"
done_testing
