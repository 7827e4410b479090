#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# The runner itself: what fails in whatever way is counted as failed, and the last line says so.
. "$(dirname "$0")/../lib.sh"

# verdict WANT TEXT LINE...: what the runner makes of a script of these lines
verdict()
{
	local want=$1 text=$2

	shift 2
	printf '%s\n' "$@" >"$T/sample.t"
	out=$(BUILD=$T/build TEST_TIMEOUT=2 "$TOP/tests/run.sh" "$T/sample.t") && status=0 || status=$?
	is "$(tail -n 1 <<<"$out")/$status" "$want" "$text"
}

verdict "2 passed, 0 failed/0" "all is well" 'echo ok 1 - a' 'echo ok 2 - b' 'echo 1..2'
verdict "1 passed, 1 failed/1" "one check fails" 'echo ok 1 - a' 'echo not ok 2 - b' 'echo "# why"' 'echo 1..2'
like "$out" "not ok 2 - b"$'\n'" *# why" "it is shown, with its reason"
verdict "1 passed, 1 failed/1" "no plan" 'echo ok 1 - a'
verdict "1 passed, 1 failed/1" "a broken plan" 'echo ok 1 - a' 'echo 1..2'
verdict "1 passed, 1 failed/1" "a bad status" 'echo ok 1 - a' 'echo 1..1' 'exit 3'
verdict "1 passed, 1 failed/1" "a death" 'echo ok 1 - a' 'echo 1..1' 'kill -SEGV $$'
verdict "1 passed, 1 failed/1" "a hang" 'echo ok 1 - a' 'sleep 30'
like "$out" "took more than 2 s" "it is called so"
verdict "1 passed, 0 failed, 1 skipped/0" "a skipped check" 'echo ok 1 - a' 'echo "ok 2 - b # SKIP no c"' 'echo 1..2'
verdict "0 passed, 0 failed, 1 skipped/1" "nothing but skips is no success" 'echo "1..0 # SKIP no d"'
like "$out" "no d" "the reason is shown"
verdict "0 passed, 1 failed/1" "a script that is none" 'if'
done_testing
