#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# struct_ops: registering a TCP congestion control by value and by link, listing and dumping it beside
# Debian's bpftool, unregistering.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
known=/proc/sys/net/ipv4/tcp_available_congestion_control

obj()
{
	bpf_cc "$TOP/tests/progs/struct_ops.c" "$T/$1.o" -g -DPFX="$PFX" "${@:2}" || skip_all "cannot compile struct_ops.c"
}
obj plain
obj link -DLINK
obj incomplete -DINCOMPLETE
obj two -DTWO
obj two_links -DTWO -DLINK
bpf_cc "$TOP/tests/progs/cgroup.c" "$T/none.o" -g -DPFX="$PFX"
ops=${PFX}_ops cc=${PFX}cc

pins()
{
	find "$BPFFS" -mindepth 1 ! -name '*.debug' -printf '%P '
}

# registered WANT TEXT: does the kernel offer it?
registered()
{
	local got=no

	[ "$1" = yes ] && wait_until grep -qw "$cc" $known
	[ "$1" = no ] && wait_until eval "! grep -qw '$cc' $known"
	grep -qw "$cc" $known && got=yes
	is $got "$1" "$2"
}

mine()
{
	printf '%s\n' "$out" | jq -c "[.[] | select(.name | startswith(\"$PFX\"))]"
}

run "$BPFCTL" -j struct_ops show
status 0 "show"
json_ok "one document"
is "$(mine)" '[]' "none of ours"

# --- by value ---

run "$BPFCTL" struct_ops register "$T/plain.o"
if [ "$status" != 0 ] && [[ $err =~ EPERM|ENOTSUPP ]]; then
	skip_all "this kernel loads no struct_ops: $err"
fi
status 0 "register"
like "$err" "^Registered tcp_congestion_ops $ops id [0-9]+\$" "and says so"
is "$out" '' "beside the data"
registered yes "the kernel offers it"
id=$("$BPFCTL" -j map show name "$ops" | jq .id)

run "$BPFCTL" -j struct_ops show name "$ops"
is "$out" "[{\"id\":$id,\"name\":\"$ops\",\"kernel_struct_ops\":\"tcp_congestion_ops\"}]" "show by name: JSON"
run "$BPFCTL" struct_ops list id "$id"
like "$out" "^$id: $ops +tcp_congestion_ops\$" "by id: text"
run "$BPFCTL" -j struct_ops
is "$(mine)" "[{\"id\":$id,\"name\":\"$ops\",\"kernel_struct_ops\":\"tcp_congestion_ops\"}]" "among all"

run "$BPFCTL" -j struct_ops dump id "$id"
status 0 "dump"
json_ok "one document"
json_is '.[0].bpf_map_info | [.id, .name, .type]' "[$id,\"$ops\",26]" "the map, by the kernel's names"
json_is '.[1].bpf_struct_ops_tcp_congestion_ops.common.state' BPF_STRUCT_OPS_STATE_INUSE "in use"
prog=$("$BPFCTL" -j prog show name "${PFX}_a_very_long_name_of_cong_avoid" | jq .id)
json_is '.[1].bpf_struct_ops_tcp_congestion_ops.data | [.cong_avoid, .get_info, .name]' \
	"[\"void (struct sock *, u32, u32) ${PFX}_a_very_long_name_of_cong_avoid/prog_id:$prog\",\"size_t (struct sock *, u32, int *, union tcp_cc_info *) 0\",\"$cc\"]" \
	"functions with their prototypes, and the programs in them with their full names"
if [ -n "$BPFTOOL" ]; then
	# By id it prints two objects in a row, which is no JSON.
	is "$out" "$("$BPFTOOL" -j struct_ops dump name "$ops")" "all of it as bpftool"
	is "$("$BPFCTL" struct_ops dump id "$id" | sed 's/"(nil)"/(nil)/')" "$("$BPFTOOL" struct_ops dump name "$ops")" "the text, too (but null is a word)"
	is "$("$BPFCTL" -j struct_ops show id "$id")" "$("$BPFTOOL" -j struct_ops show name "$ops")" "so is show"
else
	skip "compared with Debian's bpftool" "no bpftool"
fi
ok "the text is JSON, too" jq -e . <<<"$("$BPFCTL" struct_ops dump id "$id")"

# refuses TEXT STATUS REGEX HINT WORD...
refuses()
{
	local text=$1 want=$2 regex=$3 hint=$4 before

	shift 4
	before=$(pins)
	run "$BPFCTL" struct_ops "$@"
	status "$want" "$text: status $want"
	like "$err" "Error: $regex" "$text: says so"
	[ -z "$hint" ] || like "$err" "Hint: .*$hint" "$text: says what to do"
	is "$out" '' "$text: stdout is empty"
	run "$BPFCTL" -j struct_ops "$@"
	json_ok "$text: JSON"
	json_is type object "$text: an error object"
	is "$(pins)" "$before" "$text: nothing is pinned"
}

refuses "the name is taken" 1 "register struct_ops map '$ops': \[EEXIST\]" "one with the same name" register "$T/plain.o"
refuses "the name is taken, by a link" 1 "register struct_ops map '$ops': \[EEXIST\]" "" register "$T/link.o" "$BPFFS/links"
registered yes "the first stays"

run "$BPFCTL" -j struct_ops unregister id "$id"
status 0 "unregister"
is "$out" null "JSON: null"
registered no "the kernel offers it no more"
nothing_left "nothing is left of it"

refuses "no such name" 1 "no map named '$ops'" '' unregister name "$ops"
refuses "nothing named" 2 "missing STRUCT_OPS" '' unregister
refuses "incomplete" 1 "register struct_ops map '$ops': \[EINVAL\]" "rejected the table" register "$T/incomplete.o"
refuses "the second fails" 1 "register struct_ops map '${PFX}_two': \[EEXIST\]" '' register "$T/two.o"
registered no "then the first is taken back"
nothing_left "nothing is left of either"
refuses "no such map in it" 1 "'$T/none.o' contains no struct_ops map" '.struct_ops' register "$T/none.o"
refuses "no file" 1 "open object file '$T/nofile.o'" '' register "$T/nofile.o"
ok "a map of another type" "$BPFCTL" map create "$BPFFS/m" type array key 4 value 4 entries 1 name "${PFX}m"
refuses "it is no table" 1 "map '${PFX}m' is not of type struct_ops" "struct_ops show" show name "${PFX}m"
refuses "nor to be dumped" 1 "map '${PFX}m' is not of type struct_ops" "struct_ops show" dump name "${PFX}m"
rm "$BPFFS/m"

# --- maps without a program of their type: before 1.4 libbpf crashes of them ---

cat >"$T/bare.c" <<C
struct tcp_congestion_ops { char name[16]; };
__attribute__((section(".struct_ops"), used)) struct tcp_congestion_ops ${PFX}_bare = { .name = "${PFX}_bare" };
char _license[] __attribute__((section("license"), used)) = "GPL";
C
bpf_cc "$T/bare.c" "$T/bare.o" -g
refuses "a map without programs" 1 ".*(${PFX}_bare|tcp_congestion_ops)" "" register "$T/bare.o"
run "$BPFCTL" -j prog load "$T/plain.o" "$BPFFS/forced" type xdp
status 1 "programs of a struct_ops map with another type"
json_ok "and that is an answer"
run "$BPFCTL" -j prog loadall "$T/bare.o" "$BPFFS/forced" pinmaps "$BPFFS/bare"
like "$status" '^[01]$' "maps alone"
json_ok "and that is an answer, too"
rm -rf "$BPFFS/bare"

# --- by a link ---

refuses "a link without a directory" 1 "'$ops' is registered by a link, which must be pinned to persist" \
	"register $T/link.o /sys/fs/bpf" register "$T/link.o"
registered no "nothing was registered"
run "$BPFCTL" struct_ops register "$T/link.o" "$BPFFS/links"
if [ "$status" != 0 ] && [[ $err =~ EINVAL ]]; then
	skip "registering by a link" "needs Linux 6.4"
else
	status 0 "register by a link"
	like "$err" "Registered tcp_congestion_ops $ops map id [0-9]+ link id [0-9]+" "says which"
	is "$(pins)" "links links/$ops " "the link is pinned by the name of the map"
	registered yes "and it stays registered"
	link=$("$BPFCTL" -j link show pinned "$BPFFS/links/$ops" | jq .id)
	run "$BPFCTL" -j struct_ops dump name "$ops"
	json_is '.[1].bpf_struct_ops_tcp_congestion_ops.common.state' BPF_STRUCT_OPS_STATE_READY "the state of the link type"
	refuses "a link's map is not unregistered" 1 "unregister struct_ops map [0-9]+ '$ops': \[EOPNOTSUPP\]" \
		"link $link holds it: '[^']* link detach id $link'" unregister name "$ops"
	run "$BPFCTL" -j prog unload name "${PFX}_undo"
	json_is '.log[0] | test("other programs are members, too: .link detach id '"$link"'.$")' true \
		"nor are its programs unloaded, and the hint is for links"
	rm "$BPFFS/links/$ops"
	registered no "gone with its pin"
	rmdir "$BPFFS/links"
	refuses "the second link fails" 1 "register struct_ops map '${PFX}_two': \[EEXIST\]" '' \
		register "$T/two_links.o" "$BPFFS/links"
	registered no "then the first is taken back"
fi
nothing_left "nothing is left"
done_testing
