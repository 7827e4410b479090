#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What the tests need is there: a test that is skipped because a package could not be had is a test that failed, unless
# tests/deps.sh says why the tests can do without it.
. "$(dirname "$0")/../lib.sh"

judge()
{
	local state what packages reason

	while read -r state what packages reason; do
		case $state in
		have) result 0 "$what" ;;
		without) skip "$what" "could not be had (${packages//|/ or }): $reason" ;;
		*) result 1 "$what" || diag "could not be had (${packages//|/ or }): sudo tests/deps.sh test" ;;
		esac
	done
}

judge < <("$TOP/tests/deps.sh" --state build test)
ok "the table was read" [ "$tap_n" -gt 30 ]

# Where next to nothing is installed
mkdir "$T/bin"
for tool in bash sort grep; do ln -s "$(command -v $tool)" "$T/bin"; done
bare=$(PATH=$T/bin "$T/bin/bash" "$TOP/tests/deps.sh" --state test)
like $'\n'"$bare"$'\n' $'\n'"lack cmd:tmux tmux"$'\n' "what is not there is seen"
like "$bare" "without cmd:promtool prometheus [a-z]" "and where there is a reason to do without it"
judged=$(tap_n=0; judge <<<$'have cmd:a a\nlack cmd:b b|c\nwithout cmd:d d for a reason')
is "$(grep -v '^#' <<<"$judged")" "ok 1 - cmd:a
not ok 2 - cmd:b
ok 3 - cmd:d # SKIP could not be had (d): for a reason" "the first fails, the second does not"
done_testing
