#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What was to be shown and could not be read: reported in both renditions, with the capability that is missing, and
# status 3; the rest is shown.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq

cat >"$T/x.bpf.c" <<EOF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct val { int a; int b; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct val);
} ${PFX}_m SEC(".maps");
SEC("xdp") int ${PFX}_with_a_long_name(void *ctx)
{
	int k = 1;
	struct val v = { 1, 2 };

	bpf_map_update_elem(&${PFX}_m, &k, &v, 0);
	return 2;
}
char _license[] SEC("license") = "GPL";
EOF
bpf_cc "$T/x.bpf.c" "$T/x.o" -g || skip_all "cannot compile"
"$BPFCTL" prog loadall "$T/x.o" "$BPFFS/p" pinmaps "$BPFFS/m" || skip_all "cannot load"
map=$BPFFS/m/${PFX}_m prog=$BPFFS/p/${PFX}_with_a_long_name
"$BPFCTL" map update pinned "$map" key 1 0 0 0 value 1 0 0 0 2 0 0 0

# lacking CAPS WORD...: without these
lacking()
{
	local caps=-${1//,/,-}

	run setpriv --bounding-set "$caps" --inh-caps "$caps" "$BPFCTL" "${@:2}"
}

# --- BTF may not be read ---
lacking sys_admin -j map show pinned "$map"
if [ "$status" = 0 ]; then
	lacking sys_admin -j map dump pinned "$map"
	status 3 "map dump without types"
	json_ok "map dump without types: one document"
	json_is '[.[0].errno, (.[0].hint | test("cap_sys_admin")), .[1].value[4]] | @json' '["EPERM",true,"0x02"]' "says why"
	lacking sys_admin map dump pinned "$map"
	status 3 "map dump in text"
	like "$err" "read the BTF of map .*EPERM.*cap_sys_admin" "says why in text"
	like "$out" "Found 1 element" "and shows the bytes"
	for json in -j -p --jsonl; do
		lacking sys_admin "$json" map lookup pinned "$map" key 1 0 0 0
		status 3 "map lookup $json"
		json_is '[.key[0], .errors[0].errno] | @json' '["0x01","EPERM"]' "map lookup $json: a member of the record"
	done
	lacking sys_admin -j prog show pinned "$prog"
	status 3 "prog show: a name that is cut"
	json_is '[.errors[].errno] | @json' '["EPERM"]' "is told to be cut"
	lacking sys_admin -j prog dump xlated pinned "$prog"
	status 3 "prog dump without lines"
	json_is '[.[0].errno, (.[1] | has("disasm"))] | @json' '["EPERM",true]' "says so, and shows the instructions"
	printf 'map dump pinned %s\nmap show pinned %s\n' "$map" "$map" >"$T/batch"
	lacking sys_admin -j batch file "$T/batch"
	status 3 "in a batch"
	json_is '[.[0].output[0].errno, .[1].output.type] | @json' '["EPERM","hash"]' "it stands with its command"
else
	skip "BTF that may not be read" "pinned maps cannot be opened without CAP_SYS_ADMIN"
fi

# --- names of calls ---
lacking syslog -j prog dump xlated pinned "$prog"
if jq -e 'any(.[]; .disasm? // "" | test("call unknown"))' >/dev/null <<<"$out"; then
	status 3 "calls without names"
	json_is '.[0].errno' EACCES "are reported"
	like "$out" "CAP_SYSLOG" "with the capability"
else
	skip "calls without names" "the kernel does not hide them"
fi

# --- no /proc ---
prog_id=$("$BPFCTL" -j prog show pinned "$prog" | jq .id)
map_id=$("$BPFCTL" -j map show pinned "$map" | jq .id)
no_proc()
{
	# shellcheck disable=SC2016
	run unshare -m sh -c 'umount -l /proc && exec "$@"' sh "$BPFCTL" "$@"
}
no_proc -j prog show id "$prog_id"
status 3 "prog show without /proc"
json_is '[.errors[].errno, has("bytes_memlock")] | @json' '["ENOENT","ENOENT",false]' "owners and memory are missing, and said to be"
no_proc -j map show id "$map_id"
status 3 "map show without /proc"
no_proc -j -f prog show id "$prog_id"
status 3 "-f without /proc"
json_is '[.errors[].error | select(test("pinned"))] | length' 1 "pins are missing, too"
no_proc prog show id "$prog_id"
status 3 "in text"
like "$err" "memory of program.*/proc/self/fdinfo" "what is missing is on stderr"
no_proc prog show pinned "$prog"
like "$err" "/proc.* is not mounted" "what is pinned cannot be told"

# --- rights to try something ---
lacking bpf,sys_admin,perfmon,net_admin -j feature check bpf_loop:xdp bpf_loop isa_v2 prog:xdp map:hash
status 1 "without rights nothing is available"
json_is '[.[] | .state // empty] | unique | @json' '["denied"]' "but it is not absent"
json_is '.[-1] | [.error, .errno, (.hint | test("cap_bpf"))] | @json' '["5 of these could not be checked","EPERM",true]' \
	"which the error says, too, and its hint names the capability"
run "$BPFCTL" -j feature kfuncs bpf_dynptr_from_xdp
if [ "$status" = 0 ]; then
	lacking bpf,sys_admin,perfmon,net_admin -j feature kfuncs bpf_dynptr_from_xdp
	status 3 "feature kfuncs without rights: which programs may call it is missing"
	json_is '[.[0].name, (.[0].prog_types | length), .[-1].errno, (.[-1].hint | test("cap_bpf"))] | @json' \
		'["bpf_dynptr_from_xdp",0,"EPERM",true]' "and the capability is named"
	lacking bpf,sys_admin,perfmon,net_admin feature kfuncs bpf_dynptr_from_xdp
	like "$status:$err" "^3:Error: probe which programs may call them: .EPERM.*cap_bpf" "in text as well"
else
	skip "feature kfuncs without rights" "this kernel does not list them"
fi
run "$BPFCTL" -j feature check bpf_bind:xdp
json_is '.[0].state' absent "with rights: absent"
json_is '.[-1] | [.error, .errno, has("hint")] | @json' '["1 of these is not available","EOPNOTSUPP",false]' "and not available"
done_testing
