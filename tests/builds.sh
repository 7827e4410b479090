#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Every build configuration, each with -Werror: gcc, clang, without clang for BPF, without libcapstone,
# and against the headers of the next Debian's libbpf and kernel (downloaded; objects only, as its libraries
# need a newer libc). TAP on stdout. Not part of make check: make check-builds.
. "$(dirname "$0")/lib.sh"
cd "$TOP" || exit 1

# build TEXT MAKE-WORD...
build()
{
	local text=$1

	shift
	rm -rf "$T/build" "$T/bpfctl"
	ok "$text" make -s -j"$(nproc)" WERROR=-Werror BUILD="$T/build" PROG="$T/bpfctl" "$@"
}

build "gcc" CC=gcc
if command -v clang >/dev/null; then
	build "clang" CC=clang
else
	skip "clang" "not installed"
fi
build "no clang for BPF" CLANG=false
run "$T/bpfctl" version
like "$out" "missing: in-kernel helpers" "no clang for BPF: version says what is missing"
run "$T/bpfctl" -j version
json_is '[.features.skeletons, (.missing | type)]' '[false,"string"]' "no clang for BPF: in JSON, too"
build "no libcrypto" CRYPTO=
build "-O3" CFLAGS=-O3
build "-O0" CFLAGS=-O0

# The suite after the one that is configured here.
newer=trixie
get_newer()
{
	local apt="$T/apt" opts

	command -v apt-get >/dev/null && [ -r /etc/apt/sources.list.d/debian.sources ] || return 1
	mkdir -p "$apt"/{lists,cache/archives}/partial "$T/root"
	sed "s/bookworm-updates//; s/bookworm/$newer/" /etc/apt/sources.list.d/debian.sources >"$apt/new.sources"
	opts=(-q -o "Dir::Etc::sourcelist=$apt/new.sources" -o Dir::Etc::sourceparts=/dev/null
		-o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache")
	(cd "$T" && apt-get "${opts[@]}" update && apt-get "${opts[@]}" download libbpf-dev linux-libc-dev &&
		for deb in libbpf-dev_*.deb linux-libc-dev_*.deb; do dpkg-deb -x "$deb" root; done) >/dev/null 2>&1
}

rm -rf "$T/build"
if get_newer; then
	include=$T/root/usr/include
	objects=()
	while read -r source; do
		objects+=("$T/build/${source%c}o")
	done < <(own_files '*.c')
	ok "headers of libbpf $(awk '/define LIBBPF_M.*_VERSION/ { printf "%s%s", sep, $3; sep = "." }' \
		"$include/bpf/libbpf_version.h") and a newer kernel" \
		make -s -j"$(nproc)" WERROR=-Werror BUILD="$T/build" \
		PKG_CFLAGS="-isystem $include -isystem $include/$(uname -m)-linux-gnu" \
		"${objects[@]}"
else
	skip "headers of $newer" "cannot be downloaded"
fi
done_testing
