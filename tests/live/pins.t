#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# The rules of pinning: where, when a bpffs is mounted, and what is said when it cannot be.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf || exit 1
"$T/make_links" "$BPFFS" lo /nowhere >/dev/null 2>&1
link=$BPFFS/raw_tp
id=$("$BPFCTL" -j link show pinned "$link" | jq .id)

# refused PATH REGEX [OPTION]: fails with the reason, in both renditions
refused()
{
	run "$BPFCTL" ${3:-} link pin id "$id" "$1"
	status 1 "refused: $1"
	like "$err" "$2" "says why"
	like "$err" $'\n'"Hint: " "and what to do"
	run "$BPFCTL" -j ${3:-} link pin id "$id" "$1"
	json_ok "the same as JSON"
}

refused "$link" "already exists"
refused "$BPFFS/a.b" "must not contain a dot"
mkdir "$T/full" "$T/empty" "$T/none" && echo data >"$T/full/file"
refused "$T/full/x" "'$T/full' is not on a BPF file system"
is "$(<"$T/full/file")" data "nothing was mounted over it"
refused "$T/empty/x" "'$T/empty' is not on a BPF file system" -n
is "$(stat -f -c %T "$T/empty")" "$(stat -f -c %T "$T")" "nor with -n over an empty one"
run "$BPFCTL" link pin id "$id" "$T/nosuch/x"
status 1 "a parent that is not there"
like "$err" "'$T/nosuch': \[ENOENT\]" "is named"
run "$BPFCTL" link pin id "$id" "$T/full/file/x"
status 1 "a parent that is a file"
like "$err" "\[ENOTDIR\]" "says so"
run "$BPFCTL" link pin id "$id" "$BPFFS/"
status 2 "a path without a name"

run "$BPFCTL" link pin id "$id" "$T/empty/x"
status 0 "over an empty directory a bpffs is mounted"
like "$err" "mounted a BPF file system on '$T/empty'" "which is said"
is "$(stat -f -c %T "$T/empty")" bpf_fs "it is one now"
is "$(stat -c %a "$T/empty")" 1700 "only for its owner"
run "$BPFCTL" -jf link show id "$id"
json_is .pinned "[\"$link\",\"$T/empty/x\"]" "both mounts are walked"
run "$BPFCTL" link show pinned "$T/empty/x"
status 0 "the new pin opens"
is "$(grep -c " $T/empty " /proc/self/mountinfo)" 1 "by one mount"
umount -l "$T/empty"

mkdir "$T/bound" && mount --bind "$BPFFS" "$T/bound"
run "$BPFCTL" -jf link show id "$id"
json_is .pinned "[\"$T/bound/raw_tp\",\"$link\"]" "a bind mount shows the same pin at its path"
umount -l "$T/bound"

# On a read-only mount programs and maps open; links do not, the kernel wants to write to them.
prog=$("$BPFCTL" -j link show id "$id" | jq .prog_id)
"$BPFCTL" prog pin id "$prog" "$BPFFS/prog"
"$BPFCTL" map create "$BPFFS/map" type array key 4 value 4 entries 1 name "${PFX}m"
mount -o remount,ro "$BPFFS"
run "$BPFCTL" -jf prog show pinned "$BPFFS/prog"
json_is .pinned "[\"$BPFFS/prog\"]" "a read-only mount: a program opens, and its pin is found"
run "$BPFCTL" -jf map show pinned "$BPFFS/map"
json_is .pinned "[\"$BPFFS/map\"]" "a map, too"
run "$BPFCTL" link show pinned "$link"
status 1 "a link does not"
like "$err" "\[EROFS\].*Hint: the mount is read-only; .* link show" "how it can be shown"
run "$BPFCTL" -j prog unload id "$prog"
json_is '.log | any(. == "pin '"$BPFFS/prog"': Read-only file system")' true "prog unload names the pin that it cannot remove" || said
mount -o remount,rw "$BPFFS"
rm "$BPFFS/prog" "$BPFFS/map"

run "$BPFCTL" link show pinned "$T/full/file"
status 1 "opening an ordinary file"
like "$err" "is not on a BPF file system" "says what it is not"
run "$BPFCTL" link show pinned "$BPFFS/nosuch"
status 1 "opening a path that is not there"
like "$err" "Hint: .*-f link show" "tells how to list pins"

# A directory that cannot be read to its end: no list of pins instead of a part of it.
mkdir -p "$BPFFS/dir/below" && "$BPFCTL" link pin id "$id" "$BPFFS/dir/below/x"
mkdir "$T/outside" && "$BPFCTL" link pin id "$id" "$T/outside/x"
ln -s "$BPFFS/dir" "$BPFFS/to_dir"
run "$BPFCTL" -jf link show id "$id"
json_is .pinned "[\"$BPFFS/dir/below/x\",\"$link\",\"$T/outside/x\"]" "directories are walked, links are not followed"
umount -l "$T/outside"
if strace -qq -o "$T/trace" -e trace=getdents64 true 2>/dev/null; then
	for dir in "$BPFFS" "$BPFFS/dir" "$BPFFS/dir/below"; do
		for call in getdents64 newfstatat,fstat,statx; do
			run strace -qq -o "$T/trace" -P "$dir" -e "trace=$call" -e "inject=$call:error=EIO" \
				"$BPFCTL" -jf link show id "$id"
			status 3 "$call of ${dir#"$T"} fails"
			json_is '[.pinned, .errors[].errno] | @json' '[null,"EIO"]' "and is reported"
		done
	done
else
	skip "a directory that cannot be read" "strace cannot trace here"
fi
rm -r "$BPFFS/dir" "$BPFFS/to_dir"
rm -f "$BPFFS"/[!mp]*
nothing_left "nothing is left"
done_testing
