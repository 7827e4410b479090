#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# gen object: what is linked loads, and a failure leaves the old state.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
cat >"$T/a.c" <<EOC
extern int ${PFX}_shared(int x);
__attribute__((section("socket"), used)) int ${PFX}_a(void *ctx) { return ${PFX}_shared(1); }
char LICENSE[] __attribute__((section("license"))) = "GPL";
EOC
cat >"$T/b.c" <<EOC
__attribute__((noinline)) int ${PFX}_shared(int x) { return x + 1; }
__attribute__((section("socket"), used)) int ${PFX}_b(void *ctx) { return 0; }
EOC
for f in a b; do
	bpf_cc "$T/$f.c" "$T/$f.o" -g || exit 1
done

run "$BPFCTL" gen object "$T/app.o" "$T/a.o" "$T/b.o"
status 0 "two objects are linked"
is "$out$err" '' "without a word"
run "$BPFCTL" prog loadall "$T/app.o" "$BPFFS/app"
status 0 "the result loads"
is "$(find "$BPFFS/app" -type f | wc -l)" 2 "and holds the programs of both"
rm -r "${BPFFS:?}/app"
run "$BPFCTL" -j gen object "$T/app.o" "$T/b.o"
status 0 "it is replaced"
is "$out" null "null in JSON"

old=$(sha256sum <"$T/app.o")
echo nothing >"$T/bad.o"
head -c 600 "$T/a.o" >"$T/short.o"
for bad in bad.o short.o nosuch.o; do
	run "$BPFCTL" gen object "$T/app.o" "$T/a.o" "$T/$bad"
	status 1 "$bad: refused"
	like "$err" "$bad" "$bad: named"
	is "$(sha256sum <"$T/app.o")" "$old" "$bad: the old file is there"
	run "$BPFCTL" -j gen object "$T/new.o" "$T/$bad"
	json_ok "$bad: one document"
	ok "$bad: no new file" [ ! -e "$T/new.o" ]
done
run "$BPFCTL" gen object "$T/nodir/app.o" "$T/a.o"
status 1 "a directory that is not there"
like "$err" "nodir.*No such file" "is named"
run "$BPFCTL" gen object "$T/app.o"
status 2 "no input"
is "$(find "$T" -name '*.tmp')" '' "nothing is left beside"
nothing_left "nothing is left"
done_testing
