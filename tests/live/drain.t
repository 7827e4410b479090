#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# map export QUEUE drain: wherever it ends, a value is in the file or in the map.
. "$(dirname "$0")/../lib.sh"
live
cd "$T" || exit
N=500
b() { run "$BPFCTL" "$@"; }

for m in queue stack; do
	"$BPFCTL" map create "$BPFFS/$m" type $m value 100 entries 600 name "${PFX}_$m" || exit
done

# values 1 to N, 100 bytes each
awk -v n=$N 'BEGIN { for (i = 1; i <= n; i++) printf "{\"value\":\"%02x%02x%0196d\"}\n", i % 256, i / 256, 0 }' >lines

# full MAP: that has all of them
full()
{
	"$BPFCTL" map export pinned "$BPFFS/$1" drain file old >/dev/null
	"$BPFCTL" map import pinned "$BPFFS/$1" file lines >/dev/null || exit
}

# all_there MAP FILE TEXT: what is in the file and what is in the map are all the values, each once
all_there()
{
	"$BPFCTL" map export pinned "$BPFFS/$1" drain file rest >/dev/null
	is "$(cat "$2" rest 2>/dev/null | grep value | grep -v bpfctl_map | sort)" "$(sort lines)" "$3"
}

# counts FILE N TEXT: its last line says that N values are in it
counts() { is "$(tail -n 1 "$1")" "{\"written\":$2}" "$3: the last line counts what is there"; }

# values [FILE]: its lines that are values
values() { grep '^{"value"' "$@"; }

to_full() { "$@" >/dev/full; }

for m in queue stack; do
	full $m
	"$BPFCTL" map export pinned "$BPFFS/$m" drain file order >/dev/null
	full $m
	run to_full "$BPFCTL" map export pinned "$BPFFS/$m" drain
	status 1 "$m: stdout is full"
	like "$err" 'write to stdout: \[ENOSPC\]' "$m: says so"
	like "$err" '0 values were removed from map [0-9]+ and are in what was written; [0-9]+ were put back' "$m: and what has become of the values"
	[ $m = queue ] || is "$("$BPFCTL" map export pinned "$BPFFS/$m" drain)" "$(<order)" "$m: in the same order"
	[ $m = stack ] || all_there $m /dev/null "$m: nothing is lost"
	full $m
	run to_full "$BPFCTL" -j map export pinned "$BPFFS/$m" drain
	like "$status:$err" '^1:Error: write to stdout: \[ENOSPC\]' "$m, -j: stdout is full"
	all_there $m /dev/null "$m, -j: nothing is lost"
done

# a disk that is full: noticed before values are taken, so that the order stays
mkdir disk
if mount -t tmpfs -o size=32k none disk; then
	full queue
	"$BPFCTL" map export pinned "$BPFFS/queue" drain file order >/dev/null
	full queue
	b map export pinned "$BPFFS/queue" drain file disk/f
	status 1 "the disk is full"
	like "$err" "write 'disk/f': \[ENOSPC\]" "says so"
	n=$(($(wc -l <disk/f) - 2))
	like "$err" "$n values were removed from map [0-9]+ and are in 'disk/f'" "how many are in the file, and which one that is"
	is "$((n > 10))" 1 "some are"
	unlike "$err" "put back" "none had to be put back"
	counts disk/f $n "the disk is full"
	cp disk/f part
	is "$(values disk/f; "$BPFCTL" map export pinned "$BPFFS/queue" drain | values)" "$(values order)" "all there, in their order"
	b map import pinned "$BPFFS/queue" file part
	is "$status:$out" "0:$n entries imported" "what is there is whole"
	is "$(ls -A disk)" f "nothing is left beside it"
	full queue
	(cd disk && head -c 32k /dev/zero >fill 2>/dev/null)
	cp disk/f before
	b map export pinned "$BPFFS/queue" drain file disk/f
	status 1 "no room at all"
	like "$err" "0 values were removed from map" "nothing was taken"
	is "$(<disk/f)" "$(<before)" "the old file stays"
	all_there queue /dev/null "all are in the map"
	umount disk
else
	skip "a full disk" "no tmpfs can be mounted"
fi

# a limit that is met while writing: the step goes back
limited() { (ulimit -f 20; "$@"); }
full stack
"$BPFCTL" map export pinned "$BPFFS/stack" drain file order >/dev/null
full stack
run limited "$BPFCTL" map export pinned "$BPFFS/stack" drain file part
status 1 "a file that is too large"
like "$err" "write 'part': \[EFBIG\]" "says so"
like "$err" "values were removed from map [0-9]+ and are in 'part'; [0-9]+ were put back" "what has become of the values"
is "$(tail -c 2 part)" "}" "no half line"
counts part $(($(wc -l <part) - 2)) "a file that is too large"
is "$(values part; "$BPFCTL" map export pinned "$BPFFS/stack" drain | values)" "$(values order)" "a stack: all there, in their order"

# a signal, and a reader that leaves: between two steps
mkfifo pipe
full queue
"$BPFCTL" map export pinned "$BPFFS/queue" drain file pipe >out 2>said &
pid=$!
exec {fd}<pipe
wait_until polls $pid
kill $pid
wait $pid
is $? 1 "SIGTERM ends it while nobody reads"
timeout 10 cat <&$fd >got
exec {fd}<&-
like "$(<said)" "drain map [0-9]+: \[EINTR\]" "says that it was interrupted"
n=$(values got | wc -l)
like "$(<said)" "$n values were removed from map [0-9]+ and are in 'pipe'; the closing line is missing there" "how many came out"
b map import pinned "$BPFFS/stack" file got
like "$status:$err" "^1:Error: line $((n + 2)): .*truncated" "a pipe that nobody reads gets no last line, and an import says so"
all_there queue got "nothing is lost"

# a reader of stdout that leaves: values came out, and the error cannot be in the document
for json in "" -j; do
	full queue
	# shellcheck disable=SC2086
	"$BPFCTL" $json map export pinned "$BPFFS/queue" drain 2>said | head -c 1 >/dev/null
	is "${PIPESTATUS[0]}" 1 "export drain $json | head: failed"
	left=$("$BPFCTL" map export pinned "$BPFFS/queue" drain | values | wc -l)
	like "$(<said)" "$((N - left)) values were removed from map [0-9]+" "export drain $json | head: how many"
done

# stopped where the last line can be written without waiting
full queue
"$BPFCTL" map export pinned "$BPFFS/queue" drain file pipe >out 2>said &
pid=$!
exec {fd}<pipe
wait_until polls $pid
kill -STOP $pid
kill $pid
timeout 1 cat <&$fd >got
kill -CONT $pid
timeout 10 cat <&$fd >>got
exec {fd}<&-
wait $pid
counts got "$(values got | wc -l)" "stopped while there is room in the pipe"
unlike "$(<said)" "missing" "which is not said to be missing"
all_there queue got "nothing is lost"
done_testing
