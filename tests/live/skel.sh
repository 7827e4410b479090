# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash
#
# What tests of generated headers share, and need; after lib.sh and live.
#
#	$HERE				this directory, with the objects' and programs' sources
#	$H				a directory for headers, that the compiler looks into
#	languages			c, and c++ if there is a compiler
#	strict LANGUAGE WORD...		compile, as strict as skeletons are compiled anywhere
#	run_tap TEXT CMD...		a program that prints TAP itself

need_clang
need gcc
need jq
HERE=$TOP/tests/live
H=$T/headers	# $T has a directory bpf
mkdir "$H"

strict()
{
	local language=$1 compiler=gcc

	shift
	[ "$language" = c ] || compiler=g++
	$compiler -x "$language" -O2 -Wall -Wextra -Werror "-I$HERE" "-I$H" "$@"
}

run_tap()
{
	local text=$1 line

	shift
	run "$@"
	while read -r line; do
		case $line in
		"ok "*) result 0 "$text: ${line#*- }" ;;
		"not ok "*) result 1 "$text: ${line#*- }" ;;
		esac
	done <<<"$out"
	status 0 "$text: all of it"
}

languages=(c)
if command -v g++ >/dev/null; then
	languages+=(c++)
else
	skip "C++" "g++ is not installed"
fi
