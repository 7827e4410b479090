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
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
JOBS=${JOBS:-2}
TEST_TIMEOUT=${TEST_TIMEOUT:-300}
LOGS=$BUILD/test-logs
export BUILD

list_group()
{
	case $1 in
	unit)	find "$BUILD/tests/unit" -name 't_*' -type f -perm -u+x 2>/dev/null ;;
	style | docs | cli | live) find "tests/$1" -name "*.t" 2>/dev/null ;;
	*)	echo "$1" ;;
	esac | sort
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
	local t=$1 log=$2 rc=0 shell=

	case $t in *.t) shell=bash ;; esac	# a forgotten chmod is no reason to fail
	timeout -k 5 "$TEST_TIMEOUT" $shell "$t" </dev/null >"$log.out" 2>"$log.err" || rc=$?
	awk -v rc=$rc -v limit="$TEST_TIMEOUT" "$AWK" "$log.out" >"$log.sum"
}

report()
{
	local t=$1 log=$2 p f s why note

	{ read -r p f s; read -r why; } <"$log.sum"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	note="$p ok"
	[ "$s" = 0 ] || note="$note, $s skipped${why:+: $why}"
	[ "$f" = 0 ] || note="$note, $f FAILED"
	printf '  %-34s %s\n' "${t#"$BUILD"/}" "$note"
	[ "$f" != 0 ] || return
	tail -n +3 "$log.sum"
	[ -s "$log.err" ] && tail -n 15 "$log.err" | sed 's/^/      stderr: /'
	echo "      whole log: $log.out, $log.err"
}

rm -rf "$LOGS"
mkdir -p "$LOGS"
tests=()
for word in "${@:-unit style docs cli live}"; do
	for group in $word; do
		mapfile -t -O ${#tests[@]} tests < <(list_group "$group")
	done
done

passed=0 failed=0 skipped=0 started=0 shown=0
log_of()
{
	local name=${1#"$BUILD"/}

	name=${name#tests/}
	echo "$LOGS/${name//\//-}"
}

pids=()
while [ $shown -lt ${#tests[@]} ]; do
	while [ $started -lt ${#tests[@]} ] && [ $((started - shown)) -lt "$JOBS" ]; do
		t=${tests[started]}
		run_one "$t" "$(log_of "$t")" &
		pids[started]=$!
		started=$((started + 1))
	done
	wait "${pids[shown]}"
	report "${tests[shown]}" "$(log_of "${tests[shown]}")"
	shown=$((shown + 1))
done

echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")" | tee "$LOGS/summary"
[ $failed = 0 ] && [ $passed -gt 0 ]
