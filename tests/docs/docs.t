#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What the program says about itself, its help, its completion and its manual are one.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
need python3
need jq
BUILD=$(realpath "${BUILD:-build}")

run "$BPFCTL" --introspect-cli
status 0 "the program describes itself"
json_ok "in JSON"
echo "$out" >"$T/true.json"
# A check that cannot fail is none: a program that has one more parameter, one more option, and one less command.
jq '(.commands[] | select(.name == "prog").commands) |=
	(map(select(.name != "pin")) | .[0].params += [{"name":"frobnicate","metavar":"N","kind":"u32",
	 "help":"x","required":false,"repeat":false,"group":0,"words":[]}]) |
    .options += [{"short":"","long":"frobnicate","metavar":"","help":"x"}]' <"$T/true.json" >"$T/other.json"
found=$(SERVE_SO=$BUILD/tests/serve.so python3 tests/docs/check.py "$BPFCTL" "$T/true.json" "$T/other.json" 2>&1)
for what in manual help completion options; do
	is "$(sed -n "s/^true: $what: //p" <<<"$found")" '' "$what"
	like "$found" "other: $what: [^"$'\n'"]*frobnicate" "$what: something new is missed"
done
like "$found" "other: manual: [^"$'\n'"]*'prog pin' is no command" "so is a command that went"
is "$(grep -v '^true: \|^other: ' <<<"$found")" '' "the checks ran"

if python3 -c 'import docutils' 2>/dev/null; then
	ok "no page gives docutils a reason to complain" \
		python3 Documentation/pages.py "$BPFCTL" "$BUILD/man" Documentation/*.rst
	is "$(cd "$BUILD/man" && echo *.8)" "$(cd Documentation && for f in *.rst; do echo "${f%.rst}.8"; done | xargs)" \
		"all pages are made"
	like "$(man -l "$BUILD/man/bpfctl-prog.8" 2>/dev/null | col -b || cat "$BUILD/man/bpfctl-prog.8")" "xlated" \
		"the page is readable"
	printf 'title\n==\n' >"$T/bad.rst"
	run python3 Documentation/pages.py "$BPFCTL" "$T/man" "$T/bad.rst"
	is "$status:$(ls "$T/man")" "1:" "a page with a mistake is none"
	like "$err" "too short for the title" "and is complained of"
else
	skip "man pages" "docutils is not installed"
fi
done_testing
