#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# What somebody with a really fresh machine sees: the README's two commands in a Debian that has what every Debian has
# and no more, in a root and namespaces of its own. Its packages come from where this machine's come from. The network
# is this machine's (to download); the tests make network namespaces of their own.
#
#	tests/fresh.sh [COMMAND...]	COMMAND: in place of ./bootstrap demo, then ./bootstrap check
#	FRESH=DIR			where it is unpacked; it stays there when this is given
#
# At the end: which tests were skipped there, and why.

set -eu
TOP=$(cd "$(dirname "$0")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin

die()
{
	echo "fresh.sh: $*" >&2
	exit 1
}

# The first archive of the lists that has the suite, in whatever form lists are written.
archive_of()
{
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -n "s/^deb \(\[[^]]*\] \)\?\([^ ]*\) $1 .*/\2/p"
	awk -v suite="$1" '/^URIs:/ { uri = $2 } /^Suites:/ { for (i = 2; i <= NF; i++) if ($i == suite) print uri }' \
		/etc/apt/sources.list.d/*.sources 2>/dev/null
}

unpack()
{
	local suite=$1 root=$2 archive

	archive=$(archive_of "$suite" | head -n 1)
	[ -n "$archive" ] || die "no archive with $suite in the lists of apt"
	echo "Unpacking a minimal $suite"
	debootstrap --variant=minbase "$suite" "$root" "$archive" >"$root.log" 2>&1 || { tail -n 20 "$root.log"; return 1; }
	# The lists that lead to Debian, with their keys; what else is configured for this machine's apt: only proxies.
	rm -f "$root/etc/apt/sources.list"
	for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
		[ ! -e "$list" ] || ! grep -q "$suite" "$list" || ! grep -qF "${archive%/*}" "$list" || cp "$list" "$root/etc/apt/sources.list.d/"
	done
	mv "$root/etc/apt/sources.list.d/sources.list" "$root/etc/apt/" 2>/dev/null || :
	grep -hsi '^Acquire.*proxy' /etc/apt/apt.conf /etc/apt/apt.conf.d/* >"$root/etc/apt/apt.conf.d/proxy" || :
	cp /etc/resolv.conf "$root/etc/resolv.conf"
}

copy_source()
{
	mkdir -p "$1"
	(cd "$TOP" && git ls-files -z --cached --others --exclude-standard | tar -c --null -T - ) | tar -x -C "$1"
}

# Runs in namespaces of its own: the new root becomes the only one.
enter()
{
	local root=$1

	shift
	mount --make-rprivate /
	mount --bind "$root" "$root"
	mkdir -p "$root/old"
	mount --rbind /dev "$root/dev"
	mount -t sysfs none "$root/sys"
	for fs in kernel/tracing kernel/debug fs/cgroup; do
		! mountpoint -q "/sys/$fs" || mount --rbind "/sys/$fs" "$root/sys/$fs"
	done
	mount -t bpf none "$root/sys/fs/bpf" 2>/dev/null || :
	# What tests outside have for themselves (tests/lib.sh) they have in here, too.
	for lock in $(sed -n 's/^\(alone\|together\) \([a-z_]*\)$/\2/p' "$TOP"/tests/live/*.t | sort -u); do
		touch "/run/bpfctl-test.$lock.lock" "$root/run/bpfctl-test.$lock.lock"
		mount --bind "/run/bpfctl-test.$lock.lock" "$root/run/bpfctl-test.$lock.lock"
	done
	cd "$root"
	pivot_root . old
	mount -t proc none /proc
	umount -l /old
	cd /src
	exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} "$@"
}

# Skipped tests, each reason once, with the files where it was given.
skipped()
{
	local log name

	for log in "$1"/*.out; do
		name=$(basename "$log" .out)
		sed -n "s/^\(ok .*\|1\.\.0\) *# SKIP */$name\t/p" "$log"
	done | awk -F '\t' '{ n[$2]++; if (!seen[$2, $1]++) files[$2] = files[$2] " " $1 }
		END { for (r in n) printf "  %3d  %s (%s)\n", n[r], r, substr(files[r], 2) }' | sort -rn
}

if [ "${1:-}" = --enter ]; then
	shift
	enter "$@"
fi

[ "$(id -u)" = 0 ] || die "needs root"
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
if [ -n "${FRESH:-}" ]; then
	root=$FRESH
else
	root=$(mktemp -d "${TMPDIR:-/var/tmp}/bpfctl-fresh.XXXXXX")
	trap 'rm -rf --one-file-system "$root" "$root.log"' EXIT
fi
mkdir -p "$root"
chmod 755 "$root"
[ -e "$root/bin/sh" ] || unpack "$suite" "$root" || die "debootstrap failed"
rm -rf "$root/src"
copy_source "$root/src"

in_fresh()
{
	echo "# $*"
	# Its processes are this machine's, as a fresh machine has no namespace of processes beside the first.
	unshare --mount --uts --ipc bash "$TOP/tests/fresh.sh" --enter "$root" "$@"
}

status=0
if [ $# != 0 ]; then
	in_fresh "$@" || status=$?
else
	in_fresh ./bootstrap demo || status=$?
	in_fresh ./bootstrap check || status=$?
fi
if [ -d "$root/src/build/test-logs" ]; then
	echo "Skipped there, and why:"
	skipped "$root/src/build/test-logs"
	cat "$root/src/build/test-logs/summary" 2>/dev/null || echo "0 passed, 1 failed"
fi
exit $status
