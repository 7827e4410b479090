#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Live tests on the newest kernel that Debian has (unstable), under QEMU (emulation, no KVM needed), with this
# machine's own root read only and nothing of it written: what no kernel at hand can do, as netkit and signed loaders.
# Downloads 40 MB into build/vm/newest once, by apt; needs qemu-system-x86 (with virtiofsd), kmod.
#
#	tests/vm/newest.sh [tests/live/X.t...]		these; else those that say most about a newer kernel
#
# TAP on stdout: a line for each file. Not part of make check, as it downloads: make check-vm.
. "$(dirname "$0")/../lib.sh"
virtiofsd=/usr/lib/qemu/virtiofsd
[ -x $virtiofsd ] || virtiofsd=/usr/libexec/virtiofsd
. "$TOP/tests/vm/apt.sh"
missing=
for tool in qemu-system-x86_64 $virtiofsd depmod; do
	command -v "$tool" >/dev/null || missing+=" ${tool##*/}"
done
[ -z "$missing" ] || skip_all "not installed:$missing (packages qemu-system-x86 qemu-system-common kmod)"
[ "$(id -u)" = 0 ] || skip_all "sharing the root needs root"
vm=$TOP/build/vm/newest
mkdir -p "$vm"
[ $# -gt 0 ] || set -- tests/live/{netkit,link,link_many,net_attach,struct_ops,gen_light,token,map_cpu,btf_new,map_elem}.t

get_kernel()
{
	local packages

	compgen -G "$vm/usr/lib/modules/*/modules.dep" >/dev/null && return
	apt_suite "$T/apt" sid || return 1
	mapfile -t packages < <(apt_names '^linux-(binary|base|modules)-[0-9.]*\+deb[0-9]*-cloud-amd64$')
	[ ${#packages[@]} -gt 0 ] && apt_unpack "$vm" "${packages[@]}" || return 1
	ln -sfn usr/lib "$vm/lib"
	depmod -b "$vm" "$(basename "$vm"/usr/lib/modules/*)"
}

get_kernel || skip_all "Debian's newest kernel cannot be downloaded, or its packages are cut in another way now"
release=$(basename "$vm"/usr/lib/modules/*)

# The root is the host's: all that is written goes to file systems in memory.
cat >"$T/init" <<END
#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
mount --bind "$TOP" /mnt
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /dev/shm /dev/pts
mount -t devpts devpts /dev/pts
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
for dir in /tmp /run /var/tmp /root; do mount -t tmpfs tmpfs \$dir; done
mount -t tracefs tracefs /sys/kernel/tracing
mount -t debugfs debugfs /sys/kernel/debug
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t bpf bpf /sys/fs/bpf
mount --bind /mnt/build/vm/newest/usr/lib/modules /lib/modules
mount -t tmpfs tmpfs /boot
cp /lib/modules/$release/config /boot/config-$release
ip link set lo up
cd /mnt
mkdir -p /tmp/build
cp -r build/tests /tmp/build/
export BUILD=/tmp/build BPFCTL=/mnt/bpfctl
for test in $*; do
	echo "@@BEGIN \$test"
	timeout 900 "\$test" 2>&1
	echo "@@END \$test \$?"
done
echo "@@DONE \$(uname -r)"
echo o >/proc/sysrq-trigger
sleep 60
END
chmod +x "$T/init"
mkdir -p /lib/modules		# where the guest puts its own; the host may have none

$virtiofsd --socket-path="$T/fs.sock" -o source=/ -o cache=always -o sandbox=chroot >"$T/fs.log" 2>&1 &
at_exit kill $!
wait_until test -S "$T/fs.sock"
# no_timer_check: emulated on a busy machine, the timer is slower than the kernel's patience with it.
timeout "${VM_TIMEOUT:-3600}" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 3072 \
	-object memory-backend-memfd,id=mem,size=3072M,share=on -numa node,memdev=mem \
	-chardev socket,id=fs,path="$T/fs.sock" -device vhost-user-fs-pci,queue-size=1024,chardev=fs,tag=root \
	-kernel "$vm/usr/lib/modules/$release/vmlinuz" \
	-append "console=ttyS0 quiet panic=-1 no_timer_check rootfstype=virtiofs root=root ro init=$T/init" -nographic -no-reboot \
	</dev/null 2>"$T/qemu.err" >"$T/raw" &
guest_pid=$!
at_exit kill $guest_pid		# timeout(1), which ends the guest: also when this script is interrupted
wait $guest_pid
tr -d '\r' <"$T/raw" >"$T/serial"
cp "$T/serial" "$vm/serial"

ok "the guest ran to its end, on $release" grep -q "^@@DONE $release" "$T/serial" ||
	diag "$(cat "$T/qemu.err" "$T/fs.log" | tail -n 5)"
for test in "$@"; do
	guest=$(awk -v test="$test" '$1 == "@@BEGIN" && $2 == test { on = 1; next }
		$1 == "@@END" && $2 == test { print "@@" $3; exit } on' "$T/serial")
	if grep -q '^1\.\.0 # SKIP' <<<"$guest"; then
		skip "$test" "$(sed -n 's/^1\.\.0 # SKIP //p' <<<"$guest")"
		continue
	fi
	ok "$test: $(grep -c '^ok ' <<<"$guest") checks" [ "$(tail -n 1 <<<"$guest")" = @@0 ] ||
		diag "$(grep -A8 '^not ok' <<<"$guest")"
done
done_testing
