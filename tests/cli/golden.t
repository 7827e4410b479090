#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Every command of golden.list, plain and with -j, beside what is kept in golden/. UPDATE=1 writes
# these files anew: read the difference before you commit it.
#
# Each also with -p (the same value), with --jsonl (every line a document), and for parity: what
# JSON tells is in the text too, or its key stands in json-only.txt. Here they are run; golden.py judges all.
. "$(dirname "$0")/cli.sh"
need python3

# Records of strings for golden.py, each ended by a NUL: name, status wanted, then status, stdout and stderr four times
one_case()
{
	local name=$1 fixture=$2 want=$3 mode

	shift 3
	printf '%s\0' "$name" "$want"
	for mode in '' -j -p --jsonl; do
		fake "$fixture" $mode "$@"
		printf '%s\0' "$status" "$out" "$err"
	done
}

mkdir -p "$HERE/golden"
while read -r name fixture want words; do
	case $name in '' | \#*) continue ;; esac
	eval "one_case $name $fixture $want $words"
done <"$HERE/golden.list" >"$T/records"
UPDATE=${UPDATE:-} python3 "$HERE/golden.py" "$HERE" <"$T/records"
