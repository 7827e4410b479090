#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# sym: kernel functions, a program of ours, many at once, what does not exist.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
addr=$(awk '$3 == "vfs_read" && !$4 { print $1; exit }' /proc/kallsyms)
case $addr in '' | *[!0]*) ;; *) skip_all "the kernel hides its addresses" ;; esac
[ -n "$addr" ] || skip_all "no vfs_read in this kernel"
bpf_cc "$TOP/tests/progs/counter.c" "$T/o.o" -g -DBTF -Dcounter="${PFX}_cnt" -Dcounter_map="${PFX}_map" || exit 1
"$BPFCTL" prog load "$T/o.o" "$BPFFS/p" type xdp || exit 1
id=$("$BPFCTL" -j prog show "$BPFFS/p" | jq .id)
tag=$("$BPFCTL" -j prog show "$BPFFS/p" | jq -r .tag)

run "$BPFCTL" sym vfs_read "$addr" "0x$addr"
status 0 "a name and an address, twice"
is "$out" "$(printf '0x%s  vfs_read\n' "$addr" "$addr" "$addr")" "agree with kallsyms"
run "$BPFCTL" -j sym vfs_read+0x4/0x100
json_is '.[0] | [.name, .offset]' '["vfs_read",4]' "NAME+OFFSET"
at=$(jq -r '.[0].address' <<<"$out")
is "$((at - 0x$addr))" 4 "its address"
run "$BPFCTL" sym 'vfs_rea[d]'
like "$out" "vfs_read" "a pattern"

# --- BPF ---
run "$BPFCTL" -j sym "${PFX}_cnt"
if [ "$(jq -r '.[0].address // empty' <<<"$out")" ]; then
	json_is '.[0] | [.name, .module, .prog_id]' "[\"bpf_prog_${tag}_${PFX}_cnt\",\"bpf\",$id]" "a program by its name"
	at=$(jq -r '.[0].address' <<<"$out")
	run "$BPFCTL" -j sym "$(printf '0x%x' $((at + 2)))"
	json_is '.[0] | [.prog_id, .offset]' "[$id,2]" "and by an address in it"
else
	skip "a program by its name" "kallsyms does not list programs (net.core.bpf_jit_kallsyms)"
fi

# --- many, and none ---
printf 'vfs_read\n%s no_such_symbol\n' "$addr" >"$T/in"
run "$BPFCTL" -j sym <"$T/in"
status 3 "from stdin, one of three is unknown"
json_is 'map(.name // .error)' '["vfs_read","vfs_read","no symbol is named '"'no_such_symbol'"'"]' "all are answered"
run "$BPFCTL" sym no_such_symbol
status 1 "nothing found"
like "$err" "no symbol is named 'no_such_symbol'" "is said"
run "$BPFCTL" -j sym 0x1000
status 1 "an address of user space"
json_is .error "no symbol contains the address 0x1000" "is said"
run "$BPFCTL" -j sym </dev/null
json_is . '[]' "no words at all"
rm "$BPFFS/p"
nothing_left "nothing is left"
done_testing
