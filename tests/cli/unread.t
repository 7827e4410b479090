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

# --- pins: what cannot be looked at is not "no pin" ---

{ cat "$T/fx/basic.kernel"; echo "fail kind prog 7 EACCES"; } >"$T/fx/hidden.kernel"
fake hidden -f prog show id 7
partly "look for pins: 2 files or directories of BPF file systems: \[EACCES\]" "prog show, pins of a hidden kind"
fake hidden -j -f prog show id 7
is "$status $(jq -r '.id // .[0].errno' <<<"$out" 2>&1)" "3 7" "in JSON"
fake hidden prog show pinned "$T/bpffs/pins/counter"
is "$status" 1 "a pin of a hidden kind is not opened"
like "$err" "find out what is pinned at .*: \[EACCES\]" "and the reason is given, not another kind"
fake hidden prog unpin "$T/bpffs/pins/counter"
is "$status" 1 "nor removed"
sed -i 's/EACCES/EIO/' "$T/fx/hidden.kernel"
fake hidden -f prog show id 7
status 3 "a list of pins that is not whole is none"
like "$err" "look for pinned programs: \[EIO\]" "and says why"
done_testing
