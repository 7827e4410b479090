#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Run tests that speak TAP and add them up: tests/run.sh [unit|style|docs|cli|live|FILE]...
# Without words: all. Shows a line per file and what failed, ends with "N passed, N failed".
# A test that dies, has no plan, or takes too long counts as failed.
#
#	BUILD=build		where the unit tests were built; logs go to $BUILD/test-logs
#	JOBS=2			how many at a time
#	TEST_TIMEOUT=300	seconds for one file

set -u
cd "${0%/*}/.." || exit 1
BUILD=${BUILD:-build}
JOBS=${JOBS:-2}
TEST_TIMEOUT=${TEST_TIMEOUT:-300}
LOGS=$BUILD/test-logs
export BUILD

# list_group WORD: its files, added to tests
list_group()
{
	local t

	case $1 in
	unit)	for t in "$BUILD"/tests/unit/t_*; do [ -x "$t" ] && tests+=("$t"); done ;;
	style | docs | cli | live) tests+=("tests/$1"/*.t) ;;
	*)	tests+=("$1") ;;
	esac
}

# What cannot be seen in the TAP lines: death, silence, a plan that was not kept.
AWK='
function bad(text) { failed++; lines = lines "      " text "\n" }
/^ok / && /# SKIP/ { skipped++; seen++; diag = 0; next }
/^ok / { passed++; seen++; diag = 0; next }
/^not ok / { bad($0); seen++; diag = 1; next }
/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; have_plan = 1; if (plan == 0) skipped++
		 if (plan == 0) { why = $0; sub(/^1\.\.0 *(# *SKIP)? */, "", why) }; next }
/^#/ && diag { lines = lines "      " $0 "\n" }
END {
	if (rc == 124 || rc == 137) bad("took more than " limit " s")
	else if (!have_plan) bad("ended without a plan, status " rc)
	else if (plan != seen) bad("planned " plan " tests, ran " seen + 0)
	else if (rc != 0 && !failed) bad("ended with status " rc)
	printf "%d %d %d\n%s\n%s", passed, failed, skipped, why, lines
}'

run_one()
{
	local t=$1 log=$2 rc=0 shell='' TIMEFORMAT='%U %S'

	case $t in *.t) shell=bash ;; esac	# a forgotten chmod is no reason to fail
	{ time timeout -k 5 "$TEST_TIMEOUT" $shell "$t" </dev/null >"$log.out" 2>"$log.err" || rc=$?; } 2>"$log.time"
	awk -v rc=$rc -v limit="$TEST_TIMEOUT" "$AWK" "$log.out" >"$log.sum"
}

report()
{
	local t=$1 log=$2 p f s why note lines time user system

	{ read -r p f s; read -r why; mapfile -t lines; } <"$log.sum"
	mapfile -t time <"$log.time"		# the shell's word about a death may stand before it
	read -r user system <<<"${time[-1]}"
	times+=("$((10#${user/./} + 10#${system/./})) ${t##*/}")
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	note="$p ok"
	[ "$s" = 0 ] || note="$note, $s skipped${why:+: $why}"
	[ "$f" = 0 ] || note="$note, $f FAILED"
	printf '  %-34s %s\n' "${t#"$BUILD"/}" "$note"
	[ "$f" != 0 ] || return
	printf '%s\n' "${lines[@]}"
	[ -s "$log.err" ] && tail -n 15 "$log.err" | sed 's/^/      stderr: /'
	echo "      whole log: $log.out, $log.err"
}

rm -rf "$LOGS"
mkdir -p "$LOGS"
tests=()
for word in "${@:-unit style docs cli live}"; do
	for group in $word; do list_group "$group"; done
done

# log_of FILE: $log
log_of()
{
	log=${1#"$BUILD"/}
	log=${log#tests/}
	log=$LOGS/${log//\//-}
}

# A line with the processor time of all, and the files that need most of it
costs()
{
	printf '%s\n' "${times[@]}" | sort -rn | awk '
		{ all += $1 }
		NR <= 8 { most = most ", " $2 sprintf(" %.1f", $1 / 1000) }
		END { printf "  %.1f s of processor time: %s\n", all / 1000, substr(most, 3) }'
}

passed=0 failed=0 skipped=0 started=0 shown=0 times=()

pids=()
while [ $shown -lt ${#tests[@]} ]; do
	while [ $started -lt ${#tests[@]} ] && [ $((started - shown)) -lt "$JOBS" ]; do
		t=${tests[started]}
		log_of "$t"
		run_one "$t" "$log" &
		pids[started]=$!
		started=$((started + 1))
	done
	wait "${pids[shown]}"
	log_of "${tests[shown]}"
	report "${tests[shown]}" "$log"
	shown=$((shown + 1))
done

[ ${#tests[@]} -le 1 ] || costs
summary="$passed passed, $failed failed"
[ $skipped = 0 ] || summary+=", $skipped skipped"
echo "$summary"
echo "$summary" >"$LOGS/summary"
[ $failed = 0 ] && [ $passed -gt 0 ]
