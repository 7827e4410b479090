#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# A change that is made and an answer that cannot be written: the error says that the change was made.
. "$(dirname "$0")/../lib.sh"
live
need_clang
cd "$T" || exit

to_full() { "$@" >/dev/full; }
tried=

# made TEXT WORD...: the error contains TEXT
made()
{
	local text=$1

	shift
	tried+=" $* "
	run to_full "$BPFCTL" -j "$@"
	like "$status:$err" "^1:Error: .*$text.*, but the answer cannot be written to stdout: \[ENOSPC\]" "$*"
}

ok "compile" bpf_cc "$TOP/tests/progs/counter.c" counter.o -g
made "the pin '$BPFFS/m' is made" map create "$BPFFS/m" type hash key 4 value 4 entries 4 name "${PFX}_m"
made "map [0-9]+ is updated" map update pinned "$BPFFS/m" key 1 0 0 0 value 1 2 3 4
made "1 entry was exported to 'm.json'" map export pinned "$BPFFS/m" file m.json
is "$(wc -l <m.json)" 3 "the file is there"
made "the entry is deleted" map delete pinned "$BPFFS/m" key 1 0 0 0
made "1 entry was imported" map import pinned "$BPFFS/m" file m.json
made "1 entry of map [0-9]+ was removed" map clear pinned "$BPFFS/m" yes
made "the pin '$BPFFS/m2' is made" map pin pinned "$BPFFS/m" "$BPFFS/m2"
ok "it is" [ -e "$BPFFS/m2" ]
made "map [0-9]+ is unpinned from '$BPFFS/m2'" map unpin "$BPFFS/m2"
ok "it is" [ ! -e "$BPFFS/m2" ]
"$BPFCTL" map create "$BPFFS/q" type queue value 4 entries 4 name "${PFX}_q"
made "map [0-9]+ is updated" map enqueue pinned "$BPFFS/q" value 1 2 0xfe 4
made "the value hex 01 02 fe 04 was removed from map [0-9]+" map dequeue pinned "$BPFFS/q"
"$BPFCTL" map create "$BPFFS/stack" type stack value 4 entries 4 name "${PFX}_s"
made "map [0-9]+ is updated" map push pinned "$BPFFS/stack" value 1 2 3 4
made "the value hex 01 02 03 04 was removed from map [0-9]+" map pop pinned "$BPFFS/stack"
"$BPFCTL" map create "$BPFFS/copy" type hash key 4 value 4 entries 4 name "${PFX}_c"
"$BPFCTL" map update pinned "$BPFFS/copy" key 1 0 0 0 value 1 2 3 4
made "1 entry was copied to map [0-9]+" map copy pinned "$BPFFS/copy" pinned "$BPFFS/m"
made "map .* is frozen" map freeze pinned "$BPFFS/m"
made "'counter.o' is loaded and pinned to '$BPFFS/p'" prog load counter.o "$BPFFS/p"
made "'counter.o' is loaded and pinned to '$BPFFS/all'" prog loadall counter.o "$BPFFS/all"
made "the pin '$BPFFS/p2' is made" prog pin pinned "$BPFFS/p" "$BPFFS/p2"
made "program [0-9]+ is unpinned from '$BPFFS/p2'" prog unpin "$BPFFS/p2"
made "'run' is written" prog run pinned "$BPFFS/p" data_in /proc/version data_out run
made "'xlated' is written" prog dump xlated pinned "$BPFFS/p" file xlated
made "'jited' is written" prog dump jited pinned "$BPFFS/p" file jited
made "'only.h' is written" btf header file counter.o output only.h
made "'skel.h' is written" gen skeleton counter.o output skel.h
made "'sub.h' is written" gen subskeleton counter.o output sub.h
made "'min.btf' is written" gen min_core_btf /sys/kernel/btf/vmlinux min.btf counter.o
made "'x.h' is written" btf dump file /sys/kernel/btf/vmlinux root_id 1 output x.h
made "'all.o' is written" gen object all.o counter.o
made "'m.prom' is written" metrics file m.prom
made "what held program [0-9]+ is removed" prog unload pinned "$BPFFS/p"

"$BPFCTL" prog load counter.o "$BPFFS/n" 2>/dev/null
if ip link add "l$$" type veth peer name "p$$"; then
	made "program [0-9]+ is attached to l$$" net attach xdpgeneric pinned "$BPFFS/n" dev "l$$"
	made "the program is detached from l$$" net detach xdpgeneric dev "l$$"
	mkdir "$BPFFS/stale"
	gcc -O1 -o make_links "$TOP/tests/live/make_links.c" -lbpf
	./make_links "$BPFFS/stale" "l$$" /nonexistent >/dev/null 2>&1
	ip link del "l$$"
	if [ -e "$BPFFS/stale/xdp" ]; then
		made "the pin '$BPFFS/stale/[a-z]+' is removed" pin gc "$BPFFS/stale"
	else
		tried+=" pin gc $BPFFS "
		skip "pin gc" "no link can be made"
	fi
else
	skip "net attach and detach" "no device can be made"
fi

bpf_cc "$TOP/tests/progs/cgroup.c" cgroup.o -g -DPFX="$PFX"
"$BPFCTL" prog loadall cgroup.o "$BPFFS/cgroup" 2>/dev/null
cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/$PFX
if mkdir "$cgroup" 2>/dev/null; then
	at_exit rmdir "$cgroup"
	made "program [0-9]+ is attached to cgroup '$cgroup'" cgroup attach "$cgroup" egress pinned "$BPFFS/cgroup/${PFX}_out"
	made "program [0-9]+ is detached from cgroup '$cgroup'" cgroup detach "$cgroup" egress pinned "$BPFFS/cgroup/${PFX}_out"
else
	skip "cgroup attach and detach" "no cgroup can be made"
fi

gcc -O1 -o hooks "$TOP/tests/live/hooks.c" -lbpf
if ./hooks load 14 5 "${PFX}_v" 0 "$BPFFS/verdict" >/dev/null 2>&1; then	# sk_skb, verdict
	"$BPFCTL" map create "$BPFFS/socks" type sockmap key 4 value 4 entries 4 name "${PFX}_so"
	made "program [0-9]+ is attached as sk_skb_stream_verdict to map [0-9]+" \
		prog attach pinned "$BPFFS/verdict" sk_skb_stream_verdict pinned "$BPFFS/socks"
	made "program [0-9]+ is detached as sk_skb_stream_verdict from map [0-9]+" \
		prog detach pinned "$BPFFS/verdict" sk_skb_stream_verdict pinned "$BPFFS/socks"
else
	skip "prog attach and detach" "this kernel loads no sk_skb programs"
fi

bpf_cc "$TOP/tests/progs/struct_ops.c" ops.o -g -DPFX="$PFX"
bpf_cc "$TOP/tests/progs/struct_ops.c" link.o -g -DPFX="$PFX" -DLINK
if "$BPFCTL" struct_ops register link.o "$BPFFS/ops" >/dev/null 2>&1; then
	made "the pin '$BPFFS/link' is made" link pin pinned "$BPFFS/ops/${PFX}_ops" "$BPFFS/link"
	made "link [0-9]+ is unpinned from '$BPFFS/link'" link unpin "$BPFFS/link"
	made "link [0-9]+ is detached" link detach pinned "$BPFFS/ops/${PFX}_ops"
	made "the tables of 'ops.o' are registered" struct_ops register ops.o
	made "struct_ops map [0-9]+ is unregistered" struct_ops unregister name "${PFX}_ops"
else
	skip "link detach, struct_ops register and unregister" "this kernel registers no congestion control"
fi

bpf_cc "$TOP/tests/progs/iter.c" iter.o -g -DPFX="$PFX" -DTASK
if "$BPFCTL" iter pin iter.o "$BPFFS/iter0" 2>/dev/null; then
	made "the pin '$BPFFS/iter' is made" iter pin iter.o "$BPFFS/iter"
else
	skip "iter pin" "this kernel has no iterators of tasks"
fi

instance=/sys/kernel/tracing/instances/$PFX
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
if mkdir "$instance" 2>/dev/null; then
	at_exit rmdir "$instance"
	made "'instances/$PFX' of tracefs is reset" trace reset instance "$PFX"
	ok "it is" [ ! -e "$instance" ]
else
	skip "trace reset" "no instance of tracefs can be made"
fi

# Every command is above, or changes nothing that stays: one that is new has to say which.
reads="^(batch file|(prog|map|link|cgroup|perf|net|btf|struct_ops|token|trace|obj) show|prog (tracelog|profile)|\
map (dump|lookup|getnext|peek|event_pipe|hist|usage|watch|top)|cgroup tree|feature .*|(btf|struct_ops) dump|iter run|\
attach list|ps|top|version|sym|completion|pin tree)\$"
left()
{
	local c

	"$BPFCTL" --introspect-cli |
		jq -r 'def leaves($p): .[] | ($p + [.name]) as $q |
		       if (.commands // []) == [] then $q | join(" ") else .commands | leaves($q) end; .commands | leaves([])' |
		grep -Ev "$reads" | while read -r c; do
			[[ $tried == *" $c "* ]] || echo "$c"
		done
}
is "$(left)" "" "every command that changes something is here"

# in batch: for the command whose answer is lost, and nothing after it is done
printf 'map push pinned %s value %s\n' "$BPFFS/q" "9 9 9 9" "$BPFFS/q" "8 8 8 8" >lines
run to_full "$BPFCTL" -j batch file lines
like "$status:$err" "^1:Error: .*map [0-9]+ is updated, but the answer cannot be written" "batch"
is "$("$BPFCTL" -j map dequeue pinned "$BPFFS/q" | jq -c .value)" '["0x09","0x09","0x09","0x09"]' "the first was done"
run "$BPFCTL" map peek pinned "$BPFFS/q"
like "$err" "is empty" "the second was not"

# a reader that left needs no report, unless there was a change
run bash -c "\"$BPFCTL\" -j prog show | true; exit \${PIPESTATUS[0]}"
is "$err" "" "a listing: quiet"
done_testing
