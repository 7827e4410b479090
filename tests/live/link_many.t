#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# link show where there are many links: those on cgroups and devices are told by a program of ours in the
# kernel, each as it is told when asked for alone. Few links: link.t.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf || exit 1
gcc -O1 -o "$T/crowd" "$TOP/tests/bench/crowd.c" -lbpf || exit 1
[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$cgroup" ] && mkdir "$cgroup/$PFX" || skip_all "no cgroup2 here"
at_exit eval "rmdir $cgroup/$PFX/*/x $cgroup/$PFX/* $cgroup/$PFX 2>/dev/null"
veth "${PFX}a" "${PFX}b" || exit 1

# More than the program is worth (kern/object/link_list.h), on two cgroups and five devices; and one of each kind.
mkdir "$cgroup/$PFX/"{one,two,each}
for i in 1 2 3 4 5; do
	ip link add "${PFX}m$i" type veth peer name "${PFX}n$i"
done

# hold N DIR PREFIX: a process that holds links until it is killed; ${holders[N]}
hold()
{
	"$T/crowd" links "$2" $each "$3" <>"$T/never" >"$T/ready$1" &	# a pipe that it holds open itself
	holders[$1]=$!
	at_exit eval "kill $! 2>/dev/null; wait $! 2>/dev/null"
	wait_until grep -q ready "$T/ready$1"
}

mkfifo "$T/never"
holders=()
each=25
for i in 1 2 3 4 5; do
	mkdir -p "$cgroup/$PFX/more$i/x"
	hold $i "$cgroup/$PFX/more$i" none
done
hold 0 "$cgroup/$PFX" "${PFX}m"
"$T/make_links" "$BPFFS" "${PFX}a" "$cgroup/$PFX/each" >/dev/null 2>"$T/not_made"
mkdir "$BPFFS/peer" && peer "$T/make_links" "$BPFFS/peer" "${PFX}b" "$cgroup/$PFX/each" >/dev/null 2>&1

# mine JSON: those of these links, by their programs and pins; others come and go
mine()
{
	jq -c --arg b "$BPFFS" '[.[] | select((.pinned // [] | any(startswith($b))) or (.pids // [] | any(.comm == "crowd")))]' <<<"$1"
}

# alone KIND...: each of them asked for by its id
alone()
{
	jq -r '.[] | "link show id \(.id)"' <<<"$mine" | "$BPFCTL" -f "$@" batch file -
}

# same TEXT: the list is what the links are, each asked for alone
same()
{
	run "$BPFCTL" -jf link show
	json_ok "$1: one document"
	mine=$(mine "$out")
	is "$(jq -S -c '.[]' <<<"$mine")" "$(alone -j | jq -S -c '.[].output')" "$1: JSON: $(jq length <<<"$mine") links as each alone"
	is "$("$BPFCTL" --compat -f link show | awk -v ids=" $(jq -r '.[].id' <<<"$mine" | tr '\n' ' ')" '
		/^[0-9]+:/ { mine = index(ids, " " ($1 + 0) " ") }
		mine')" "$(alone | sed '$d')" "$1: text: likewise"
}

same "as they are"
kinds=$(jq -c '[.[].type] | unique' <<<"$mine")
n=$(jq length <<<"$mine")
ok "more links than the program is worth: $n" [ "$n" -gt 300 ]
like "$kinds" '"cgroup".*"xdp"' "of many kinds: $kinds"
is "$(jq -c --arg p "$PFX" '[.[] | select(.type == "xdp" and .pids) | .devname] | sort' <<<"$mine")" \
	"[\"${PFX}m1\",\"${PFX}m2\",\"${PFX}m3\",\"${PFX}m4\",\"${PFX}m5\"]" "devices by name"
is "$(jq -c --arg b "$BPFFS/peer/" '[.[] | select((.pinned // [])[0] // "" | startswith($b)) |
	select(.type == "xdp" or .type == "tcx") | .devname] | unique' <<<"$mine")" '["(unknown)"]' \
	"those of another network namespace by number"
is "$(jq -c --argjson id "$(stat -c %i "$cgroup/$PFX/one")" '[.[] | select(.cgroup_id == $id)] | length' <<<"$mine")" $each \
	"cgroups by number"

if ! command -v strace >/dev/null; then
	skip "it was told by the program" "no strace"
elif [ ! -e /sys/kernel/btf/vmlinux ] || [ "$("$BPFCTL" -j version | jq .features.skeletons)" != true ] ||
	! printf '5.19\n%s\n' "$(uname -r)" | sort -CV; then
	skip "it was told by the program" "no iterator of links here"
else
	asked=$(strace -e trace=bpf "$BPFCTL" -j link show 2>&1 >/dev/null | grep -c LINK_GET_FD_BY_ID)
	ok "it was told by the program: only $asked were opened" [ "$asked" -lt $((n / 2)) ]
fi
own=$("$BPFCTL" -j link show | jq '[.[] | select(.target_name == "bpf_link")] | length')
is "$own" 0 "the link that the program itself hangs on is not listed"

run peer "$BPFCTL" -jf link show
is "$(mine "$out" | jq -c --arg b "$BPFFS/peer/" '[.[] | select((.pinned // [])[0] // "" | startswith($b)) |
	select(.type == "xdp" or .type == "tcx") | .devname] | unique')" "[\"${PFX}b\"]" "over there they have names"
is "$(mine "$out" | jq -c --arg p "${PFX}" '[.[] | select(.type == "xdp" and .pids) | .devname] | unique')" \
	'["(unknown)"]' "and ours have none"

ip link set "${PFX}m3" name "${PFX}z"
ip link del "${PFX}m4"
kill "${holders[2]}"
wait "${holders[2]}" 2>/dev/null
rmdir "$cgroup/$PFX/more1/x"
wait_until eval '"$BPFCTL" -j link show | jq -e "any(.[]; .cgroup_id == 0)" >/dev/null'
same "one holder killed, a cgroup removed"
is "$(jq -c '[.[] | select(.cgroup_id == 0)] | length' <<<"$mine")" $each "links whose cgroup is gone"
ip link del "${PFX}a"
same "a device removed"
is "$(jq -c '[.[] | select(.pinned != [] and (.type == "xdp" or .type == "tcx")) | .devname] | unique' <<<"$mine")" \
	'["(detached)"]' "links whose device is gone"

# With so few descriptors the program cannot be loaded (nor the owners be found): all links are opened.
one_by_one=$(ulimit -n 5; "$BPFCTL" -j link show)
is "$(jq -c --argjson m "$mine" '($m | map(.id)) as $ids | [.[] | select(.id | IN($ids[]))]' <<<"$one_by_one")" \
	"$(jq -c '[.[] | del(.pids, .pinned)]' <<<"$mine")" "opened one by one they are the same"

kill "${holders[@]}" 2>/dev/null
wait "${holders[@]}" 2>/dev/null
rm -rf "$BPFFS"/[!mp]* "$BPFFS/peer"
nothing_left "nothing is left"
done_testing
