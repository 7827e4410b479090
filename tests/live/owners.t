#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Who holds what, in listings of many objects: by the iterator, and by /proc where that cannot be
# used (no BTF of the kernel, another pid namespace). Few objects: prog_show.t; the two ways in detail: t_owners.c.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/many" "$TOP/tests/bench/many.c" -lbpf || exit 1
n=1600				# more than the iterator is worth (kern/object/owners.c)

# hold PREFIX: starts a process that holds n programs and n maps; $holder
hold()
{
	mkfifo "$T/end_$1"
	"$T/many" "$1" $n <"$T/end_$1" >"$T/said_$1" 2>&1 &
	holder=$!
	at_exit kill -9 $holder
	exec 8>"$T/end_$1"
	wait_until eval "grep -q ready '$T/said_$1' || ! kill -0 $holder"
	grep -q ready "$T/said_$1" || skip_all "cannot hold $n programs and maps here: $(tail -n 1 "$T/said_$1")"
}

hold "${PFX}"

# Programs and maps of the iterator in a listing that are the lister's. Those of another bpfctl, which may be at work
# at the moment, are held by that; one that died between two looks has no holder: look again.
own()
{
	local pid n k

	for ((k = 0; k < 20; k++)); do
		"$BPFCTL" -j "$1" show >"$T/listing" &
		pid=$!
		wait $pid
		n=$(jq "[.[] | select(.name // \"\" | startswith(\"owners\")) | select(.pids // [] | all(.pid == $pid))] | length" \
			<"$T/listing")
		[ "$n" = 0 ] && break
	done
	echo "$n"
}

# check TEXT: all of them are the holder's, and nobody else's
check()
{
	local kind

	for kind in prog map; do
		run "$BPFCTL" -j $kind show
		json_ok "$1: $kind show: one document"
		is "$(jq -c --arg p "$PFX" --argjson n $n "[.[] | select(.name // \"\" | startswith(\$p)) | .pids] |
			[length == \$n, (unique)]" <<<"$out")" \
			"[true,[[{\"pid\":$holder,\"comm\":\"many\"}]]]" "$1: $kind show: who holds each"
		is "$(own $kind)" 0 "$1: $kind show: nothing of our own is listed"
	done
}

check "as it comes"
used=$(strace -e trace=bpf "$BPFCTL" -j map show 2>&1 >/dev/null | grep -c ITER_CREATE)
if ! command -v strace >/dev/null; then
	skip "the iterator is at work" "no strace"
elif ! first_pids || [ ! -e /sys/kernel/btf/vmlinux ] ||
	[ "$("$BPFCTL" -j version | jq .features.skeletons)" != true ]; then
	is "$used" 0 "the iterator cannot be used here"
else
	is "$used" 1 "the iterator is at work"
fi
# Since 5.17 the kernel itself relocates the program: nothing of the 5 MB of BTF need be read.
if ! command -v strace >/dev/null || [ "$used" = 0 ]; then
	skip "the kernel's BTF is not read" "no strace, or no iterator"
elif printf '5.17\n%s\n' "$(uname -r)" | sort -CV; then
	is "$(strace -e trace=openat "$BPFCTL" -j map show 2>&1 >/dev/null | grep -c btf/vmlinux)" 0 \
		"the kernel's BTF is not read"
fi

for kind in prog map; do
	is "$({ "$BPFCTL" $kind show | head -n 1 >/dev/null; } 2>&1)" '' "$kind show into head: no complaint"
done

mount --bind /dev/null /sys/kernel/btf/vmlinux 2>/dev/null && at_exit umount /sys/kernel/btf/vmlinux
check "without BTF"
is "$err" '' "without a word"
run "$BPFCTL" -d map show
unlike "$out" "owners:" "-d: the remark is no data"
like "$err" "owners: the iterator cannot be used|^$" "-d: but there is one"
run "$BPFCTL" map show id 4294967295
unlike "$err" "libbpf" "libbpf's complaints are not shown with another error"
umount /sys/kernel/btf/vmlinux 2>/dev/null

# In another pid namespace the kernel's numbers mean nothing: /proc is read.
printf '#!/bin/sh\nexec unshare -fp "%s" "$@"\n' "$BPFCTL" >"$T/elsewhere"
chmod +x "$T/elsewhere"
if unshare -fp true 2>/dev/null; then
	ours=$BPFCTL
	BPFCTL=$T/elsewhere
	check "by /proc"
	BPFCTL=$ours
else
	skip "by /proc" "no pid namespaces here"
fi

kill -9 $holder
wait $holder 2>/dev/null
is "$("$BPFCTL" -j map show | jq -c "[.[].pids // [] | .[] | select(.pid == $holder)] | length")" 0 "gone with the holder"

# Numbers are those of the namespace we are in.
cat >"$T/inside" <<'END'
mkfifo "$1/end_inside"
"$1/many" "$2" $3 <"$1/end_inside" >"$1/said" 2>&1 &
exec 8>"$1/end_inside"
until grep -sq ready "$1/said" || ! kill -0 $!; do sleep 0.05; done
echo $!
"$4" -j map show
END
run timeout 60 unshare -pf --mount-proc bash "$T/inside" "$T" "${PFX}n" $n "$BPFCTL"
inside=$(head -n 1 <<<"$out")
is "$(sed 1d <<<"$out" | jq -c --arg p "${PFX}n" "[.[] | select(.name // \"\" | startswith(\$p)) | .pids[]] | unique")" \
	"[{\"pid\":$inside,\"comm\":\"many\"}]" "in a pid namespace: pid $inside there"
done_testing
