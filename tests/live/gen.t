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

# Found by fuzzing: libbpf frees a section of no bytes twice when it joins two; and believes any size of .bss.
objcopy=$(command -v llvm-objcopy || command -v objcopy)
if "$objcopy" --add-section .odd=/dev/null "$T/a.o" "$T/odd.o" 2>/dev/null; then
	run "$BPFCTL" gen object "$T/new.o" "$T/odd.o"
	status 0 "an empty section, alone"
	rm "$T/new.o"
	run "$BPFCTL" gen object "$T/new.o" "$T/odd.o" "$T/odd.o"
	status 1 "an empty section, twice"
	like "$err" "'.odd' is empty" "an empty section, twice: says so"
	ok "an empty section, twice: no file" [ ! -e "$T/new.o" ]
else
	skip "an empty section" "no objcopy that can add one"
fi
printf 'int big[100]; int use(void) { return big[3]; }\n' >"$T/big.c"
"$CLANG" -target bpf -g -O2 -c "$T/big.c" -o "$T/big.o"
at=$(od -An -tu8 -j 40 -N 8 "$T/big.o" | tr -d ' ')
n=$(readelf -SW "$T/big.o" | sed -n 's/^ *\[ *\([0-9]*\)\] \.bss .*/\1/p')
printf '\377' | dd of="$T/big.o" bs=1 seek=$((at + 64 * n + 38)) conv=notrunc status=none
run "$BPFCTL" gen object "$T/new.o" "$T/big.o"
status 1 "a section of petabytes"
like "$err" "'.bss' claims [0-9]+ bytes" "a section of petabytes: says so"
"$CLANG" -target bpf -g -O2 -c "$T/big.c" -o "$T/far.o"
at=$((0x$(readelf -SW "$T/far.o" | sed -n 's/.* \.rel\.text *REL *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')))
printf '\1' | dd of="$T/far.o" bs=1 seek=$((at + 2)) conv=notrunc status=none
run "$BPFCTL" gen object "$T/new.o" "$T/far.o"
status 1 "a relocation far away"
like "$err" "relocation 0 of section [0-9]+ '.rel.text' lies outside" "a relocation far away: says so"
# libelf makes no records of it, and the linker does not look whether it did.
n=$(readelf -SW "$T/big.o" | sed -n 's/^ *\[ *\([0-9]*\)\] \.rel\.debug_line .*/\1/p')
"$CLANG" -target bpf -g -O2 -c "$T/big.c" -o "$T/half.o"
at=$(od -An -tu8 -j 40 -N 8 "$T/half.o" | tr -d ' ')
printf '\10\0\0\0' | dd of="$T/half.o" bs=1 seek=$((at + 64 * n + 32)) conv=notrunc status=none
for cmd in "gen object $T/new.o" "gen skeleton" "gen subskeleton" "prog load"; do
	where=()
	[ "$cmd" != "prog load" ] || where=("$BPFFS/half")
	run "$BPFCTL" $cmd "$T/half.o" "${where[@]}"
	status 1 "half a relocation: $cmd"
	like "$err" "section $n '.rel.debug_line' cannot be read" "half a relocation: $cmd says so"
done
# Symbols of sections that are not there: a number that is reserved, one that stands for a section and is of none.
at=$((0x$(readelf -SW "$T/far.o" | sed -n 's/.* \.symtab *SYMTAB *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')))
sym=$(readelf -sW "$T/far.o" | sed -n 's/^ *\([0-9]*\): .* SECTION .*/\1/p' | head -n 1)
for n in '\023\377' '\361\377' '\100\000'; do
	"$CLANG" -target bpf -g -O2 -c "$T/big.c" -o "$T/lost.o"
	printf "$n" | dd of="$T/lost.o" bs=1 seek=$((at + 24 * sym + 6)) conv=notrunc status=none
	run "$BPFCTL" gen object "$T/new.o" "$T/lost.o" "$T/a.o"
	status 1 "a symbol of section $n"
	like "$err" "symbol $sym is in section [0-9]+, which is not one of this file" "a symbol of section $n: says so"
done
run "$BPFCTL" gen object "$T/piped.o" <(cat "$T/a.o") <(cat "$T/b.o")
status 0 "objects from pipes"
"$BPFCTL" gen object "$T/app.o" "$T/a.o" "$T/b.o"
ok "objects from pipes: the same as from files" cmp "$T/piped.o" "$T/app.o"
run "$BPFCTL" gen object "$T/new.o" <(head -c 600 "$T/a.o")
status 1 "a cut object from a pipe"
like "$err" "/dev/fd/" "is named as the user named it"
is "$(find "$T" -name '*.tmp')" '' "nothing is left beside"
nothing_left "nothing is left"
done_testing
