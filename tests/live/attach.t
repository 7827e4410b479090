#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# attach list: every kind of attachment this kernel makes, once each; ip, tc and the kernel's own
# answers as witnesses.
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

id_of()
{
	"$BPFCTL" -j prog show pinned "$BPFFS/$1" | jq .id
}

# rows FILTER: of the whole list
rows()
{
	"$BPFCTL" -j attach list | jq -c ".[] | select($1)"
}

# --- links ---
made=" $("$T/make_links" "$BPFFS" "${PFX}a" "$cgroup/$PFX" 2>"$T/not_made" | tr '\n' ' ')"
before=$("$BPFCTL" -j link show | jq -c 'map(.id)')
run "$BPFCTL" -j attach list
status 0 "the list"
json_ok "one document"
all=$out

# link KIND FILTER WANT: the row of a link that make_links made
link()
{
	local id

	if [[ $made != *" $1 "* ]]; then
		skip "$1" "$(grep "^$1:" "$T/not_made")"
		return
	fi
	id=$("$BPFCTL" -j link show pinned "$BPFFS/$1" | jq .id)
	is "$(jq -c "[.[] | select(.link_id == $id)] | if length == 1 then .[0] | $2 else length end" <<<"$all")" \
		"$3" "$1: once, and right"
}

ifindex=$(ip -o link show "${PFX}a" | cut -d: -f1)
netns=$(stat -Lc %i /proc/self/ns/net)
true=$(realpath /bin/true)
link xdp '[.kind,.devname,.ifindex,.mode,.netns_ino,.held,.pinned]' \
	"[\"xdp\",\"${PFX}a\",$ifindex,\"driver\",$netns,[\"link\",\"pin\"],[\"$BPFFS/xdp\"]]"
link tcx '[.kind,.target,.attach_type]' "[\"tcx\",\"${PFX}a ingress\",\"tcx_ingress\"]"
link cgroup '[.kind,.cgroup,.cgroup_id,.attach_type]' \
	"[\"cgroup\",\"$cgroup/$PFX\",$(stat -c %i "$cgroup/$PFX"),\"cgroup_inet_ingress\"]"
link netns '[.kind,.target,.netns_ino]' "[\"netns\",\"sk_lookup\",$netns]"
link netfilter '[.kind,.target,.prio]' '["netfilter","ip input prio -50",-50]'
link raw_tp '[.kind,.tracepoint]' '["raw_tracepoint","sched_switch"]'
link uprobe_multi '[.kind,.file,.path,.func_cnt]' "[\"uprobe_multi\",\"$true\",\"$true\",2]"
link tracepoint '[.kind,.tracepoint,.cookie]' '["tracepoint","sched_switch",77]'
link uprobe '[.kind,.target,.retprobe]' '["uprobe","/bin/true+0x1000",false]'
link uretprobe '[.kind,.target,.retprobe]' '["uprobe","/bin/true+0x1000 return",true]'
link event '[.kind,.event_type,.event_config,.target]' '["perf_event","software","page-faults","software:page-faults"]'
link sockmap '[.kind,.attach_type]' '["sockmap","sk_skb_verdict"]'

is "$(jq '[.[].link_id // empty] | length - (unique | length)' <<<"$all")" \
	"$(jq '[.[] | select(.kind == "struct_ops") | .link_id // empty] | length - (unique | length)' <<<"$all")" \
	"no link is listed twice"
# What other tests make and remove meanwhile does not count: links that were there before and after.
listed=$(jq -c 'map(.link_id // empty)' <<<"$all")
is "$("$BPFCTL" -j link show | jq -c --argjson a "$listed" --argjson b "$before" 'map(.id) - (map(.id) - $b) - $a')" \
	'[]' "no link is missing"

run "$BPFCTL" attach list
like "$out" "PROG +TYPE +NAME +KIND +TARGET +LINK +HELD +SINCE" "text: a table"
like "$out" "xdp +${PFX}[^ ]* +xdp +${PFX}a driver +[0-9]+ +link,pin +pinned [0-9]+[smhd] ago .*$BPFFS/xdp" "and a row"

# since when: the pin's time where there is one, else when the program was loaded
pinned_at=$(stat -c %Y "$BPFFS/xdp")
is "$(jq -c ".[] | select((.pinned // [])[0] == \"$BPFFS/xdp\") | [.pinned_at, .loaded_at]" <<<"$all")" \
	"[$pinned_at,null]" "a pinned link: when it was pinned"

# --- without links ---
"$T/hooks" load 3 0 "${PFX}_tc" -1 "$BPFFS/tc"
"$T/hooks" load 6 0 "${PFX}_xdp" 2 "$BPFFS/x"
"$T/hooks" load 14 38 "${PFX}_skb" 1 "$BPFFS/skb"
"$T/hooks" load 8 0 "${PFX}_cg" 1 "$BPFFS/cg"
"$T/hooks" load 1 0 "${PFX}_sock" 0 "$BPFFS/sock"
"$BPFCTL" map create "$BPFFS/map" type sockmap key 4 value 4 entries 4 name "${PFX}_sm"
"$BPFCTL" map create "$BPFFS/progs" type prog_array key 4 value 4 entries 8 name "${PFX}_pa"

peer "$BPFCTL" net attach xdpgeneric pinned "$BPFFS/x" dev "${PFX}b"
ip link add "${PFX}d" type veth peer name "${PFX}e" && ip link set "${PFX}d" up
tc qdisc add dev "${PFX}d" clsact
tc filter add dev "${PFX}d" egress prio 7 bpf da object-pinned "$BPFFS/tc"
"$BPFCTL" net attach tcx_ingress pinned "$BPFFS/tc" dev "${PFX}d"
"$BPFCTL" prog attach pinned "$BPFFS/skb" skb_verdict pinned "$BPFFS/map"
"$BPFCTL" cgroup attach "$cgroup/$PFX" egress pinned "$BPFFS/cg" multi
"$T/hooks" entry "$BPFFS/progs" 5 "$BPFFS/sock"

# Filters on whatever qdisc takes some: this list and net show's are one.
filter_places()
{
	is "$("$BPFCTL" -j attach list type tc dev "${PFX}e" | jq -c '[.[].qdisc] | sort')" "$2" "$1: attach list"
	is "$("$BPFCTL" -j net show dev "${PFX}e" | jq -c '[.[0].tc[] | select(.id) | .kind] | sort')" "$2" "$1: net show"
	tc qdisc del dev "${PFX}e" root
}
on_e()
{
	local what=$1

	shift
	tc "$what" add dev "${PFX}e" "$@" 2>/dev/null
}
for kind in fq_codel fq_pie cake sfq sfb prio drr; do
	if on_e qdisc root handle 5: $kind && on_e filter parent 5: bpf da object-pinned "$BPFFS/tc"; then
		filter_places "$kind" "[\"$kind\"]"
	else
		skip "$kind" "no such qdisc here, or it takes no filters"
		tc qdisc del dev "${PFX}e" root 2>/dev/null
	fi
done
if on_e qdisc root handle 1: htb default 1 && on_e class parent 1: classid 1:1 htb rate 1mbit &&
   on_e qdisc parent 1:1 handle 2: htb && on_e class parent 2: classid 2:1 htb rate 1mbit &&
   on_e filter parent 1: bpf da object-pinned "$BPFFS/tc" && on_e filter parent 2:1 bpf da object-pinned "$BPFFS/tc"; then
	filter_places "a qdisc with classes below another" '["htb","htb"]'
else
	skip "a qdisc with classes below another" "no htb here"
fi

tc_row=$(rows ".prog_id == $(id_of tc) and .kind == \"tc\"")
is "$(jq -c '[.devname,.qdisc,.prio,.handle,.held]' <<<"$tc_row")" \
	"[\"${PFX}d\",\"clsact/egress\",7,1,[\"netlink\"]]" "a tc filter"
is "$(tc -j filter show dev "${PFX}d" egress | jq -c '[.[] | select(.options.prog.id) | .pref, .options.prog.id]')" \
	"$(jq -c '[.prio, .prog_id]' <<<"$tc_row")" "tc says the same"
is "$(rows ".prog_id == $(id_of tc) and .kind == \"tcx\"" | jq -c '[.target,.held]')" \
	"[\"${PFX}d ingress\",[\"attach\"]]" "a tcx program without a link"
row=$(rows ".prog_id == $(id_of x)")
is "$(jq -c '[.kind,.devname,.mode,.held]' <<<"$row")" "[\"xdp\",\"${PFX}b\",\"generic\",[\"netlink\"]]" \
	"XDP in another network namespace"
is "$(jq -c '[.prog_id, .netns_ino]' <<<"$row")" \
	"[$(peer ip -j link show "${PFX}b" | jq '.[0].xdp.prog.id // .[0].xdp.attached[0].prog.id'),$(peer stat -Lc %i /proc/self/ns/net)]" \
	"ip says the same there"
like "$(jq -r .target <<<"$row")" "generic netns [0-9]+$" "the text names the namespace"
is "$(rows ".prog_id == $(id_of skb)" | jq -c '[.kind,.attach_type,.held,.map_id]')" \
	"[\"sockmap\",\"sk_skb_verdict\",[\"attach\"],$("$BPFCTL" -j map show pinned "$BPFFS/map" | jq .id)]" "a socket map"
is "$(rows ".prog_id == $(id_of cg)" | jq -c '[.kind,.cgroup,.attach_type,.held]')" \
	"[\"cgroup\",\"$cgroup/$PFX\",\"cgroup_inet_egress\",[\"attach\"]]" "a cgroup"
is "$(rows ".prog_id == $(id_of sock)" | jq -c '[.kind,.key,.held,.map_id]')" \
	"[\"prog_array\",5,[\"map\"],$("$BPFCTL" -j map show pinned "$BPFFS/progs" | jq .id)]" "a program array's entry"
loaded=$("$BPFCTL" -j prog show pinned "$BPFFS/sock" | jq .loaded_at)
now=$(rows ".prog_id == $(id_of sock)" | jq .loaded_at)
is "$((now - loaded >= -1 && now - loaded <= 1))" 1 "since when: the program's loading, for want of better"

if "$BPFCTL" -j map create "$BPFFS/cpus" type cpumap key 4 value 8 entries 2 name "${PFX}_cpu" >/dev/null 2>&1 &&
   "$T/hooks" load 6 35 "${PFX}_xcpu" 2 "$BPFFS/xcpu" 2>/dev/null &&
   "$T/hooks" cpumap "$BPFFS/cpus" 0 "$BPFFS/xcpu" 2>/dev/null; then
	is "$(rows ".prog_id == $(id_of xcpu)" | jq -c '[.kind,.key]')" '["cpumap",0]' "a CPU map's entry"
else
	skip "a CPU map's entry" "cannot be made here"
fi

"$T/hooks" load 22 17 "${PFX}_flow" 0 "$BPFFS/flow"
if "$BPFCTL" prog attach pinned "$BPFFS/flow" flow_dissector 2>/dev/null; then
	is "$(rows ".prog_id == $(id_of flow)" | jq -c '[.kind,.attach_type,.held,.netns_ino]')" \
		"[\"netns\",\"flow_dissector\",[\"attach\"],$netns]" "the flow dissector"
	"$BPFCTL" prog detach pinned "$BPFFS/flow" flow_dissector
else
	skip "the flow dissector" "another network namespace has one"
fi

# --- who holds it ---
rm "$BPFFS/again" 2>/dev/null
coproc HOLD { exec "$T/hooks" hold "$BPFFS/xdp"; }
read -r _ <&"${HOLD[0]}"
row=$(rows ".link_id == $("$BPFCTL" -j link show pinned "$BPFFS/xdp" | jq .id)")
is "$(jq -c '[.held, .pids]' <<<"$row")" "[[\"link\",\"pin\",\"process\"],[{\"pid\":$HOLD_PID,\"comm\":\"hooks\"}]]" "a process"

# --- filters ---
run "$BPFCTL" -j attach list pid "$HOLD_PID"
json_is 'map(.kind)' '["xdp"]' "pid"
pid=$HOLD_PID
eval "exec ${HOLD[1]}>&-"
wait "$pid"
run "$BPFCTL" -j attach list prog pinned "$BPFFS/tc"
json_is 'map(.kind) | sort' '["tc","tcx"]' "prog"
run "$BPFCTL" -j attach show dev "${PFX}d"
json_is 'map([.kind,.devname]) | sort' "[[\"tc\",\"${PFX}d\"],[\"tcx\",\"${PFX}d\"]]" "dev"
run "$BPFCTL" -j attach list cgroup "$cgroup/$PFX"
json_is 'map(.attach_type) | sort' '["cgroup_inet_egress","cgroup_inet_ingress"]' "cgroup"
run "$BPFCTL" -j attach list type netfilter
json_is 'map(.kind) | unique' '["netfilter"]' "type"
run "$BPFCTL" -j attach list type frob
status 2 "no such type"
json_ok "in JSON"
run "$BPFCTL" attach list dev "${PFX}no"
status 1 "no such device"
like "$err" "no network device '${PFX}no'" "says so"
run "$BPFCTL" attach list cgroup "$T"
status 1 "no cgroup"
run "$BPFCTL" attach list pid 4294967295
status 1 "no such process"
like "$err" "no process 4294967295" "says so"
run "$BPFCTL" attach list pid 0
status 2 "nor a process 0"
run "$BPFCTL" attach list prog id 4000000000
status 1 "no such program"
run "$BPFCTL" --jsonl attach list dev "${PFX}d"
is "$(wc -l <<<"$out")" 2 "--jsonl: a line each"
run "$BPFCTL" attach list prog pinned "$BPFFS/flow"
status 0 "nothing is attached"
is "$out$err" '' "prints nothing"
run "$BPFCTL" a
like "$out" "^ *PROG" "'a' is attach list"

# --- events without a link ---
gcc -O1 -o "$T/counters" "$TOP/tests/live/counters.c" -lbpf
coproc COUNT { exec "$T/counters"; }
counters=$COUNT_PID
if read -r fd prog <&"${COUNT[0]}"; then
	run "$BPFCTL" -j perf show
	if jq -e ".[] | select(.pid == $counters)" <<<"$out" >/dev/null; then
		is "$(rows ".pids == [{\"pid\":$counters,\"comm\":\"counters\"}]" | jq -c '[.prog_id,.kind,.held]' | head -1)" \
			"[$prog,\"perf_event\",[\"process\"]]" "a program on a counter (file $fd)"
	else
		skip "a program on a counter" "perf show cannot tell here"
	fi
else
	skip "a program on a counter" "cannot be made here"
fi
kill "$counters" 2>/dev/null

"$BPFCTL" cgroup detach "$cgroup/$PFX" egress pinned "$BPFFS/cg"
ip link del "${PFX}d"
peer ip link del "${PFX}b"
run "$BPFCTL" -j attach list
json_is "map(select((.pinned // [])[0] == \"$BPFFS/xdp\").target)" '["(detached)"]' "a device that has gone: detached"
rm -f "$BPFFS"/[!mp]* "$BPFFS"/{map,progs}
nothing_left "nothing is left"
done_testing
