#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Every command of golden.list, plain and with -j, beside what is kept in golden/. UPDATE=1 writes
# these files anew: read the difference before you commit it.
#
# Each also with -p (the same value), with --jsonl (every line a document), and for parity: what
# JSON tells is in the text too, or its key stands in json-only.txt.
. "$(dirname "$0")/cli.sh"
need jq

kept()
{
	local file=$HERE/golden/$1 what=$2

	[ -z "${UPDATE:-}" ] || printf '%s\n' "$out" >"$file"
	if [ ! -e "$file" ]; then
		result 1 "$what: golden/$1 is missing"
		return
	fi
	ok "$what" diff -u "$file" - <<<"$out"
}

# Leaves as "key<TAB>value", array elements under their array's key. Text shows entries of maps with
# type information by their types, and not as bytes besides.
leaves()
{
	jq -r 'walk(if type == "object" and has("formatted") then del(.key, .value, .values) else . end) |
	       paths(scalars) as $p | getpath($p) as $v | select($v != null) |
	       "\([$p[] | strings] | last // "")\t\($v)"'
}

# How a value may read in text: itself (control bytes escaped), in hex, bytes without 0x.
in_text()
{
	local value=${1//$'\e'/\\x1b} text=$2

	[[ $text == *"$value"* ]] && return
	[[ $value =~ ^-?[0-9]+$ ]] && [[ $text == *"$(printf 0x%x "$value")"* ]] && return
	[[ $value =~ ^0x ]] && [[ $text == *"${value#0x}"* ]]
}

parity()
{
	local name=$1 text=$2 key value lost=

	while IFS=$'\t' read -r key value; do
		grep -qxE "$key(=${value//[^0-9a-z]/.})?[[:blank:]].*" "$HERE/json-only.txt" && continue
		in_text "$value" "$text" || lost="$lost $key=$value"
	done < <(leaves <<<"$out")
	is "$lost" '' "$name: what JSON tells is in the text"
}

one_case()
{
	local name=$1 fixture=$2 want=$3 text

	shift 3
	fake "$fixture" "$@"
	is "$status" "$want" "$name: exit status"
	text=$out
	[ -z "$err" ] || out=$out$'\n--- stderr\n'$err
	kept "$name.txt" "$name: plain"
	fake "$fixture" -j "$@"
	is "$status" "$want" "$name: exit status with -j"
	json_ok "$name: -j is one document, stderr silent"
	kept "$name.json" "$name: -j"
	[ "$want" = 0 ] && parity "$name" "$text"
	text=$(jq -cS . <<<"$out")
	fake "$fixture" -p "$@"
	is "$(jq -cS . <<<"$out" 2>&1)" "$text" "$name: -p is the same value"
	fake "$fixture" --jsonl "$@"
	ok "$name: --jsonl is documents" jq -c . <<<"$out"
}

mkdir -p "$HERE/golden"
while read -r name fixture want words; do
	case $name in '' | \#*) continue ;; esac
	eval "one_case $name $fixture $want $words"
done <"$HERE/golden.list"
done_testing
