#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Listings of what is attached where there is much of it: 500 veth pairs, 2000 links, 300 cgroups, 20,000 open
# ordinary files; ours beside the distribution's bpftool, same run. As root. QUICK=1: small numbers.

. "$(dirname "$0")/../lib.sh"
can_bpf || { echo "bench: needs root"; exit 1; }
live
helpers="crowd"
. "$TOP/tests/bench/rows.sh"
n_veth=500 n_cgroups=300 n_each=5 n_files=20000 rounds=5
[ -z "${QUICK:-}" ] || n_veth=20 n_cgroups=10 n_files=1000 rounds=3
cg2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$cg2" ] && mkdir "$cg2/$PFX" || { echo "scale: no cgroup2 here"; exit 1; }
at_exit eval "rmdir $cg2/$PFX/*; rmdir $cg2/$PFX"

# crowd FD WORDS...: in the background until the fd is closed
crowd()
{
	local fd=$1 i

	shift
	mkfifo "$T/hold$fd"
	"$bin/crowd" "$@" <"$T/hold$fd" >"$T/ready$fd" &
	eval "exec $fd>$T/hold$fd"
	for ((i = 0; i < 1200; i++)); do
		grep -q ready "$T/ready$fd" && break
		sleep 0.1
	done
	n=$(sed -n 's/^ready //p' "$T/ready$fd")
}

echo "making $n_veth veth pairs and $n_cgroups cgroups"
for ((i = 0; i < n_veth; i++)); do
	echo "link add ${PFX}d$i type veth peer name p$i"
done | ip -batch - || exit 1
for ((i = 0; i < n_cgroups; i++)); do
	mkdir "$cg2/$PFX/g$i"
done
crowd 7 links "$cg2/$PFX" $n_each "${PFX}d"
echo "listings with $n links, $n_veth veth pairs, $n_cgroups cgroups:"
titles
row "net show" $rounds 1 net show
row "-j net show" $rounds 1 -j net show
row "link show" $rounds 1 link show
row "-j link show" $rounds 1 -j link show
row "cgroup tree" $rounds 1 cgroup tree "$cg2/$PFX"
row "-j cgroup tree" $rounds 1 -j cgroup tree "$cg2/$PFX"
theirs=$BPFTOOL
BPFTOOL=
row "attach list (ours only)" $rounds - attach list
row "ps (ours only)" $rounds - ps
BPFTOOL=$theirs

is_complete()
{
	[ "$1" = "$2" ] || missed="$missed  $3: $1, should be $2"$'\n'
}
is_complete "$("$BPFCTL" -j link show | jq --arg p "${PFX}d" '[.[] | select((.type == "xdp" and (.devname // "" | startswith($p))) or .type == "cgroup")] | length >= '$n)" true "link show: links"
is_complete "$("$BPFCTL" -j net show | jq --arg p "${PFX}d" '[.[].xdp[] | select(.devname | startswith($p))] | length')" $n_veth "net show: interfaces"
is_complete "$("$BPFCTL" -j cgroup tree "$cg2/$PFX" | jq '[.[] | select(.programs | length == '$n_each')] | length')" $n_cgroups "cgroup tree: cgroups"
exec 7>&-

crowd 8 files $n_files
echo "$n open ordinary files:"
row "perf show" $rounds 0.2 perf show
row "-j perf show" $rounds 0.2 -j perf show
exec 8>&-
crowd 9 files $n_files probe
echo "the same and a program on a tracepoint:"
row "perf show" $rounds 0.2 perf show
row "-j perf show" $rounds 0.2 -j perf show
is_complete "$("$BPFCTL" -j perf show | jq 'any(.[]; .tracepoint == "oom_score_adj_update")')" true "perf show: the tracepoint"
exec 9>&-
missed_rows
