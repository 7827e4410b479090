#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Everything this project wants from the distribution, in one place.
#
#	tests/deps.sh build|demo|test|dev|fuzz|beside|vm|selftests...	as root: install what is missing, saying what;
#						else: say what to type
#	tests/deps.sh --list build test		only the packages that are missing
#	tests/deps.sh --state build test	"have|lack|without WHAT PACKAGES REASON" of each (tests/style/packages.t)
#
# Ends with status 1 when something that must be there is not there in the end.

set -u
PATH=$PATH:/usr/sbin:/sbin
[ ! -x /usr/bin/python3 ] || python3() { /usr/bin/python3 "$@"; }	# a version manager's lacks our modules

# for	found by	Debian, Ubuntu			Fedora
# "a|b": the first that the distribution has. "?": builds, or starts tests, without it. A run of the tests fails
# in the end where it could not be had, unless a reason why they can do without stands behind "#".
TABLE='
build	cmd:make	make				make
build	cmd:cc		gcc				gcc
build	file:stdio.h	libc6-dev			glibc-devel
build	cmd:pkg-config	pkg-config			pkgconf-pkg-config
build	lib:libbpf	libbpf-dev			libbpf-devel
build	lib:libelf	libelf-dev			elfutils-libelf-devel
build	lib:zlib	zlib1g-dev			zlib-devel
build	lib:jansson	libjansson-dev			jansson-devel
build	lib:libcap	libcap-dev			libcap-devel
build	lib:libmnl	libmnl-dev			libmnl-devel
build?	lib:libcrypto	libssl-dev			openssl-devel
build?	cmd:clang	clang				clang
build?	cmd:llvm-strip	llvm				llvm
build?	so:libcapstone	libcapstone4|libcapstone5	capstone
build?	so:libncursesw	libncursesw6			ncurses-libs
demo	cmd:clang	clang				clang
demo	cmd:ip		iproute2			iproute
demo	cmd:ping	iputils-ping			iputils
demo	cmd:unshare	util-linux			util-linux
test	cmd:jq		jq				jq
test	cmd:python3	python3				python3
test	cmd:ip		iproute2			iproute
test	cmd:unshare	util-linux			util-linux
test?	cmd:ping	iputils-ping			iputils
test?	cmd:g++		g++				gcc-c++
test?	cmd:xxd		xxd|vim-common			vim-common
test?	cmd:openssl	openssl				openssl
test?	cmd:bpftool	bpftool|linux-tools-generic	bpftool	# tests/cli/golden keeps what was compared with it
test?	py:docutils	python3-docutils		python3-docutils
test?	cmd:man		man-db				man-db	# the page is then read as it was made
test?	cmd:strace	strace				strace
test?	cmd:objdump	binutils			binutils
test?	cmd:dot		graphviz			graphviz
test?	cmd:capsh	libcap2-bin			libcap
test?	cmd:script	bsdutils|bsdextrautils		util-linux-script|util-linux
test?	cmd:execsnoop	libbpf-tools|bpftrace		libbpf-tools|bpftrace	# perf.t attaches the same kinds of events itself
test?	file:bash-completion	bash-completion		bash-completion
test?	cmd:zsh		zsh				zsh
test?	cmd:fish	fish				fish
test?	cmd:tmux	tmux				tmux
test?	cmd:curl	curl				curl
test?	cmd:promtool	prometheus			golang-github-prometheus	# metrics.t reads the figures itself, too
test?	cmd:prometheus-node-exporter	prometheus-node-exporter	golang-github-prometheus-node-exporter	# as promtool
test?	cmd:shellcheck	shellcheck			ShellCheck
test?	file:libpcap	libpcap0.8			libpcap
test?	cmd:codespell	codespell			codespell
dev	lib:libasan	gcc				libasan
dev	lib:libubsan	gcc				libubsan
fuzz	cmd:clang	clang				clang
fuzz	lib:libfuzzer	libclang-rt-14-dev|libclang-rt-dev	compiler-rt
beside?	cmd:stress-ng	stress-ng			stress-ng	# a loop of the shell keeps a processor as busy
beside?	cmd:bpftrace	bpftrace			bpftrace	# the listings are at work without it
vm	cmd:qemu-system-x86_64	qemu-system-x86		qemu-system-x86-core
vm	cmd:apt-get	apt				apt
vm	cmd:depmod	kmod				kmod
vm	cmd:cpio	cpio				cpio
vm	cmd:busybox	busybox-static			busybox
fresh	cmd:debootstrap	debootstrap			debootstrap
fresh	cmd:unshare	util-linux			util-linux
fresh	cmd:git		git				git
selftests	cmd:apt-get	apt			apt
selftests	cmd:clang-19	clang-19		clang
selftests	cmd:g++		g++			gcc-c++
selftests	cmd:jq		jq			jq
selftests	cmd:lz4		lz4			lz4
selftests	cmd:xz		xz-utils		xz
selftests	cmd:bpftool	bpftool			bpftool
'

found()
{
	case $1 in
	cmd:cc)		command -v cc || command -v gcc || command -v clang ;;
	cmd:execsnoop)	command -v execsnoop || command -v execsnoop.bt || command -v bpftrace ;;
	py:*)		python3 -c "from importlib.util import find_spec; exit(not find_spec('${1#py:}'))" ;;
	cmd:*)		command -v "${1#cmd:}" ;;
	lib:libasan | lib:libubsan) [ "$(gcc -print-file-name="${1#lib:}.so")" != "${1#lib:}.so" ] ;;
	lib:libfuzzer)	echo 'int LLVMFuzzerTestOneInput(const char *p, long n) { return p && n < 0; }' |
			clang -fsanitize=fuzzer,address,undefined -x c - -o /dev/null ;;
	lib:*)		pkg-config --exists "${1#lib:}" ;;
	so:*)		ldconfig -p | grep -qE "${1#so:}\.so\.[456] " ;;
	file:stdio.h)	[ -e /usr/include/stdio.h ] ;;
	file:libpcap)	for l in /lib*/libpcap.so.* /lib/*/libpcap.so.* /usr/lib*/libpcap.so.* /usr/lib/*/libpcap.so.*; do [ -e "$l" ] && break; done; [ -e "$l" ] ;;
	file:bash-completion) [ -e /usr/share/bash-completion/bash_completion ] ;;
	esac >/dev/null 2>&1
}

if command -v apt-get >/dev/null; then
	column=3
	# "g++" is a name, no pattern; a name that others depend on and nobody has is no package.
	has() { apt-cache policy "$1" 2>/dev/null | grep -q '^ *Candidate: [^(]'; }
	refresh() { apt-get -q update; }
	fetch() { DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"; }
	typed="apt-get install"
elif command -v dnf >/dev/null; then
	column=4
	has() { dnf -q list --available "$1" >/dev/null 2>&1; }
	refresh() { :; }
	fetch() { dnf -q install -y "$@"; }
	typed="dnf install"
else
	column=3
	has() { true; }
	typed="(with your package manager, here as Debian calls them)"
fi

# rows GROUP...: lines "must|may WHAT PACKAGES REASON", each thing once
rows()
{
	local group for what deb rpm reason

	for group; do
		while read -r for what deb rpm reason; do
			[ "${for%\?}" = "$group" ] || continue
			[ $column = 3 ] || deb=$rpm
			case $for in *\?) for=may ;; *) for=must ;; esac
			echo "$for $what $deb ${reason#\# }"
		done <<<"$TABLE"
	done | sort -u
}

missing()
{
	local for what rest

	while read -r for what rest; do
		found "$what" || echo "$for $what $rest"
	done < <(rows "$@")
}

state()
{
	local for what packages reason

	while read -r for what packages reason; do
		if found "$what"; then
			echo "have $what $packages"
		elif [ -n "$reason" ]; then
			echo "without $what $packages $reason"
		else
			echo "lack $what $packages"
		fi
	done < <(rows "$@")
}

# The alternative the distribution has; nothing if it has none.
pick()
{
	local alternative

	for alternative in ${1//|/ }; do
		has "$alternative" && echo "$alternative" && return
	done
}

install()
{
	local wanted=() what names package

	refresh >/dev/null || echo "note: the package lists could not be refreshed"
	while read -r _ what names _; do
		package=$(pick "$names")
		if [ -z "$package" ]; then
			echo "note: no package here for ${what#*:} (looked for $names)"
		elif [[ " ${wanted[*]} " != *" $package "* ]]; then
			wanted+=("$package")
		fi
	done <<<"$1"
	[ ${#wanted[@]} != 0 ] || return
	echo "Installing: ${wanted[*]}"
	fetch "${wanted[@]}" >/dev/null && return
	# One that cannot be had must not keep the others away.
	for package in "${wanted[@]}"; do
		fetch "$package" >/dev/null || echo "note: $package could not be installed"
	done
}

if [ "${1:-}" = --state ]; then
	shift
	state "$@"
	exit 0
fi
only_list=
[ "${1:-}" = --list ] && only_list=1 && shift
lacking=$(missing "$@")
[ -n "$lacking" ] || exit 0
packages=$(awk '{ print $3 }' <<<"$lacking" | sort -u | xargs)

if [ -n "$only_list" ]; then
	echo "$packages"
	exit 0
fi
if [ "$(id -u)" = 0 ] && declare -F fetch >/dev/null; then
	install "$lacking"
else
	echo "Missing packages: $packages"
	echo "To get them: sudo $typed $(sed 's/|[^ ]*//g' <<<"$packages")"
fi
hash -r
lacking=$(missing "$@" | grep '^must')
[ -z "$lacking" ] && exit 0
echo "Still missing: $(awk '{ print $2 }' <<<"$lacking" | sed 's/.*://' | xargs)"
exit 1
