#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# bpfctl on Debian's 6.1 kernel under QEMU (emulation, no KVM needed): what the machine's own kernel cannot
# do. Downloads the kernel package into build/vm once; needs qemu-system-x86, busybox-static, cpio.
# TAP on stdout. Not part of make check, as it downloads: make check-vm.
. "$(dirname "$0")/../lib.sh"
need jq
need clang
for tool in qemu-system-x86_64 cpio busybox; do
	command -v $tool >/dev/null || skip_all "$tool is not installed (packages qemu-system-x86 cpio busybox-static)"
done
vm=$TOP/build/vm
mkdir -p "$vm"

get_kernel()
{
	local package

	compgen -G "$vm/boot/vmlinuz-*" >/dev/null && return
	package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-6/ { print $2; exit }')
	[ -n "$package" ] || return 1
	(cd "$T" && apt-get -q download "$package" >/dev/null 2>&1 && dpkg-deb -x "$package"_*.deb img) || return 1
	cp -r "$T/img/boot" "$vm/"
}

get_kernel || skip_all "Debian's kernel package cannot be downloaded"

# A program and every library it names, at their places.
add_program()
{
	local file

	install -D "$1" "$T/root/bin/$(basename "$1")"
	ldd "$1" | grep -o '/[^ ]*' | while read -r file; do
		install -D "$file" "$T/root$file"
	done
}

mkdir -p "$T/root"/{bin,proc,sys,dev,tmp}
install "$(command -v busybox)" "$T/root/bin/busybox"
for applet in sh sleep mount mkdir ip cat echo touch rm uname poweroff; do
	ln -s busybox "$T/root/bin/$applet"
done
add_program "$BPFCTL"
[ -z "$BPFTOOL" ] || add_program "$BPFTOOL"
for unit in t_owners t_link_list t_perf_files; do
	[ ! -x "$TOP/build/tests/unit/$unit" ] || add_program "$TOP/build/tests/unit/$unit"
done
install "$TOP/tests/vm/guest.sh" "$T/root/init"
install "$TOP/tests/vm/trace.sh" "$T/root/trace.sh"
clang -O2 -g -target bpf -I"/usr/include/$(uname -m)-linux-gnu" -c "$TOP/tests/vm/guest.bpf.c" -o "$T/root/guest.o" &&
	clang -O2 -g -target bpf -I"/usr/include/$(uname -m)-linux-gnu" -c "$TOP/tests/vm/cgroup.bpf.c" -o "$T/root/cgroup.o" &&
	clang -O2 -g -target bpf -DPFX=vm -c "$TOP/tests/progs/run.c" -o "$T/root/run.o" &&
	clang -O2 -target bpf -c "$TOP/tests/progs/counter.c" -o "$T/root/counter_nobtf.o" &&
	clang -O2 -g -target bpf -c "$TOP/tests/progs/multi.c" -o "$T/root/multi.o" || exit 1
(cd "$T/root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$T/initrd.gz"

# no_timer_check: emulated on a busy machine, the timer is slower than the kernel's patience with it.
timeout 240 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m 1024 -smp 2 -kernel "$vm"/boot/vmlinuz-* \
	-initrd "$T/initrd.gz" -append "console=ttyS0 quiet panic=-1 no_timer_check" -nographic -no-reboot \
	</dev/null 2>/dev/null | tr -d '\r' >"$T/serial"
cp "$T/serial" "$vm/serial"

# block NAME: $out $err $status of what the guest ran
block()
{
	local frame

	frame=$(awk -v name="$1" '$1 == "@@BEGIN" && $2 == name { on = 1; print $3; next } on && $0 == "@@END" { exit } on' \
		"$T/serial")
	status=${frame%%$'\n'*}
	out=$(sed 1d <<<"$frame" | sed '/^@@STDERR$/,$d')
	err=$(sed '1,/^@@STDERR$/d' <<<"$frame")
}

done_in()
{
	block "$1"
	status 0 "$2"
}

# Theirs must be in ours; ours says more.
contained()
{
	local lost theirs

	block "$1_theirs"
	theirs=$out
	block "$1"
	lost=$(jq -nr --argjson a "${theirs:-null}" --argjson b "${out:-null}" '
		$a | paths(scalars) as $p | select(getpath($p) != ($b | try getpath($p) catch null)) |
		"\($p | join("."))=\(getpath($p)) ours=\($b | try getpath($p) catch null)"' 2>&1)
	is "$lost" '' "$1: every key of bpftool's, with its value"
}

ok "the guest ran to its end" grep -q '^@@DONE' "$T/serial"
done_in uname "the guest"
like "$out" '^6\.1\.' "is a 6.1 kernel"
done_in version "version"
done_in load "kprobe, kretprobe, fentry, fexit, lsm and tp_btf load and attach"
done_in hits "their map"
json_is '[.[].formatted.value > 0] | all' true "all four have run"
done_in prog "prog show"
json_is 'map(.name) | contains(["vm_kprobe","vm_kretprobe","vm_fentry","vm_fexit","vm_lsm","vm_tp_btf"])' true "lists them"
done_in link "link show"
json_is '[.[] | select(.type == "tracing") | .attach_type] | sort | join(" ")' 'lsm_mac trace_fentry trace_fexit' \
	"tracing links"
json_is '[.[].pinned[]] | length' 6 "all pinned"
if [ -n "$BPFTOOL" ]; then
	for what in prog map link net; do
		contained $what
	done
	block xlated_theirs
	theirs=$out
	block xlated
	is "$out" "$theirs" "prog dump xlated as theirs"
fi
for unit in t_owners t_link_list t_perf_files; do
	[ -x "$TOP/build/tests/unit/$unit" ] || continue
	done_in $unit "$unit: both ways give the same"
	unlike "$out" "^not ok|"$'\n'"not ok" "in every check"
	unlike "$out" "^1\.\.0" "and there were checks"
done
done_in run_load "programs to run"
done_in profile "prog profile by fentry and fexit"
json_is '.[0] | [.metric, .run_cnt, .source, .value > 0] | @json' '["cpu_clock",1000,"counters",true]' "counts every run"
done_in profile_hw "without hardware counters"
json_is '.[0] | [.metric, .run_cnt, .source] | @json' '["run_time_ns",100,"run_stats"]' "the kernel's statistics tell"
block stats_off
is "$out" 0 "and are off again"
done_in counter "a legacy object loads"
done_in attach "generic XDP on lo"
done_in net "net show"
json_is '.[0].xdp[0].devname' lo "lists it"
done_in net_detach "and off again"
done_in multi "classifiers load"
while read -r type why; do
	block $type
	status 1 "$type is refused here"
	like "$err" "$why" "in words"
	block ${type}_json
	json_ok "with one JSON document"
done <<'END'
tcx_ingress this kernel has no tcx needs Linux 6.6
netkit_primary lo is not a netkit device
clsact_ingress sch_ingress
END
done_in net_after "net show is no worse for it"
done_in perf "perf show"
for what in cg_load cg_attach cg_attach2; do
	done_in $what "$what"
done
block cg_preorder
status 1 "preorder is refused here"
json_ok "with one JSON document"
done_in cgroup_tree "cgroup tree"
json_is '[.[] | [.cgroup, (.programs[] | .attach_type, .attach_flags, .attach_btf_name, has("revision"))]]' \
	'[["/cg/a","lsm_cgroup","multi","bpf_lsm_socket_bind",false],["/cg/a/b","cgroup_inet_ingress","multi","",false]]' \
	"lsm_cgroup with the function it hooks; no revision here"
[ -z "$BPFTOOL" ] || contained cgroup_tree
done_in cgroup_text "cgroup show"
like "$out" "Name +AttachBTF"$'\n'"[0-9]+ +lsm_cgroup +multi +vm_cg_bind +bpf_lsm_socket_bind\$" "in text"
done_in cgroup_effective "cgroup show effective"
json_is '[.[] | [.name, .from, .attach_btf_name]]' \
	'[["vm_cg_ingress","/cg/a/b",""],["vm_cg_bind","/cg/a","bpf_lsm_socket_bind"]]' "and where each comes from"
done_in cg_detach "cgroup detach"
block cg_after
is "$out" '[]' "it is gone"
done_in trace_idle "trace show"
json_is '.items, .unread' '[]'$'\n''[]' "an idle tracefs has no difference"
done_in trace "with all kinds of things left behind"
json_is '[.items[] | select(.instance == null) | .name // .file] | sort | unique | join(" ")' \
	"current_tracer i kprobes:libbpf_1_vfs_read_0x0 kprobes:p_vfs_read_bcc_99999 mine:busy mine:open \
sched:sched_process_exit sched:sched_switch sched:sched_wakeup sched:sched_waking set_event_pid set_ftrace_filter \
set_ftrace_notrace set_ftrace_pid set_graph_function synthetic:wake trace_clock tracing_cpumask tracing_on" "all are listed"
json_is '.items[] | select(.name == "kprobes:libbpf_1_vfs_read_0x0") | [.value, .in_use, .owners[0].comm]' \
	'["r4 vfs_read",true,"init"]' "kprobes with their owners"
block trace_reset
status 3 "trace reset: what an instance uses cannot go"
json_is '[.actions[] | select(.action == "failed") | [.name, (.why | startswith("[EBUSY]"))]]' '[["mine:busy",true]]' "that alone"
json_is '[.actions[] | select(.action == "left") | .name] | sort' '["i","kprobes:libbpf_1_vfs_read_0x0","mine:busy"]' \
	"what is alive is left"
done_in trace_all "trace reset all"
json_is '[.actions[] | [.action, .name]]' \
	'[["reset","mine:busy"],["reset","i"],["reset","kprobes:libbpf_1_vfs_read_0x0"],["reset","mine:busy"]]' "the rest goes"
block trace_after
json_is '.items' '[]' "and nothing is left"
block struct_ops
is "$out" '[]' "struct_ops show: none"
block token
is "$out" '[]' "token show: none"
done_in feature "feature probe"
json_is '[.program_types | .have_tracing_prog_type, .have_lsm_prog_type, .have_ext_prog_type, .have_netfilter_prog_type]' \
	'[true,true,true,false]' "tracing, lsm and ext are there, netfilter is not"
json_is '[.attach_types | .have_trace_fentry_attach_type, .have_trace_fexit_attach_type, .have_modify_return_attach_type,
	.have_trace_raw_tp_attach_type, .have_lsm_mac_attach_type]' '[true,true,true,true,true]' "in each way"
json_is '[.helpers | .tracing_available_helpers, .lsm_available_helpers, .struct_ops_available_helpers | length > 50] | all' \
	true "with helpers"
fprobe=$(grep -qx CONFIG_FPROBE=y "$vm"/boot/config-* && echo true || echo false)
json_is '[.link_types | .have_tracing_link_type, .have_kprobe_multi_link_type, .have_tcx_link_type]' "[true,$fprobe,false]" \
	"link types, as configured"
if [ -n "$BPFTOOL" ]; then
	block feature_theirs
	theirs=$out
	block feature
	# The guest has no configuration to read, and so neither tells of it.
	is "$(jq -nr --argjson a "$theirs" --argjson b "$out" '$a | paths(scalars) as $p |
		select(getpath($p) != ($b | getpath($p))) | $p | join(".")' | grep -v '^helpers')" '' \
		"every key of bpftool's has its value"
	is "$(jq -nr --argjson a "$theirs" --argjson b "$out" '$a.helpers | to_entries[] |
		.key as $k | .value as $v | ($b.helpers[$k] - $v) as $more | ($v - $b.helpers[$k]) as $less |
		select(($v != [] and $more != []) or $less != []) | "\($k) more \($more) less \($less)"')" '' \
		"the same helpers, where bpftool can tell"
fi
done_in feature_unpriv "feature probe unprivileged"
json_is '.program_types.xdp_prog_type_state' denied "denied"
done_in feature_macros "macros"
printf '%s\n' "$out" >"$T/macros.h"
ok "compile" "${CC:-cc}" -fsyntax-only -x c "$T/macros.h"
block feature_kfuncs
status 1 "kfuncs: this kernel's BTF does not mark them"
json_ok "which is said"
block feature_check
status 1 "feature check"
json_is '[.[].available]' '[true,true,true,false,true,true,null]' "what there is"
done_in detach "pins removed"
json_is 'length' 0 "no link is left"
done_testing
