#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# make torture: runs the command lines of tests/torture/commands while one thing after the other fails: system calls,
# allocations, files, limits, signals. Everything must be done, or refused with a word and undone.
#
#	SEED=N		which faults (printed; today's second if not given)
#	TIME=900	seconds, at most
#	COUNT=70	faults per line
#	ONLY=WORDS	lines whose command or words begin so
#	FAULT=WHAT	just this one, as a report names it: json/call/12/EIO
#	JOBS=2		drivers at a time
#	QUICK=1		no line that takes long (for make check)
#
# Ends with a table: faults injected per command; how many did no harm, were reported, ended the command by the signal
# that was sent, are known (tests/torture/known) and are bad. Status 0: none is bad, and the table covers every command.

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
HERE=$TOP/tests/torture
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
export BPFCTL=${BPFCTL:-$TOP/bpfctl} SEED=${SEED:-$(date +%s)} TIME=${TIME:-900} COUNT=${COUNT:-70} ONLY=${ONLY:-}
export TORTURE=$BUILD/tests/torture/torture PRELOAD=$BUILD/tests/torture/preload.so MAKE_LINK=$BUILD/tests/torture/make_link
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8 KNOWN=$HERE/known
JOBS=${JOBS:-2}
OUT=$(mktemp -d "${TMPDIR:-/tmp}/bpfctl-torture-out.XXXXXX") || exit 1
# What outlives the namespaces of a driver that was killed.
clean_up()
{
	local root

	root=$(findmnt -rno TARGET -t cgroup2 | head -n 1)
	for ((i = 0; i < JOBS; i++)); do
		rmdir "$root/$prefix$i/below" "$root/$prefix$i" "/sys/kernel/tracing/instances/$prefix$i"
	done
	rm -rf "$OUT"
} 2>/dev/null
trap clean_up EXIT
trap 'kill $(jobs -p) 2>/dev/null; wait; exit 130' INT TERM
prefix=z$(printf %x $(($$ % 65536)))

# Commands that no line begins with.
uncovered()
{
	"$BPFCTL" --introspect-cli |
		jq -r 'def leaves($p): .[] | ($p + [.name]) as $q |
		       if (.commands // []) == [] then $q | join(" ") else .commands | leaves($q) end; .commands | leaves([])' |
		grep -vxFf <(sed -n '/^[^#]/s/[ \t]*|.*//p' "$HERE/commands")
}

left=$(uncovered)
if [ -n "$left" ]; then
	echo "tests/torture/commands has no line for:" "${left//$'\n'/, }"
	exit 1
fi
table=$HERE/commands
if [ -n "${QUICK:-}" ]; then
	table=$OUT/commands
	grep -v '^feature probe\|^prog profile\|^metrics\|^ps\|^feature kfuncs\|^btf header.*only' "$HERE/commands" >"$table"
fi
# "bpfctl+0x1a2b" reads as the function and line.
symbols()
{
	local offsets

	offsets=$(grep -oh 'bpfctl+0x[0-9a-f]*' "$1" | sort -u | sed 's/.*+//')
	[ -n "$offsets" ] && command -v addr2line >/dev/null || { cat "$1"; return; }
	# shellcheck disable=SC2086
	sed -f <(paste -d' ' <(echo "$offsets") <(addr2line -s -f -e "$BPFCTL" $offsets | paste -d@ - -) |
		sed 's|\([^ ]*\) \(.*\)@\(.*\)|s%bpfctl+\1 %\2(\3) %g|; s/ (discriminator [0-9]*)//') "$1"
}

began=$SECONDS
for ((i = 0; i < JOBS; i++)); do
	PFX=$prefix$i PART=$i TMPDIR=$OUT PARTS=$JOBS unshare -mnpf --mount-proc --propagation private --kill-child \
		bash "$HERE/world.sh" "$table" "$OUT/$i" >"$OUT/log$i" 2>&1 </dev/null &
done
wait
cat "$OUT"/[0-9]* >"$OUT/all"
symbols "$OUT/all" | grep -v '^DONE\|^END'
grep -h . "$OUT"/log*
cat "$OUT"/[0-9]* | awk -F'\t' -v seed="$SEED" -v took=$((SECONDS - began)) -v jobs="$JOBS" '
/^END/ { ended++ }
/^DONE/ {
	name = substr($1, 6)
	if (!(name in n)) names[++k] = name
	n[name] += $2; ok[name] += $3; said[name] += $4; killed[name] += $5; known[name] += $6; bad[name] += $7
	total += $2; total_ok += $3; total_said += $4; total_killed += $5; total_known += $6; total_bad += $7
}
END {
	printf "%-24s %8s %8s %8s %8s %8s %8s\n", "command", "faults", "no harm", "reported", "killed", "known", "bad"
	for (i = 1; i <= k; i++) {
		c = names[i]
		printf "%-24s %8d %8d %8d %8d %8d %8d\n", c, n[c], ok[c], said[c], killed[c], known[c], bad[c]
	}
	printf "%-24s %8d %8d %8d %8d %8d %8d\n", "all", total, total_ok, total_said, total_killed, total_known, total_bad
	printf "SEED=%s, %d s\n", seed, took
	if (ended != jobs) print "a driver did not come to its end"
	exit ended != jobs || total_bad || !total
}'
