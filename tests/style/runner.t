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

# --- what the README names: nothing that did not run has succeeded ---
run env CLANG=nosuch "$TOP/tests/demo.sh"
is "$status" 1 "a demo that cannot run fails"
like "$out" "could not run" "and says so"
run setpriv --bounding-set=-all --inh-caps=-all "$TOP/tests/demo.sh"
is "$status" 1 "without rights, too"
like "$out" "that takes root" "which it names"
run "$TOP/bootstrap" nonsense
is "$status" 2 "bootstrap: an unknown word"
like "$err" "Usage: sudo ./bootstrap demo . check" "is told what there is"
mkdir -p "$T/tree/bin" "$T/tree/build/test-logs"
cp "$TOP/bootstrap" "$T/tree"
printf '#!/bin/sh\necho "make $*"\n[ -z "$SUMS" ] || echo "$SUMS" | tee build/test-logs/summary\necho make: Error >&2\nexit 2\n' >"$T/tree/bin/make"
chmod +x "$T/tree/bin/make"
out=$(PATH=$T/tree/bin:$PATH SUMS="3 passed, 1 failed, 2 skipped" "$T/tree/bootstrap" check 2>&1) && status=0 || status=$?
is "$status $(tail -n 1 <<<"$out")" "2 3 passed, 1 failed, 2 skipped" "the sum is the last line, whatever make says"
like "$out" "^make check" "make was called"
out=$(PATH=$T/tree/bin:$PATH SUMS='' "$T/tree/bootstrap" check 2>&1) && status=0 || status=$?
is "$status $(tail -n 1 <<<"$out")" "2 0 passed, 1 failed" "also where nothing was counted"

# judged STATUS STDOUT STDERR (four times): the numbers of what golden.py finds wrong
judged()
{
	mkdir -p "$T/golden"
	printf '%s\n' '1: name a  id 7' >"$T/golden/case.txt"
	printf '%s\n' '{"name":"a","id":7}' >"$T/golden/case.json"
	printf 'hidden=x\tnone\n' >"$T/json-only.txt"
	printf '%s\0' case 0 "$@" | UPDATE='' python3 "$TOP/tests/cli/golden.py" "$T" |
		sed -n 's/^not ok \([0-9]*\) .*/\1/p' | xargs
}

if command -v python3 >/dev/null; then
	text='1: name a  id 7' json='{"name":"a","id":7}'
	is "$(judged 0 "$text" '' 0 "$json" '' 0 "$json" '' 0 "$json" '')" '' "golden.py: all is well"
	is "$(judged 3 "$text" '' 3 "$json" '' 3 "$json" '' 3 "$json" '')" '1 2 3 4' "other statuses"
	is "$(judged 0 "$text" 'a word' 0 "$json" '' 0 "$json" '' 0 "$json" '')" 5 "other text"
	is "$(judged 0 "$text" '' 0 "$json" 'a word' 0 "$json" 'a word' 0 "$json" '')" '6 9' "a word on stderr"
	is "$(judged 0 "$text" '' 0 "$json$json" '' 0 "$json" '' 0 "$json" '')" '6 7 8 9' "two documents"
	is "$(judged 0 "$text" '' 0 '{"name":"a","id":8,"hidden":"x"}' '' 0 "$json" '' 0 '[1,' '')" '7 8 9 10' "another value"
	is "$(judged 0 "$text" '' 0 '{"name":"a","id":7,"hidden":"x"}' '' 0 '{"id":7,"name":"a","hidden":"x"}' '' 0 "" '')" 7 \
		"a key that text need not have"
	is "$(judged 0 "$text" '')" 1 "half a record"
else
	skip "golden.py" "python3 is not installed"
fi
done_testing
