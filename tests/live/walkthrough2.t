#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# The walkthrough's last part, command by command: three programs linked into one object, tail calls between
# them, test runs, the log in a second terminal, statistics, a profile, a control-flow graph.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
cd "$T" || exit 1
# Several of these tests may run on one kernel: the names are our own.
call_table=${PFX}_calls counter_map=${PFX}_count streak_map=${PFX}_streaks
names=(-Dcall_table="$call_table" -Dcounter_map="$counter_map" -Dstreak_map="$streak_map")
for prog in xdp_entrypoint xdp_counter xdp_streak; do
	names+=(-D"$prog=${PFX}_$prog")
done
app=$BPFFS/app entry=$BPFFS/app/${PFX}_xdp_entrypoint

can()
{
	# shellcheck disable=SC2086
	"$BPFCTL" help $1 >/dev/null 2>&1
}

# The map of the walkthrough's first parts
ok "compile the first program" bpf_cc "$TOP/tests/progs/counter.c" counter_btf.o -g -DBTF "${names[@]}" -Dcounter="${PFX}_counter"
run "$BPFCTL" prog load counter_btf.o "$BPFFS/counter_btf" type xdp
status 0 "load it"

if can "feature probe"; then
	run "$BPFCTL" feature probe
	status 0 "feature probe"
	like "$out" "eBPF map_type lru_hash is (NOT )?available" "tells of LRU hash maps"
else
	skip "feature probe" "no such command yet"
fi
alone bpf_stats
stats=$(</proc/sys/kernel/bpf_stats_enabled)
at_exit sysctl -qw kernel.bpf_stats_enabled="$stats"
ok "statistics on" sysctl -qw kernel.bpf_stats_enabled=1

mkdir app
for part in entrypoint counter streak; do
	ok "compile $part" bpf_cc "$TOP/tests/progs/app/$part.c" app/$part.o -g "${names[@]}"
done
cd app || exit 1
if can "gen object"; then
	run "$BPFCTL" gen object app.o *.o
	status 0 "gen object"
	run "$BPFCTL" gen object app.o *.o
	status 1 "the same again has the old one among them"
	like "$err" "Hint: output 'app.o' is also an input" "which is told"
elif [ -n "$BPFTOOL" ]; then
	skip "gen object" "no such command yet: bpftool links"
	"$BPFTOOL" gen object app.o entrypoint.o counter.o streak.o
else
	skip "the rest" "no command links objects"
	done_testing
fi
run "$BPFCTL" prog loadall app.o "$app" type xdp map name "$counter_map" name "$counter_map" pinmaps "$app"
status 0 "loadall, with the map that is there"
for pin in "$entry" "$app/${PFX}_xdp_counter" "$app/${PFX}_xdp_streak" "$app/$call_table" "$app/$streak_map"; do
	ok "pinned: ${pin##*/}" [ -e "$pin" ]
done
is "$("$BPFCTL" -j map show name "$counter_map" | jq -r type)" object "one map counts, not two"

printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0> Hello eCHO! <3' >data

# The log is shared with whoever reads it at the same time, which is no test of ours.
alone tracefs
"$BPFCTL" prog tracelog >log 2>/dev/null &
tracelog=$!
at_exit kill $tracelog

test_run()
{
	run "$BPFCTL" prog run pinned "$entry" data_in data data_out - repeat "$1"
	status 0 "test run, $1 times"
	like "$out" $'^0000000\t0000 0000 0000 0000 0000 0000 0000 0000 \| \.{8} \.{8}\n''0000010'$'\t''3e20 4865 6c6c 6f20 6543 484f 2120 3c33 \| > Hello  eCHO! <3'$'\n''Return value: 2 \(XDP_PASS\), duration \(average\): [0-9]+ns$' \
		"the packet as it was, and a verdict"
}

logged()
{
	local i

	for ((i = 0; i < 50; i++)); do
		grep -q "bpf_trace_printk: app: $1" log && break
		sleep 0.1
	done
	if grep -q "bpf_trace_printk: app: $1" log; then
		ok "the log says '$1'" true
	else
		skip "the log says '$1'" "not in this log: another reader may have it"
	fi
}

counted()
{
	"$BPFCTL" -j map dump name "$counter_map" | jq '.[0].formatted.value.packets'
}

test_run 3
logged "nobody to call"
run "$BPFCTL" map dump name "$call_table"
like "$out" "Found 0 elements" "the table is empty"
"$BPFCTL" map update name "$call_table" key 0 0 0 0 value pinned "$app/${PFX}_xdp_counter"
was=$(counted)
test_run 3
logged "counter [0-9]"
is $(($(counted) - was)) 3 "three were counted"
run "$BPFCTL" map dump name "$call_table"
like "$out" "Found 1 element" "the table has a program"
run "$BPFCTL" map update name "$call_table" key 0 0 0 0 value pinned "$app/${PFX}_xdp_streak"
status 0 "another one"
test_run 5
logged "streak of 0"
run "$BPFCTL" map dump name "$streak_map"
like "$out" '"key": 0,'$'\n'' +"value": 5' "a streak of five"
is $(($(counted) - was)) 3 "and no more counted"
run "$BPFCTL" --compat prog show
like "$(grep -A3 "name ${PFX}_xdp_entrypoint" <<<"$out")" "run_time_ns [0-9]+ +run_cnt 11" "prog show has the statistics: 3 + 3 + 5 runs"

"$BPFCTL" -j prog profile pinned "$entry" cycles instructions l1d_loads >profile 2>&1 &
profile=$!
wait_until polls $profile
test_run 10
kill -INT $profile
wait $profile
is "$?" 0 "the profile ends well"
is "$(jq '.[0].run_cnt' profile)" 10 "it saw ten runs"
"$BPFCTL" prog profile pinned "$entry" cycles instructions l1d_loads >profile 2>&1 &
profile=$!
wait_until polls $profile
test_run 10
kill -INT $profile
wait $profile
like "$(<profile)" $'\n +10 run_cnt' "in text"

if "$BPFCTL" prog dump xlated help 2>&1 | grep -q visual; then
	run "$BPFCTL" prog dump xlated name "${PFX}_xdp_streak" visual
	status 0 "control-flow graph"
	like "$out" "^digraph" "as DOT"
	if command -v dot >/dev/null; then
		ok "graphviz draws it" dot -Tpng -o cfg.png <<<"$out"
	else
		skip "graphviz draws it" "no dot here"
	fi
else
	skip "control-flow graph" "no such command yet"
fi

kill -INT $tracelog
wait $tracelog
is "$?" 0 "the log ends well"
rm -r "$app" "$BPFFS/counter_btf"
nothing_left "nothing is left"
done_testing
