#!/bin/sh
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Runs inside the guest. Each block of output is framed, and judged outside.
export PATH=/bin LD_LIBRARY_PATH=/lib64
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tracefs tracefs /sys/kernel/tracing
mkdir -p /sys/fs/bpf /cg /tmp
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cg /cg
ip link set lo up

# block NAME CMD...: what it printed, what it said, how it ended
block()
{
	name=$1
	shift
	"$@" >/tmp/out 2>/tmp/err
	rc=$?
	echo "@@BEGIN $name $rc"
	cat /tmp/out
	echo "@@STDERR"
	cat /tmp/err
	echo "@@END"
}

echo		# the kernel's last words have no newline
block uname uname -r
block version bpfctl version
block load bpfctl prog loadall /guest.o /sys/fs/bpf/p pinmaps /sys/fs/bpf/m autoattach
touch /tmp/x
rm /tmp/x
block hits bpfctl -j map dump pinned /sys/fs/bpf/m/vm_hits
block prog bpfctl -jf prog show
block prog_text bpfctl prog show
block prog_theirs bpftool -jf prog show
block link bpfctl -jf link show
block link_text bpfctl link show
block link_theirs bpftool -jf link show
block map_theirs bpftool -jf map show
block map bpfctl -jf map show
block btf bpfctl -j btf show
block xlated bpfctl prog dump xlated name vm_kprobe
block xlated_theirs bpftool prog dump xlated name vm_kprobe
for unit in t_owners t_link_list t_perf_files; do
	[ ! -x /bin/$unit ] || block $unit $unit
done
block run_load bpfctl prog loadall /run.o /sys/fs/bpf/run
printf 'AAAABBBBCCCCDD++' >/tmp/packet
block profile sh -c 'bpfctl -j prog profile pinned /sys/fs/bpf/run/vm_xdp duration 3 cpu_clock & sleep 1;
	bpfctl prog run pinned /sys/fs/bpf/run/vm_xdp data_in /tmp/packet repeat 1000 >/dev/null; wait'
block profile_hw sh -c 'bpfctl -j prog profile pinned /sys/fs/bpf/run/vm_xdp duration 2 cycles & sleep 1;
	bpfctl prog run pinned /sys/fs/bpf/run/vm_xdp data_in /tmp/packet repeat 100 >/dev/null; wait'
block stats_off cat /proc/sys/kernel/bpf_stats_enabled
block counter bpfctl prog load /counter_nobtf.o /sys/fs/bpf/c type xdp
block attach bpfctl net attach xdpgeneric pinned /sys/fs/bpf/c dev lo
block net bpfctl -j net show
block net_theirs bpftool -j net show
block net_detach bpfctl net detach xdpgeneric dev lo
block multi bpfctl prog loadall /multi.o /sys/fs/bpf/t
for type in tcx_ingress netkit_primary clsact_ingress; do
	block $type bpfctl net attach $type pinned /sys/fs/bpf/t/m_t dev lo
	block ${type}_json bpfctl -j net attach $type pinned /sys/fs/bpf/t/m_t dev lo
done
block net_after bpfctl net show
block perf bpfctl -j perf show
mkdir -p /cg/a/b
block cg_load bpfctl prog loadall /cgroup.o /sys/fs/bpf/g
block cg_attach bpfctl cgroup attach /cg/a lsm_cgroup pinned /sys/fs/bpf/g/vm_cg_bind multi
block cg_attach2 bpfctl cgroup attach /cg/a/b ingress pinned /sys/fs/bpf/g/vm_cg_ingress multi
block cg_preorder bpfctl -j cgroup attach /cg/a ingress pinned /sys/fs/bpf/g/vm_cg_ingress multi preorder
block cgroup_tree bpfctl -j cgroup tree
block cgroup_tree_theirs bpftool -j cgroup tree
block cgroup_text bpfctl cgroup show /cg/a
block cgroup_effective bpfctl -j cgroup show /cg/a/b effective
block cg_detach bpfctl cgroup detach /cg/a lsm_cgroup pinned /sys/fs/bpf/g/vm_cg_bind
block cg_after bpfctl -j cgroup show /cg/a
. /trace.sh
block struct_ops bpfctl -j struct_ops show
block token bpfctl -j token show
block feature_theirs bpftool -j feature probe
block feature bpfctl -j feature probe
block feature_unpriv bpfctl -j feature probe unprivileged
block feature_macros bpfctl feature probe macros
block feature_kfuncs bpfctl -j feature kfuncs
block feature_check bpfctl -j feature check tracing,lsm,ext,tcx,batch,isa_v3
rm -r /sys/fs/bpf/g
block detach sh -c 'for l in /sys/fs/bpf/p/*; do rm $l; done; bpfctl -j link show'
echo "@@DONE"
poweroff -f
