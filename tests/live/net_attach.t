#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# net attach and detach beyond bpftool: expected programs, places, revisions, netkit, clsact, all devices,
# other namespaces. net.t has what bpftool can do as well.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
need_clang
d=${PFX}a
veth "$d" "${PFX}b" || skip_all "cannot make veth here"
bpf_cc "$TOP/tests/progs/multi.c" "$T/m.o" -g "-DPFX=$PFX" || exit 1
for i in 1 2 3 4; do
	"$BPFCTL" prog loadall "$T/m.o" "$BPFFS/$i" || exit 1
	declare "x$i=$("$BPFCTL" -j prog show pinned "$BPFFS/$i/${PFX}_x" | jq .id)"
	declare "t$i=$("$BPFCTL" -j prog show pinned "$BPFFS/$i/${PFX}_t" | jq .id)"
done
index=$(cat "/sys/class/net/$d/ifindex" 2>/dev/null || ip -j link show "$d" | jq '.[0].ifindex')

net()
{
	run "$BPFCTL" net "$@"
}

# refused TEXT REGEX WORDS...: status 1, the reason; and so in JSON
refused()
{
	local text=$1 want=$2

	shift 2
	net "$@"
	status 1 "$text"
	like "$err" "$want" "$text: says so"
	run "$BPFCTL" -j net "$@"
	json_ok "$text: one document"
}

# shown FILTER WANT TEXT: on net show's only record
shown()
{
	run "$BPFCTL" -j net show dev "$d"
	json_is ".[0] | $1" "$2" "$3" || said
}

# chain WANT...: the programs of tcx ingress, in order
chain()
{
	local text=$1

	shift
	shown '[.tc[] | select(.kind == "tcx/ingress").prog_id] | join(" ")' "$*" "$text"
}

# --- XDP ---

net attach xdp id "$x1" dev "$d"
status 0 "xdp"
is "$out$err" '' "and nothing is said"
shown .xdp "[{\"devname\":\"$d\",\"ifindex\":$index,\"mode\":\"driver\",\"id\":$x1}]" "shown"
net show dev "$d"
like "$out" "(^|"$'\n'")$d\($index\) driver id $x1"$'\n' "as text"
is "$(ip -j link show "$d" | jq -c '.[0].xdp.prog.id')" "$x1" "ip link sees it"
refused "attached already" ": XDP program already attached" attach xdp id "$x2" dev "$d"
net attach xdp id "$x2" dev "$d"
like "$err" "attached: driver id $x1" "and what is there"
refused "another mode" ": Native and generic" attach xdpgeneric id "$x2" dev "$d"
net attach xdp id "$x2" dev "$d" overwrite
status 0 "overwrite"
shown '.xdp[0].id' "$x2" "overwritten"
refused "expect another" "does not match|EEXIST" attach xdp id "$x3" dev "$d" expect "$x1"
net attach xdp id "$x3" dev "$d" expect "id $x1"
status 1 "expect takes words, not a phrase"
net attach xdp id "$x3" dev "$d" expect "$x2"
status 0 "expect the right one"
shown '.xdp[0].id' "$x3" "replaced"
refused "detach another" "does not match|EEXIST" detach xdp id "$x1" dev "$d"
shown '.xdp[0].id' "$x3" "still there"
net detach xdp id "$x3" dev "$d"
status 0 "detach it by name"
shown .xdp '[]' "gone"
net detach xdp dev "$d"
status 0 "detach of nothing"
like "$err" "nothing to detach" "says so"
run "$BPFCTL" -j net attach xdpgeneric pinned "$BPFFS/1/${PFX}_x" dev "$d"
is "$status $out" "0 null" "xdpgeneric: null in JSON"
shown '.xdp[0].mode' generic "generic"
net detach xdp dev "$d"
shown .xdp '[]' "plain xdp takes off the one there is, whatever its mode"
net attach xdpdrv id "$x1" dev "$d"
status 0 "xdpdrv"
refused "the wrong mode" "." detach xdpgeneric id "$x1" dev "$d"
net detach xdpdrv dev "$d"
status 0 "detach xdpdrv"
refused "no offload here" "EOPNOTSUPP|EINVAL" attach xdpoffload id "$x1" dev "$d"
refused "wrong type" "program $t1 is of type sched_cls, not xdp" attach xdp id "$t1" dev "$d"
refused "wrong type for tcx" "type xdp, not sched_cls" attach tcx_ingress id "$x1" dev "$d"
refused "no such device" "no network device 'nosuch'" attach xdp id "$x1" dev nosuch
refused "no such program" "ENOENT" attach xdp id 4294967295 dev "$d"
net attach xdp id "$x1" dev "$d" prepend
status 2 "prepend is not for xdp"
net attach tcx_ingress id "$t1" dev "$d" overwrite
status 2 "overwrite is not for tcx"
net attach xdp id "$x1"
status 2 "no device"
net detach xdp id "$x1" dev "$d" expect "$x2"
status 2 "two programs to detach"
net attach xdp id "$x1" dev "$d" all
status 2 "a device and all"

# --- tcx ---

have_tcx=1
net attach tcx_ingress id "$t1" dev "$d"
if [ "$status" != 0 ] && [[ $err == *"this kernel has no tcx"* ]]; then
	have_tcx=
	skip "tcx" "this kernel has none, and says so"
else
	status 0 "tcx"
	chain "one" "$t1"
	refused "twice" "EEXIST" attach tcx_ingress id "$t1" dev "$d"
	net attach tcx_ingress id "$t2" dev "$d"
	chain "the second comes last" "$t1" "$t2"
	net attach tcx_ingress id "$t3" dev "$d" prepend
	chain "prepend" "$t3" "$t1" "$t2"
	net attach tcx_ingress id "$t4" dev "$d" before id "$t2"
	status 0 "before"
	chain "stands before it" "$t3" "$t1" "$t4" "$t2"
	net detach tcx_ingress id "$t1" dev "$d"
	status 0 "detach one by name"
	chain "only that is gone" "$t3" "$t4" "$t2"
	net attach tcx_ingress id "$t1" dev "$d" after pinned "$BPFFS/3/${PFX}_t"
	chain "after" "$t3" "$t1" "$t4" "$t2"
	net detach tcx_ingress dev "$d"
	chain "without a name the last goes" "$t3" "$t1" "$t4"
	net attach tcx_ingress id "$t2" dev "$d" expect id "$t1"
	status 0 "expect"
	chain "takes its place" "$t3" "$t2" "$t4"
	refused "expect one that is not there" "program $t1 is not in the chain" \
		attach tcx_ingress id "$t1" dev "$d" expect "$t1"
	refused "expect another type" "type xdp, not" attach tcx_ingress id "$t1" dev "$d" expect "$x1"
	refused "expect what is gone" "program 4294967295" attach tcx_ingress id "$t1" dev "$d" expect 4294967295
	refused "detach what is not there" "program $t1 is not in the chain" detach tcx_ingress id "$t1" dev "$d"
	refused "beside what is not there" "program $t1 is not in the chain" \
		attach tcx_ingress id "$t1" dev "$d" before id "$t1"
	shown '.tc[0].revision > 1' true "revision"
	rev=$(jq '.[0].tc[0].revision' <<<"$out")
	refused "another revision" "ESTALE.*its revision is $rev" \
		attach tcx_ingress id "$t1" dev "$d" revision $((rev - 1))
	net attach tcx_ingress id "$t1" dev "$d" revision "$rev"
	status 0 "the right revision"
	chain "at that revision" "$t3" "$t2" "$t4" "$t1"
	net detach tcx_ingress expect "$t4" revision "$rev" dev "$d"
	status 1 "and now it is another"
	net detach tcx_ingress expect "$t4" revision $((rev + 1)) dev "$d"
	status 0 "detach at a revision"
	net attach tcx_egress id "$t1" dev "$d"
	shown '[.tc[].kind] | unique | join(" ")' "tcx/egress tcx/ingress" "egress has its own"
	net show dev "$d"
	like "$out" "$d\($index\) tcx/ingress ${PFX}_t prog_id $t3" "as text"
	net detach tcx_egress dev "$d"
	refused "nothing left" "nothing is attached" detach tcx_egress dev "$d"

	gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf 2>"$T/log" || diag "$(<"$T/log")"
	"$BPFCTL" net detach tcx_ingress id "$t1" dev "$d"
	mkdir "$BPFFS/links"
	PFX=$PFX "$T/make_links" "$BPFFS/links" "$d" /nonexistent >"$T/made" 2>/dev/null
	link=$("$BPFCTL" -j link show pinned "$BPFFS/links/tcx" | jq .id)
	shown "[.tc[] | select(.link_id == $link)] | length" 1 "the link and its id"
	net attach tcx_ingress id "$t1" dev "$d" before link pinned "$BPFFS/links/tcx"
	status 0 "before a link"
	shown '[.tc[] | if .link_id == 0 then .prog_id else "link" end] | map(tostring) | join(" ")' \
		"$t3 $t2 $t1 link" "stands right before it"
	refused "beside a link of another kind" "EINVAL" attach tcx_ingress id "$t4" dev "$d" before link pinned "$BPFFS/links/xdp"
	net attach tcx_ingress id "$t4" dev "$d" before link pinned "$BPFFS/links/xdp"
	like "$err" "Hint: link [0-9]+ is not attached at tcx/ingress" "why"
	refused "links are not for detach" "a link holds it" detach tcx_ingress dev "$d"
	net detach tcx_ingress id "$t1" dev "$d"
	refused "xdp that a link holds" "by a link" detach xdp dev "$d"
	refused "over an xdp link" "by a link" attach xdp id "$x1" dev "$d" overwrite
	rm -rf "$BPFFS/links"
	wait_until eval "! '$BPFCTL' link show id $link"		# links die a little after their last pin
	run "$BPFCTL" net detach tcx_ingress all
	run "$BPFCTL" net detach tcx_ingress all
	chain "all are gone"
fi

# --- classic tc ---

net attach clsact_ingress id "$t1" dev "$d"
status 0 "clsact"
like "$out" "^$d\($index\) clsact/ingress attached  prio [0-9]+  handle 0x1  qdisc created$" "what was made"
prio=$(sed -n 's/.*prio \([0-9]*\).*/\1/p' <<<"$out")
seen=$(tc -j filter show dev "$d" ingress 2>/dev/null)
is "$(jq -c '.[] | select(.options) | [.pref, .kind, .options.handle, .options."direct-action",
	.options.prog.id]' <<<"$seen")" "[$prio,\"bpf\",\"0x1\",true,$t1]" "tc sees the same"
shown '.tc[] | select(.kind == "clsact/ingress") | [.id, .name]' "[$t1,\"${PFX}_t\"]" "shown"
run "$BPFCTL" -j net attach clsact_ingress id "$t2" dev "$d" prio 7
json_is '[.devname, .ifindex, .kind, .attached, .prio, .handle, .qdisc_created]' \
	"[\"$d\",$index,\"clsact/ingress\",true,7,1,false]" "prio"
net attach clsact_ingress id "$t3" dev "$d" expect "$t2"
status 0 "expect"
shown '[.tc[] | select(.kind == "clsact/ingress").id] | join(" ")' "$t3 $t1" "takes its place"
refused "which one?" "several programs at clsact/ingress: id $t3 \(prio 7\), id $t1" \
	detach clsact_ingress dev "$d"
refused "one that is not there" "program $t2 is not at" detach clsact_ingress id "$t2" dev "$d"
net attach clsact_egress id "$t1" dev "$d"
status 0 "egress"
net detach clsact_ingress id "$t1" dev "$d" qdisc
status 0 "detach by name"
like "$err" "stays: it has other filters" "the qdisc is needed"
net detach clsact_ingress dev "$d"
status 0 "detach the only one"
run "$BPFCTL" -j net detach clsact_egress dev "$d" qdisc
json_is '[.attached, .qdisc_removed]' '[false,true]' "the last one and the qdisc"
is "$(tc -j qdisc show dev "$d" | jq -c '[.[] | select(.kind == "clsact")]')" '[]' "which tc does not see any more"
refused "none is left" "no program at clsact/egress" detach clsact_egress dev "$d"
net attach clsact_ingress id "$t1" dev "$d" prio 65536
status 2 "a prio has 16 bits"

# The kernel tells the qdiscs of all devices, whichever is asked for.
ip link add "${PFX}c" type veth peer name "${PFX}d"
tc qdisc add dev "${PFX}c" clsact
net attach clsact_ingress id "$t1" dev "$d"
status 0 "a device without the qdisc, beside one that has it"
like "$out" "qdisc created$" "it is made"
tc qdisc del dev "${PFX}c" clsact
tc qdisc add dev "${PFX}c" ingress
net attach clsact_egress id "$t1" dev "$d"
status 0 "a device with the qdisc, beside one that has no egress"
net detach clsact_egress id "$t1" dev "$d"
status 0 "and what is there is found"
net detach clsact_ingress dev "$d" qdisc
like "$out" "qdisc removed$" "and removed"
ip link del "${PFX}c"

# Filters of a block are those of all devices that share it: they are not one device's to take or give.
ip link add "${PFX}c" type veth peer name "${PFX}d"
if tc qdisc add dev "$d" ingress_block 77 clsact 2>/dev/null && tc qdisc add dev "${PFX}c" ingress_block 77 clsact &&
   tc filter add block 77 bpf da pinned "$BPFFS/1/${PFX}_t"; then
	is "$("$BPFCTL" -j net show | jq -c "[.[0].tc[] | select(.id == $t1).devname] | sort")" "[\"$d\",\"${PFX}c\"]" \
		"a filter of a shared block is shown at each device"
	refused "a shared block" "shared with other devices, in block 77" detach clsact_ingress id "$t1" dev "$d"
	is "$(tc -j filter show block 77 | jq -c '[.[].options.prog.id // empty]')" "[$t1]" "it is left alone"
	refused "a shared block" "block is shared" attach clsact_ingress id "$t2" dev "$d"
	net attach clsact_ingress id "$t2" dev "$d"
	unlike "$err" CONFIG "and nothing is said of the kernel's configuration"
	run "$BPFCTL" -j attach list prog id "$t1"
	json_is '[.[] | [.target, .block]] | sort' \
		"[[\"$d clsact/ingress block 77 prio 49152 handle 0x1\",77],[\"${PFX}c clsact/ingress block 77 prio 49152 handle 0x1\",77]]" \
		"attach list tells the block"
	tc qdisc del dev "$d" clsact
else
	skip "shared blocks" "cannot be made here"
fi
ip link del "${PFX}c"

tc qdisc add dev "$d" ingress
net attach clsact_ingress id "$t1" dev "$d"
status 0 "an ingress qdisc will do for ingress"
refused "but it has no egress" "has no egress" attach clsact_egress id "$t1" dev "$d"
refused "and nothing to detach there" "no program at" detach clsact_egress dev "$d"
shown '[.tc[] | select(.id)] | length' 1 "one filter is shown once"
tc qdisc del dev "$d" ingress

tc qdisc add dev "$d" root handle 1: htb
tc class add dev "$d" parent 1: classid 1:5 htb rate 1mbit
tc filter add dev "$d" parent 1: bpf da pinned "$BPFFS/1/${PFX}_t" 2>/dev/null
tc filter add dev "$d" parent 1:5 bpf da pinned "$BPFFS/2/${PFX}_t" 2>/dev/null
shown '[.tc[] | select(.id) | [.kind, .id]]' "[[\"htb\",$t2],[\"htb\",$t1]]" "filters of qdiscs and classes"
tc qdisc del dev "$d" root

# --- netkit: where there is some, netkit.t goes on ---

refused "netkit on something else" "is not a netkit device but of kind veth" \
	attach netkit_primary id "$t1" dev "$d"
# --- beside Debian's bpftool ---

"$BPFCTL" net attach xdp id "$x1" dev "$d"
"$BPFCTL" net attach clsact_ingress id "$t1" dev "$d" >/dev/null
"$BPFCTL" net attach clsact_egress id "$t2" dev "$d" >/dev/null
if [ -n "$BPFTOOL" ]; then
	theirs=$("$BPFTOOL" -j net show)
	ours=$("$BPFCTL" -j net show)
	is "$(jq -S '.[0] | [.xdp, .tc]' <<<"$ours")" "$(jq -S '.[0] | [.xdp, .tc]' <<<"$theirs")" "JSON as bpftool's"
	is "$("$BPFCTL" net show | sed '/^flow_dissector/,$d')" \
		"$("$BPFTOOL" net show | sed '/^flow_dissector/,$d; s/ *$//')" "text as bpftool's"
else
	skip "as bpftool" "there is none"
fi
"$BPFCTL" net detach xdp dev "$d"
"$BPFCTL" net detach clsact_egress dev "$d" >/dev/null
"$BPFCTL" net detach clsact_ingress dev "$d" qdisc >/dev/null

# --- other network namespaces ---

there=$(peer cat "/sys/class/net/${PFX}b/ifindex" 2>/dev/null || peer ip -j link show "${PFX}b" | jq '.[0].ifindex')
net attach xdp pinned "$BPFFS/1/${PFX}_x" dev "${PFX}b" netns pid "$peer_pid"
status 0 "attach in another namespace, by pid"
run "$BPFCTL" -j net show netns "/proc/$peer_pid/ns/net"
json_is '.[0].xdp' "[{\"devname\":\"${PFX}b\",\"ifindex\":$there,\"mode\":\"driver\",\"id\":$x1}]" "shown, by path"
is "$(peer ip -j link show "${PFX}b" | jq '.[0].xdp.prog.id')" "$x1" "ip there sees it"
shown .xdp '[]' "not here"
mount -t tmpfs none /run 2>/dev/null && mkdir /run/netns && touch "/run/netns/${PFX}n" &&
	mount --bind "/proc/$peer_pid/ns/net" "/run/netns/${PFX}n"
if [ -n "$have_tcx" ]; then
	net attach tcx_ingress id "$t1" dev "${PFX}b" netns "${PFX}n"
	status 0 "attach tcx, by name"
	run "$BPFCTL" -j net show dev "${PFX}b" netns "${PFX}n"
	json_is '[.[0].tc[].prog_id]' "[$t1]" "shown"
	net detach tcx_ingress id "$t1" dev "${PFX}b" netns "${PFX}n"
	status 0 "detach"
	refused "again: the hint names the namespace" "'[^']*net show dev ${PFX}b netns ${PFX}n'" \
		detach tcx_ingress id "$t1" dev "${PFX}b" netns "${PFX}n"
	refused "by number, too" "'[^']*net show dev ${PFX}b netns pid $peer_pid'" \
		attach tcx_ingress id "$t1" dev "${PFX}b" before id "$t2" netns pid "$peer_pid"
fi
refused "clsact" "'[^']*net show dev ${PFX}b netns ${PFX}n'" detach clsact_ingress dev "${PFX}b" netns "${PFX}n"
peer tc qdisc add dev "${PFX}b" ingress
refused "a hint about tc" "ip netns exec ${PFX}n tc qdisc del dev ${PFX}b ingress" \
	attach clsact_egress id "$t1" dev "${PFX}b" netns "${PFX}n"
refused "by path" "nsenter --net=/run/netns/${PFX}n tc qdisc del dev ${PFX}b ingress" \
	attach clsact_egress id "$t1" dev "${PFX}b" netns "/run/netns/${PFX}n"
peer tc qdisc del dev "${PFX}b" ingress
net detach xdp id "$x1" dev "${PFX}b" netns "${PFX}n"
status 0 "detach xdp there"
is "$("$BPFCTL" __complete net show netns "${PFX}n")" "${PFX}n" "names are offered"
refused "no such namespace" "no network namespace 'nosuch'" show netns nosuch
refused "no such process" "no process 4294967295" show netns pid 4294967295
net show netns pid 0
status 2 "nor a process 0"
net attach tcx_ingress id "$t1" dev "$d" revision 0
status 2 "nor a revision 0"
refused "something else" "'/dev/null' is not a network namespace" show netns /dev/null
refused "a device of ours is not there" "no network device '$d'(.|"$'\n'")*: nsenter -t $peer_pid -n ip -br link" \
	show dev "$d" netns pid "$peer_pid"
run "$BPFCTL" batch file - <<<"net show netns ${PFX}n
net show dev $d"
status 0 "a batch comes back"
umount "/run/netns/${PFX}n" && umount /run

# --- all ---

ip link add "${PFX}c" type veth peer name "${PFX}d"
ip link set "${PFX}c" up
run "$BPFCTL" -j net attach xdp id "$x1" all
status 0 "all"
json_ok "all: one document"
json_is '[.[] | [.devname, .kind, .attached]] | sort' \
	"[[\"$d\",\"xdp\",true],[\"${PFX}c\",\"xdp\",true]]" "what is up, but loopback"
net detach xdp dev "$d"
net attach xdp id "$x2" all
status 3 "all: partly"
like "$out" "^$d\($index\) xdp attached$" "what was done"
like "$err" "attach xdp program to ${PFX}c: XDP program already attached" "and what was not"
run "$BPFCTL" -j net attach xdp id "$x3" all
is "$status" 1 "all: to none"
json_ok "to none: one document"
json_is '.[-1].error' "attached to none of 2 devices" "of how many"
run "$BPFCTL" -j net detach xdp id "$x2" all
json_is 'map(.devname)' "[\"$d\"]" "detach one program everywhere"
run "$BPFCTL" -j net attach xdp id "$x3" all
status 3 "all: partly, in JSON"
json_ok "one document"
json_is 'map(.devname // .errno) | sort' "[\"EBUSY\",\"$d\"]" "what was done and what was not"
run "$BPFCTL" -j net attach xdp id "$x2" all expect "$x3"
is "$status $(jq -c 'map(.devname // .errno) | sort' <<<"$out")" "3 [\"EEXIST\",\"$d\"]" "where the expected one is"
run "$BPFCTL" net detach xdp id "$x2" dev "$d"
run "$BPFCTL" net detach xdp all
is "$status $(wc -l <<<"$out")" "0 1" "detach whatever there is"
run "$BPFCTL" -j net detach xdp all
is "$status $out" "0 []" "nothing there"
net attach netkit_primary id "$t1" all
status 1 "no netkit device"
like "$err" "no netkit device is up" "says so"
ip link del "${PFX}c"

# --- devices that vanish while all goes over them are no failure ---

while :; do
	for i in 1 2 3 4; do
		echo "link add ${PFX}v$i type veth peer name ${PFX}w$i"
		echo "link set ${PFX}v$i up"
	done | ip -batch -
	for i in 1 2 3 4; do
		echo "link del ${PFX}v$i"
	done | ip -batch -
done >/dev/null 2>&1 &
churn=$!
at_exit kill $churn
bad=0
for ((i = 0; i < 30; i++)); do
	run "$BPFCTL" -j net attach tcx_egress id "$t1" all
	[ "$status" = 0 ] && one_json "$out" || { bad=$((bad + 1)); diag "attach: $out"; }
	run "$BPFCTL" -j net detach tcx_egress id "$t1" all
	[ "$status" = 0 ] && one_json "$out" || { bad=$((bad + 1)); diag "detach: $out"; }
done
kill $churn
wait $churn 2>/dev/null
for i in 1 2 3 4; do
	ip link del "${PFX}v$i" 2>/dev/null
done
[ -z "$have_tcx" ] && skip "all, while devices come and go" "no tcx" ||
	is "$bad" 0 "all, while devices come and go"

# --- many devices, many filters: complete, and the numbers of messages do not matter ---

if ip link add "${PFX}m" type dummy 2>/dev/null || ip link add "${PFX}m" type veth peer name "${PFX}o"; then
	tc qdisc add dev "${PFX}m" clsact
	for ((i = 1; i <= 300; i++)); do
		echo "filter add dev ${PFX}m ingress prio $i bpf da pinned $BPFFS/1/${PFX}_t"
	done | tc -batch - >/dev/null 2>&1
	run "$BPFCTL" -j net show dev "${PFX}m"
	json_is '.[0].tc | length' "$(tc filter show dev "${PFX}m" ingress | grep -c 'direct-action')" "300 filters"
	json_is '[.[0].tc[].id] | unique' "[$t1]" "all of that program"
	there=$(tc -j filter show dev "${PFX}m" ingress | jq -c '[.[] | select(.options.handle == "0x1") | [.pref, 1]]')
	run "$BPFCTL" -j net detach clsact_ingress id "$t1" dev "${PFX}m" qdisc
	json_is .qdisc_removed true "and all gone at once"
	json_is '[.filters[] | [.prio, .handle]] | sort' "$there" "each is told"
	json_is '[.prio, .handle] == (.filters[0] | [.prio, .handle])' true "the first stands in the head, too"
	for prio in 3 4; do
		"$BPFCTL" net attach clsact_ingress id "$t1" dev "${PFX}m" prio $prio >/dev/null
	done
	net detach clsact_ingress id "$t1" all
	is "${out#*) }" "clsact/ingress detached  prio 3  handle 0x1"$'\n\t'"prio 4  handle 0x1" "in text: a line each"
	ip link del "${PFX}m"
fi

# --- no privileges ---

run setpriv --bounding-set -net_admin --inh-caps -all -- "$BPFCTL" net attach clsact_ingress id "$t1" dev "$d"
status 1 "without cap_net_admin"
like "$err" "cap_net_admin" "names it"

rm -rf "${BPFFS:?}"/[1-4]
nothing_left "nothing is left"
done_testing
