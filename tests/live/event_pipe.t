#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# map event_pipe: events of perf event arrays and ring buffers, typed, in JSON, without taking them from others.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
need_clang
cd "$T" || exit 1
ok "compile" bpf_cc "$TOP/tests/progs/events.c" events.o -g -DPFX="$PFX"
run "$BPFCTL" prog loadall events.o "$BPFFS/p" pinmaps "$BPFFS/m"
status 0 "load"
printf '\007AAAAAAAAAAAAAAAAAAAAAAA' >packet
perf=$BPFFS/m/${PFX}_perf ring=$BPFFS/m/${PFX}_ring

# start WORD...: a reader in the background: $reader, its output in got
start()
{
	"$BPFCTL" "$@" >got 2>got_err &
	reader=$!
	wait_until polls $reader
}

send()
{
	"$BPFCTL" prog run pinned "$BPFFS/p/${PFX}_send" data_in packet repeat "$1" >/dev/null
}

stop()
{
	kill -"$1" $reader
	wait $reader
	status=$?
	out=$(<got)
	err=$(<got_err)
}

hex='07 00 00 00 68 65 6c 6c  6f 00 00 00 00 00 00 00'
start map event_pipe pinned "$perf"
ok "send two" send 2
stop INT
status 0 "SIGINT ends it well"
like "$out" "^== @[0-9]+\.[0-9]{9} CPU: ([0-9]+) index: ([0-9]+) ====="$'\n'"$hex"$'\n'"(00 00 00 00"$'\n'")?== @" "two events in text"
like "$err" "Stopping\.\.\." "it says that it ends"

start -j map event_pipe pinned "$perf"
send 3
run "$BPFCTL" -j map event_pipe pinned "$perf"
status 1 "a second reader is refused (W46)"
json_ok "in JSON"
like "$out" "\($reader\) may be reading.*EBUSY.*force" "told who reads, and what force does"
stop TERM
json_ok "one document"
json_is 'length' 3 "the first one has all three"
json_is '[.[] | .type == 9 and .cpu == .index and .timestamp > 0 and .data[0:8] == [7,0,0,0,104,101,108,108]] | all' true "the keys"

start --jsonl map event_pipe pinned "$perf" as 'struct event'
send 1
stop HUP
is "$(jq -rc .formatted got)" '{"number":7,"word":"hello"}' "by a type of the program's, a line"
start map event_pipe pinned "$perf" as event
send 1
stop INT
like "$out" '"number": 7,' "in text"
run "$BPFCTL" map event_pipe pinned "$perf" as 'struct frob'
status 1 "no such type"
like "$err" "no type 'struct frob' in programs that use map" "where it looked"

# what was read and cannot be written is counted
for option in "" -j --jsonl; do
	for map in "$perf" "$ring"; do
		# shellcheck disable=SC2086
		"$BPFCTL" $option map event_pipe pinned "$map" >/dev/full 2>got_err &
		reader=$!
		wait_until polls $reader
		send 3
		wait $reader
		like "$?:$(grep -v ^reading got_err)" \
			"^1:Error: the last [0-9]+ events? w(as|ere) read from map [0-9]+, but the answer cannot be written to stdout: .ENOSPC[^"$'\n'"]*$" \
			"$option ${map##*_} >/dev/full ends it, and says how much is lost"
	done
done
mkdir small && mount -t tmpfs -o size=64k none small
at_exit umount "$T/small"
"$BPFCTL" map event_pipe pinned "$perf" >small/got 2>got_err &
reader=$!
wait_until polls $reader
full() { send 100; ! kill -0 $reader; }
wait_until full
wait $reader
like "$?:$(<got_err)" "^1:Error: the last [0-9]+ events? w(as|ere) read from map .*ENOSPC" "a disk that fills up"

start map event_pipe pinned "$perf"
first=$reader
cp got_err first_err
"$BPFCTL" -j map event_pipe pinned "$perf" force >got2 2>/dev/null &
second=$!
wait_until polls $second
send 1
kill -INT $second
wait $second
is "$(jq length got2)" 1 "force takes them"
kill -INT $first
wait $first

start -j map event_pipe pinned "$perf" cpu 0 index 63
stop INT
is "$status$out" '0[]' "another slot: nothing is sent there, and the document is whole"
run "$BPFCTL" map event_pipe pinned "$perf" cpu 0
status 2 "cpu without index"
run "$BPFCTL" map event_pipe pinned "$perf" cpu 0 index 64
status 1 "a slot that is not there"
run "$BPFCTL" map event_pipe pinned "$perf" cpu 4095 index 1
status 1 "a CPU that is not there"

start -j map event_pipe pinned "$ring"	# what is left of all that
stop INT
start map event_pipe pinned "$ring" as 'struct event'
send 2
run "$BPFCTL" map event_pipe pinned "$ring"
status 1 "the second reader of a ring buffer is refused"
stop INT
status 0 "a ring buffer"
like "$out" '^== 16 bytes ====='$'\n''.*"number": 7' "typed"
like "$err" "removes records from the ring buffer" "what that means is said"
send 2
start -j map event_pipe pinned "$ring"
stop INT
json_is '[.[] | .size] | @json' '[16,16]' "what was there already comes, too"
run "$BPFCTL" map event_pipe pinned "$ring" cpu 0 index 0
status 1 "it has no slots"

# --- who holds it does not read it ---
gcc -O1 -o hold_ring "$TOP/tests/live/hold_ring.c" -lbpf || exit 1
"$BPFCTL" map create "$BPFFS/array" type array key 4 value 4096 entries 8 name "${PFX}_a" flags mmapable || exit 1
coproc HOLD { exec ./hold_ring "$ring" "$BPFFS/array"; }
pid=$HOLD_PID
read -r ready <&"${HOLD[0]}"
is "${ready:-}" ready "a process has the ring buffer open, and an array mapped"
send 1
start -j map event_pipe pinned "$ring"
stop INT
status 0 "a ring buffer that is held, not read"
json_is 'length' 1 "is read"
start -j map event_pipe pinned "$ring"
run "$BPFCTL" map event_pipe pinned "$ring"
status 1 "who has mapped its data reads it"
like "$err" "\($reader\) may be reading" "and is named"
stop INT
eval "exec ${HOLD[1]}>&-"
wait "$pid" 2>/dev/null
rm "$BPFFS/array"

rm -r "$BPFFS"/p "$BPFFS"/m
nothing_left "nothing is left"
done_testing
