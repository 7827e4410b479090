#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Run the fuzz targets that make fuzz has built: all, or those named. A line per target; status 1 when one found
# something. The input that did it stays in $BUILD/crashes, what the fuzzer learnt in $BUILD/corpus for next time.
#
#	BUILD=build-fuzz FUZZ_TIME=60 JOBS=2 tests/fuzz/run.sh [TARGET...]
#
# One input again: $BUILD/tests/fuzz/TARGET FILE

set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build-fuzz}
FUZZ_TIME=${FUZZ_TIME:-60}
JOBS=${JOBS:-$(nproc)}
CLANG=${CLANG:-clang}
seeds=$BUILD/seeds
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0:${ASAN_OPTIONS:-}

# --- seeds: our own test objects, their types, our own command lines ---

make_objects()
{
	local source name

	for source in tests/progs/*.c tests/progs/app/*.c tests/live/*.bpf.c; do
		name=$(basename "$source" .c)
		"$CLANG" -target bpf -g -O2 -w -DPFX=f -I"/usr/include/$(uname -m)-linux-gnu" -c "$source" \
			-o "$seeds/elf/$name.o" 2>/dev/null || continue
		llvm-strip -g "$seeds/elf/$name.o" 2>/dev/null
		"$CLANG" -target bpf -O2 -w -DPFX=f -I"/usr/include/$(uname -m)-linux-gnu" -c "$source" \
			-o "$seeds/elf/$name.nobtf.o" 2>/dev/null
	done
}

# number FILE OFFSET: 4 bytes
number()
{
	od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '
}

# A byte, or two with the high one first.
byte() { printf '%b' "$(printf '\\x%02x' "$1")"; }
word() { byte $(($1 >> 8)); byte $(($1 & 255)); }

# The types and the names of a file of BTF without its header, as btf_input.h puts them together again.
body()
{
	local types

	types=$(number "$1" 12)
	word "$types"
	tail -c +25 "$1" | head -c "$types"
	tail -c +$((26 + types)) "$1" | head -c -1
}

make_types()
{
	local object raw name text

	for object in "$seeds"/elf/*.o; do
		name=$(basename "$object" .o)
		raw=$seeds/raw/$name
		llvm-objcopy --dump-section .BTF="$raw" "$object" /dev/null 2>/dev/null
		[ -s "$raw" ] && [ "$(wc -c <"$raw")" -lt 16384 ] || continue
		{ byte 0; cat "$raw"; } >"$seeds/btf_read/$name.raw"
		{ byte 1; body "$raw"; } >"$seeds/btf_read/$name.types"
		{ byte 3; body "$raw"; } >"$seeds/btf_read/$name.split"
		{ byte 9; byte 1; byte 4; byte 8; body "$raw"; } >"$seeds/btf_read/$name.layout"
		for text in 'a=1' '[1].b=RED' '{"key":[1,2,"x"]}'; do
			{ byte 0; byte ${#text}; byte 40; printf %s "$text"; head -c 40 "$object"; body "$raw"; } \
				>"$seeds/btf_value/$name.${#text}"
		done
	done
}

make_words()
{
	local n=0 line

	# Every command with its parameters, and every test of the command line.
	"$BUILD/bpfctl" --introspect-cli | grep -o '"name": *"[^"]*"' | sed 's/.*: *"//; s/"$//' | sort -u >"$seeds/names"
	sed 's/.*/"&"/' "$seeds/names" | grep -v '""' >"$seeds/words.dict"
	while read -r line; do
		n=$((n + 1))
		{ byte 0; printf %s "${line// /$'\n'}"; } >"$seeds/words/line$n"
		{ byte 1; printf %s "${line// /$'\n'}"; } >"$seeds/words/complete$n"
		{ byte 3; echo "$line"; } >"$seeds/words/batch$n"
	done < <(awk -F '\t' '{ print $NF }' tests/cli/golden.list | sed 's/^[^ ]* *//' | head -n 200)
	printf '\002# comment\nprog show "id" 1 \\\n  pinned '"'x y'"'\n-j map dump id 7\n' >"$seeds/words/batch"
	printf '\001\013name\2\004\003bytes\377\n' >"$seeds/writer/small"
}

# The strings of its unit test are logs of several kernels.
make_logs()
{
	{ printf '\001'; sed -n 's/^[ \t]*"\(.*\)".*/\1/p' tests/unit/t_refusal.c | sed 's/\\n/\n/g'; } >"$seeds/refusal/all"
	split -l 12 -d "$seeds/refusal/all" "$seeds/refusal/part"
}

make_seeds()
{
	local target

	for target in "${targets[@]}" elf raw words writer btf_read btf_value min_core refusal; do
		mkdir -p "$seeds/$target"
	done
	make_objects
	make_types
	make_words
	make_logs
	for target in "$seeds"/elf/*.o; do
		{ byte 0; cat "$target"; } >"$seeds/min_core/$(basename "$target")"
	done
	for target in "$seeds"/raw/*; do
		{ byte 1; cat "$target"; } >"$seeds/min_core/$(basename "$target").types"
	done
	cp "$seeds"/raw/* "$seeds"/elf/*.o "$seeds/btf_dump/" 2>/dev/null
	export FUZZ_OBJECT=$seeds/elf/tracer.o
}

# Targets that take a whole object share its seeds.
seeds_of()
{
	case $1 in
	btf_read | btf_value | btf_dump | words | writer | min_core | refusal) echo "$seeds/$1" ;;
	*) echo "$seeds/elf" ;;
	esac
}

# --- one target ---

run_one()
{
	local target=$1 log=$BUILD/$1.log extra=() rc=0 runs crash

	if ! FUZZ_IS_THERE=1 timeout 60 "$BUILD/tests/fuzz/$target" -runs=0 >/dev/null 2>&1; then
		echo "  $target: not there: the program has no such command"
		return 0
	fi
	mkdir -p "$BUILD/corpus/$target" "$BUILD/crashes"
	[ "$target" != words ] || extra=(-dict="$seeds/words.dict")
	"$BUILD/tests/fuzz/$target" -max_total_time="$FUZZ_TIME" -timeout=25 -rss_limit_mb=6144 -malloc_limit_mb=3072 \
		-max_len=65536 -print_final_stats=1 -artifact_prefix="$BUILD/crashes/$target-" "${extra[@]}" \
		"$BUILD/corpus/$target" "$(seeds_of "$target")" </dev/null >"$log" 2>&1 || rc=$?
	runs=$(awk '/number_of_executed_units/ { print $2 }' "$log")
	if [ $rc = 0 ]; then
		echo "  $target: ${runs:-0} runs, nothing found ($(find "$BUILD/corpus/$target" -type f | wc -l) inputs kept)"
		return 0
	fi
	crash=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
	echo "  $target: FAILED after ${runs:-?} runs: $(grep -m 1 -E 'SUMMARY|does not hold|runtime error|ERROR' "$log")"
	echo "      again: $BUILD/tests/fuzz/$target $crash"
	echo "      whole log: $log"
	return 1
}

if [ "${1:-}" = --one ]; then
	run_one "$2"
	exit
fi

targets=("$@")
if [ $# = 0 ]; then
	mapfile -t targets < <(find "$BUILD/tests/fuzz" -maxdepth 1 -type f -perm -u+x -printf '%f\n' | sort)
fi
[ ${#targets[@]} != 0 ] || { echo "nothing is built in $BUILD/tests/fuzz: make fuzz" >&2; exit 1; }
make_seeds
printf '%s\n' "${targets[@]}" | FUZZ_TIME=$FUZZ_TIME BUILD=$BUILD xargs -P "$JOBS" -n 1 "$0" --one
