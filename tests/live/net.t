#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# net show, attach, detach on veth devices, beside ip, tc and Debian's bpftool.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
a=${PFX}a b=${PFX}b
veth "$a" "${PFX}x" && ip link add "$b" type veth peer name "${PFX}y" || exit 1
ai=$(ip -j link show "$a" | jq '.[0].ifindex')

long=_with_a_long_name
bpf_cc "$TOP/tests/live/net.bpf.c" "$T/o.o" -g -DXDP="${PFX}_x1" -DXDP2="${PFX}_x2$long" \
	-DTC="${PFX}_t1" -DTC2="${PFX}_t2$long" -DDISSECT="${PFX}_fd" -DACT="${PFX}_act" || exit 1
"$BPFCTL" prog loadall "$T/o.o" "$BPFFS/p" || exit 1
x1=$BPFFS/p/${PFX}_x1 x2=$BPFFS/p/${PFX}_x2$long t1=$BPFFS/p/${PFX}_t1 t2=$BPFFS/p/${PFX}_t2$long

id_of()
{
	"$BPFCTL" -j prog show pinned "$1" | jq .id
}
x1i=$(id_of "$x1") x2i=$(id_of "$x2") t1i=$(id_of "$t1") t2i=$(id_of "$t2")

net()
{
	run "$BPFCTL" net "$@"
}

# What ip says: mode (1 driver, 2 generic) and program
ip_xdp()
{
	ip -j -d link show dev "$1" | jq -c '.[0].xdp | [.mode, .prog.id]'
}

# shown DEV FILTER WANT TEXT
shown()
{
	is "$("$BPFCTL" -j net show dev "$1" | jq -c ".[0] | $2")" "$3" "$4"
}

xdp_of()
{
	shown "$a" .xdp "[{\"devname\":\"$a\",\"ifindex\":$ai,\"mode\":\"$1\",\"id\":$2}]" "$1 $2 is shown"
}

# --- XDP, every mode ---
for mode in xdp:1:driver xdpgeneric:2:generic xdpdrv:1:driver; do
	IFS=: read -r type number word <<<"$mode"
	net attach $type pinned "$x1" dev "$a"
	status 0 "attach $type"
	is "$out$err" '' "attach $type: no output"
	is "$(ip_xdp "$a")" "[$number,$x1i]" "attach $type: ip sees it"
	xdp_of "$word" "$x1i"
	net attach $type pinned "$x2" dev "$a"
	status 1 "attach $type again"
	like "$err" "attach $type program to $a: XDP program already attached" "the kernel's words"
	like "$err" "attached: $word id $x1i; 'overwrite'" "what is there, and what to do"
	is "$(ip_xdp "$a")" "[$number,$x1i]" "the first one stays"
	net attach $type pinned "$x2" dev "$a" overwrite
	status 0 "overwrite"
	is "$(ip_xdp "$a")" "[$number,$x2i]" "overwrite: ip sees it"
	net detach $type dev "$a"
	status 0 "detach $type"
	is "$err" '' "detach $type: not a word"
	is "$(ip_xdp "$a")" '[null,null]' "detach $type: ip sees it"
	net detach $type dev "$a"
	status 0 "detach $type of nothing"
	like "$err" "$a has no XDP program: nothing to detach" "a remark"
done

"$BPFCTL" net attach xdpgeneric pinned "$x1" dev "$a"
net attach xdpdrv pinned "$x2" dev "$a"
status 1 "driver mode beside generic mode"
like "$err" "Native and generic XDP can't be active at the same time" "the kernel's words"
net detach xdpdrv dev "$a"
status 0 "detach of a mode that the program is not in"
like "$err" "$a has no xdpdrv program; attached: generic id $x1i" "a remark that it is still there"
xdp_of generic "$x1i"
run "$BPFCTL" -j net detach xdpgeneric dev "$a"
is "$out" null "-j: null"
run "$BPFCTL" -j net detach xdpgeneric dev "$a"
is "$out$err" null "-j: null and no remark when there was nothing"
run "$BPFCTL" -j net attach xdp pinned "$x1" dev "$a"
is "$out" null "-j attach: null"
run "$BPFCTL" -j net attach xdp pinned "$x1" dev "$a"
json_ok "-j attach again: one document"
json_is '[has("error"), .errno, (.hint | length > 0)]' '[true,"EBUSY",true]' "-j attach again: error and hint"
net d xdpd dev "$a"
is "$status $(ip_xdp "$a")" '0 [null,null]' "d xdpd: detach xdpdrv"
net a xdpg id "$x1i" dev "$a"
is "$status $(ip_xdp "$a")" "0 [2,$x1i]" "a xdpg: attach xdpgeneric"
ip link set dev "$a" xdpgeneric off

# --- what cannot be ---
net attach xdpoffload pinned "$x1" dev "$a"
status 1 "offload to a veth"
like "$err" "few devices support offload" "a hint"
net attach xdp pinned "$t1" dev "$a"
status 1 "a program of the wrong type"
like "$err" "program $t1i is of type sched_cls, not xdp" "says so"
net attach tcx_ingress pinned "$x1" dev "$a"
status 1 "the other way round"
like "$err" "program $x1i is of type xdp, not sched_cls" "says so"
for args in "attach xdp pinned $x1 dev nosuchdev" "detach xdp dev nosuchdev" "show dev nosuchdev" \
	"detach tcx_egress dev $(printf 'x%.0s' {1..300})"; do
	# shellcheck disable=SC2086
	net $args
	status 1 "${args%% *}: no such device"
	like "$err" "no network device '(nosuchdev|x+)'" "names it"
done
for args in "attach xdp pinned $x1" "attach xdp dev $a" "attach $a" "attach xdpx pinned $x1 dev $a" \
	"detach xdp" "detach dev $a" "show $a" "show dev" "attach xdp pinned $x1 dev $a overwrite prepend" \
	"attach xdp pinned $x1 dev $a prepend" "attach tcx_ingress pinned $t1 dev $a overwrite"; do
	# shellcheck disable=SC2086
	net $args
	status 2 "usage: net $(sed "s|$BPFFS|...|" <<<"$args")"
done
is "$(ip_xdp "$a")" '[null,null]' "nothing of this left anything"

# --- tcx ---
tcx_of()
{
	shown "$a" "[.tc[] | select(.kind == \"tcx/$1\").prog_id]" "$2" "tcx/$1: $2"
}

net attach tcx_ingress pinned "$t1" dev "$a"
if [ "$status" != 0 ]; then
	skip tcx "$err"
else
	shown "$a" '.tc | map(del(.revision))' "[{\"devname\":\"$a\",\"ifindex\":$ai,\"kind\":\"tcx/ingress\",\"name\":\"${PFX}_t1\",\"prog_id\":$t1i,\"prog_flags\":[],\"link_id\":0,\"link_flags\":[]}]" \
		"attach tcx_ingress"
	net attach tcx_ingress pinned "$t1" dev "$a"
	status 1 "twice the same"
	like "$err" "EEXIST.*already in the chain|EEXIST.*"$'\n'".*already in the chain" "says so"
	net attach tcx_ingress pinned "$t2" dev "$a"
	tcx_of ingress "[$t1i,$t2i]"
	net detach tcx_ingress dev "$a"
	tcx_of ingress "[$t1i]"
	net attach tcx_ingress pinned "$t2" dev "$a" prepend
	tcx_of ingress "[$t2i,$t1i]"
	net attach tcx_e pinned "$t2" dev "$a"
	tcx_of egress "[$t2i]"
	run "$BPFCTL" net show dev "$a"
	like "$out" $'\n'"$a\($ai\) tcx/ingress ${PFX}_t2$long prog_id $t2i"$'\n'"$a\($ai\) tcx/ingress ${PFX}_t1 prog_id $t1i"$'\n'"$a\($ai\) tcx/egress ${PFX}_t2$long prog_id $t2i"$'\n' \
		"text: in order, with whole names"
	shown "$b" .tc '[]' "the other device has none"
	for hook in ingress ingress egress; do
		net detach tcx_$hook dev "$a"
		status 0 "detach tcx_$hook"
	done
	net detach tcx_ingress dev "$a"
	status 1 "detach from an empty chain"
	like "$err" "nothing is attached" "says so"
fi

# --- classic filters, and what bpftool says of all ---
"$BPFCTL" net attach xdp pinned "$x1" dev "$a"
"$BPFCTL" net attach xdpgeneric pinned "$x2" dev "$b"
tc qdisc add dev "$a" clsact &&
	tc filter add dev "$a" ingress bpf da object-pinned "$t1" &&
	tc filter add dev "$a" ingress prio 3 bpf da object-pinned "$t2" &&
	tc filter add dev "$a" egress bpf da object-pinned "$t2" &&
	tc qdisc add dev "$a" root handle 1: htb default 1 &&
	tc class add dev "$a" parent 1: classid 1:1 htb rate 1mbit &&
	tc class add dev "$a" parent 1: classid 1:2 htb rate 1mbit &&
	tc filter add dev "$a" parent 1: bpf object-pinned "$t1" classid 1:1 &&
	tc filter add dev "$a" parent 1:2 bpf object-pinned "$t2" classid 1:2 &&
	made=1 || made=
tc qdisc add dev "$b" root handle 7: pfifo
if [ -n "$made" ]; then
	shown "$a" '[.tc[] | [.kind, .id]] | sort' \
		"$(jq -nc "[[\"clsact/egress\",$t2i],[\"clsact/ingress\",$t1i],[\"clsact/ingress\",$t2i],[\"htb\",$t1i],[\"htb\",$t2i]]")" \
		"filters of clsact and htb"
	run "$BPFCTL" net show dev "$a"
	like "$out" $'\n'"$a\($ai\) htb ${PFX}_t1:\[\*fsobj\] id $t1i"$'\n' "text: a filter, its name as tc gave it"
	is "$("$BPFCTL" -j net show dev "$a" | jq '.[0].tc | length')" 5 "each once"
	shown "$b" .tc '[]' "none where there is none"
else
	skip "classic filters" "this kernel has not all of clsact, htb, cls_bpf"
fi
act=$BPFFS/p/${PFX}_act
if tc filter add dev "$a" egress prio 9 bpf object-pinned "$t1" action bpf object-pinned "$act" \
	action bpf object-pinned "$act" 2>/dev/null; then
	one="{\"name\":\"${PFX}_act:[*fsobj]\",\"id\":$(id_of "$act")}"
	shown "$a" '[.tc[] | select(has("act")) | .kind, .id, .act]' "[\"clsact/egress\",$t1i,[$one,$one]]" \
		"a filter with actions"
else
	skip "a filter with actions" "this kernel has no act_bpf"
fi
if [ -n "$BPFTOOL" ]; then
	for dev in '' "dev $a" "dev $b"; do
		# shellcheck disable=SC2086
		theirs=$("$BPFTOOL" -j net show $dev | jq -c '.[0] | .xdp, .tc')
		# shellcheck disable=SC2086
		is "$("$BPFCTL" -j net show $dev | jq -c '.[0] | .xdp, .tc')" "$theirs" "-j net show $dev: as bpftool"
		# shellcheck disable=SC2086
		is "$("$BPFCTL" net show $dev | sed '/^flow/q')" \
			"$("$BPFTOOL" net show $dev | sed 's/ *$//; /^flow/q')" \
			"net show $dev: as bpftool"
	done
else
	skip "as bpftool" "there is none"
fi
run "$BPFCTL" -j net
is "$out" "$("$BPFCTL" -j net list)" "show and list are the same, and the default"
json_is '.[0] | keys_unsorted' '["xdp","tc","flow_dissector","netfilter"]' "the sections, in order"

# --- flow dissector and netfilter: of the namespace, of the system ---
if [ -n "$BPFTOOL" ] && "$BPFTOOL" prog attach pinned "$BPFFS/p/${PFX}_fd" flow_dissector; then
	fdi=$(id_of "$BPFFS/p/${PFX}_fd")
	run "$BPFCTL" -j net show
	json_ok "a flow dissector: valid JSON"
	json_is '.[0].flow_dissector' "[{\"id\":$fdi}]" "its id"
	run "$BPFCTL" net show dev "$a"
	like "$out" $'\n'"flow_dissector:"$'\n'"id $fdi"$'\n'"netfilter:" "text, with a device too"
else
	skip "flow dissector" "nobody here to attach it"
fi
mkdir "$BPFFS/links"
if gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf &&
	"$T/make_links" "$BPFFS/links" "$b" /nonexistent 2>/dev/null | grep -qx netfilter; then
	read -r nf nfl < <("$BPFCTL" -j link show pinned "$BPFFS/links/netfilter" | jq -r '"\(.prog_id) \(.id)"')
	run "$BPFCTL" -j net show dev "$a"
	json_is ".[0].netfilter[] | select(.link_id == $nfl)" \
		"{\"pf\":2,\"hook\":1,\"prio\":-50,\"flags\":0,\"id\":$nf,\"link_id\":$nfl,\"pf_name\":\"ip\",\"hook_name\":\"input\"}" \
		"a netfilter link"
	run "$BPFCTL" net show
	like "$out" $'\n'"netfilter:"$'\n\n'"(.*"$'\n'")?"$'\t'"ip input prio -50 prog_id $nf" "text"
else
	skip "netfilter" "no such links here"
fi
if [ -e "$BPFFS/links/tcx" ]; then
	lid=$("$BPFCTL" -j link show pinned "$BPFFS/links/tcx" | jq .id)
	shown "$b" '[.tc[] | .link_id]' "[$lid]" "a tcx link"
	net detach tcx_ingress dev "$b"
	status 1 "a link is not detached so"
	like "$err" "EBUSY" "it is busy"
	like "$err" "link detach" "how it is done"
fi
ip link set dev "$b" xdpgeneric off
"$T/make_links" "$BPFFS/links" "$b" /nonexistent >/dev/null 2>&1
if [ -e "$BPFFS/links/xdp" ]; then
	net attach xdp pinned "$x1" dev "$b" overwrite
	status 1 "a link is not overwritten"
	like "$err" "Can't replace active BPF XDP link" "the kernel's words"
	like "$err" "by a link: see '.*link show'" "where to look"
	net detach xdp dev "$b"
	status 1 "and not detached"
fi
rm -r "$BPFFS/links"

# --- no privileges ---
user="setpriv --reuid 65534 --regid 65534 --clear-groups"
run $user "$BPFCTL" -j net show dev "$a"
status 3 "show without privileges: partly"
json_ok "one document"
json_is '[(.[0].xdp[].id), (.[0].tc[0] | has("error")), (.[0].netfilter[0] | has("error"))]' "[$x1i,true,true]" \
	"XDP is shown, what is hidden is said"
run $user "$BPFCTL" net detach xdp dev "$a"
status 1 "detach without privileges"
like "$err" "EPERM.*"$'\n'".*cap_net_admin" "what is missing"
is "$(ip_xdp "$a")" "[1,$x1i]" "it is still there"

# --- many devices, odd names, devices that come and go ---
for ((i = 0; i < 60; i++)); do
	echo "link add ${PFX}m$i type veth peer name ${PFX}n$i"
done | ip -batch - || exit 1
# shellcheck disable=SC1003
odd='x"\'$'\x7f''é$(a)'
ip link set "${PFX}m59" name "$odd" &&
	run "$BPFCTL" net attach xdpgeneric pinned "$x1" dev "$odd"
status 0 "a device of an odd name"
run "$BPFCTL" -j net show
json_ok "one document"
is "$(jq -r ".[0].xdp[] | select(.mode == \"generic\").devname" <<<"$out")" "$odd" "its name in JSON"
run "$BPFCTL" net show
like "$out" 'x"\\\\?x?7?f?.*é\$\(a\)\([0-9]+\) generic id' "and in text"
unlike "$out" $'\x7f' "control bytes are escaped"
for ((i = 0; i < 59; i++)); do
	echo "link set dev ${PFX}m$i xdpgeneric pinned $x2"
done | ip -batch - || exit 1
is "$("$BPFCTL" -j net show | jq ".[0].xdp | map(select(.id == $x2i)) | length")" 59 "all of 120 devices"

while :; do
	ip link add "${PFX}c" type veth peer name "${PFX}d"
	ip link del "${PFX}c"
done >/dev/null 2>&1 &
churn=$!
at_exit kill $churn
bad=0
for ((i = 0; i < 40; i++)); do
	n=$("$BPFCTL" -j net show | jq ".[0].xdp | map(select(.id == $x2i) | .ifindex) | length, (unique | length)" |
		tr '\n' ' ')
	[ "$n" = "59 59 " ] || { bad=$((bad + 1)); diag "round $i: $n"; }
done
kill $churn
is "$bad" 0 "devices come and go: each of the others once, 40 times"

for dev in "$a" "$odd"; do
	ip link del "$dev"
done
net show dev "$a"
status 1 "it is gone"
done_testing
