#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# top: printed, and on a terminal that tmux plays. Statistics are off again in the end.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
stats()
{
	cat /proc/sys/kernel/bpf_stats_enabled
}
together bpf_stats
was=$(stats)
# A program that runs at every system call of a busy loop, held by that loop.
cat >"$T/busy.c" <<EOC
#include <bpf/bpf.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct bpf_insn i[] = { { .code = 0xb7 }, { .code = 0x95 } };
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	int p = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "${PFX}_busy", "GPL", i, 2, &opts);
	if (p < 0 || bpf_raw_tracepoint_open("sys_enter", p) < 0)
		return 1;
	for (int n = argc > 1 ? atoi(argv[1]) : 0; n; n--)	/* others that hold it */
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	for (;;)
		for (int n = 0; n < 1000; n++)
			getppid();
}
EOC
gcc -O1 -o "$T/busy" "$T/busy.c" -lbpf || exit 1
"$T/busy" &
busy=$!
at_exit kill $busy
wait_until "$BPFCTL" prog show name "${PFX}_busy"

run "$BPFCTL" -j top samples 1 match "${PFX}_"
if [ "$(jq '.[0].programs | length' <<<"$out" 2>/dev/null)" != 1 ]; then
	skip_all "no raw tracepoint at system calls here"
fi
json_ok "-j: one document"
json_is '.[0].programs[0] | .name' "${PFX}_busy" "the busy program"
json_is '.[0].programs[0] | .runs_per_second > 1000 and .cpu_percent > 0 and .average_ns > 0' true "runs, costs"
json_is '.[0].programs[0].pids' "[{\"pid\":$busy,\"comm\":\"busy\"}]" "its owner"
is "$(stats)" "$was" "statistics are as they were"
run "$BPFCTL" --jsonl top -n 2 -i 1 sort name limit 1
is "$(wc -l <<<"$out")" 2 "--jsonl: a line for each sample"
run "$BPFCTL" top -n 1 sort cpu
status 0 "plain"
like "$(head -1 <<<"$out")" '^ID +TYPE +NAME +CPU% ' "titles"
like "$out" "${PFX}_busy" "a busy program is in the list"
run "$BPFCTL" -j top -n 1 sort cpu
json_is '.[0].programs | [.[].cpu_percent] == ([.[].cpu_percent] | sort | reverse)' true "the busiest first"
sed -i "s/${PFX}_busy/${PFX}_many/" "$T/busy.c"
gcc -O1 -o "$T/many" "$T/busy.c" -lbpf || exit 1
"$T/many" 40 &
many=$!
at_exit kill $many
wait_until eval '[ "$("$BPFCTL" -j top samples 1 match "${PFX}_many" | jq ".[0].programs[0].pids | length")" = 41 ]'
run "$BPFCTL" top samples 1 match "${PFX}_many"
is "$(grep -o 'many([0-9]*)' <<<"$out" | wc -l)" 41 "text names all of many owners, too"
kill $many
wait $many 2>/dev/null
run "$BPFCTL" top samples 1 type xdp match "${PFX}_"
unlike "$out" "busy" "type leaves others out"
run "$BPFCTL" top samples 1 sort nonsense
status 2 "an unknown order"
"$BPFCTL" -j top >"$T/until" &
top=$!
wait_until test -s "$T/until"
kill -INT $top
wait $top
is "$(jq 'length >= 1' "$T/until")" true "interrupted: the document is closed"
is "$(stats)" "$was" "and statistics are as they were"

if ! command -v tmux >/dev/null; then
	skip "on a terminal" "tmux is not installed"
else
	tm="tmux -S $T/tmux"
	screen()
	{
		$tm capture-pane -p
	}
	shows()
	{
		[[ $(screen) =~ $1 ]]
	}
	# until TEXT REGEX: what the screen comes to show
	until_shows()
	{
		wait_until shows "$2"
		like "$(screen)" "$2" "$1"
	}
	$tm -f /dev/null new-session -d -x 120 -y 30 "bash --norc"
	at_exit $tm kill-server
	$tm send-keys "PS1='% '; stty -a | sha1sum; $BPFCTL top" Enter
	until_shows "the list comes up" "bpfctl top +[0-9]+ programs"
	until_shows "the busy program is there" "${PFX}_busy"
	$tm send-keys s
	until_shows "s changes the order" "by rate"
	$tm send-keys p
	until_shows "p pauses" "PAUSED"
	$tm send-keys p
	$tm send-keys / "$PFX" Enter
	until_shows "/ filters" "filter: $PFX"
	until_shows "to one program" " 1 program "
	until_shows "at the head" $'^[^\n]*\n[^\n]*\n[^\n]*'"${PFX}_busy"
	$tm send-keys Enter
	until_shows "Enter draws the history" "CPU% over time"
	until_shows "with columns" "#"
	$tm send-keys q
	until_shows "q ends" "% *$"
	$tm send-keys "stty -a | sha1sum" Enter
	# shellcheck disable=SC2016
	wait_until eval '[ "$(screen | grep -cE "^[0-9a-f]{40}")" = 2 ]'
	is "$(screen | grep -E '^[0-9a-f]{40}' | sort -u | wc -l)" 1 "the terminal is as it was"
	is "$(stats)" "$was" "statistics are as they were"
	$tm send-keys "$BPFCTL top" Enter
	until_shows "again" "bpfctl top"
	pkill -TERM -P "$($tm list-panes -F '#{pane_pid}')"
	until_shows "a signal ends it and puts the terminal back" "% *$"
fi
done_testing
