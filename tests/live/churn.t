#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Programs, maps, BTF, links, perf events, cgroups and interfaces come and go as fast as they can while every
# listing runs: none fails, none prints what is no JSON, and none lists what went before it began.
#
#	CHURN_ROUNDS=500	how often each listing runs (a few by default)
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
rounds=${CHURN_ROUNDS:-4}
gcc -O1 -o "$T/churn" "$TOP/tests/live/churn_all.c" -lbpf || exit 1
[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
cg2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$cg2" ] && mkdir "$cg2/$PFX" || skip_all "no cgroup2 here"
at_exit rmdir "$cg2/$PFX"

"$T/churn" "$PFX" "$cg2/$PFX" "$T/generation" &
churn=$!
at_exit kill $churn
interfaces()
{
	local k=0

	while :; do
		echo "$k" >"$T/interface.new" && mv "$T/interface.new" "$T/interface"
		ip link add "${PFX}d$k" type veth peer name "${PFX}p$k"
		ip link set "${PFX}d$k" up
		sleep 0.1
		ip link del "${PFX}d$k"
		k=$((k + 1))
	done
}
echo 0 >"$T/interface"
interfaces 2>/dev/null &
devs=$!
at_exit kill $devs
wait_until test -s "$T/generation"

# generation: in $now
generation()
{
	local n

	read -r n <"$T/generation"
	now=$((10#${n:-0}))
}

# Some are alive at a time, and another process may hold one a little longer.
ALIVE=40

# stale BEFORE AFTER BEFORE_DEV AFTER_DEV: names in the JSON on stdin that were not alive between; in the file named
# how many there are, and how many documents
stale()
{
	jq -r --arg p "$PFX" '"document", (.. | strings | capture("(^|/)\($p)(?<kind>[_dp])(?<n>[0-9]+)$")? |
		"\(.kind) \(.n)")' 2>/dev/null |
		awk -v a=$(($1 - ALIVE)) -v b="$2" -v c=$(($3 - 3)) -v d="$4" -v named="$T/named" '
			$1 == "document" { docs++; next }
			{ n++ }
			$1 == "_" && ($2 < a || $2 > b) || $1 != "_" && ($2 < c || $2 > d) { print }
			END { print n + 0, docs + 0 >named }'
}

hidden='read the open files of [0-9]+ process'
# whole OUTPUT: nothing is missing; or, where a policy hides processes even from root, only these
whole()
{
	[ "$status" = 0 ] || { [ "$status" = 3 ] &&
		[ "$(grep -Eo '"error":|^Error: ' <<<"$1" | wc -l)" = "$(grep -Eo "$hidden" <<<"$1" | wc -l)" ]; }
}

names=0
# listing WORDS...: rounds times as JSON, and as text
listing()
{
	local bad=0 old=0 seen=0 i g d s n docs text="${*/#$cg2*/CGROUP}"

	for ((i = 0; i < rounds && bad < 5; i++)); do
		generation
		g=$now d=$(<"$T/interface")
		run "$BPFCTL" -j "$@"
		generation
		s=$(stale "$g" "$now" "$d" "$(<"$T/interface")" <"$T/.stdout")
		read -r n docs <"$T/named"
		seen=$((seen + n))
		whole "$(<"$T/.stdout")" && [ "$docs" = 1 ] && [ -z "$err" ] || { bad=$((bad + 1)); said; }
		[ -z "$s" ] || { old=$((old + 1)); diag "generation $g to $now, interface $d: $s"; }
		run "$BPFCTL" "$@"
		whole "$err" && [[ -z $(grep -Ev "could not be read|$hidden|^Hint: no capability" <<<"$err") ]] ||
			{ bad=$((bad + 1)); said; }
	done
	is "$bad" 0 "$text: $((2 * rounds)) times without failure"
	is "$old" 0 "$text: nothing stale among $seen names"
	names=$((names + seen))
}

for words in "prog show" "map show" "link show" "btf show" "net show" "perf show" "cgroup tree" \
	"cgroup tree $cg2/$PFX" "attach list" "ps" "ps detail" "-f prog show"; do
	# shellcheck disable=SC2086
	listing $words
done
# So many links that they are told by the kernel at once, and not each when asked.
mkdir -p "$cg2/$PFX/many/"{1,2,3,4,5,6,7}
at_exit rmdir "$cg2/$PFX/many/"{1,2,3,4,5,6,7} "$cg2/$PFX/many"
gcc -O1 -o "$T/crowd" "$TOP/tests/bench/crowd.c" -lbpf
mkfifo "$T/never"
"$T/crowd" links "$cg2/$PFX/many" 50 none <>"$T/never" >"$T/ready" &
crowd=$!
at_exit kill $crowd
wait_file ready "$T/ready"
listing link list
listing -f link show
kill $crowd
wait $crowd 2>/dev/null
generation
ok "things came and went meanwhile: $now generations, $(<"$T/interface") interfaces" \
	kill -0 $churn $devs
ok "and were seen: $names" [ "$names" -gt $((rounds * 10)) ]

kill $churn $devs
wait 2>/dev/null
ip link show | grep -o "${PFX}d[0-9]*" | xargs -rn1 ip link del 2>/dev/null
nothing_left "nothing is left"
done_testing
