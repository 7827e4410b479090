#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Tests while others are at work on the same machine: tests/beside.sh [unit|style|docs|cli|live|FILE]...
# Without words: live. One processor is kept busy, bpftool and bpfctl list all there is, bpftrace comes and goes.
#
#	TIMES=3			how often, as it is done before this ends; the first failure does not end it
#	TEST_TIMEOUT=900	seconds for one file: it shares the machine
#	BUILD= BPFCTL= JOBS=	as for tests/run.sh; the logs of the run N are kept in $BUILD/beside/N

set -u
TOP=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-$TOP/build}
export TEST_TIMEOUT=${TEST_TIMEOUT:-900}
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" = 0 ] || { echo "beside.sh: needs root" >&2; exit 1; }

has()
{
	command -v "$1" >/dev/null || { echo "note: no $1 at work: it is not installed" >&2; return 1; }
}

keep_busy()
{
	if has stress-ng; then
		exec stress-ng --cpu 1 --quiet
	fi
	while :; do :; done
}

list_all()
{
	local tool what tools=("${BPFCTL:-$TOP/bpfctl}")

	! has bpftool || tools+=("$(command -v bpftool)")
	while sleep 0.2; do
		for tool in "${tools[@]}"; do
			for what in prog map link net perf; do
				"$tool" -j $what show
			done
		done
	done
}

# What some kernels refuse (a kprobe) is tried nonetheless.
trace()
{
	local probe

	has bpftrace || return 0
	while sleep 1; do
		for probe in tracepoint:sched:sched_switch kprobe:vfs_read profile:hz:49 uprobe:/bin/bash:readline; do
			timeout --foreground 30 bpftrace -e "$probe { @[comm] = count(); } interval:s:3 { exit(); }"
		done
	done
}

# Each in a process group of its own, so that it ends with all that it started.
others=()
set -m
for other in keep_busy list_all trace; do
	$other </dev/null >/dev/null &
	others+=($!)
done 2>/dev/null
set +m
trap 'for other in "${others[@]}"; do kill -- -"$other" 2>/dev/null; done' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

status=0
for ((i = 1; i <= ${TIMES:-3}; i++)); do
	echo "# $i"
	"$TOP/tests/run.sh" "${@:-live}" || status=1
	rm -rf "$BUILD/beside/$i"
	mkdir -p "$BUILD/beside"
	cp -r "$BUILD/test-logs" "$BUILD/beside/$i"
done
for other in "${others[@]}"; do
	kill -0 "$other" 2>/dev/null || echo "note: one of those at work had ended before the tests did"
done
exit $status
