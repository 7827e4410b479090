#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# prog profile: figures, from whatever source there is here; statistics are off again afterwards.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
cd "$T" || exit 1
stats=/proc/sys/kernel/bpf_stats_enabled
together bpf_stats
ok "compile" bpf_cc "$TOP/tests/progs/run.c" run.o -g -DPFX="$PFX"
run "$BPFCTL" prog loadall run.o "$BPFFS/p"
status 0 "load"
prog=$BPFFS/p/${PFX}_xdp
printf 'AAAABBBBCCCCDD++' >data

# profile WORD...: with 500 runs during it, until SIGINT
profile()
{
	local pid

	"$BPFCTL" "$@" >got 2>got_err &
	pid=$!
	wait_until polls $pid
	"$BPFCTL" prog run pinned "$prog" data_in data repeat 500 >/dev/null
	kill -INT $pid
	wait $pid
	status=$?
	out=$(<got) err=$(<got_err)
}

before=$(<$stats)
profile -j prog profile pinned "$prog" cycles instructions
status 0 "hardware counters, or what there is in their place"
json_ok "JSON"
json_is 'map(.run_cnt) | unique | @json' '[500]' "every run was counted"
json_is 'all(.value > 0)' true "and cost something"
source=$(jq -r '.[0].source' <<<"$out")
like "$source" '^(counters|run_stats)$' "the source is named"
if [ "$source" = counters ]; then
	json_is 'map(.metric) | @json' '["cycles","instructions"]' "the metrics, in the order of the table"
else
	json_is '.[0] | .metric == "run_time_ns" and (.reason | length > 0)' true "and why it is that one"
fi
profile prog profile pinned "$prog" instr cyc
like "$out" $'^\n'' +500 run_cnt'$'\n'' +[0-9]+ (cycles|run_time_ns) +' "text"
[ "$source" = counters ] || like "$err" "\(.*\); showing the kernel's run statistics" "the reason is told"
profile prog profile pinned "$prog" run_time
like "$out" ' +500 run_cnt'$'\n'' +[0-9]+ run_time_ns +# +[0-9.]+ ns per run$' "the kernel's own statistics, by their name"
is "$err" '' "without a remark"

run "$BPFCTL" -j prog profile pinned "$prog" run_time duration 1
status 0 "duration ends it"
json_is 'length > 0' true "with figures"
"$BPFCTL" -j prog profile pinned "$prog" run_time >got 2>&1 &
pid=$!
wait_until polls $pid
like "$(ls -l /proc/$pid/fd)" "bpf-stats" "statistics are on meanwhile"
kill -INT $pid
wait $pid
status=$?
out=$(<got) err=
status 0 "SIGINT ends it well"
json_ok "one document"
is "$(<$stats)" "$before" "the switch is as it was"

run "$BPFCTL" prog profile pinned "$prog"
status 2 "no metric"
run "$BPFCTL" prog profile pinned "$prog" frobs
status 2 "an unknown one"
run "$BPFCTL" prog profile pinned "$prog" run_time cycles
status 2 "two sources"
run "$BPFCTL" -j prog profile id 4000000000 cycles
status 1 "no such program"
json_ok "in JSON"
rm -r "$BPFFS"/p
nothing_left "nothing is left"
done_testing
