#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# prog tracelog: lines of trace_pipe in text and JSON, ends by signals; streams of programs. The log is the
# whole system's, and other readers may take lines away: hence several attempts.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing || skip_all "no tracefs here"
alone tracefs
cd "$T" || exit 1
ok "compile" bpf_cc "$TOP/tests/progs/talk.c" talk.o -g -DPFX="$PFX"
run "$BPFCTL" prog loadall talk.o "$BPFFS/p"
status 0 "load"
say="pinned $BPFFS/p/${PFX}_say"

# say N: through the program
say()
{
	printf '\\x%02x\\0\\0\\0' "$1" >ctx.txt
	printf '%b' "$(<ctx.txt)" >ctx
	# shellcheck disable=SC2086
	"$BPFCTL" prog run $say ctx_in ctx >/dev/null
}

# once MORE: says something (numbered by MORE) and looks whether it came
once()
{
	say $((n++ % 100))
	sleep 0.1
	grep -q "$PFX says" got
}

# follow SIGNAL OPTION...: a reader until it has got something, then the signal. $out $status
follow()
{
	local sig=$1 pid n=0

	shift
	"$BPFCTL" "$@" prog tracelog >got 2>got_err &
	pid=$!
	wait_until polls $pid
	wait_until once
	kill -"$sig" $pid
	wait $pid
	status=$?
	out=$(<got)
	err=$(<got_err)
}

follow INT
status 0 "SIGINT ends it well"
like "$out" "\[[0-9]+\] .* [0-9]+\.[0-9]+: bpf_trace_printk: $PFX says " "the line came at once"
unlike "$out" $'\033' "what could harm the terminal did not"
follow TERM -j
status 0 "SIGTERM too"
json_ok "one document"
json_is "[.[] | select(contains(\"$PFX says\"))] | length > 0" true "strings"
json_is "[.[] | endswith(\"\n\")] | all" true "each with its end"
follow HUP -p
status 0 "SIGHUP too"
json_ok "one document, pretty"
follow INT --jsonl
is "$(jq -r type got | sort -u)" string "--jsonl: strings"

{ timeout 90 "$BPFCTL" prog tracelog; echo $? >rc; } 2>/dev/null | head -n 1 >first &
n=0
left()
{
	say $((n++ % 100))
	[ -s rc ]
}
wait_until left
wait
unlike "$(<rc)" "^124$" "a reader that leaves ends it"

# what was read and cannot be written is counted
for option in "" -j --jsonl; do
	# shellcheck disable=SC2086
	timeout 60 "$BPFCTL" $option prog tracelog >/dev/full 2>got_err &
	pid=$!
	wait_until polls $pid
	n=0
	gone() { say $((n++ % 100)); ! kill -0 $pid; }
	wait_until gone
	wait $pid
	like "$?:$(<got_err)" \
		"^1:Error: the last [0-9]+ lines? w(as|ere) read from trace_pipe, but the answer cannot be written to stdout: .ENOSPC[^"$'\n'"]*$" \
		"$option >/dev/full ends it, and says how much is lost"
done

run "$BPFCTL" prog tracelog stdout
status 2 "whose stdout?"
run "$BPFCTL" prog tracelog stdfoo
status 2 "another word"
run "$BPFCTL" -j prog tracelog stderr id 4000000000
status 1 "no such program"
json_ok "in JSON"

kfunc=$(grep -om1 "bpf_stream_vprintk[a-z_]*" /proc/kallsyms)
if bpf_cc "$TOP/tests/progs/talk.c" stream.o -g -DSTREAM="${kfunc:-none}" -DPFX="$PFX" 2>load.out &&
   "$BPFCTL" prog loadall stream.o "$BPFFS/q" >>load.out 2>&1; then
	stream="pinned $BPFFS/q/${PFX}_stream"
	printf '\011\0\0\0' >ctx
	run "$BPFCTL" prog run ${stream% *} "${stream#* }" ctx_in ctx
	status 0 "run it"
	if [[ $out == "Return value: 0,"* ]]; then
		run "$BPFCTL" prog tracelog stdout ${stream% *} "${stream#* }"
		is "$out" $'stream 1 says 9\nstream 1 says 10' "its stdout on ours"
		is "$err" '' "nothing else"
		run "$BPFCTL" prog tracelog stderr ${stream% *} "${stream#* }"
		is "$err" 'stream 2 says 9' "its stderr on ours"
		is "$out" '' "nothing else"
		run "$BPFCTL" prog tracelog std ${stream% *} "${stream#* }"
		is "$out" '' "it was taken"
		"$BPFCTL" prog run ${stream% *} "${stream#* }" ctx_in ctx >/dev/null
		run "$BPFCTL" -j prog tracelog stderr ${stream% *} "${stream#* }"
		json_ok "JSON"
		json_is '.[0] | @json' '"stream 2 says 9\n"' "a list of strings"
		run bash -c "\"$BPFCTL\" prog tracelog stdout $stream >/dev/full"
		like "$status:$err" "^1:Error: the last 2 lines were read from stdout of program .*cannot be written to stdout: .ENOSPC" \
			"a stream's lines, too"
	else
		run "$BPFCTL" -j prog tracelog stdout ${stream% *} "${stream#* }"
		is "$status$out" '0[]' "nothing was said, nothing is read"
		skip "what was said" "this kernel finds no memory for it ($out)"
	fi
	rm -r "$BPFFS/q"
else
	skip "streams of programs" "not on this kernel"
	diag "$(cat load.out 2>/dev/null)"
fi

rm -r "$BPFFS/p"
nothing_left "nothing is left"
done_testing
