#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What the program says about itself, its help, its completion and its manual are one.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
need python3
need jq

run "$BPFCTL" --introspect-cli
status 0 "the program describes itself"
json_ok "in JSON"
for what in manual help completion options; do
	is "$(python3 tests/docs/check.py "$BPFCTL" $what 2>&1)" '' "$what"
done

# A check that cannot fail is none: a program that has one more parameter, and one less command.
cat >"$T/other" <<'SH'
#!/bin/sh
[ "$1" = --introspect-cli ] || exec "$BPFCTL" "$@"
"$BPFCTL" --introspect-cli | jq '(.commands[] | select(.name == "prog").commands) |=
	(map(select(.name != "pin")) | .[0].params += [{"name":"frobnicate","metavar":"N","kind":"u32",
	 "help":"x","required":false,"repeat":false,"group":0,"words":[]}])'
SH
chmod +x "$T/other"
for what in manual help completion; do
	like "$(python3 tests/docs/check.py "$T/other" $what 2>&1)" frobnicate "$what: a new parameter is missed"
done
like "$(python3 tests/docs/check.py "$T/other" manual)" "'prog pin' is no command" "so is a command that went"

rst2man=$(command -v rst2man || command -v rst2man.py)
if [ -n "$rst2man" ]; then
	for page in Documentation/*.rst; do
		name=$(basename "$page" .rst)
		python3 Documentation/synopsis.py "$BPFCTL" "$page" >"$T/$name.rst"
		ok "$name: rst2man has no complaint" "$rst2man" --strict "$T/$name.rst" "$T/$name.8"
	done
	like "$(man -l "$T/bpfctl-prog.8" 2>/dev/null | col -b || cat "$T/bpfctl-prog.8")" "xlated" \
		"the page is readable"
else
	skip "man pages" "rst2man is not installed"
fi
done_testing
