#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# feature: probe beside bpftool's, as text, JSON and macros; list_builtins, kfuncs, check.
. "$(dirname "$0")/../lib.sh"
live
need jq

run "$BPFCTL" -j feature probe
status 0 "probe"
json_ok "one document"
ours=$out
json_is 'keys_unsorted | .[0:6] | join(" ")' 'system_config syscall_config program_types map_types helpers misc' \
	"bpftool's sections come first"
json_is '[.program_types, .map_types, .misc, .attach_types, .link_types] | map(to_entries[] |
	select((.key | startswith("have_")) and (.value | type) != "boolean")) | length' 0 "every have_ key is a boolean"
json_is '[.program_types, .map_types, .misc, .attach_types, .link_types | .[] | type] | unique | @json' '["boolean"]' \
	"tables of booleans hold booleans only"
json_is '[.states[]] | map(select(. != "denied" and . != "unknown")) | length' 0 "states are denied or unknown"
json_is '. as $a | [.states | keys[] | ("have_" + .) as $k | $a | .. | objects | select(has($k)) | .[$k]] | any' false \
	"what has a state is not available"
json_is '.helpers.xdp_available_helpers | contains(["bpf_redirect", "bpf_xdp_adjust_head"]) and
	(contains(["bpf_skb_load_bytes"]) | not)' true "helpers of XDP"
json_is '.helpers.struct_ops_available_helpers | contains(["bpf_map_lookup_elem"])' true "helpers of struct_ops"
json_is '[.helpers[][]] | map(select(. == "bpf_trace_printk" or . == "bpf_probe_write_user")) | length' 0 \
	"none that leaves words in the kernel's log"
json_is '.map_batch_ops.hash_batch_ops | join(" ")' 'lookup lookup_and_delete update delete' "batch operations"
json_is '.system_config.unprivileged_bpf_disabled' "$(</proc/sys/kernel/unprivileged_bpf_disabled)" "a parameter"

# Where tracing programs load, it is available (bpftool says no where its own try is refused: W15).
if "$BPFCTL" feature check prog:tracing >/dev/null 2>&1; then
	out=$ours
	json_is '[.program_types.have_tracing_prog_type, (.helpers.tracing_available_helpers |
		contains(["bpf_seq_printf", "bpf_get_current_task_btf"]))] | all' true "tracing, with helpers of iterators"
fi

# One way to attach may be denied where others are not: what loads is available, and nothing else.
if command -v "$CLANG" >/dev/null; then
	printf '%s\n' 'char l[] __attribute__((section("license"), used)) = "GPL";' \
		'__attribute__((section(SEC), used)) int f(void *ctx) { return 0; }' >"$T/hook.c"
	for hook in trace_fentry:fentry/bpf_fentry_test1 trace_raw_tp:tp_btf/sys_enter modify_return:fmod_ret/bpf_modify_return_test; do
		bpf_cc "$T/hook.c" "$T/hook.o" -g -DSEC="\"${hook#*:}\""
		out=$ours
		json_is ".attach_types.have_${hook%:*}_attach_type" \
			"$("$BPFCTL" prog load "$T/hook.o" "$BPFFS/hook" >/dev/null 2>&1 && echo true || echo false)" \
			"${hook%:*}: available if it can be loaded"
		rm -f "$BPFFS/hook"
	done
fi

# --- beside bpftool ---
# It is wrong, and not held against us, where:
# - tracing, ext, lsm: its try is refused before the type is looked at (W15)
# - helpers of all types: its library does not know the words newer kernels refuse helpers with ("cannot use
#   helper", 6.14), so it takes all for available; then it says the same of every type
# - options the kernel no longer has (CONFIG_BPFILTER*)
if [ -n "$BPFTOOL" ]; then
	theirs=$("$BPFTOOL" -j feature probe 2>/dev/null)
	wrong=$(jq -nr --argjson a "$theirs" --argjson b "$ours" '
		$a | del(.helpers) | paths(scalars) as $p | getpath($p) as $v |
		select($v != ($b | getpath($p))) | $p | join(".")' |
		grep -vE '\.have_(tracing|ext|lsm)_prog_type$|CONFIG_BPFILTER')
	is "$wrong" '' "every key of bpftool's has its value"
	if [ "$(jq '[.helpers | to_entries[] | select(.value | length > 0) | .value] | unique | length' <<<"$theirs")" = 1 ]; then
		skip "helpers as bpftool's" "it cannot tell them here"
	else
		wrong=$(jq -nr --argjson a "$theirs" --argjson b "$ours" '$a.helpers | to_entries[] |
			select(.value - $b.helpers[.key] != []) | .key')
		is "$wrong" '' "every helper of bpftool's"
	fi
	wrong=$(diff <("$BPFTOOL" feature probe 2>/dev/null | sed '/CONFIG_BPFILTER/d; /helper functions/,$d') \
		<("$BPFCTL" feature probe | sed '/helper functions/,$d') | grep '^<' |
		grep -vE 'program_type (tracing|ext|lsm) is NOT')
	is "$wrong" '' "text: every line of bpftool's before the helpers"
else
	skip "beside bpftool" "none here"
fi

# --- text ---
run "$BPFCTL" feature probe kernel
status 0 "text"
is "$(head -n 1 <<<"$out")" 'Scanning system configuration...' "begins with the first section"
like "$out" $'\n\nScanning system call availability\.\.\.\nbpf\(\) syscall is available\n\nScanning eBPF program types...\n' \
	"an empty line between sections"
like "$out" $'eBPF helpers supported for program type xdp:\n\t- bpf_map_lookup_elem\n' "helpers are listed"
ok "ends with an empty line" test "$("$BPFCTL" feature probe | tail -c 2 | od -An -tx1 | tr -d ' ')" = 0a0a

# --- macros ---
"$BPFCTL" feature probe macros prefix "K_" >"$T/k.h"
"$BPFCTL" feature probe macros >"$T/plain.h"
ok "macros compile" "${CC:-cc}" -Wall -Werror -fsyntax-only -x c "$T/plain.h"
cat >"$T/use.c" <<'END'
#include "k.h"
#ifndef K_HAVE_XDP_PROG_TYPE
#error xdp
#endif
#ifdef HAVE_XDP_PROG_TYPE
#error prefix
#endif
#if !K_HAVE_PROG_TYPE_HELPER(xdp, bpf_redirect)
#error redirect
#endif
#if K_HAVE_PROG_TYPE_HELPER(xdp, bpf_skb_load_bytes)
#error skb
#endif
END
ok "with a prefix, and tell the truth" "${CC:-cc}" -Wall -Werror -fsyntax-only "$T/use.c"
is "$(grep -c '^#define HAVE_.*_PROG_TYPE$' "$T/plain.h")" \
	"$(jq '[.program_types | to_entries[] | select(.value == true)] | length' <<<"$ours")" "as many types as in JSON"
run "$BPFCTL" feature probe prefix K_
status 2 "prefix needs macros"
run "$BPFCTL" feature probe macros prefix 'a b'
status 2 "and must be a name"
run "$BPFCTL" -j feature probe macros
json_is '.program_types.have_xdp_prog_type' true "JSON comes before macros"

# --- device ---
veth "${PFX:0:8}a" "${PFX:0:8}b"
run "$BPFCTL" -j feature probe dev "${PFX:0:8}a"
status 0 "a device"
json_is 'has("system_config")' false "no system configuration"
json_is '.program_types | keys | map(select(startswith("have_"))) | join(" ")' 'have_sched_cls_prog_type have_xdp_prog_type' \
	"two program types"
if [ -n "$BPFTOOL" ]; then
	theirs=$("$BPFTOOL" -j feature probe dev "${PFX:0:8}a" 2>/dev/null)
	is "$(jq -c 'del(.misc.have_v4_isa_extension, .states)' <<<"$out")" "$(jq -c . <<<"$theirs")" "as bpftool's"
fi
run "$BPFCTL" feature probe dev "${PFX:0:8}none"
status 1 "no such device"
run "$BPFCTL" feature probe kernel dev lo
status 2 "not kernel and dev"

ln -s "$BPFCTL" "$T/bpftool"
run "$T/bpftool" -j feature probe
json_is 'keys_unsorted | join(" ")' "system_config syscall_config program_types map_types helpers misc" "called as bpftool: its tables"

# --- privileges ---
run "$BPFCTL" -j feature probe unprivileged
status 0 "unprivileged"
json_ok "one document"
if [ "$(</proc/sys/kernel/unprivileged_bpf_disabled)" != 0 ]; then
	json_is '[.program_types.have_xdp_prog_type, .states.xdp_prog_type] | @json' '[false,"denied"]' "is denied"
	json_is '.helpers.xdp_available_helpers' '[]' "and so no helpers"
fi
printf 'feature probe unprivileged\nfeature check xdp\n' >"$T/batch"
run "$BPFCTL" -j batch file "$T/batch"
status 0 "in a batch the next command has its capabilities back"
if command -v capsh >/dev/null; then
	run capsh --drop=cap_perfmon,cap_bpf -- -c "$BPFCTL feature probe"
	status 1 "without two capabilities"
	like "$err" 'missing CAP_BPF, CAP_PERFMON' "they are named"
	like "$err" 'unprivileged' "with what to do"
fi

# --- list_builtins ---
for want in prog_types:33 map_types:36 attach_types:62 link_types:16 helpers:212; do
	run "$BPFCTL" -j feature list_builtins ${want%:*}
	json_is 'length' "${want#*:}" "list_builtins $want"
	is "$("$BPFCTL" feature list_builtins ${want%:*})" "$(jq -r '.[]' <<<"$out")" "the same in text"
done
is "$("$BPFCTL" feature l prog | sed -n '1p;7p')" $'unspec\nxdp' "abbreviated"
run "$BPFCTL" feature list_builtins
status 2 "a group is needed"
run "$BPFCTL" feature list_builtins nosuch
status 2 "one there is"

# --- kfuncs ---
if [ "$(jq .kfuncs.n_kfuncs <<<"$ours")" != null ]; then
	run "$BPFCTL" -j feature kfuncs bpf_xdp_metadata_rx_hash
	json_is '.[0].prog_types' '["xdp"]' "kfuncs: one that only XDP has"
	run "$BPFCTL" -j feature kfuncs type syscall
	json_is 'map(.name) | [contains(["bpf_rcu_read_lock"]), contains(["bpf_xdp_metadata_rx_hash"])]' '[true,false]' \
		"those of a type"
	json_is 'map(.name) == (map(.name) | sort)' true "sorted"
	run "$BPFCTL" -j feature kfuncs nosuch
	status 1 "no such function"
	json_ok "one document"
else
	run "$BPFCTL" feature kfuncs
	status 1 "kfuncs: cannot be told"
fi

# --- check ---
run "$BPFCTL" feature check xdp,hash,bpf_redirect:xdp,batch,isa_v2
status 0 "check: all there"
run "$BPFCTL" -j feature check prog:xdp bpf_skb_load_bytes:xdp,kfunc:nosuch
status 1 "one is not"
json_ok "one document"
json_is '[.[0:2][].available], (.[-1] | has("error"))' $'[true,false]\ntrue' "tells which"
run "$BPFCTL" feature check xdp,nosuch
status 2 "nobody knows it"
run "$BPFCTL" feature check
status 2 "nothing to check"
nothing_left "nothing stays in the kernel"
done_testing
