#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The kernel's own BPF programs as input: all of linux-source-6.1's tools/testing/selftests/bpf/progs, compiled, and
# the objects the kernel links of them. For each: gen skeleton, -L, subskeleton, min_core_btf, btf dump raw and C,
# obj show; each generated header compiled as C and as C++ with -Wall -Werror; the dumps and the minimal BTF compared
# with bpftool's.
#
#	tests/selftests.sh [OBJECT...]		all, or the named ones ("test_ringbuf bpf_cubic")
#
#	CACHE=build/selftests	what is downloaded (170 MB once) and compiled stays here; results too
#	CHECKS="skel lskel subskel btf obj min"		which of them
#	BPFCTL=./bpfctl BPFTOOL=bpftool CLANG=clang-19 JOBS=2
#
# Not part of make check, as it downloads: make check-selftests. Prints a line per check, then what failed, then what
# was refused (by a clear error, where bpftool refuses or dies as well), then "N passed, N failed".
#
# A skeleton names the types of an object's globals and leaves it to its includer to declare them. The kernel's
# includers write or include them by hand; here selftests/types.c prints them from the object's BTF by libbpf, less
# what the system's headers have.

set -u
TOP=$(cd "$(dirname "$0")/.." && pwd)
export TOP
export BPFCTL=${BPFCTL:-$TOP/bpfctl}
export BPFTOOL=${BPFTOOL:-bpftool}
export CLANG=${CLANG:-clang-19}
export CACHE=${CACHE:-$TOP/build/selftests}
export CHECKS=${CHECKS:-skel lskel subskel btf obj min}
JOBS=${JOBS:-2}
export SELF=$CACHE/linux-source-6.1/tools/testing/selftests/bpf
export OUT=$CACHE/out THEIRS=$CACHE/theirs

die()
{
	echo "selftests: $*" >&2
	exit 1
}

# --- what is compiled, and with what; once ---

# Only the tests and the headers they include: the package holds the whole kernel.
get_source()
{
	[ -e "$CACHE/source-is-whole" ] && return
	(cd "$CACHE" && apt-get -q download linux-source-6.1) >/dev/null 2>&1 || return 1
	dpkg-deb --fsys-tarfile "$CACHE"/linux-source-6.1_*.deb | tar -xO ./usr/src/linux-source-6.1.tar.xz | xz -dc |
		tar -x -C "$CACHE" --wildcards 'linux-source-6.1/tools/testing/selftests/bpf/*' \
			'linux-source-6.1/tools/include/uapi/*' 'linux-source-6.1/tools/include/linux/*' \
			linux-source-6.1/scripts/extract-vmlinux || return 1
	rm "$CACHE"/linux-source-6.1_*.deb
	touch "$CACHE/source-is-whole"
}

# The types of the kernel of the same version: programs of another age do not fit the running one's.
get_vmlinux()
{
	local package

	[ -e "$CACHE/inc/vmlinux.h" ] && return
	package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-6/ { print $2; exit }')
	[ -n "$package" ] || return 1
	(cd "$CACHE" && apt-get -q download "$package") >/dev/null 2>&1 || return 1
	dpkg-deb --fsys-tarfile "$CACHE/$package"_*.deb | tar -xO --wildcards './boot/vmlinuz-*' >"$CACHE/vmlinuz" || return 1
	bash "$CACHE/linux-source-6.1/scripts/extract-vmlinux" "$CACHE/vmlinuz" >"$CACHE/vmlinux" || return 1
	mkdir -p "$CACHE/inc"
	"$BPFTOOL" btf dump file "$CACHE/vmlinux" format c >"$CACHE/inc/vmlinux.h.new" || return 1
	mv "$CACHE/inc/vmlinux.h.new" "$CACHE/inc/vmlinux.h"
	rm "$CACHE/$package"_*.deb "$CACHE/vmlinuz"
}

compile_one()
{
	local name extra=() at

	name=$(basename "$1" .c)
	[ -e "$CACHE/obj/$name.o" ] && return
	case $name in test_l4lb_noinline | test_xdp_noinline) extra=(-fno-inline) ;; esac
	for at in $SYSTEM_INCLUDES; do
		extra+=(-idirafter "$at")
	done
	"$CLANG" "${extra[@]}" -Wno-compare-distinct-pointer-types -g -O2 -target bpf -mcpu=v3 -mlittle-endian \
		-D__TARGET_ARCH_x86 -DENABLE_ATOMICS_TESTS -I"$CACHE/inc" -I"$SELF" \
		-I"$CACHE/linux-source-6.1/tools/include/uapi" -c "$1" -o "$CACHE/obj/$name.new" 2>"$CACHE/obj/$name.log" &&
		mv "$CACHE/obj/$name.new" "$CACHE/obj/$name.o"
}

# What the kernel's tests link: OBJECT and its parts. Some of the parts are of no use alone.
LINKED='
test_static_linked	test_static_linked1 test_static_linked2
linked_funcs		linked_funcs1 linked_funcs2
linked_vars		linked_vars1 linked_vars2
linked_maps		linked_maps1 linked_maps2
subskeleton_linked	test_subskeleton_lib2 test_subskeleton_lib test_subskeleton
subskeleton_lib_linked	test_subskeleton_lib2 test_subskeleton_lib
usdt_linked		test_usdt test_usdt_multispec
'

prepare()
{
	local known="$CACHE/known"

	mkdir -p "$CACHE/obj" "$THEIRS" || exit 1
	get_source || die "linux-source-6.1 cannot be downloaded with apt-get and unpacked"
	get_vmlinux || die "the types of a Debian 6.1 kernel cannot be downloaded and unpacked (needs lz4, bpftool)"
	SYSTEM_INCLUDES=$("$CLANG" -v -E - </dev/null 2>&1 | sed -n '/<...> search starts/,/End of search/s/^ //p' | xargs)
	export SYSTEM_INCLUDES
	find "$SELF/progs" -name '*.c' -print0 | xargs -0 -P "$JOBS" -n 1 "$0" --compile
	gcc -std=gnu11 -D_GNU_SOURCE -O1 -Wall -o "$CACHE/types" "$TOP/tests/selftests/types.c" -lbpf || exit 1
	printf '#include <%s>\n' errno.h stdbool.h stdlib.h bpf/libbpf.h bpf/skel_internal.h | gcc -E -P -xc - |
		"$CACHE/types" >"$known" || exit 1
	echo "typedef bool" >>"$known"
}

# --- one object ---

# said CHECK STATUS WHY: into this object's results
said()
{
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$name" "${3:-}" >>"$results"
}

# Both ran into files: equal or not. STATUS of a refusal is 1, with one error that says something.
clear_error()
{
	[ "$1" = 1 ] && grep -q '^Error: .....' "$2"
}

ours()
{
	timeout -k 5 60 "$BPFCTL" "$@" </dev/null
}

# theirs FILE WORD...: bpftool's output, kept from run to run, as it is slow and does not change
theirs()
{
	local file=$1

	shift
	[ -e "$file.rc" ] && return "$(<"$file.rc")"
	# It dies of some; that is not for this terminal to tell.
	(timeout -k 5 60 "$BPFTOOL" "$@" </dev/null >"$file" 2>"$file.err"; echo $? >"$file.rc") 2>/dev/null
	return "$(<"$file.rc")"
}

# The program that includes KIND's header and uses all it offers.
includer()
{
	local header=$2

	cat <<END
#include <errno.h>
#include <stdbool.h>
#include <bpf/libbpf.h>
#define btf_type_tag(x)
#include "$work/types.h"
#include "$header"
int main(void)
{
END
	case $1 in
	skel) cat <<END
	struct $name *s = ${name}__open();
	size_t size;

	${name}__destroy(${name}__open_opts(NULL));
	${name}__load(s);
	${name}__attach(s);
	${name}__detach(s);
	${name}__destroy(s);
	s = ${name}__open_and_load();
#ifdef __cplusplus
	$name::attach($name::open_and_load());
	$name::detach($name::open());
	$name::load(s);
	$name::elf_bytes(&size);
	$name::destroy(s);
#endif
	return !s || !${name}__elf_bytes(&size);
END
	;;
	lskel) cat <<END
	struct $name *s = ${name}__open();

	${name}__load(s);
	${name}__attach(s);
	${name}__detach(s);
	${name}__destroy(s);
	s = ${name}__open_and_load();
	return !s;
END
	;;
	subskel) cat <<END
	struct $name *s = ${name}__open(NULL);

	${name}__destroy(s);
#ifdef __cplusplus
	$name::destroy($name::open(NULL));
#endif
	return 0;
END
	;;
	esac
	echo "}"
}

# compiles KIND HEADER LANGUAGE
compiles()
{
	includer "$1" "$2" >"$work/main.$3"
	timeout 60 "$([ "$3" = c ] && echo gcc || echo g++)" -Wall -Werror -c -o /dev/null "$work/main.$3" 2>"$work/$1.$3.log"
}

check_header()
{
	local kind=$1 what=$2 language why

	for language in c cc; do
		if compiles "$kind" "$work/$kind.h" $language; then
			said "$what compiles as $language" pass
			continue
		fi
		why=$(grep -m 1 'error' "$work/$kind.$language.log" | sed "s,$work/,,")
		[ "$(<"$THEIRS/$name.$kind.rc")" != 0 ] || compiles "$kind" "$THEIRS/$name.$kind" $language ||
			why="$why (bpftool's header neither)"
		said "$what compiles as $language" fail "$why"
	done
}

# check_gen KIND CHECK WORD...: a header, and that it compiles
check_gen()
{
	local kind=$1 what=$2 rc=0 their_rc=0

	shift 2
	ours "$@" "$object" >"$work/$kind.h" 2>"$work/$kind.err" || rc=$?
	theirs "$THEIRS/$name.$kind" "$@" "$object" || their_rc=$?
	if [ $rc = 0 ] && grep -qE '^(libbpf|Error|Hint):' "$work/$kind.err"; then
		said "$what" fail "succeeds, but says: $(head -n 1 "$work/$kind.err")"
	elif [ $rc = 0 ]; then
		said "$what" pass
		check_header "$kind" "$what"
	elif [ $their_rc != 0 ] && clear_error $rc "$work/$kind.err" && [ ! -s "$work/$kind.h" ]; then
		said "$what" refused "$(grep '^Error:' "$work/$kind.err") (bpftool: status $their_rc)"
	else
		said "$what" fail "status $rc, bpftool $their_rc: $(grep -v '^Hint:' "$work/$kind.err" | tail -n 1)"
	fi
}

# First line that is in one of two sorted files only.
first_difference()
{
	comm -3 "$1" "$2" | head -n 1 | tr '\t' '>'
}

check_btf()
{
	local rc=0 their_rc=0

	ours btf dump file "$object" >"$work/raw" 2>"$work/raw.err" || rc=$?
	theirs "$THEIRS/$name.raw" btf dump file "$object" || their_rc=$?
	if [ $rc = $their_rc ] && cmp -s "$work/raw" "$THEIRS/$name.raw"; then
		said "btf dump raw as bpftool's" pass
	elif [ $their_rc != 0 ] && clear_error $rc "$work/raw.err"; then
		said "btf dump raw as bpftool's" refused "$(head -n 1 "$work/raw.err") (bpftool: status $their_rc)"
	else
		said "btf dump raw as bpftool's" fail "status $rc, bpftool $their_rc: $(diff "$THEIRS/$name.raw" "$work/raw" | sed -n 2p)"
	fi
	[ $their_rc = 0 ] || return
	check_btf_c
}

# Sizes and places of members as the types say, for the compiler to compare with what it makes of the C. Names that
# are there twice are told apart in C in a way of its own.
LAYOUT='
/^\[/ { record = "" }
/^\[[0-9]+\] (STRUCT|UNION) / {
	name = $3; gsub(/\047/, "", name)
	record = $2 == "STRUCT" ? "struct" : "union"
	if (name == "(anon)") { record = ""; next }
	size = $4; sub(/size=/, "", size)
	seen[name]++
	text[name] = "_Static_assert(sizeof(" record " " name ") == " size ", \"" name "\");\n"
	next
}
/^\t/ && record && $0 !~ /\(anon\)/ && $0 !~ /bitfield_size/ {
	member = $1; gsub(/\047/, "", member)
	bits = $3; sub(/bits_offset=/, "", bits)
	text[name] = text[name] "_Static_assert(__builtin_offsetof(" record " " name ", " member ") * 8 == " bits \
		", \"" name "." member "\");\n"
}
END { for (name in seen) if (seen[name] == 1) printf "%s", text[name] }'

# What a header declares, by name.
declared()
{
	"$CLANG" -E -P -xc "$1" 2>/dev/null | grep -v '^#' | "$CACHE/types" | sort -u
}

check_btf_c()
{
	if ! ours btf dump file "$object" format c >"$work/dump.h" 2>"$work/c.err"; then
		said "btf dump format c" fail "$(head -n 1 "$work/c.err")"
		return
	fi
	said "btf dump format c" pass
	theirs "$THEIRS/$name.c" btf dump file "$object" format c || return
	declared "$work/dump.h" >"$work/declared"
	declared "$THEIRS/$name.c" >"$work/declared.theirs"
	if [ -z "$(comm -13 "$work/declared" "$work/declared.theirs")" ]; then
		said "the C declares all that bpftool's does" pass
	else
		said "the C declares all that bpftool's does" fail "lacks: $(comm -13 "$work/declared" "$work/declared.theirs" | head -n 1)"
	fi
	{ cat "$work/dump.h"; awk "$LAYOUT" "$THEIRS/$name.raw"; } >"$work/layout.c"
	if "$CLANG" -target bpf -fsyntax-only -w -xc "$work/layout.c" 2>"$work/c.log"; then
		said "the C compiles for BPF, sizes and places are right" pass
	else
		said "the C compiles for BPF, sizes and places are right" fail "$(grep -m 1 error "$work/c.log" | sed "s,$work/,,")$(
			{ cat "$THEIRS/$name.c"; awk "$LAYOUT" "$THEIRS/$name.raw"; } |
			"$CLANG" -target bpf -fsyntax-only -w -xc - 2>/dev/null || echo " (bpftool's neither)")"
	fi
}

# The names of KIND (maps, progs) in a skeleton of bpftool's.
skeleton_names()
{
	sed -n "s/^.*s->$1\[[0-9]*\]\.name = \"\(.*\)\";.*/\1/p" "$2" | sort -u
}

check_obj()
{
	local kind names

	if ! ours obj show "$object" >"$work/obj.txt" 2>"$work/obj.err" || [ ! -s "$work/obj.txt" ]; then
		said "obj show" fail "$(head -n 1 "$work/obj.err")"
		return
	fi
	if ! ours -j obj show "$object" >"$work/obj.json" 2>"$work/obj.err" || [ -s "$work/obj.err" ] ||
		! jq -e . <"$work/obj.json" >/dev/null 2>&1; then
		said "obj show" fail "no JSON: $(head -n 1 "$work/obj.err")"
		return
	fi
	said "obj show" pass
	theirs "$THEIRS/$name.skel" gen skeleton "$object" || return
	for kind in progs maps; do
		[ $kind = maps ] && names='.maps[].name, .struct_ops[]?.name' || names='.programs[].name'
		skeleton_names $kind "$THEIRS/$name.skel" >"$work/names.theirs"
		jq -r "$names" "$work/obj.json" | sort -u >"$work/names"
		if [ -z "$(comm -13 "$work/names" "$work/names.theirs")" ]; then
			said "obj show names all $kind" pass
		else
			said "obj show names all $kind" fail "lacks $(comm -13 "$work/names" "$work/names.theirs" | head -n 1)"
		fi
	done
}

# What a BTF file holds, whatever the order: its raw lines without numbers of types.
btf_content()
{
	"$BPFTOOL" btf dump file "$1" 2>/dev/null | sed 's/^\[[0-9]*\] //; s/type_id=[0-9]*/type_id/g' | sort
}

# compare_min NAME FULL: the types the object's relocations need of FULL
compare_min()
{
	local what=$1 full=$2 rc=0 their_rc=0

	ours gen min_core_btf "$full" "$work/min" "$object" >/dev/null 2>"$work/min.err" || rc=$?
	if [ ! -e "$THEIRS/$what.min.rc" ]; then
		timeout 60 "$BPFTOOL" gen min_core_btf "$full" "$THEIRS/$what.min" "$object" >/dev/null 2>&1
		echo $? >"$THEIRS/$what.min.rc"
	fi
	their_rc=$(<"$THEIRS/$what.min.rc")
	if [ $rc != 0 ]; then
		if [ "$their_rc" != 0 ] && clear_error $rc "$work/min.err" && [ ! -e "$work/min" ]; then
			said "gen min_core_btf" refused "$(head -n 1 "$work/min.err") (bpftool: status $their_rc)"
		else
			said "gen min_core_btf" fail "of $(basename "$full"): status $rc, bpftool $their_rc: $(head -n 1 "$work/min.err")"
		fi
		return
	fi
	said "gen min_core_btf" pass
	[ "$their_rc" = 0 ] || return
	btf_content "$work/min" >"$work/min.sorted"
	btf_content "$THEIRS/$what.min" >"$work/min.theirs"
	if cmp -s "$work/min.sorted" "$work/min.theirs"; then
		said "the minimal BTF holds what bpftool's does" pass
	else
		said "the minimal BTF holds what bpftool's does" fail \
			"of $(basename "$full"): (theirs < > ours) $(first_difference "$work/min.theirs" "$work/min.sorted")"
	fi
	rm -f "$work/min"
}

# The relocation tests come with little worlds of their own, btf__core_reloc_KIND___VARIANT.
check_min()
{
	local world

	compare_min "$name" "$CACHE/vmlinux"
	case $name in
	test_core_reloc_*)
		for world in "$CACHE/obj/btf__core_reloc_${name#test_core_reloc_}".o \
			"$CACHE/obj/btf__core_reloc_${name#test_core_reloc_}"___*.o; do
			[ -e "$world" ] && compare_min "$name-$(basename "$world" .o)" "$world"
		done ;;
	esac
}

check_one()
{
	local check

	name=$1 object=$CACHE/obj/$1.o work=$OUT/$1 results=$OUT/$1.results
	[ -e "$object" ] || object=$CACHE/linked/$1.o
	[ -e "$object" ] || { said "exists" fail; return; }
	mkdir -p "$work"
	: >"$results"
	"$CACHE/types" "$object" "$CACHE/known" >"$work/types.h" || said "types for the includer" fail
	for check in $CHECKS; do
		case $check in
		skel)	check_gen skel "gen skeleton" gen skeleton ;;
		lskel)	check_gen lskel "-L gen skeleton" -L gen skeleton ;;
		subskel) check_gen subskel "gen subskeleton" gen subskeleton ;;
		btf)	check_btf ;;
		obj)	check_obj ;;
		min)	check_min ;;
		esac
	done
}

# --- all ---

link_objects()
{
	local object parts part words

	mkdir -p "$CACHE/linked"
	while read -r object parts; do
		[ -n "$object" ] || continue
		words=()
		for part in $parts; do
			words+=("$CACHE/obj/$part.o")
		done
		results=$OUT/link.results name=$object
		if ours gen object "$CACHE/linked/$object.o" "${words[@]}" >/dev/null 2>"$OUT/link.err"; then
			said "gen object" pass
		else
			said "gen object" fail "$(head -n 1 "$OUT/link.err")"
		fi
	done <<<"$LINKED"
}

# shellcheck disable=SC2016 # awk's
SUMMARY='
{ if (!($1 in seen)) { seen[$1] = 1; order[++n] = $1 }; count[$1, $2]++; total[$2]++ }
$2 == "fail" { failures = failures "  " $1 ": " $3 ": " $4 "\n" }
$2 == "refused" { refusals = refusals "  " $1 ": " $3 ": " $4 "\n" }
END {
	for (i = 1; i <= n; i++)
		printf "%-45s %5d passed %5d failed %5d refused\n", order[i], count[order[i], "pass"],
			count[order[i], "fail"], count[order[i], "refused"]
	if (failures) printf "\nFailed:\n%s", failures
	if (refusals) printf "\nRefused, by bpftool as well:\n%s", refusals
	printf "\n%d passed, %d failed%s\n", total["pass"], total["fail"],
		total["refused"] ? ", " total["refused"] " refused" : ""
	exit total["fail"] || !total["pass"]
}'

case ${1:-} in
--compile) compile_one "$2"; exit ;;
--one)	check_one "$2"; exit 0 ;;
esac

[ "$("$TOP/tests/deps.sh" --list selftests)" = "" ] || "$TOP/tests/deps.sh" selftests || exit 1
mkdir -p "$CACHE" || exit 1
prepare
rm -rf "$OUT" "$CACHE/linked"
mkdir -p "$OUT"
n_sources=$(find "$SELF/progs" -name '*.c' | wc -l)
n_objects=$(find "$CACHE/obj" -name '*.o' | wc -l)
echo "$n_objects of $n_sources programs compile with $CLANG"
link_objects
[ $# != 0 ] || mapfile -t names < <(find "$CACHE/obj" "$CACHE/linked" -name '*.o' -printf '%f\n' | sed 's/\.o$//' | sort)
[ $# = 0 ] || names=("$@")
printf '%s\n' "${names[@]}" | xargs -P "$JOBS" -n 1 "$0" --one
cat "$OUT"/*.results >"$CACHE/results"
awk -F '\t' "$SUMMARY" "$CACHE/results" | tee "$CACHE/summary"
exit "${PIPESTATUS[0]}"
