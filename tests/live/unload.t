#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# prog unload: all that holds a program is listed, removed, and nothing else is touched.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
need tc
gcc -O1 -o "$T/hooks" "$TOP/tests/live/hooks.c" -lbpf || exit 1
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf || exit 1
veth "${PFX}a" "${PFX}b" || exit 1
[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
if [ -z "$cgroup" ]; then
	cgroup=$T/cgroup
	mkdir "$cgroup" && mount -t cgroup2 none "$cgroup" && at_exit umount "$cgroup"
fi
mkdir "$cgroup/$PFX" && at_exit rmdir "$cgroup/$PFX"

load()
{
	"$T/hooks" load "$2" "$3" "${PFX}_$1" "$4" "$BPFFS/$1"
}

id_of()
{
	"$BPFCTL" -j prog show pinned "$BPFFS/$1" | jq .id
}

# gone ID TEXT: the kernel knows no such program
gone()
{
	"$BPFCTL" -j prog show id "$1" >/dev/null 2>&1
	is $? 1 "$2"
}

# The kernel frees what a process held after grace periods of RCU.
gone_in_time()
{
	wait_until eval "! '$BPFCTL' -j prog show id '$1'"
	gone "$@"
}

# unload PROG...: first the plan, which must come true word by word
unload()
{
	local planned dry_status told

	run "$BPFCTL" -j prog unload "$@" dry_run
	dry_status=$status
	planned=$(jq -c '.log // [.would_unload, (.holders[] | .removed = .would_remove | del(.would_remove))]' <<<"$out")
	told=$("$BPFCTL" prog unload "$@" dry_run 2>&1 | sed 's/^would remove/removed/; s/would be unloaded$/is unloaded/; s/would stay loaded$/stays loaded/')
	run "$BPFCTL" -j prog unload "$@"
	is "$(jq -c '.log // [.unloaded, .holders[]]' <<<"$out")" "$planned" "$*: what the dry run said"
	is "$status" "$dry_status" "$*: and its status"
	[ "$dry_status" = 1 ] || is "$(tail -n 1 <<<"$told")" \
		"program $(jq .prog_id <<<"$out") $(jq -r 'if .unloaded then "is unloaded" else "stays loaded" end' <<<"$out")" \
		"$*: and its last line"
}

kinds='[.holders[] | [.kind, .removed]] | sort'

# --- a pin, two links, XDP, a program array ---
load x 6 0 2
load other 6 0 2
id=$(id_of x)
ip link add "${PFX}c" type veth peer name "${PFX}d"
ip link set "${PFX}c" up
"$T/make_links" "$BPFFS" "${PFX}d" "$cgroup/$PFX" >/dev/null 2>&1	# others, which must stay
"$BPFCTL" net attach xdpgeneric pinned "$BPFFS/x" dev "${PFX}a"
peer "$BPFCTL" net attach xdpdrv pinned "$BPFFS/x" dev "${PFX}b"
"$BPFCTL" map create "$BPFFS/progs" type prog_array key 4 value 4 entries 8 name "${PFX}_pa"
"$T/hooks" entry "$BPFFS/progs" 2 "$BPFFS/x"
"$T/hooks" entry "$BPFFS/progs" 6 "$BPFFS/x"
"$T/hooks" entry "$BPFFS/progs" 3 "$BPFFS/other"
"$BPFCTL" net attach xdpgeneric pinned "$BPFFS/other" dev "${PFX}c"
# the links that the other programs have
our_links()
{
	"$BPFCTL" -jf link show | jq -c "[.[] | select((.pinned // []) | any(startswith(\"$BPFFS/\"))) | .id]"
}
before=$(our_links)

run "$BPFCTL" -j prog unload pinned "$BPFFS/x" --dry-run
status 0 "dry run"
json_ok "one document"
json_is "$kinds" '[["pin",false],["prog_array",false],["prog_array",false],["xdp",false],["xdp",false]]' "lists what holds it"
json_is '[.prog_id, .unloaded, .dry_run]' "[$id,false,true]" "and says that it did nothing"
ok "it is still there" "$BPFCTL" prog show pinned "$BPFFS/x"
is "$(ip -j link show "${PFX}a" | jq '.[0].xdp.prog.id')" "$id" "and attached"
run "$BPFCTL" prog unload pinned "$BPFFS/x" dry_run
like "$out" "^would remove  pin  $BPFFS/x"$'\n'".*would remove  xdp  ${PFX}a generic"$'\n' "in text"

unload pinned "$BPFFS/x"
status 0 "unload"
json_ok "one document"
json_is "$kinds" '[["pin",true],["prog_array",true],["prog_array",true],["xdp",true],["xdp",true]]' "all are removed"
json_is .unloaded true "and it is unloaded"
gone "$id" "the kernel has no such program"
is "$(ip -j link show "${PFX}a" | jq '.[0].xdp.prog.id // 0')" 0 "ip sees no XDP program"
is "$(peer ip -j link show "${PFX}b" | jq '.[0].xdp.prog.id // 0')" 0 "nor in the other network namespace"
is "$("$BPFCTL" -j map dump pinned "$BPFFS/progs" | jq -c 'map(.formatted // .) | length')" 1 "the array keeps the other program"
is "$(ip -j link show "${PFX}c" | jq '.[0].xdp.prog.id')" "$(id_of other)" "the other's XDP stays"
is "$(our_links)" "$before" "no link was touched"

# --- an entry of a frozen program array ---
load icy 6 0 2
id=$(id_of icy)
"$BPFCTL" map create "$BPFFS/ice" type prog_array key 4 value 4 entries 8 name "${PFX}_ice"
"$T/hooks" entry "$BPFFS/ice" 2 "$BPFFS/icy"
run "$BPFCTL" map freeze pinned "$BPFFS/ice"
ice=$("$BPFCTL" -j map show pinned "$BPFFS/ice" | jq .id)
unload pinned "$BPFFS/icy"
status 3 "an entry of a frozen program array: partly"
json_is '.holders[] | select(.kind == "prog_array") | [.removed, .reason]' \
	"[false,\"map $ice is frozen: the entry lives as long as the map\"]" "why it stays"
run "$BPFCTL" prog unload id "$id" dry_run
status 1 "the dry run knows"
like "$err" "prog_array .*: map $ice is frozen.*program $id stays loaded" "and says so"
rm "$BPFFS/ice"
wait_until eval '! "$BPFCTL" prog show id "$id" >/dev/null 2>&1'
gone "$id" "without the map it is gone"

# --- tc, tcx, two links, cgroup ---
load tc 3 0 -1
load tc2 3 0 -1
id=$(id_of tc)
tc qdisc add dev "${PFX}c" clsact
tc filter add dev "${PFX}c" ingress prio 7 bpf da object-pinned "$BPFFS/tc"
tc filter add dev "${PFX}c" ingress prio 7 bpf da object-pinned "$BPFFS/tc2"
if tc filter add dev "${PFX}c" egress prio 9 bpf object-pinned "$BPFFS/tc2" action bpf object-pinned "$BPFFS/tc" 2>/dev/null; then
	acts='["tc_action",false],' want=3
else
	acts='' want=0		# no act_bpf here
fi
"$BPFCTL" net attach tcx_ingress pinned "$BPFFS/tc" dev "${PFX}c"
"$BPFCTL" net attach tcx_ingress pinned "$BPFFS/tc2" dev "${PFX}c"
unload id "$id"
status $want "tc, tcx, and the action of another program's filter"
json_is "$kinds" "[[\"pin\",true],[\"tc\",true],${acts}[\"tcx\",true]]" "all but the action are removed"
[ -z "$acts" ] || json_is '.holders[] | select(.kind == "tc_action").reason' "filters use the action" "and the reason is there"
is "$(tc -j filter show dev "${PFX}c" ingress | jq -c '[.[].options.prog.id // empty]')" "[$(id_of tc2)]" "tc: the other filter stays"
is "$("$BPFCTL" -j net show dev "${PFX}c" | jq -c '[.[0].tc[] | select(.kind == "tcx/ingress").prog_id]')" "[$(id_of tc2)]" \
	"tcx: the other program stays"
tc filter del dev "${PFX}c" egress prio 9 2>/dev/null
gone "$id" "with that filter gone, the program is"

load block 3 0 -1
id=$(id_of block)
tc qdisc del dev "${PFX}c" clsact
if tc qdisc add dev "${PFX}c" ingress_block 77 clsact 2>/dev/null && tc qdisc add dev "${PFX}d" ingress_block 77 clsact &&
   tc filter add block 77 bpf da object-pinned "$BPFFS/block"; then
	unload id "$id"
	status 0 "a filter that two devices share"
	json_is "$kinds" '[["pin",true],["tc",true],["tc",true]]' "is removed from both"
	gone "$id" "it is gone"
	tc qdisc del dev "${PFX}c" clsact
	tc qdisc del dev "${PFX}d" clsact
else
	skip "a filter that two devices share" "cannot be made here"
	rm "$BPFFS/block"
fi
tc qdisc add dev "${PFX}c" clsact

load cg 8 0 1
load cg2 8 0 1
id=$(id_of cg)
"$BPFCTL" cgroup attach "$cgroup/$PFX" egress pinned "$BPFFS/cg" multi
"$BPFCTL" cgroup attach "$cgroup/$PFX" egress pinned "$BPFFS/cg2" multi
run "$BPFCTL" prog unload name "${PFX}_cg"
status 0 "a program on a cgroup, by name"
like "$out" "removed  cgroup  $cgroup/$PFX cgroup_inet_egress" "text"
like "$out" "program $id is unloaded" "and how it ended"
gone "$id" "it is gone"
is "$("$BPFCTL" -j cgroup show "$cgroup/$PFX" | jq -c '[.[] | select(.attach_type == "cgroup_inet_egress").name]')" \
	"[\"${PFX}_cg2\"]" "the other program stays"
"$BPFCTL" prog unload pinned "$BPFFS/cg2" >/dev/null

load lk 30 36 1		# sk_lookup
id=$(id_of lk)
ok "two links of a program" "$T/hooks" link netns 36 "$BPFFS/lk" "$BPFFS/lk1"
"$T/hooks" link netns 36 "$BPFFS/lk" "$BPFFS/lk2"
unload pinned "$BPFFS/lk"
status 0 "are both removed"
json_is "$kinds" '[["link",true],["link",true],["link_pin",true],["link_pin",true],["pin",true]]' "with their pins"
gone "$id" "and it is gone"

load sm 14 38 1
id=$(id_of sm)
"$BPFCTL" map create "$BPFFS/map" type sockmap key 4 value 4 entries 4 name "${PFX}_sm"
"$BPFCTL" prog attach pinned "$BPFFS/sm" skb_verdict pinned "$BPFFS/map"
unload pinned "$BPFFS/sm"
status 0 "a program on a socket map"
is "$("$T/hooks" query map "$BPFFS/map" 38)" '' "the kernel has none there"
gone "$id" "it is gone"

# --- links that cannot be detached end with their pins ---
for link in raw_tp uprobe_multi; do
	[ -e "$BPFFS/$link" ] || { skip "$link" "cannot be made here"; continue; }
	id=$("$BPFCTL" -j link show pinned "$BPFFS/$link" | jq .prog_id)
	unload id "$id"
	status 0 "a link of type $link"
	json_is "$kinds" '[["link",true],["link_pin",true]]' "$link: removed with its pin"
	gone "$id" "$link: the program is gone"
done

# --- a process ---
load held 6 0 2
id=$(id_of held)
coproc HOLD { exec "$T/hooks" hold "$BPFFS/held"; }
pid=$HOLD_PID
read -r _ <&"${HOLD[0]}"
unload pinned "$BPFFS/held"
status 3 "a process holds it: partly"
json_is '[.holders[] | [.kind, .pid // .path, .removed]] | sort' \
	"[[\"pin\",\"$BPFFS/held\",true],[\"process\",$pid,false]]" "which one"
json_is .unloaded false "it stays"
run "$BPFCTL" prog unload id "$id"
status 1 "nothing that could be removed: failed"
is "$out" '' "text: nothing on stdout"
like "$err" "process hooks\($pid\): .*program $id stays loaded" "and which process"
unload id "$id"
json_ok "JSON: one document"
json_is '.log[0]' "process hooks($pid): the process has it open" "with the process"
eval "exec ${HOLD[1]}>&-"
wait "$pid" 2>/dev/null
gone_in_time "$id" "without the process it is gone"

# --- a process that holds a link ---
load lk 30 36 1
id=$(id_of lk)
"$T/hooks" link netns 36 "$BPFFS/lk" "$BPFFS/lk1"
coproc HOLD { exec "$T/hooks" hold "$BPFFS/lk1"; }
pid=$HOLD_PID
read -r _ <&"${HOLD[0]}"
unload id "$id"
status 3 "a process holds a link: partly"
json_is '.holders[] | select(.kind == "process") | [.pid, .removed, (.link_id | type)]' "[$pid,false,\"number\"]" "which one"
json_is '.holders[] | select(.kind == "link").removed' true "the link is detached anyway"
eval "exec ${HOLD[1]}>&-"
wait "$pid" 2>/dev/null

# --- a link that cannot be detached, and a process that holds it ---
"$T/make_links" "$BPFFS" "${PFX}d" "$cgroup/$PFX" >/dev/null 2>&1
if [ -e "$BPFFS/raw_tp" ]; then
	id=$("$BPFCTL" -j link show pinned "$BPFFS/raw_tp" | jq .prog_id)
	coproc HOLD { exec "$T/hooks" hold "$BPFFS/raw_tp"; }
	pid=$HOLD_PID
	read -r _ <&"${HOLD[0]}"
	unload id "$id"
	status 3 "a process holds a link that cannot be detached: partly"
	json_is '.holders[] | select(.kind == "link") | [.removed, .reason]' \
		'[false,"links of this type cannot be detached, and a process holds it"]' "why it stays"
	unload id "$id"
	status 1 "once more: nothing can be removed"
	eval "exec ${HOLD[1]}>&-"
	wait "$pid" 2>/dev/null
	gone_in_time "$id" "without the process it is gone"
else
	skip "a link that cannot be detached" "cannot be made here"
fi

run "$BPFCTL" prog unload id 4000000000
status 1 "no such program"
run "$BPFCTL" -j prog unload
status 2 "without a program"
json_ok "in JSON"

rm -f "$BPFFS"/[!mp]* "$BPFFS"/{map,progs}
tc qdisc del dev "${PFX}c" clsact
ip link del "${PFX}c"
nothing_left "nothing is left"
done_testing
