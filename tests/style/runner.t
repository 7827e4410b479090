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
	is "${out##*$'\n'}/$status" "$want" "$text"
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

# judge: the numbers of what golden.py finds wrong in the records of stdin
judge()
{
	UPDATE='' python3 "$TOP/tests/cli/golden.py" "$T" | sed -n 's/^not ok \([0-9]*\) .*/\1/p'
}

# judged WANT TEXT STATUS STDOUT STDERR (four times): the numbers of what is to be found wrong, out of 10 for each
judged()
{
	wants+=("$1") texts+=("$2")
	printf '%s\0' case 0 "${@:3}" >>"$T/records"
}

wants=() texts=()
if command -v python3 >/dev/null; then
	mkdir "$T/golden"
	text='1: name a  id 7' json='{"name":"a","id":7}'
	echo "$text" >"$T/golden/case.txt"
	echo "$json" >"$T/golden/case.json"
	printf 'hidden=x\tnone\n' >"$T/json-only.txt"
	judged '' "golden.py: all is well" 0 "$text" '' 0 "$json" '' 0 "$json" '' 0 "$json" ''
	judged ' 1 2 3 4' "other statuses" 3 "$text" '' 3 "$json" '' 3 "$json" '' 3 "$json" ''
	judged ' 5' "other text" 0 "$text" 'a word' 0 "$json" '' 0 "$json" '' 0 "$json" ''
	judged ' 6 9' "a word on stderr" 0 "$text" '' 0 "$json" 'a word' 0 "$json" 'a word' 0 "$json" ''
	judged ' 6 7 8 9' "two documents" 0 "$text" '' 0 "$json$json" '' 0 "$json" '' 0 "$json" ''
	judged ' 7 8 9 10' "another value" 0 "$text" '' 0 '{"name":"a","id":8,"hidden":"x"}' '' 0 "$json" '' 0 '[1,' ''
	judged ' 7' "a key that text need not have" 0 "$text" '' 0 '{"name":"a","id":7,"hidden":"x"}' '' \
		0 '{"id":7,"name":"a","hidden":"x"}' '' 0 "" ''
	found=()
	for n in $(judge <"$T/records"); do found[(n - 1) / 10]+=" $(((n - 1) % 10 + 1))"; done
	for i in "${!wants[@]}"; do is "${found[i]:-}" "${wants[i]}" "${texts[i]}"; done
	is "$(printf '%s\0' case 0 0 "$text" '' | judge)" 1 "half a record"
else
	skip "golden.py" "python3 is not installed"
fi
done_testing
