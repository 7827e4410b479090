#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The main job of bpfctl, on a veth pair in a network namespace of its own, with a bpffs of its own:
# compile, load, look inside, attach, count some packets, read the map, detach. Leaves nothing behind.

set -o pipefail
. "$(dirname "$0")/lib.sh"
fail()
{
	echo "The demo could not run: $*."
	exit 1
}

# What a test would be skipped for is a failure here.
skip_all()
{
	fail "$@"
}
can_bpf || fail "it loads a program into the kernel, and that takes root: sudo ./bootstrap demo"
need_clang
need ping
live

# In our own mount namespace the usual place can be ours, and the commands read as anybody's would.
umount "$BPFFS" && BPFFS=/sys/fs/bpf && mount -t bpf bpf "$BPFFS" || fail "cannot mount a bpffs on /sys/fs/bpf"
mkdir "$T/bin" && ln -s "$BPFCTL" "$T/bin/bpfctl" && PATH=$T/bin:$PATH
veth demo0 demo1 || fail "cannot make a veth pair"
cd "$T" || exit 1
bold='' plain=''
[ -t 1 ] && bold=$'\e[1m' plain=$'\e[0m'

say()
{
	printf '\n# %s\n' "$*"
}

# Show a command line, then what it prints. The first that fails ends the demo.
show()
{
	printf '%s$ %s%s\n' "$bold" "$1" "$plain"
	bash -o pipefail -c "$1" && return
	echo "The demo failed here, with status $?."
	exit 1
}

bpf_cc "$TOP/tests/progs/counter.c" "$T/counter.o" -g -D BTF || fail "clang could not compile the program"
say "counter.o is tests/progs/counter.c, compiled by clang: an XDP program that counts packets in a map."
show "bpfctl prog load counter.o /sys/fs/bpf/counter type xdp pinmaps /sys/fs/bpf/maps"
show "bpfctl --bpffs prog show pinned /sys/fs/bpf/counter"
show "bpfctl --bpffs map show pinned /sys/fs/bpf/maps/counter_map"

say "What the verifier made of it."
show "bpfctl prog dump xlated pinned /sys/fs/bpf/counter"

say "Attach it to demo0, one end of a veth pair; at the other end somebody sends three pings."
show "bpfctl net attach xdp pinned /sys/fs/bpf/counter dev demo0"
show "bpfctl net show dev demo0"
printf '%s$ ping -c 3 10.99.0.1    (at the other end)%s\n' "$bold" "$plain"
peer ping -q -c 3 -i 0.2 10.99.0.1 | sed -n '/statistics/,$p' || fail "the pings were lost"
show "bpfctl map dump pinned /sys/fs/bpf/maps/counter_map"
show "bpfctl -p map dump pinned /sys/fs/bpf/maps/counter_map"

say "And off again; without its pins the program is gone."
show "bpfctl net detach xdp dev demo0"
show "rm -r /sys/fs/bpf/counter /sys/fs/bpf/maps"
show "bpfctl net show dev demo0"
umount "$BPFFS"
say "That was it. 'bpfctl help' lists all commands."
