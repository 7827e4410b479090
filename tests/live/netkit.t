#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# netkit pairs: programs on both ends attached, placed, replaced, detached and shown, by net, link, attach list and
# prog unload. Skipped where the kernel has none; make check-vm runs it on a kernel that has.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
k=${PFX}k
cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$cgroup" ] && mkdir "$cgroup/$PFX" || skip_all "no cgroup2 here"
at_exit eval "rmdir $cgroup/$PFX/* $cgroup/$PFX"
ip link add "$k" type netkit 2>/dev/null || skip_all "this kernel has no netkit"
at_exit ip link del "$k"
ip link set "$k" up
index=$(ip -j link show "$k" | jq '.[0].ifindex')
peer=$(ip -j link show "$k" | jq -r '.[0].link // empty')
[ -n "$peer" ] || peer=$(ip -j link show | jq -r --arg k "$k" '.[] | select(.ifname != $k and .ifname != "lo") | .ifname')
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf || exit 1
mkdir "$BPFFS/links"
made=" $("$T/make_links" "$BPFFS/links" "$k" /nowhere 2>/dev/null | tr '\n' ' ')"
like "$made" " netkit netkit_peer " "links on both ends are made"

net()
{
	run "$BPFCTL" net "$@"
}

# shown FILTER WANT TEXT: on the device's record
shown()
{
	run "$BPFCTL" -j net show dev "$k"
	json_ok "$3: one document"
	json_is ".[0] | $1" "$2" "$3" || said
}

# --- links ---

for end in netkit netkit_peer; do
	type=$end
	dev=$peer
	[ $end = netkit ] && type=netkit_primary dev=$k
	number=$(ip -j link show "$dev" | jq ".[0].ifindex")
	run "$BPFCTL" -j link show pinned "$BPFFS/links/$end"
	json_ok "$end: one document"
	json_is 'del(.id, .prog_id)' "{\"type\":\"netkit\",\"devname\":\"$dev\",\"ifindex\":$number,\"attach_type\":\"$type\"}" \
		"$end: its device and end"
	eval "$end=$(jq .id <<<"$out") ${end}_prog=$(jq .prog_id <<<"$out")"
	run "$BPFCTL" link show pinned "$BPFFS/links/$end"
	like "$out" "^[0-9]+: netkit  prog [0-9]+"$'\n\t'"ifindex $dev\($number\)  attach_type $type\$" "$end: text"
done
shown '[.tc[] | select(.kind | startswith("netkit")) | [.kind, .prog_id, .link_id]]' \
	"[[\"netkit/primary\",$netkit_prog,$netkit],[\"netkit/peer\",$netkit_peer_prog,$netkit_peer]]" "net show has both"
run "$BPFCTL" -j attach list type netkit
json_ok "attach list: one document"
json_is "[.[] | select(.ifindex == $index) | [.kind, .devname, .attach_type, .link_id]] | sort" \
	"[[\"netkit\",\"$k\",\"netkit_peer\",$netkit_peer],[\"netkit\",\"$k\",\"netkit_primary\",$netkit]]" "attach list has both"
run unshare -n "$BPFCTL" -j link show id "$netkit"
json_is .devname '(unknown)' "elsewhere the device has no name"

# What the kernel tells of many at once is what each tells.
for i in 1 2 3 4 5 6; do
	mkdir -p "$cgroup/$PFX/$i"
done
gcc -O1 -o "$T/crowd" "$TOP/tests/bench/crowd.c" -lbpf || exit 1
mkfifo "$T/never"
"$T/crowd" links "$cgroup/$PFX" 60 none <>"$T/never" >"$T/ready" &
crowd=$!
at_exit kill $crowd
wait_until grep -q ready "$T/ready"
run "$BPFCTL" -j link show
is "$(jq -c '[.[] | select(.type == "netkit")]' <<<"$out")" \
	"$(for l in $netkit $netkit_peer; do "$BPFCTL" -j link show id $l; done | jq -sc .)" "among many: as each alone"
kill $crowd
wait $crowd 2>/dev/null

# --- programs beside the links ---

need_clang
bpf_cc "$TOP/tests/progs/multi.c" "$T/m.o" -g "-DPFX=$PFX" || exit 1
for i in 1 2 3; do
	"$BPFCTL" prog loadall "$T/m.o" "$BPFFS/$i" || exit 1
	declare "t$i=$("$BPFCTL" -j prog show pinned "$BPFFS/$i/${PFX}_t" | jq .id)"
done
chain='[.tc[] | select(.kind == "netkit/primary").prog_id]'
net attach netkit_primary id "$t1" dev "$k"
status 0 "netkit_primary"
net attach netkit_primary id "$t2" dev "$k" prepend
status 0 "prepend"
net attach netkit_primary id "$t3" dev "$k" before id "$t1"
status 0 "before"
shown "$chain" "[$t2,$netkit_prog,$t3,$t1]" "in this order"
net attach netkit_primary id "$t1" dev "$k"
status 1 "once is enough"
like "$err" '\[EEXIST\]' "says so"
net detach netkit_primary id "$t3" dev "$k"
status 0 "detach by program"
net attach netkit_primary id "$t3" dev "$k" expect id "$t1"
status 0 "in the place of a certain program"
shown "$chain" "[$t2,$netkit_prog,$t3]" "in this order"
net detach netkit_primary id "$netkit_prog" dev "$k"
status 1 "what a link holds"
like "$err" "a link holds it" "says so"
net attach netkit_peer id "$t1" dev "$peer"
status 1 "on the peer itself"
like "$err" "$peer is the peer of its pair: .* as netkit_peer" "says where"
net attach netkit_peer id "$t1" dev "$k"
status 0 "netkit_peer"
shown '[.tc[] | select(.kind == "netkit/peer").prog_id]' "[$netkit_peer_prog,$t1]" "shown"
run "$BPFCTL" -j net attach netkit_primary id "$t1" all
json_ok "all: one document"
json_is '[.[].devname]' "[\"$k\"]" "all: the primary devices"

# --- and everything of a program ends ---

run "$BPFCTL" -j prog unload id "$t1"
status 0 "prog unload"
json_ok "one document"
run "$BPFCTL" prog show id "$t1"
status 1 "nothing is left of it"
run "$BPFCTL" link detach id "$netkit"
status 0 "link detach"
run "$BPFCTL" -j link show id "$netkit"
json_is .devname '(detached)' "it says detached"
ip link del "$k"
run "$BPFCTL" -j link show id "$netkit_peer"
json_is .devname '(detached)' "and so does the other without its device"
rm -r "$BPFFS"/[!mp]*
nothing_left "nothing is left"
done_testing
