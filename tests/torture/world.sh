#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The world of one driver of make torture: mounts, network, processes and a bpffs of its own, objects that the lines of
# the table name, and functions that put back what a line changes. Started by run.sh in new namespaces.
#
#	world.sh TABLE RESULTS
#
# What a command under test makes is called $B/new... or $W/new..., so that reset finds it.

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export PFX W B SCRATCH
T=$(mktemp -d "${TMPDIR:-/tmp}/bpfctl-torture.XXXXXX") || exit 1
W=$T/work B=$T/bpf SCRATCH=$T/scratch
CG=
trace=/sys/kernel/tracing

clean_up()
{
	exec 2>/dev/null
	reset
	[ -z "$CG" ] || rmdir "$CG/below" "$CG"
	[ ! -d "$trace/instances/$PFX" ] || rmdir "$trace/instances/$PFX"
	umount -l "$B"
	rm -rf "$T"
}
trap clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

ctl()
{
	"$BPFCTL" "$@" </dev/null
}

# --- what lines name ---

make_objects()
{
	local triplet flags

	triplet=$(gcc -print-multiarch 2>/dev/null)
	flags=(-O2 -g -target bpf ${triplet:+-I/usr/include/$triplet} "-DPFX=$PFX")
	cd "$W" || return
	"${CLANG:-clang}" "${flags[@]}" -I "$TOP/tests/torture" -c "$TOP/tests/torture/torture.bpf.c" -o t.o &&
	"${CLANG:-clang}" "${flags[@]}" -DTASK -c "$TOP/tests/progs/iter.c" -o iter.o &&
	"${CLANG:-clang}" "${flags[@]}" -c "$TOP/tests/progs/struct_ops.c" -o ops.o &&
	"${CLANG:-clang}" "${flags[@]}" -DLINK -c "$TOP/tests/progs/struct_ops.c" -o ops_link.o &&
	"${CLANG:-clang}" "${flags[@]}" -c "$TOP/tests/progs/kinds.c" -o kinds.o
}

make_pins()
{
	ctl prog loadall t.o "$B/p" pinmaps "$B/m" && P=$B/p/$PFX M=$B/m/$PFX && ctl iter pin iter.o "$B/iter"
}

make_network()
{
	ip link set lo up && ip link add "${PFX}a" type veth peer name "${PFX}b" && ip link set "${PFX}a" up &&
	ctl net attach xdpgeneric pinned "${P}_xdp" dev "${PFX}b" && ctl net attach tcx_ingress pinned "${P}_tc" dev "${PFX}b"
}

make_cgroup()
{
	local root

	root=$(findmnt -rno TARGET -t cgroup2 | head -n 1)
	[ -n "$root" ] || { root=$T/cgroup; mkdir "$root"; mount -t cgroup2 none "$root" || return; }
	mkdir "$root/$PFX" && CG=$root/$PFX && mkdir "$CG/below" &&
	ctl cgroup attach "$CG/below" egress pinned "${P}_egress"
}

make_tracing()
{
	mountpoint -q $trace || mount -t tracefs tracefs $trace || return
	mkdir "$trace/instances/$PFX" || return
	echo 0 >"$trace/instances/$PFX/tracing_on"
	# the log of the whole system stays with those who read it: ours is a pipe that never ends
	mkfifo "$T/pipe" && exec 9<>"$T/pipe" && mount --bind "$T/pipe" $trace/trace_pipe
}

make_files()
{
	printf 'AAAABBBBCCCCDD++' >data
	printf '\007\000\000\000\000\000\000\000' >ctx
	printf 'prog show pinned %s\nmap lookup pinned %s key 1 0 0 0\n' "${P}_xdp" "${M}_hash" >"batch"
	fill >"$SCRATCH/fill"
	printf 'map dump pinned %s\n' "${M}_hash" "${M}_copy" "${M}_slots" >"$SCRATCH/look"
	printf 'map peek pinned %s\n' "${M}_queue" >>"$SCRATCH/look"
	refill && ctl -j map dump pinned "${M}_hash" >entries.json
	cp batch stdin
	mkdir tmp
}

# --- what lines change ---

# Maps with what they hold at the start, and nothing else: one process, as it runs often.
fill()
{
	local i map

	for map in hash copy slots queue; do
		echo "map clear pinned ${M}_$map yes"
	done
	for i in 1 2 3; do
		echo "map update pinned ${M}_hash key $i 0 0 0 value $i 0 0 0 0 0 0 0 $i 0 0 0 3 0 0 0 97 98 0 0 0 0 0 0"
		echo "map update pinned ${M}_slots key $i 0 0 0 value ${i}0 0 0 0 0 0 0 0"
		echo "map push pinned ${M}_queue value $i 0 0 0"
	done
}

refill()
{
	"$BPFCTL" batch file "$SCRATCH/fill" >/dev/null
}

net_off()
{
	local t

	for t in xdp xdpgeneric xdpdrv; do
		ip link set dev "${PFX}a" $t off
	done
	tc qdisc del dev "${PFX}a" clsact
	ctl net detach tcx_ingress pinned "${P}_tc" dev "${PFX}a"
	return 0
} >/dev/null 2>&1

cgroup_off()
{
	ctl cgroup detach "$CG" egress pinned "${P}_egress"
	[ -n "$CG" ]
} >/dev/null 2>&1

socks_off()
{
	ctl prog detach pinned "${P}_verdict" sk_skb_verdict pinned "${M}_socks"
	return 0
} >/dev/null 2>&1

ops_off()
{
	local t

	for t in $(ctl -j struct_ops show | jq -r ".[] | select(.name | startswith(\"$PFX\")) | .id"); do
		ctl struct_ops unregister id "$t"
	done
	rm -rf "${B:?}"/new*
} >/dev/null 2>&1

# reset [PROBE]: all of it, or, beside files, only what that shows.
# shellcheck disable=SC2120
reset()
{
	while mountpoint -q "$W/new"; do
		umount -l "$W/new"
	done
	clean
	find "$W" -mindepth 1 -maxdepth 1 -newer "$SCRATCH/begin" -delete
	rm -rf "${W:?}"/tmp/*
	case ${1:-all} in all | net) net_off ;; esac
	case ${1:-all} in all | cgroups) cgroup_off ;; esac
	case ${1:-all} in all | socks) socks_off ;; esac
	case ${1:-all} in all | ops) ops_off ;; esac
	return 0
} >/dev/null 2>&1

xdp_on() { net_off; ctl net attach xdpgeneric pinned "${P}_xdp" dev "${PFX}a"; }
clsact_on() { net_off; ctl net attach clsact_ingress pinned "${P}_tc" dev "${PFX}a"; }
tcx_on() { net_off; ctl net attach tcx_ingress pinned "${P}_tc" dev "${PFX}a"; }
cgroup_on() { cgroup_off; ctl cgroup attach "$CG" egress pinned "${P}_egress" multi; }
socks_on() { socks_off; ctl prog attach pinned "${P}_verdict" sk_skb_verdict pinned "${M}_socks"; }
ops_on() { ops_off; ctl struct_ops register "$W/ops.o"; }
linked() { clean; ctl iter pin "$W/iter.o" "$B/new_link"; }
loaded() { clean; ctl prog loadall "$W/t.o" "$B/new_p"; }
linked_net()
{
	clean
	net_off
	"$MAKE_LINK" "$B/new_link" "${PFX}a" "${P}_tc"
}
refilled() { clean; refill; }
thawed() { clean; ctl map create "$B/new_map" type array key 4 value 4 entries 2 name "${PFX}_thaw"; }
say()
{
	while read -r -t 0 -u 9; do
		read -r -u 9
	done
	printf ' torture-%d [000] ...1 1.000000: bpf_trace_printk: says %d\n' 7 1 7 2 >&9
}
event() { ctl prog run pinned "${P}_raw" ctx_in "$W/ctx" >/dev/null; }

clean()
{
	rm -rf "${B:?}"/new* "${W:?}"/new*
}

maps()
{
	"$BPFCTL" batch file "$SCRATCH/look" 2>&1
}

net()
{
	ip link show dev "${PFX}a"
	tc qdisc show dev "${PFX}a"
	ctl net show dev "${PFX}a" | sed "s, link_id .*,,"
}

cgroups()
{
	ctl cgroup show "$CG" | awk '{ print $1, $2, $3, $4 }'
}

ops()
{
	grep -o "${PFX}cc[^ ]*" /proc/sys/net/ipv4/tcp_available_congestion_control
}

socks()
{
	ctl prog detach pinned "${P}_verdict" sk_skb_verdict pinned "${M}_socks" 2>&1 | grep -c . &&
	return
	ctl prog attach pinned "${P}_verdict" sk_skb_verdict pinned "${M}_socks"
}

mkdir "$W" "$B" "$SCRATCH" && mount -t bpf "$PFX" "$B" || exit 1
cp "$PRELOAD" "$SCRATCH/preload.so"
make_objects && make_pins && make_files || { echo "cannot make the objects" >&2; exit 1; }
make_network || echo "no network" >&2
make_cgroup || echo "no cgroup" >&2
make_tracing || echo "no instance of tracefs" >&2
touch "$SCRATCH/begin"
sleep 0.01
reset

coproc "$TORTURE" "$1" "$2"
driver=$COPROC_PID
exec 5<&"${COPROC[0]}" 6>&"${COPROC[1]}"
while IFS= read -r line <&5; do
	said=$(eval "$line" 2>&1 5<&- 6>&-)
	printf '%s\0%d\n' "$said" $? >&6
done
wait $driver
