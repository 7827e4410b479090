#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# gen skeleton and subskeleton: programs written against the headers, in C and C++, do what they should on this
# kernel; the headers have the names and types that the distribution's bpftool gives; what is no name is mended.
. "$(dirname "$0")/../lib.sh"
live "$@"
. "$TOP/tests/live/skel.sh"
RAW=${PFX}_raw
bpf_cc "$HERE/skeleton.bpf.c" "$T/app.bpf.o" -g "-DNAME=$PFX" "-I$HERE" || skip_all "clang does not compile this"

# libbpf asks tracefs for tracepoints; the mount namespace is ours
[ -d /sys/kernel/tracing/events ] || mount -t tracefs "$PFX" /sys/kernel/tracing || skip_all "no tracefs here"

# --- a program, written against the header ---
run "$BPFCTL" gen skeleton "$T/app.bpf.o" name app -o "$H/app.skel.h"
status 0 "a header"
is "$out$err" '' "without a word"
for l in "${languages[@]}"; do
	ok "$l: compiles" strict "$l" "-DHEADER=\"app.skel.h\"" "-DRAW=$RAW" "$HERE/skeleton_use.c" -o "$T/use" -lbpf
	run_tap "$l" "$T/use" "$T/app.bpf.o"
	printf '#include "skeleton_types.h"\n#include "app.skel.h"\nint main(void) { return 0; }\n' >"$T/unused.c"
	ok "$l: compiles where nothing is used" strict "$l" -c "$T/unused.c" -o "$T/unused.o"
done
is "$(awk 'length > 78 && /^\\/' "$H/app.skel.h" | wc -l)" 0 "no line of the bytes is longer than 78 columns"
printf 'struct sample { int a; }; enum mood { GOOD, BAD }; typedef int pair_t[2];\n#include "app.skel.h"\n' >"$T/other.c"
run strict c -c "$T/other.c" -o "$T/other.o"
like "$err" "rodata->limits|unexpected|static assertion failed" "a type of another size does not compile"

# --- where it goes ---
"$BPFCTL" gen skeleton "$T/app.bpf.o" name app >"$T/stdout.h"
ok "stdout has the same" cmp "$H/app.skel.h" "$T/stdout.h"
run "$BPFCTL" -j gen skeleton "$T/app.bpf.o" name app
json_ok "one document with -j"
"$BPFCTL" -j gen skeleton "$T/app.bpf.o" name app | jq -j .header >"$T/json.h"
ok "with the header in it" cmp "$H/app.skel.h" "$T/json.h"
run "$BPFCTL" -j gen skeleton "$T/app.bpf.o" name app output "$T/file.h"
is "$out" null "a file with -j: null"
ok "and the header itself in the file" cmp "$H/app.skel.h" "$T/file.h"
run sh -c "'$BPFCTL' gen skeleton '$T/app.bpf.o' >/dev/full"
status 1 "a full disk is noticed"

# --- names ---
run "$BPFCTL" gen skeleton "$T/app.bpf.o"
like "$out" "struct app_bpf \{" "the name of the file"
for bad in a-b class bpf_object 1x int "$(printf 'x%.0s' {1..64})"; do
	run "$BPFCTL" gen skeleton "$T/app.bpf.o" name "$bad" -o "$T/bad.h"
	status 2 "'$bad' is no name"
	like "$err" "Hint: use 'name [A-Za-z_][A-Za-z_0-9]*'" "another one is proposed for '$bad'"
	proposed=$(sed -n "s/.*Hint: use 'name \([^']*\)'.*/\1/p" <<<"$err")
	run "$BPFCTL" gen skeleton "$T/app.bpf.o" name "$proposed" -o "$T/good.h"
	status 0 "which is one"
	ok "no header for '$bad'" [ ! -e "$T/bad.h" ]
done
for words in "gen skeleton" "gen subskeleton" "-L gen skeleton"; do
	# shellcheck disable=SC2086
	run "$BPFCTL" $words <(cat "$T/app.bpf.o")
	is "$status:$out:$(sed "s/'[^']*'/X/" <<<"$err")" \
		"2::Error: missing a name for the struct: X is not a regular file"$'\n'"Hint: add X" \
		"$words of a pipe: its name is not the object's"
	run "$BPFCTL" $words <(cat "$T/app.bpf.o") name piped
	like "$status:$out" "^0:.*struct piped \{" "$words: with a name"
done
for file in 1-x.y.o class.o bpf_map.o; do
	cp "$T/app.bpf.o" "$T/$file"
	run "$BPFCTL" gen skeleton "$T/$file" -o "$H/named.h"
	status 0 "$file: has a skeleton"
	like "$err" "is called '[A-Za-z_]+[A-Za-z0-9_]*'" "$file: tells the name"
	printf '#include "skeleton_types.h"\n#include "named.h"\n' >"$T/named.c"
	for l in "${languages[@]}"; do
		ok "$file: compiles as $l" strict "$l" -c "$T/named.c" -o "$T/named.o"
	done
done

# names that the struct's own members have
for name in open load elf_bytes maps data obj; do
	"$BPFCTL" gen skeleton "$T/app.bpf.o" name $name -o "$H/named.h"
	for l in "${languages[@]}"; do
		ok "struct $name compiles as $l" strict "$l" -c "$T/named.c" -o "$T/named.o"
	done
done

# --- as data ---
run "$BPFCTL" gen skeleton "$T/app.bpf.o" name app format json
ok "format json is JSON" one_json "$out"
json_is '[.version, .name, .license]' '[1,"app","GPL"]' "what it is"
json_is '.programs[] | select(.section == "xdp") | [.name, .ident, .type]' '["delete","delete_","xdp"]' "programs"
json_is '.maps[] | select(.name == "hashed") | [.type, .key_type, .value_type, .value_size, .internal]' \
	'["hash","int","struct sample",32,false]' "maps"
json_is '.data[] | select(.ident == "data") | .variables[] | select(.name == "matrix") |
	 [.type, .declaration, .size, (.initial | @base64d | explode | map(select(. > 0)))]' \
	'["int [2][3]","int matrix[2][3]",24,[1,2,3,4,5,6]]' "variables and their initial bytes"
json_is '.data[] | select(.ident == "kconfig") | .read_only' true "kconfig is read-only"
json_is '[.data[].variables[].name] | contains(["hidden"])' false "static variables are not there"
json_is '[.data[] | .variables | . == sort_by(.offset)] | all' true "in the section's order"
jq -j .object.base64 <<<"$out" | base64 -d >"$T/decoded.o"
ok "the object" cmp "$T/decoded.o" "$T/app.bpf.o"
run "$BPFCTL" -j gen skeleton "$T/app.bpf.o" name app format json
json_ok "the same with -j"
run "$BPFCTL" -L gen skeleton "$T/app.bpf.o" format json
status 2 "not of a loader"

# --- a library's part of an object ---
bpf_cc "$HERE/subskel.bpf.c" "$T/lib.o" -g "-DNAME=$PFX" -DLIBRARY
bpf_cc "$HERE/subskel.bpf.c" "$T/main.o" -g "-DNAME=$PFX"
run "$BPFCTL" gen object "$T/host.o" "$T/main.o" "$T/lib.o"
status 0 "host and library are linked"
run "$BPFCTL" gen skeleton "$T/host.o" -o "$H/host.skel.h"
status 0 "the host's skeleton"
run "$BPFCTL" gen subskeleton "$T/lib.o" -o "$H/lib.subskel.h"
status 0 "the library's subskeleton"
is "$out$err" '' "without a word"
for l in "${languages[@]}"; do
	ok "library: compiles as $l" strict "$l" -c '-DHEADER="lib.subskel.h"' "-DPROG=${PFX}_lib" \
		"$HERE/subskel_lib.c" -o "$T/lib_use.o"
	ok "host: compiles as $l" strict "$l" '-DHEADER="host.skel.h"' "-DPROG=${PFX}_host" \
		"$HERE/subskel_host.c" -x none "$T/lib_use.o" -o "$T/host" -lbpf
	run_tap "$l" "$T/host"
done
bpf_cc "$HERE/subskel.bpf.c" "$T/untyped.o" "-DNAME=$PFX" -DLIBRARY
run "$BPFCTL" gen subskeleton "$T/untyped.o"
status 1 "an object without types has none"
like "$err" "BTF" "that is said"
run "$BPFCTL" -L gen subskeleton "$T/lib.o"
status 2 "a subskeleton has no loader"

# --- objects of before libbpf 1.0: what is embedded is what libbpf takes ---
bpf_cc "$TOP/tests/progs/legacy.c" "$T/legacy.o" -g "-DPFX=$PFX"
run "$BPFCTL" gen skeleton "$T/legacy.o" name old -o "$H/old.h"
status 0 "an object with legacy maps"
cat >"$T/old.c" <<'C'
#include "old.h"
int main(void) { struct old *s = old__open_and_load(); int good = !!s; old__destroy(s); return !good; }
C
ok "compiles" strict c "$T/old.c" -o "$T/old" -lbpf
ok "and loads" "$T/old"

# --- struct_ops, by the libbpf that is here ---
bpf_cc "$TOP/tests/progs/struct_ops.c" "$T/ops.o" -g "-DPFX=$PFX"
cat >"$T/ops.c" <<C
#include "ops.h"
#include <stdlib.h>
int main(void)
{
	struct ops *s = ops__open_and_load();
	struct bpf_link *link;
	int there;

	if (!s || ops__attach(s))
		return 1;
#ifdef BPF_SKEL_SUPPORTS_MAP_AUTO_ATTACH
	link = NULL;
#else
	link = bpf_map__attach_struct_ops(s->maps.${PFX}_ops);
#endif
	there = !system("grep -qw ${PFX}cc /proc/sys/net/ipv4/tcp_available_congestion_control");
	bpf_link__destroy(link);
	ops__destroy(s);
	return !there;
}
C
run "$BPFCTL" gen skeleton "$T/ops.o" for-libbpf "$(pkg-config --modversion libbpf | cut -d. -f1,2)" -o "$H/ops.h"
status 0 "an object with struct_ops"
for l in "${languages[@]}"; do
	ok "struct_ops: compiles as $l" strict "$l" "$T/ops.c" -o "$T/ops" -lbpf
	ok "struct_ops: is registered" "$T/ops"
done

# --- for another libbpf ---
members()
{
	"$BPFCTL" gen skeleton "$T/ops.o" for-libbpf "$1" |
		grep -oE 'struct bpf_link \*\w+_ops|BPF_SKEL_SUPPORTS_MAP_AUTO_ATTACH|^	} struct_ops|#error' | sort -u | tr '\n' ' '
}
is "$(members 1.1)" '' "1.1: nothing of struct_ops maps"
like "$(members 1.4)" "^	} struct_ops $" "1.4: what they hold"
like "$(members 1.5)" "struct_ops #error BPF_SKEL_SUPPORTS_MAP_AUTO_ATTACH struct bpf_link \*${PFX}_ops" "1.5: and their links"
bpf_cc "$TOP/tests/progs/struct_ops.c" "$T/link.o" -g "-DPFX=$PFX" -DLINK
for command in skeleton subskeleton; do
	run "$BPFCTL" gen $command "$T/link.o" for-libbpf 1.1
	like "$err" "before 1.2 .*link__open\(\) fails" "$command: 1.1 does not find the link type, which is said"
	like "$out" "struct bpf_map \*${PFX}_ops;" "$command: the map has its member"
	run "$BPFCTL" gen $command "$T/link.o" for-libbpf 1.2
	is "$err" '' "$command: 1.2 finds it"
done
run "$BPFCTL" gen skeleton "$T/ops.o" for-libbpf new
status 2 "no version"
run "$BPFCTL" gen skeleton "$T/app.bpf.o" name app for-libbpf 1.5 -o "$H/app.skel.h"
for l in "${languages[@]}"; do
	ok "without struct_ops the later header compiles with any as $l" strict "$l" -c "$T/unused.c" -o "$T/unused.o"
done

# --- what is no object, or a broken one: an error that names it, and what was there before is left ---
echo "old" >"$T/kept.h"
head -c 700 "$T/app.bpf.o" >"$T/torn.o"
echo "this is no object" >"$T/text.o"
: >"$T/empty.o"
mkdir "$T/directory.o"
for bad in nosuch.o torn.o text.o empty.o directory.o; do
	for command in "gen skeleton" "gen subskeleton"; do
		# shellcheck disable=SC2086 # two words
		run "$BPFCTL" $command "$T/$bad" -o "$T/kept.h"
		status 1 "$command $bad"
		like "$err" "^Error: .*$bad" "is named"
		# shellcheck disable=SC2086
		run "$BPFCTL" -j $command "$T/$bad"
		json_ok "one document with -j"
	done
done
is "$(<"$T/kept.h")" old "the old file is there"

# Types changed at random: a header, or an error; never a signal, and nothing that does not end.
btf_at=$(readelf -SW "$T/app.bpf.o" | sed -n 's/.* \.BTF  *PROGBITS  *[0-9a-f]* \([0-9a-f]*\) \([0-9a-f]*\) .*/\1 \2/p')
if [ -n "$btf_at" ]; then
	read -r at size <<<"$btf_at"
	mkdir "$T/mutants"
	python3 "$HERE/mutate.py" "$T/app.bpf.o" "$T/mutants" 60 3 $((0x$at + 24)) $((0x$size - 24))
	# shellcheck disable=SC2016
	odd=$(cd "$T/mutants" && timeout 100 bash -c 'for i in {0..59}; do
		for words in "skeleton $i.o name m for-libbpf 1.5" "subskeleton $i.o name m" "skeleton $i.o name m format json"; do
			"$BPFCTL" gen $words >/dev/null 2>&1
			rc=$?
			[ $rc -le 1 ] || echo "$words: status $rc"
		done
	done; echo "$i.o was the last"' 2>/dev/null)
	is "$odd" '59.o was the last' "objects with broken types"
else
	skip "objects with broken types" "no readelf"
fi

# --- the same names as bpftool's ---
# The struct up to its C++ functions, and the functions: without padding, bytes and bodies, and without the empty
# structs that bpftool 7.1 has for sections whose variables are all static.
members_of()
{
	sed -nE '/^struct app \{/,/^#ifdef|^\};/p' "$1" | tr '\n' ' ' | tr -s ' \t' ' ' |
		sed -E 's/#ifdef.*//; s/ char __pad[0-9]+\[[0-9]+\];//g; s/ struct app__[a-z0-9_]+ \{ \} \*[a-z0-9_]+;//g
			s/ $//; s/([;{]) /\1\n/g'
}

functions_of()
{
	grep -vE '^\\\\' "$1" | tr '\n' ' ' | tr -s ' \t' ' ' |
		grep -oE '(__attribute__\(\(unused\)\) )?static (inline )?[a-z_ ]+[ *]+app__[a-z_]+\([^)]*\)' |
		sed 's/\* app/*app/' | sort -u
}

if [ -n "$BPFTOOL" ]; then
	for source in counter.c multi.c events.c typed.c flows.c tracer.c run.c; do
		bpf_cc "$TOP/tests/progs/$source" "$T/cmp.o" -g -DBTF "-DPFX=$PFX" 2>/dev/null || continue
		"$BPFTOOL" gen skeleton "$T/cmp.o" name app >"$T/theirs.h" 2>/dev/null || continue
		"$BPFCTL" gen skeleton "$T/cmp.o" name app for-libbpf 1.1 >"$T/ours.h" 2>/dev/null
		ok "$source: names are found" [ "$(members_of "$T/theirs.h" | wc -l)" -gt 6 ]
		is "$(diff <(members_of "$T/theirs.h") <(members_of "$T/ours.h"))" '' "$source: members as bpftool's"
		is "$(functions_of "$T/ours.h" | wc -l)" 10 "$source: functions are found"
		is "$(diff <(functions_of "$T/theirs.h") <(functions_of "$T/ours.h"))" '' "$source: which are bpftool's"
	done
	"$BPFTOOL" gen subskeleton "$T/lib.o" name theirs >"$H/theirs.subskel.h"
	"$BPFCTL" gen subskeleton "$T/lib.o" name ours >"$H/ours.subskel.h"
	{
		echo '#include "theirs.subskel.h"'
		echo '#include "ours.subskel.h"'
		for member in maps.lib_map maps.rodata maps.bss maps.data "progs.${PFX}_lib" rodata.lib_step bss.lib_count \
			data.lib_table bss.lib_function subskel obj; do
			echo "_Static_assert(__builtin_types_compatible_p(__typeof__(((struct theirs *)0)->$member),"
			echo "	__typeof__(((struct ours *)0)->$member)), \"$member\");"
		done
	} >"$T/same.c"
	ok "a subskeleton has the types of bpftool's" strict c -c "$T/same.c" -o "$T/same.o"
else
	skip "names as bpftool's" "no bpftool of the distribution's"
fi
nothing_left "nothing is left"
done_testing
