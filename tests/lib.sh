# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash
#
# What the test scripts (*.t) share: checks that print TAP, running a command and keeping what it
# said, and, for tests on the real kernel, a world of one's own. A script begins
#
#	. "$(dirname "$0")/../lib.sh"
#	live				# only on the real kernel; everything below runs in own namespaces
#
# and ends with done_testing. What it can use:
#
#	run CMD...			$out $err $status of a command
#	ok TEXT CMD...			passes when the command succeeds
#	is GOT WANT TEXT		like GOT REGEX TEXT		unlike GOT REGEX TEXT
#	status WANT TEXT		of the last run (shows what it said when it is another)
#	json_ok TEXT			$out is exactly one JSON document, and $err is empty
#	json_is FILTER WANT TEXT	jq -rc FILTER on $out
#	own_files PATTERN		the program's own sources or headers
#	skip TEXT REASON		skip_all REASON			done_testing
#	$BPFCTL $BPFTOOL		ours; Debian's, "" if there is none (need_bpftool skips all)
#	libbpf_since MAJOR MINOR	is bpfctl built with that version of libbpf, or a newer one?
#	$T				a directory that goes away at the end
#	$PFX				a prefix for names in the kernel that no other test has
#   after live:
#	$BPFFS				a bpffs of our own
#	bpf_cc SRC OBJ [FLAG...]	C to a BPF object (need_clang skips all without clang)
#	veth A B			a pair: A here with 10.99.0.1, B at the peer's with 10.99.0.2
#	peer CMD...			run at the peer's (a network namespace of its own)
#	wait_until CMD...		60 s at most, until the command succeeds; false if it never does
#	wait_file REGEX FILE		the same, until a line of the file matches
#	alone NAME, together NAME	what is the whole machine's (bpf_stats, tracefs): nobody else's test has it at
#					the time, or only those that do not change it
#	first_pids			are the numbers of processes here those that the kernel has?
#	polls PID			is the process waiting for what it follows, or has it ended? (for wait_until)
#	nothing_left TEXT		bpffs is empty and no object carries $PFX
#	at_exit CMD...			cleans up, whatever happens

set -u
# Tables are not cut, whatever the width of the terminal that a test is started from.
export COLUMNS=1000
TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BPFCTL=${BPFCTL:-$TOP/bpfctl}
CLANG=${CLANG:-clang}
# t and the process's number in base 36, as wide for every process: none begins with another's.
prefix()
{
	local digits=0123456789abcdefghijklmnopqrstuvwxyz n=$$ text=

	while [ ${#text} -lt 5 ]; do
		text=${digits:n % 36:1}$text
		n=$((n / 36))
	done
	PFX=t$text
}
[ -n "${PFX:-}" ] || prefix
export TOP BPFCTL CLANG PFX LC_ALL=C.UTF-8 TZ=UTC
PATH=$PATH:/usr/sbin:/sbin

# The distribution's own, which has the modules that tests/deps.sh installs; what a version manager puts in its place
# needs a second to start.
[ ! -x /usr/bin/python3 ] || python3() { /usr/bin/python3 "$@"; }

# Ubuntu's bpftool is a wrapper that refuses foreign kernels: only one that answers counts.
find_bpftool()
{
	local b

	for b in "${BPFTOOL:-}" bpftool /usr/lib/linux-tools*/*/bpftool; do
		[ -n "$b" ] || continue
		b=$(command -v "$b") || continue
		"$b" version >/dev/null 2>&1 && echo "$b" && return
	done
}
# The second time, in namespaces of its own, it is known.
[ -n "${BPFCTL_TEST_NS:-}" ] || BPFTOOL=$(find_bpftool)
export BPFTOOL

tap_n=0
tap_bad=0
out='' err='' status=0

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /' | head -n 40
}

# result STATUS TEXT: one TAP line. "#" in a text would read as a directive.
result()
{
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_n - ${2//\#/no.}"
		return 0
	fi
	tap_bad=$((tap_bad + 1))
	echo "not ok $tap_n - ${2//\#/no.}"
	return 1
}

ok()
{
	local text=$1 said='' rc=0

	shift
	case $1 in
	'[') "$@" || rc=1 ;;			# no reason for a process of its own
	*) said=$("$@" 2>&1) || rc=1 ;;
	esac
	result $rc "$text" || { diag "$*"; diag "$said"; return 1; }
}

is()
{
	local rc=0

	[ "$1" = "$2" ] || rc=1
	result $rc "$3" || { diag " got: $1"; diag "want: $2"; return 1; }
}

like()
{
	local rc=0

	[[ $1 =~ $2 ]] || rc=1
	result $rc "$3" || { diag " got: $1"; diag "want: /$2/"; return 1; }
}

unlike()
{
	local rc=0

	[[ $1 =~ $2 ]] && rc=1
	result $rc "$3" || { diag " got: $1"; diag "unwanted: /$2/"; return 1; }
}

# Starting a process costs more than what most commands do: a program is the only one here.
run()
{
	if declare -F "$1" >/dev/null; then
		out=$("$@" 2>"$T/.stderr") && status=0 || status=$?
	else
		"$@" >"$T/.stdout" 2>"$T/.stderr" && status=0 || status=$?
		out=$(<"$T/.stdout")
	fi
	err=$(<"$T/.stderr")
	return 0
}

said()
{
	diag "stdout: ${out:0:2000}"
	diag "stderr: ${err:0:2000}"
	return 1
}

status()
{
	local rc=0

	[ "$status" = "$1" ] || rc=1
	result $rc "$2" || { diag "status $status, want $1"; said; }
}

# jq needs ten times as long to start.
ONE_JSON=$TOP/${BUILD:-build}/tests/one_json
case ${BUILD:-} in /*) ONE_JSON=$BUILD/tests/one_json ;; esac
one_json()
{
	printf '%s\n' "$1" >"$T/.json"
	if [ -x "$ONE_JSON" ]; then
		"$ONE_JSON" <"$T/.json" 2>/dev/null
	else
		[ "$(jq -s length "$T/.json" 2>/dev/null)" = 1 ]
	fi
}

json_ok()
{
	local rc=0

	one_json "$out" && [ -z "$err" ] || rc=1
	result $rc "$1" || said
}

json_is()
{
	printf '%s\n' "$out" >"$T/.json"
	is "$(jq -rc "$1" "$T/.json" 2>&1)" "$2" "$3"
}

skip()
{
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - ${1//\#/no.} # SKIP $2"
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing()
{
	echo "1..$tap_n"
	[ "$tap_bad" = 0 ]
	exit
}

# own_files PATTERN: the program's own files of that name, from the top
own_files()
{
	(cd "$TOP" && find . \( -path ./tests -o -path './build*' -o -path ./bpf -o -path ./.git \) -prune -o \
		-type f -name "$1" -print | sed 's,^\./,,' | sort)
}

libbpf_since()
{
	local version

	version=$("$BPFCTL" -j version | jq -r .libbpf_version)
	((${version%%.*} > $1 || (${version%%.*} == $1 && ${version#*.} >= $2)))
}

# --- things that are cleaned up, last first ---

cleanups=()
at_exit()
{
	cleanups+=("$(printf '%q ' "$@")")
}

clean_up()
{
	local i

	for ((i = ${#cleanups[@]} - 1; i >= 0; i--)); do
		eval "${cleanups[i]}" >/dev/null 2>&1
	done
}
trap clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

T=$(mktemp -d "${TMPDIR:-/tmp}/bpfctl-test.XXXXXX") || exit 1
at_exit rm -rf "$T"

# --- the real kernel ---

can_bpf()
{
	local caps

	caps=$(sed -n 's/^CapEff:\t//p' /proc/self/status)
	# CAP_SYS_ADMIN (mounting) and CAP_BPF
	(((0x$caps >> 21 & 1) && (0x$caps >> 39 & 1)))
}

# Starts the script again in mount and network namespaces of its own, or skips it.
live()
{
	if [ -z "${BPFCTL_TEST_NS:-}" ]; then
		can_bpf || skip_all "needs root (CAP_SYS_ADMIN and CAP_BPF)"
		unshare -mn true 2>/dev/null || skip_all "cannot make namespaces here"
		rm -rf "$T"
		BPFCTL_TEST_NS=1 exec unshare -mn bash "$0" "$@"
	fi
	unset BPFCTL_TEST_NS
	ip link set lo up
	BPFFS=$T/bpf
	mkdir "$BPFFS"
	mount -t bpf "$PFX" "$BPFFS" || skip_all "cannot mount a bpffs here"
	at_exit umount -l "$BPFFS"
	export BPFFS
}

need()
{
	command -v "$1" >/dev/null || skip_all "$1 is not installed"
}

need_clang()
{
	need "$CLANG"
}

need_bpftool()
{
	[ -n "$BPFTOOL" ] || skip_all "no bpftool of the distribution's to compare with"
}

# Root that may not look into the processes of others, of whom there is one: "${blinded[@]}" CMD
blinded=(setpriv --bounding-set=-sys_ptrace --inh-caps=-all --)
start_hidden()
{
	command -v setpriv >/dev/null || return 1
	setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all sleep 600 </dev/null >/dev/null 2>&1 7>&- 8>&- 9>&- &
	at_exit kill $!
	wait_until eval "! \"\${blinded[@]}\" ls -l /proc/$!/fd"
}

# Multiarch puts asm/types.h where clang -target bpf does not look.
bpf_cc()
{
	local src=$1 obj=$2 triplet

	shift 2
	triplet=$(gcc -print-multiarch 2>/dev/null || "$CLANG" -print-multiarch 2>/dev/null)
	"$CLANG" -O2 -target bpf ${triplet:+-I/usr/include/$triplet} "$@" -c "$src" -o "$obj"
}

peer_pid=
peer()
{
	nsenter -t "$peer_pid" -n -- "$@"
}

start_peer()
{
	[ -z "$peer_pid" ] || return 0
	unshare -n sleep 600 </dev/null >/dev/null 2>&1 &
	peer_pid=$!
	at_exit kill "$peer_pid"
	wait_until eval "[ \"\$(readlink /proc/$peer_pid/ns/net)\" != '$(readlink /proc/$$/ns/net)' ]"
}

veth()
{
	start_peer &&
	ip link add "$1" type veth peer name "$2" netns "$peer_pid" &&
	ip addr add 10.99.0.1/24 dev "$1" &&
	ip link set "$1" up &&
	peer ip addr add 10.99.0.2/24 dev "$2" &&
	peer ip link set "$2" up &&
	peer ip link set lo up
}

# Objects die a little after their last holder: a grace period of the kernel's. *.debug: the
# kernel puts two iterators of its own into every new bpffs.
named_objects()
{
	local list

	list=$(printf '%s show\n' prog map | "$BPFCTL" batch file - 2>&1)
	grep -E "^[0-9]+: .*  name $PFX" <<<"$list"
	[[ $list == *"processed 2 commands" ]] || echo "not listed: ${list##*$'\n'}"
}

wait_until()
{
	local end=$((SECONDS + 60))

	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return
		sleep 0.05
	done
}

wait_file()
{
	wait_until grep -Eq "$1" "$2"
}

# Locks are of this machine, whatever the tree that the tests are run from; held until the test has ended.
lock_machine()
{
	local fd

	exec {fd}>>"/run/bpfctl-test.$2.lock" || skip_all "cannot lock $2"
	flock -w 250 "$1" "$fd" || skip_all "another test has $2 for itself"
}

alone()
{
	lock_machine -x "$1"
}

together()
{
	lock_machine -s "$1"
}

first_pids()
{
	[ "$(stat -Lc %i /proc/self/ns/pid)" = 4026531836 ]
}

polls()
{
	local where=

	read -r where <"/proc/$1/wchan"
	[[ $where == *poll* ]] || ! kill -0 "$1"
}

nothing_left()
{
	local left

	# The kernel frees in its own time, late on a busy machine.
	wait_until eval 'left=$(find "$BPFFS" -mindepth 1 ! -name "*.debug"; named_objects); [ -z "$left" ]'
	is "$left" '' "$1"
}
