#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Every build configuration, each with -Werror: gcc, clang, without clang for BPF, without libcrypto, with libbpf inside
# (downloaded), from a source tree, the installed one, without network, and against the headers of the next Debian's
# libbpf and kernel (downloaded; objects only, as its libraries need a newer libc). TAP on stdout. Not part of make
# check: make check-builds.
. "$(dirname "$0")/lib.sh"
cd "$TOP" || exit 1

# build TEXT MAKE-WORD...
build()
{
	local text=$1

	shift
	rm -rf "$T/build" "$T/bpfctl"
	run make -s -j"$(nproc)" WERROR=-Werror BUILD="$T/build" PROG="$T/bpfctl" FETCHED="$fetched" "$@"
	status 0 "$text"
}
fetched=$TOP/build/fetched
[ -d "$fetched/libbpf" ] || fetched=$T/fetched

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

# --- libbpf ---
links_libbpf()
{
	ldd "$T/bpfctl" | grep -q libbpf
}

build "the installed libbpf" LIBBPF=system
ok "the installed libbpf: is not inside" links_libbpf
old=
[ "$(pkg-config --exists 'libbpf >= 1.7' && echo new)" = new ] || old=old
if [ -n "$old" ]; then
	run "$T/bpfctl" -j version
	json_is .missing "objects with arenas and other features of newer kernels (built with libbpf before 1.7)" \
		"the installed libbpf: what is missing"
	run "$T/bpfctl" version
	like "$out" $'\n'"missing: objects with arenas" "the installed libbpf: as text"
	ln -s bpfctl "$T/bpftool"
	run "$T/bpftool" version
	unlike "$out" missing "called as bpftool: only what it prints"

	# A machine that cannot get at anything: as if apt had no network, which it finds out by itself.
	mkdir "$T/offline"
	printf '#!/bin/sh\nexec unshare -rn %s "$@"\n' "$(command -v apt-get)" >"$T/offline/apt-get"
	chmod +x "$T/offline/apt-get"
	if unshare -rn true 2>/dev/null; then
		SECONDS=0
		PATH=$T/offline:$PATH scripts/fetch.sh "$T/none" libbpf 2>"$T/why"
		is $? 1 "without network nothing is fetched"
		like "$(cat "$T/why")" "^libbpf: .+" "without network: why"
		ok "without network: known in seconds" test $SECONDS -lt 60
		is "$(ls -A "$T/none")" '' "without network: nothing stays"
		PATH=$T/offline:$PATH build "without network" FETCHED="$T/none"
		like "$err" "note: the installed libbpf is older than 1.7.*To try again: rm" "without network: says so"
		ok "without network: the installed one" links_libbpf
	else
		skip "without network" "no user namespaces here"
	fi
fi
if [ ! -d "$fetched/libbpf" ]; then
	skip "libbpf inside" "it cannot be downloaded"
else
	build "a source tree of libbpf" LIBBPF="$fetched/libbpf"
	unlike "$(ldd "$T/bpfctl")" libbpf "a source tree: libbpf is inside"
	run "$T/bpfctl" -j version
	json_is '[has("missing"), (.libbpf_version | split(".") | map(tonumber) >= [1, 7])]' '[false,true]' \
		"a source tree: nothing is missing"
	run make -s BUILD="$T/build" PROG="$T/bpfctl" LIBBPF="$T" FETCHED="$fetched"
	status 2 "a folder that is no source tree of libbpf"
	like "$err" "is not a source tree of libbpf" "says so"

	# Whatever libbpf calls its own, we may have a function of that name.
	nm -g --defined-only "$T/build/libbpf/libbpf.a" | awk 'NF == 3 { print $3 }' | sort -u >"$T/all"
	sort "$T/build/libbpf/names" >"$T/names"
	{ comm -23 "$T/all" "$T/names" | sed 's/.*/int &;/'
	  printf '%s\n' '#include <bpf/libbpf.h>' 'int main(void) { return !bpf_object__open("/nothing"); }'; } >"$T/own.c"
	ok "its own names are known" test "$(grep -c '^int .*;' "$T/own.c")" -gt 20
	ok "names of its own can be ours" gcc -w -isystem "$T/build/libbpf/headers" -o "$T/own" "$T/own.c" \
		"$T/build/libbpf/libbpf.o" -lelf -lz
	ok "which plain linking refuses" sh -c "! gcc -w -isystem '$T/build/libbpf/headers' -o '$T/own' '$T/own.c' \
		-Wl,--whole-archive '$T/build/libbpf/libbpf.a' -Wl,--no-whole-archive -lelf -lz"
	SECONDS=0
	run make -s BUILD="$T/build" PROG="$T/bpfctl" LIBBPF="$fetched/libbpf"
	is "$out$err" '' "built once: nothing is left to do"
fi

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
		make -s -j"$(nproc)" WERROR=-Werror BUILD="$T/build" LIBBPF=system \
		PKG_CFLAGS="-isystem $include -isystem $include/$(uname -m)-linux-gnu" \
		"${objects[@]}"
else
	skip "headers of $newer" "cannot be downloaded"
fi
done_testing
