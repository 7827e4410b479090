#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Our times and memory beside the distribution's bpftool and bare system calls, in one run on this
# machine: only the ratios mean anything elsewhere. As root. QUICK=1: small numbers, to try it out.

. "$(dirname "$0")/../lib.sh"
can_bpf || { echo "bench: needs root"; exit 1; }
live
helpers="many"
. "$TOP/tests/bench/rows.sh"
[ -n "$BPFTOOL" ] || echo "note: no bpftool here, so nothing to compare with"
worst=0

n=2000 rounds=11
[ -z "${QUICK:-}" ] || n=50 rounds=3
echo "bpfctl: $("$BPFCTL" version | head -1), beside: ${BPFTOOL:+$("$BPFTOOL" version | head -1)}; Linux $(uname -r)"
titles
row "version" $((rounds * 4 + 1)) 1.8 version

mkfifo "$T/hold"
"$bin/many" "$PFX" $n <"$T/hold" >"$T/many" &
exec 7>"$T/hold"
for ((i = 0; i < 600; i++)); do
	grep -q ready "$T/many" && break
	sleep 0.1
done
first=$("$BPFCTL" -j prog show name "${PFX}_0" | jq .id)
second=$("$BPFCTL" -j prog show name "${PFX}_1" | jq .id)
row "prog show, $n programs, $n maps" $rounds 3 prog show
row "-j prog show" $rounds 3 -j prog show
row "map show" $rounds 3 map show
row "prog show id N" $rounds - prog show id "$first"
row "prog dump xlated, no call" $rounds - prog dump xlated id "$second"
row "prog dump xlated, one call" $rounds - prog dump xlated id "$first"
exec 7>&-
if [ -e /sys/kernel/btf/vmlinux ]; then
	vmlinux=$("$BPFCTL" -j btf show | jq '.[] | select(.name == "vmlinux").id' | head -n 1)
	row "btf dump id (vmlinux), raw" 5 - btf dump id "$vmlinux"
	row "-j btf dump id (vmlinux)" 5 - -j btf dump id "$vmlinux"
	vmlinux=/sys/kernel/btf/vmlinux
	row "btf dump file vmlinux, raw" $rounds 0.35 btf dump file $vmlinux
	row "-j btf dump file vmlinux" $rounds 0.25 -j btf dump file $vmlinux
	row "btf dump file vmlinux format c" $rounds 0.8 btf dump file $vmlinux format c
	BPFTOOL='' row "btf header" $rounds - btf header
	BPFTOOL='' row "btf header only task_struct" $rounds - btf header only task_struct
	BPFTOOL='' row "btf dump file vmlinux format layout" 5 - btf dump file $vmlinux format layout
fi
row "net show" $rounds - net show
row "feature probe" $rounds 1 feature probe
row "-j feature probe" $rounds 1 -j feature probe
n_veth=$((n / 8))
for ((i = 0; i < n_veth; i++)); do
	echo "link add ${PFX}a$i type veth peer name ${PFX}b$i"
done | ip -batch -
row "-j net show, $((2 * n_veth)) veth" $rounds 1 -j net show
for ((i = 0; i < n_veth; i++)); do
	echo "link del ${PFX}a$i"
done | ip -batch -
missed_rows || worst=1

for other in map_dump map_import scale; do
	echo
	BPFCTL=$BPFCTL BPFTOOL=$BPFTOOL BUILD=$BUILD MEASURE=$bin/measure "$TOP/tests/bench/$other.sh" || worst=1
done
exit $worst
