#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# link show, pin, detach on every kind of link this kernel makes.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
veth "${PFX}a" "${PFX}b" || exit 1
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf || exit 1
[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
if [ -z "$cgroup" ]; then
	cgroup=$T/cgroup
	mkdir "$cgroup" && mount -t cgroup2 none "$cgroup" && at_exit umount "$cgroup"
fi
mkdir "$cgroup/$PFX" && at_exit rmdir "$cgroup/$PFX"
made=" $("$T/make_links" "$BPFFS" "${PFX}a" "$cgroup/$PFX" 2>"$T/not_made" | tr '\n' ' ')"
ifindex=$(ip -o link show "${PFX}a" | cut -d: -f1)
cgroup_id=$(stat -c %i "$cgroup/$PFX")

# kind KIND FILTER WANT TEXT_REGEX: the JSON beyond the head, and the text beyond the id
kind()
{
	if [[ $made != *" $1 "* ]]; then
		skip "$1" "$(grep "^$1:" "$T/not_made")"
		return
	fi
	run "$BPFCTL" -j link show pinned "$BPFFS/$1"
	status 0 "$1: status 0"
	json_ok "$1: one document"
	json_is "[.type, (del(.id, .type, .prog_id))]" "$2" "$1: JSON"
	run "$BPFCTL" link show pinned "$BPFFS/$1"
	like "$out" "^[0-9]+: $3\$" "$1: text"
}

kind xdp '["xdp",{"devname":"'"${PFX}a"'","ifindex":'"$ifindex"'}]' \
	"xdp  prog [0-9]+"$'\n\t'"ifindex ${PFX}a\($ifindex\)"
kind tcx '["tcx",{"devname":"'"${PFX}a"'","ifindex":'"$ifindex"',"attach_type":"tcx_ingress"}]' \
	"tcx  prog [0-9]+"$'\n\t'"ifindex ${PFX}a\($ifindex\)  attach_type tcx_ingress"
kind cgroup '["cgroup",{"cgroup_id":'"$cgroup_id"',"attach_type":"cgroup_inet_ingress"}]' \
	"cgroup  prog [0-9]+"$'\n\t'"cgroup_id $cgroup_id  attach_type cgroup_inet_ingress"
kind netns '["netns",{"netns_ino":'"$(stat -Lc %i /proc/self/ns/net)"',"attach_type":"sk_lookup"}]' \
	"netns  prog [0-9]+"$'\n\t'"netns_ino [0-9]+  attach_type sk_lookup"
kind netfilter '["netfilter",{"pf":2,"hook":1,"prio":-50,"flags":0,"pf_name":"ip","hook_name":"input"}]' \
	"netfilter  prog [0-9]+"$'\n\t'"ip input prio -50"
kind raw_tp '["raw_tracepoint",{"tp_name":"sched_switch","cookie":0}]' \
	"raw_tracepoint  prog [0-9]+"$'\n\t'"tp 'sched_switch'"
kind uprobe_multi '["uprobe_multi",{"retprobe":false,"path":"'"$(realpath /bin/true)"'","func_cnt":2,"pid":0,"funcs":[{"offset":4096,"ref_ctr_offset":0,"cookie":7},{"offset":4112,"ref_ctr_offset":0,"cookie":8}]}]' \
	"uprobe_multi  prog [0-9]+"$'\n\t'"uprobe.multi  path $(realpath /bin/true)  func_cnt 2"$'\n\t'"offset             ref_ctr_offset     cookies"$'\n\t'"0x1000             0x0                0x7"$'\n\t'"0x1010             0x0                0x8"
kind event '["perf_event",{"event_type":"software","event_config":"page-faults","cookie":77}]' \
	"perf_event  prog [0-9]+"$'\n\t'"event software:page-faults  cookie 77"
kind tracepoint '["perf_event",{"tracepoint":"sched_switch","cookie":77}]' \
	"perf_event  prog [0-9]+"$'\n\t'"tracepoint sched_switch  cookie 77"
kind uprobe '["perf_event",{"retprobe":false,"file":"/bin/true","offset":4096,"cookie":77,"ref_ctr_offset":0}]' \
	"perf_event  prog [0-9]+"$'\n\t'"uprobe /bin/true\+0x1000  cookie 77"
kind uretprobe '["perf_event",{"retprobe":true,"file":"/bin/true","offset":4096,"cookie":77,"ref_ctr_offset":0}]' \
	"perf_event  prog [0-9]+"$'\n\t'"uretprobe /bin/true\+0x1000  cookie 77"

if [[ $made = *" sockmap "* ]]; then
	run "$BPFCTL" -j link show pinned "$BPFFS/sockmap"
	json_is '[.type, .attach_type, (.map_id | type)]' '["sockmap","sk_skb_verdict","number"]' "sockmap: JSON"
else
	skip sockmap "$(grep ^sockmap: "$T/not_made")"
fi

run "$BPFCTL" -jf link show
status 0 "the full list"
json_ok "one document"
id=$("$BPFCTL" -j link show pinned "$BPFFS/xdp" | jq .id)
json_is ".[] | select(.id == $id).pinned" "[\"$BPFFS/xdp\"]" "with the path"
run "$BPFCTL" link show id "$id"
status 0 "a link by id: status 0"

if [ -n "$BPFTOOL" ]; then
	lost=$(jq -nr --argjson a "$("$BPFTOOL" -jf link show | jq -c "map(select(.pinned // [] | any(startswith(\"$BPFFS\"))))")" \
		--argjson b "$("$BPFCTL" -jf link show)" '
		($b | map({key: "\(.id)", value: .}) | from_entries) as $ours |
		if ($a | length) == 0 then "lengths" else empty end,
		($a[] | . as $l | to_entries[] | select(.value != $ours["\($l.id)"][.key]) |
		 select(.key != "type" or (.value | type) != "number") | "\($l.id) \(.key)")')
	is "$lost" '' "all that Debian's bpftool prints, we print (but its numbers for types)"
else
	skip "compared with Debian's bpftool" "no bpftool"
fi

# Another namespace may have an interface of the same number: it is not ours.
run peer "$BPFCTL" -j link show id "$id"
json_is '[.devname, .ifindex]' "[\"(unknown)\",$ifindex]" "from another network namespace the name is not known"
peer ip link del "${PFX}b"	# takes our end with it: the link is detached
run "$BPFCTL" -j link show id "$id"
json_is '[.devname, .ifindex]' '["(detached)",0]' "the device is gone: detached"

veth "${PFX}c" "${PFX}d"
rm -f "$BPFFS"/[!mp]*
"$T/make_links" "$BPFFS" "${PFX}c" "$cgroup/$PFX" >/dev/null 2>&1
id=$("$BPFCTL" -j link show pinned "$BPFFS/xdp" | jq .id)
number=$("$BPFCTL" -j link show id "$id" | jq .ifindex)
peer ip link add "${PFX}y" index "$number" type veth peer name "${PFX}z" 2>/dev/null
run peer "$BPFCTL" -j link show id "$id"
json_is '[.devname, .ifindex]' "[\"(unknown)\",$number]" "a device there with the same number is not it"

run "$BPFCTL" link pin id "$id" "$BPFFS/again"
status 0 "pin"
is "$out$err" '' "silently"
run "$BPFCTL" -jf link show id "$id"
json_is .pinned "[\"$BPFFS/again\",\"$BPFFS/xdp\"]" "both paths"
run "$BPFCTL" -j link detach id "$id"
status 0 "detach"
is "$out" null "JSON: null"
run "$BPFCTL" link show id "$id"
like "$out" "ifindex \(detached\)" "it says detached"
run "$BPFCTL" link detach pinned "$BPFFS/raw_tp"
status 1 "a raw tracepoint cannot be detached"
like "$err" "detach link [0-9]+: \[EOPNOTSUPP\]" "says why"
like "$err" "Hint: .*raw_tracepoint" "and what to do"
run "$BPFCTL" -j link detach
status 2 "without a link: a usage error"
json_ok "in JSON"
run "$BPFCTL" link show id 4000000000
status 1 "no such link"
run "$BPFCTL" link show pinned "$BPFFS"
status 1 "a directory is no link"
like "$err" "Hint: it is a directory" "says so"
run "$BPFCTL" -j prog show pinned "$BPFFS/xdp"
status 1 "a link is no program"
json_is .error "'$BPFFS/xdp': incorrect object type: link" "says what it is"
like "$(jq -r .hint <<<"$out")" "link show pinned $BPFFS/xdp" "and which command shows it"

# So many that all devices are read at once, one of them renamed while the links are there.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	ip link add "${PFX}m$i" type veth peer name "${PFX}n$i"
done
gcc -O1 -o "$T/crowd" "$TOP/tests/bench/crowd.c" -lbpf
mkfifo "$T/hold"
"$T/crowd" links "$cgroup/$PFX" 1 "${PFX}m" <"$T/hold" >"$T/ready" &
crowd=$!
exec 7>"$T/hold"
wait_file ready "$T/ready"
ip link set "${PFX}m3" name "${PFX}z"
run "$BPFCTL" -j link show
is "$(jq -c --arg p "$PFX" '[.[] | select(.type == "xdp" and (.devname | startswith($p + "m") or startswith($p + "z"))) |
	[.devname, .ifindex]] | sort' <<<"$out")" \
	"$(ip -j link | jq -c --arg p "$PFX" '[.[] | select(.ifname | startswith($p + "m") or startswith($p + "z")) |
	[.ifname, .ifindex]] | sort')" "twelve XDP links: each on its device"
exec 7>&-
wait $crowd

rm -f "$BPFFS"/[!mp]*
nothing_left "nothing is left"
done_testing
