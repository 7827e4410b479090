#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What was asked for and could not be read is reported, with status 3: not passed off as "not there".
. "$(dirname "$0")/cli.sh"

# partly TEXT WHAT: the last run did the rest, and says what it could not
partly()
{
	status 3 "$2"
	like "$err" "$1" "$2: it says so"
}

# --- feature: a call that could not be tried is not a call that is refused ---

for errno in ENOMEM EINTR; do
	{ grep -v '^log' "$T/fx/lab.kernel"; echo "fail load prog 6 $errno"; } >"$T/fx/untried.kernel"
	fake untried feature probe unprivileged
	partly "try all helpers and batch operations: \[$errno\]" "feature probe, $errno"
	like "$out" '[(][0-9]+ unknown[)]' "the list says how many"
	fake untried -j feature probe unprivileged
	is "$status $(jq -r .states.xdp_helpers <<<"$out")" "3 unknown" "in JSON: the states say so"
done
done_testing
