#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# A change that is made and an answer that cannot be written: the error says that the change was made.
. "$(dirname "$0")/../lib.sh"
live
need_clang
cd "$T" || exit

to_full() { "$@" >/dev/full; }

# made TEXT WORD...: the error contains TEXT
made()
{
	local text=$1

	shift
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
"$BPFCTL" map push pinned "$BPFFS/q" value 1 2 0xfe 4
made "the value hex 01 02 fe 04 was removed from map [0-9]+" map dequeue pinned "$BPFFS/q"
made "map .* is frozen" map freeze pinned "$BPFFS/m"
made "'counter.o' is loaded and pinned to '$BPFFS/p'" prog load counter.o "$BPFFS/p"
made "the pin '$BPFFS/p2' is made" prog pin pinned "$BPFFS/p" "$BPFFS/p2"
made "'x.h' is written" btf dump file /sys/kernel/btf/vmlinux root_id 1 output x.h
made "'all.o' is written" gen object all.o counter.o
made "'m.prom' is written" metrics file m.prom
made "what held program [0-9]+ is removed" prog unload pinned "$BPFFS/p"

"$BPFCTL" prog load counter.o "$BPFFS/n" 2>/dev/null
if ip link add "l$$" type veth peer name "p$$"; then
	made "program [0-9]+ is attached to l$$" net attach xdpgeneric pinned "$BPFFS/n" dev "l$$"
	made "the program is detached from l$$" net detach xdpgeneric dev "l$$"
else
	skip "net attach and detach" "no device can be made"
fi

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
