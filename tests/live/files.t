#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Files that root writes: devices, owners, links that others made. See cli/writing.t for what needs no root.
. "$(dirname "$0")/../lib.sh"
live
need_clang
cd "$T" || exit
ok "compile" bpf_cc "$TOP/tests/progs/counter.c" counter.o -g
"$BPFCTL" map create "$BPFFS/m" type hash key 4 value 4 entries 4 name "${PFX}_m"

# each WORD...: the ways that commands write; FILE is what they are given
each()
{
	"$1" gen object FILE counter.o
	"$1" gen skeleton counter.o output FILE
	"$1" gen min_core_btf /sys/kernel/btf/vmlinux FILE counter.o
	"$1" map export pinned "$BPFFS/m" file FILE
	"$1" btf dump file counter.o output FILE
	"$1" btf header file counter.o output FILE
	"$1" metrics file FILE
}

into() { run "$BPFCTL" "${@/FILE/$file}"; }

device()
{
	into "$@"
	is "$status:$(stat -c %F,%t,%T node)" "0:character special file,1,3" "$1 $2: a device stays one"
}
file=node
if mknod node c 1 3 && : >node; then
	each device
	rm node
else
	skip "devices" "none can be made here"
fi

owned()
{
	echo old >mine
	chown 12:34 mine
	chmod 640 mine
	into "$@"
	is "$status:$(stat -c %u:%g:%a mine)" "0:12:34:640" "$1 $2: owner and mode stay"
	ok "$1 $2: it is written" [ "$(stat -c %s mine)" != 4 ]
}
file=mine
each owned

# A file with several names keeps them, and all see the new bytes; until these are complete, none does.
linked()
{
	seq 300000 >mine	# longer than what is written
	into "$@"
	is "$status:$(stat -c %h:%u:%g:%a mine)" "0:2:12:34:640" "$1 $2: a hard link stays one, with owner and mode"
	ok "$1 $2: the other name has what is written, and no more" cmp -s mine other
	isnt_old "$1 $2"
}
isnt_old() { ok "$1: nothing of the old is left" [ "$(stat -c %s mine)" != 1988895 ]; }
ln mine other
each linked
if command -v strace >/dev/null && strace -qq -o trace true 2>/dev/null; then
	for call in fallocate:ENOSPC sendfile:EIO; do
		seq 300000 >mine
		run strace -qq -o trace -e "trace=${call%:*}" -e "inject=${call%:*}:error=${call#*:}" \
			"$BPFCTL" btf dump file counter.o output mine
		like "$status:$err" "^1:.*write 'mine': \[${call#*:}\]" "${call%:*} fails: an error"
		is "$(cksum <other)" "$(seq 300000 | cksum)" "${call%:*} fails: the old contents are there"
	done
else
	skip "a write that fails" "strace cannot trace here"
fi
rm other
mkdir -m 1777 common
echo precious >common/file && ln common/file link_of_it
run "$BPFCTL" btf dump file counter.o output common/file
like "$status:$err" "^1:.*EMLINK.*Hint: it has other names" "a link in a directory for all: refused"
is "$(cat link_of_it)" precious "and not written into"
rm -r common link_of_it

# A directory in which nothing can be created: the file is written into.
if chmod 755 . && setpriv --reuid 65534 --clear-groups test -r "$T/counter.o" 2>/dev/null; then
	seq 300000 >mine
	chown 65534 mine
	run setpriv --reuid 65534 --clear-groups "$BPFCTL" btf dump file counter.o output mine
	status 0 "a directory that is closed to us: the file is written into"
	isnt_old "a closed directory"
	is "$(cat mine)" "$("$BPFCTL" btf dump file counter.o)" "a closed directory: all of it"
	run setpriv --reuid 65534 --clear-groups "$BPFCTL" btf dump file counter.o output none
	like "$status:$err" "^1:.*write 'none': \[EACCES\]" "a new file cannot be made there"
else
	skip "a closed directory" "no other user"
fi

# A mount point is known before anything is done for it, a queue is not drained.
"$BPFCTL" map create "$BPFFS/q" type queue value 4 entries 4 name "${PFX}_q"
"$BPFCTL" map push pinned "$BPFFS/q" value 1 0 0 0
echo old >mounted
if mount --bind mounted mounted; then
	run "$BPFCTL" map export pinned "$BPFFS/q" drain file mounted
	like "$status:$err" "^1:.*EBUSY.*mount point" "a mount point is not written to, and the error says why"
	is "$(cat mounted; "$BPFCTL" -j map peek pinned "$BPFFS/q" | jq -c .value)" 'old
["0x01","0x00","0x00","0x00"]' "the file and the queue are as before"
	umount mounted
else
	skip "a mount point" "cannot mount files here"
fi

# Descriptors that were not open before are our own.
for i in 3 4 5 6; do
	eval "exec $i>&-"
	run "$BPFCTL" map export pinned "$BPFFS/q" drain file "/dev/fd/$i"
	like "$status:$err" "^1:.*write '/dev/fd/$i': \\[EBADF\\] Bad file descriptor\$" "/dev/fd/$i is not open: nothing was tried"
done

# In a directory for all, links of others lead nowhere; a name that can be guessed does no harm.
mkdir -m 1777 shared
echo precious >precious
trapped()
{
	into "$@"
	is "$status:$(<precious)" "1:precious" "$1 $2: a link that somebody else left in a shared directory"
	like "$err" "write 'shared/link': \[EACCES\]" "$1 $2: says so, of the file that was named"
}
file=shared/link
ln -s ../precious shared/link
chown -h 65534 shared/link
each trapped
ok "the link is still there" [ -L shared/link ]
is "$(ls -A shared)" link "nothing is left beside it"
done_testing
