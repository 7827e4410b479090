#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Loads that a kernel refuses: what libbpf says besides is its own, so these are no golden files.
. "$(dirname "$0")/cli.sh"
need jq

# fails TEXT REGEX FIXTURE WORD...: status 1 and this error, plain and with -j.
fails()
{
	local text=$1 regex=$2 fixture=$3

	shift 3
	fake "$fixture" "$@"
	status 1 "$text: status 1"
	like "$err" "Error: $regex" "$text: the error"
	is "$out" '' "$text: nothing on stdout"
	fake "$fixture" -j "$@"
	status 1 "$text: status 1 with -j"
	json_ok "$text: one document, stderr silent"
	like "$(jq -r .error <<<"$out")" "^$regex" "$text: the error in JSON"
}

tiny=$T/fx/tiny.elf
fails 'nothing may be loaded' "load '@T@/fx/tiny.elf': \[?E?P?E?R?M?\]? ?Operation not permitted" \
	denied prog load "$tiny" "$T/bpffs/made"
fails 'an iterator neither' "load '@T@/fx/tiny.elf'" denied iter run "$tiny"
fails 'the verifier refuses' "the verifier refused 'count' \(" refuse prog load "$tiny" "$T/bpffs/made"
is "$(jq -r '.log | map(select(startswith("invalid bpf_context"))) | length' <<<"$out")" 1 \
	'the verifier is quoted in JSON'
fails 'of all programs' "the verifier refused 'count' \(" refuse prog loadall "$tiny" "$T/bpffs/empty"
fails 'no room for a map' "create map 'hits'" nomem prog load "$tiny" "$T/bpffs/made"
fails 'a pin is refused' "pin to '@T@/bpffs/made'" nopin prog load "$tiny" "$T/bpffs/made"
fails 'a map cannot be pinned' "pin to '@T@/bpffs/made'" nopin \
	map create "$T/bpffs/made" type hash key 4 value 4 entries 1 name m
fails 'a loader program' "load '@T@/fx/tiny.elf' with a loader program" lab -L prog load "$tiny"
fails 'a link is refused' "attach program 'each_task'" nolink prog loadall "$tiny" "$T/bpffs/empty" autoattach
fails 'an iterator is not made' "start the iterator" noiter iter run "$tiny"
done_testing
