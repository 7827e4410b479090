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

to_full() { "$@" >/dev/full; }

for m in queue stack; do
	full $m
	"$BPFCTL" map export pinned "$BPFFS/$m" drain file order >/dev/null
	full $m
	run to_full "$BPFCTL" map export pinned "$BPFFS/$m" drain
	status 1 "$m: stdout is full"
	like "$err" 'write to stdout: \[ENOSPC\]' "$m: says so"
	like "$err" '0 values are out of map [0-9]+ and in what was written; [0-9]+ were put back' "$m: and what has become of the values"
	[ $m = queue ] || is "$("$BPFCTL" map export pinned "$BPFFS/$m" drain)" "$(cat order)" "$m: in the same order"
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
	n=$(($(wc -l <disk/f) - 1))
	like "$err" "$n values are out of map [0-9]+ and in 'disk/f'" "how many are in the file, and which one that is"
	is "$((n > 10))" 1 "some are"
	unlike "$err" "put back" "none had to be put back"
	is "$(cat disk/f; "$BPFCTL" map export pinned "$BPFFS/queue" drain | tail -n +2)" "$(cat order)" "all there, in their order"
	is "$(ls -A disk)" f "nothing is left beside it"
	full queue
	(cd disk && head -c 32k /dev/zero >fill 2>/dev/null)
	cp disk/f before
	b map export pinned "$BPFFS/queue" drain file disk/f
	status 1 "no room at all"
	like "$err" "0 values are out of map" "nothing was taken"
	is "$(cat disk/f)" "$(cat before)" "the old file stays"
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
like "$err" "values are out of map [0-9]+ and in 'part'; [0-9]+ were put back" "what has become of the values"
is "$(tail -c 2 part)" "}" "no half line"
is "$(cat part; "$BPFCTL" map export pinned "$BPFFS/stack" drain | tail -n +2)" "$(cat order)" "a stack: all there, in their order"

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
like "$(cat said)" "drain map [0-9]+: \[EINTR\]" "says that it was interrupted"
like "$(cat said)" "$(($(wc -l <got) - 1)) values are out of map" "how many came out"
all_there queue got "nothing is lost"
done_testing
