#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# unpin of maps, programs and links: one pin or all of an object, nothing else, and what is said about it.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf || exit 1
"$T/make_links" "$BPFFS" lo /nowhere >/dev/null 2>&1
rm -f "$BPFFS"/[!mpr]*
link=$BPFFS/raw_tp
link_id=$("$BPFCTL" -j link show pinned "$link" | jq .id)
prog_id=$("$BPFCTL" -j link show pinned "$link" | jq .prog_id)
mkdir "$BPFFS/dir"
"$BPFCTL" map create "$BPFFS/m1" type hash key 4 value 4 entries 4 name "${PFX}_m"
for path in m2 m3 dir/m4; do
	"$BPFCTL" map pin pinned "$BPFFS/m1" "$BPFFS/$path"
done
"$BPFCTL" map create "$BPFFS/other" type hash key 4 value 4 entries 4 name "${PFX}_o"
"$BPFCTL" prog pin id "$prog_id" "$BPFFS/p1"
map_id=$("$BPFCTL" -j map show pinned "$BPFFS/m1" | jq .id)

pins() { (cd "$BPFFS" && find . -type f ! -name "*.debug" | sort | tr '\n' ' '); }

# --- one ---
run "$BPFCTL" map unpin "$BPFFS/m3"
status 0 "by path"
is "$out" "map $map_id unpinned from $BPFFS/m3" "what was done is said"
is "$(pins)" "./dir/m4 ./m1 ./m2 ./other ./p1 ./raw_tp " "and no other pin has gone"
run "$BPFCTL" -j map unpin pinned "$BPFFS/m2"
json_is . "{\"id\":$map_id,\"unpinned\":[\"$BPFFS/m2\"]}" "pinned PATH is that pin"
(cd "$BPFFS/dir" && "$BPFCTL" map unpin m4 >/dev/null)
is "$(pins)" "./m1 ./other ./p1 ./raw_tp " "a path from here"

# --- refused ---
# refused STATUS REGEX WORD...: nothing is removed
refused()
{
	local want=$1 text=$2 before

	shift 2
	before=$(pins)
	run "$BPFCTL" "$@"
	status "$want" "refused: $*"
	like "$err" "$text" "says why"
	is "$(pins)" "$before" "and removes nothing"
	run "$BPFCTL" -j "$@"
	json_ok "the same as JSON"
}
refused 1 "incorrect object type: prog" map unpin "$BPFFS/p1"
refused 1 "incorrect object type: map" prog unpin "$BPFFS/m1"
refused 1 "incorrect object type: map" link unpin pinned "$BPFFS/m1"
refused 1 "nosuch" map unpin "$BPFFS/nosuch"
refused 1 "not on a BPF file system" map unpin "$T"
refused 1 "dir" map unpin "$BPFFS/dir"
refused 1 "no map named" map unpin id 99999999 nosuch
refused 2 "missing one of: MAP, FILE" map unpin
ln -s "$BPFFS/m1" "$T/symlink"
refused 1 "is a symbolic link, not a pin"$'\n'"Hint: it leads to '$BPFFS/m1'" map unpin "$T/symlink"
ok "nor the symbolic link" [ -L "$T/symlink" ]

# --- all ---
"$BPFCTL" map pin pinned "$BPFFS/m1" "$BPFFS/dir/again"
run "$BPFCTL" -j map unpin name "${PFX}_m"
json_is . "{\"id\":$map_id,\"unpinned\":[\"$BPFFS/dir/again\",\"$BPFFS/m1\"]}" "all pins by name"
is "$(pins)" "./other ./p1 ./raw_tp " "those of others stay"
ok "nobody holds the map: it has gone" wait_until eval "! '$BPFCTL' map show id $map_id 2>/dev/null"
mkdir "$T/bound" && mount --bind "$BPFFS" "$T/bound"
run "$BPFCTL" -j prog unpin id "$prog_id"
umount -l "$T/bound"
status 0 "a file system that is there twice"
json_is '.unpinned | length' 1 "the pin is removed once"
run "$BPFCTL" prog unpin id "$prog_id"
status 1 "no pin is left"
like "$err" "program $prog_id is not pinned" "says so"
mount -o remount,ro "$BPFFS"
refused 1 "remove pin '$BPFFS/other': \[EROFS\]" map unpin "$BPFFS/other"
mount -o remount,rw "$BPFFS"
run "$BPFCTL" link unpin id "$link_id"
is "$out" "link $link_id unpinned from $link" "a link"
ok "it has gone" wait_until eval "! '$BPFCTL' link show id $link_id 2>/dev/null"

"$BPFCTL" map unpin "$BPFFS/other" >/dev/null
rmdir "$BPFFS/dir"
nothing_left "nothing is left"
done_testing
