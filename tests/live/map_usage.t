#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# How full maps are, and which cannot tell.
. "$(dirname "$0")/../lib.sh"
live
b() { run "$BPFCTL" "$@"; }
"$BPFCTL" map create "$BPFFS/h" type hash key 4 value 4 entries 4 name "${PFX}_h"
"$BPFCTL" map create "$BPFFS/a" type array key 4 value 4 entries 4 name "${PFX}_a"
"$BPFCTL" map create "$BPFFS/q" type queue value 4 entries 4 name "${PFX}_q"
"$BPFCTL" map create "$BPFFS/p" type prog_array key 4 value 4 entries 4 name "${PFX}_p"
"$BPFCTL" map create "$BPFFS/w" type hash key 4 value 4 entries 4 name "${PFX}_w" flags wronly
for i in 1 2 3; do "$BPFCTL" map update pinned "$BPFFS/h" key $i 0 0 0 value 0 0 0 0; done
b -j map usage pinned "$BPFFS/h"
json_ok "one map"
json_is '[.entries,.max_entries,.percent,(.bytes_memlock > 0)]' '[3,4,75,true]' "counted"
b map usage pinned "$BPFFS/h"
like "$out" 'entries 3 of 4 \(75%\)  memlock [0-9]+B' "in text"
b -j map usage pinned "$BPFFS/q"
json_is '[has("entries"), .not_counted]' '[false,"a queue does not report how many values it holds"]' "a queue"
b -j map usage pinned "$BPFFS/a"
json_is '[has("entries"), .not_counted]' '[false,"array entries always exist"]' "an array"
b -j map usage pinned "$BPFFS/p"
json_is .entries 0 "empty slots do not count"
b -j map usage
json_ok "all maps"
json_is "map(select((.name // \"\") | startswith(\"${PFX}_\"))) | length >= 4" true "ours are among them"
b -j map usage over 75
json_is "[.[] | select((.name // \"\") | startswith(\"${PFX}_\")) | .name]" "[\"${PFX}_h\"]" "over 75"
b -j map usage over 76
json_is "[.[] | select((.name // \"\") | startswith(\"${PFX}_\")) | .name]" "[]" "over 76"
done_testing
