#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Commands that change something, and a system call that fails on the way: what was made half way is undone,
# what was done is not said to have failed, what cannot be known is said.
. "$(dirname "$0")/../lib.sh"
live
need jq
need strace
need tc
need_clang

strace -qq -o "$T/trace" -e trace=statfs true 2>/dev/null || skip_all "strace cannot trace here"

# fails SYSCALL ERROR WHEN CMD...: with the WHEN-th call failing
fails()
{
	local call=$1 error=$2 when=$3

	shift 3
	run strace -qq -o "$T/trace" -e "trace=$call" -e "inject=$call:error=$error:when=$when" "$BPFCTL" "$@"
}

n_mounts()
{
	grep -c " $1 " /proc/self/mountinfo
}

"$BPFCTL" map create "$BPFFS/first" type array key 4 value 4 entries 1 name "${PFX}_m" || exit 1

# --- mounting ---
mkdir "$T/full" "$T/empty" "$T/unread" "$T/fresh"
: >"$T/full/file"
for when in 1 2 3 1+; do
	fails statfs EIO "$when" map pin pinned "$BPFFS/first" "$BPFFS/again$when"
	is "$(n_mounts "$BPFFS")" 1 "statfs fails ($when): nothing is mounted over pins"
	ok "statfs fails ($when): the pins are in sight" test -e "$BPFFS/first"
	grep -q INJECTED "$T/trace" && { status 1 "statfs fails ($when): an error"; like "$err" EIO "statfs fails ($when): says which"; }
	rm -f "$BPFFS/again"*
	fails statfs EIO "$when" map pin pinned "$BPFFS/first" "$T/full/pin"
	is "$(n_mounts "$T/full")" 0 "statfs fails ($when): nothing is mounted over files"
done
fails getdents64 EIO 1 map pin pinned "$BPFFS/first" "$T/unread/pin"
status 1 "a directory that cannot be read"
like "$err" "EIO" "says so"
is "$(n_mounts "$T/unread")" 0 "is not mounted over"
strace -qq -o "$T/trace" -e trace=bpf "$BPFCTL" map pin pinned "$BPFFS/first" "$T/fresh/pin" 2>/dev/null
if [ "$(n_mounts "$T/fresh")" = 0 ]; then
	skip "a mount is taken back" "nothing can be mounted here"
else
	umount "$T/fresh"
	at=$(grep -n BPF_OBJ_PIN "$T/trace" | cut -d: -f1)
	fails bpf EPERM "$at" map pin pinned "$BPFFS/first" "$T/empty/pin"
	status 1 "the pin fails after the mount"
	is "$(n_mounts "$T/empty")" 0 "the mount is taken back"
	unlike "$err" "mounted" "and not told"
	fails mount EPERM 1 map pin pinned "$BPFFS/first" "$T/empty/pin"
	is "$(n_mounts "$T/empty")" 0 "a mount that fails leaves no other"
fi

# --- classic tc ---
veth "${PFX}a" "${PFX}b" || exit 1
bpf_cc "$TOP/tests/progs/multi.c" "$T/m.o" -g "-DPFX=$PFX" || exit 1
"$BPFCTL" prog loadall "$T/m.o" "$BPFFS/p" || exit 1
prog=$BPFFS/p/${PFX}_t

qdiscs()
{
	tc -j qdisc show dev "${PFX}a" | jq -c '[.[].kind | select(. == "clsact")]'
}

filters()
{
	tc -j filter show dev "${PFX}a" ingress 2>/dev/null | jq '[.[] | select(.options.handle)] | length'
}

strace -qq -o "$T/all" -e trace=sendto,recvfrom,recvmsg "$BPFCTL" net attach clsact_ingress pinned "$prog" dev "${PFX}a" ||
	skip_all "no classic tc here"
tc qdisc del dev "${PFX}a" clsact
sends=$(grep -c sendto "$T/all")
recvs=$(grep -c recvfrom "$T/all")
fails sendto ENOBUFS "$sends" net attach clsact_ingress pinned "$prog" dev "${PFX}a"
status 1 "the filter cannot be asked for"
is "$(qdiscs)" '[]' "the qdisc that was made for it is gone"
unlike "$err" "may be" "and nothing is uncertain"
fails recvfrom ENOBUFS "$recvs" net attach clsact_ingress pinned "$prog" dev "${PFX}a"
status 1 "the kernel's last answer is lost"
like "$err" "may be attached; see .*net show dev ${PFX}a" "says that it may be attached"
is "$(filters)" 1 "it is"
is "$(qdiscs)" '["clsact"]' "so the qdisc stays"
tc qdisc del dev "${PFX}a" clsact
run strace -qq -o "$T/trace" -e trace=recvfrom -e "inject=recvfrom:error=ENOBUFS:when=$recvs" \
	"$BPFCTL" -j net attach clsact_ingress pinned "$prog" dev "${PFX}a"
json_ok "JSON: one document"
json_is '.hint | contains("may be attached")' true "JSON: the hint"
tc qdisc del dev "${PFX}a" clsact
for ((i = 1; i <= recvs; i++)); do
	fails recvfrom ENOBUFS "$i" net attach clsact_ingress pinned "$prog" dev "${PFX}a"
	[ "$(qdiscs) $(filters)" = '["clsact"] 0' ] && diag "answer $i: $err"
	[[ $(qdiscs) = '[]' || $(filters) = 1 || $err = *"clsact may have been created"* ]] || bad=1
	[ "$(filters)" = 1 ] && { [[ $status = 0 || $err = *"may be attached"* ]] || bad=1; }
	tc qdisc del dev "${PFX}a" clsact 2>/dev/null
done
is "${bad:-0}" 0 "whichever answer is lost: no qdisc without a filter or a word, no filter without a word"
# --- several filters ---
"$BPFCTL" net attach clsact_ingress pinned "$prog" dev "${PFX}a" >/dev/null
"$BPFCTL" net attach clsact_ingress pinned "$prog" dev "${PFX}a" >/dev/null
strace -qq -o "$T/all" -e trace=sendto "$BPFCTL" -j net detach clsact_ingress pinned "$prog" dev "${PFX}a" >"$T/out"
is "$(jq -c ".filters | length" "$T/out")" 2 "two filters of one program are removed"
tc qdisc del dev "${PFX}a" clsact
at=$(grep -n RTM_DELTFILTER "$T/all" | sed -n '2s/:.*//p')
"$BPFCTL" net attach clsact_ingress pinned "$prog" dev "${PFX}a" >/dev/null
"$BPFCTL" net attach clsact_ingress pinned "$prog" dev "${PFX}a" >/dev/null
fails sendto ENOBUFS "$at" net detach clsact_ingress pinned "$prog" dev "${PFX}a"
status 1 "the second cannot be removed"
like "$err" "removed before: prio [0-9]+ handle 0x1" "the first is named"
is "$(filters)" 1 "it is gone"
fails sendto ENOBUFS 2+ net detach clsact_ingress all
status 1 "what cannot be read is not nothing"
like "$err" "ENOBUFS" "says so"
unlike "$err" "nothing to detach" "and is not said to be nothing"
tc qdisc del dev "${PFX}a" clsact

# --- XDP ---
x=$BPFFS/p/${PFX}_x
recvs=$(strace -qq -o "$T/all" -e trace=recvfrom "$BPFCTL" net attach xdpgeneric pinned "$x" dev "${PFX}a"; grep -c recvfrom "$T/all")
"$BPFCTL" net detach xdp dev "${PFX}a"
fails recvfrom ENOBUFS "$recvs" net attach xdpgeneric pinned "$x" dev "${PFX}a"
status 1 "XDP: the kernel's answer is lost"
like "$err" "may be attached; see" "XDP: says that it may be attached"
"$BPFCTL" net detach xdp dev "${PFX}a"

rm -r "$BPFFS/p" "$BPFFS/first"
nothing_left "nothing is left"
done_testing
