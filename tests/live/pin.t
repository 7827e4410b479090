#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# pin tree and pin gc: what is shown, what is stale, and that nothing else is removed.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
D=$BPFFS/$PFX
mkdir "$D" "$D/sub"
bpf_cc "$TOP/tests/progs/counter.c" "$T/o.o" -g -DBTF -Dcounter="${PFX}_cnt" -Dcounter_map="${PFX}_map" || exit 1
"$BPFCTL" prog load "$T/o.o" "$D/prog" type xdp pinmaps "$D/sub" || exit 1
veth "${PFX}a" "${PFX}b"
cat >"$T/link.c" <<'END'
#include <bpf/bpf.h>
#include <net/if.h>
int main(int argc, char **argv)
{
	int prog = bpf_obj_get(argv[1]), link = bpf_link_create(prog, if_nametoindex(argv[2]), BPF_XDP, NULL);

	return prog < 0 || link < 0 || bpf_obj_pin(link, argv[3]);
}
END
need gcc
gcc -o "$T/link" "$T/link.c" -lbpf || exit 1
"$T/link" "$D/prog" "${PFX}a" "$D/link" || skip_all "cannot create an XDP link"
prog=$("$BPFCTL" -j prog show "$D/prog" | jq .id)
link=$("$BPFCTL" -j link show "$D/link" | jq .id)
map=$("$BPFCTL" -j prog show "$D/prog" | jq '.map_ids[0]')

run "$BPFCTL" -j pin tree "$D"
status 0 "pin tree DIR"
json_is 'map([.path, .kind, .id, .stale])' \
	"[[\"$D\",\"dir\",null,null],[\"$D/link\",\"link\",$link,null],[\"$D/prog\",\"prog\",$prog,null],[\"$D/sub\",\"dir\",null,null],[\"$D/sub/${PFX}_map\",\"map\",$map,null]]" \
	"everything in it"
json_is 'map(.name // empty)' "[\"${PFX}_cnt\",\"${PFX}_cnt\",\"${PFX}_map\"]" "with names"
run "$BPFCTL" pin tree "$D"
is "$(sed 's/ *  \(link\|prog\|map\) .*//' <<<"$out")" "$D
├── link
├── prog
└── sub/
    └── ${PFX}_map" "as a tree"
like "$out" "prog $prog  xdp  ${PFX}_cnt  uid 0" "a line"
run "$BPFCTL" -j pin
is "$(jq -c "any(.path == \"$D/prog\")" <<<"$out")" true "all file systems"
run "$BPFCTL" -j pin gc "$D"
json_is . '[]' "gc: nothing is stale"

# --- its device goes ---
ip link del "${PFX}a"
wait_until eval "'$BPFCTL' -j link show $link | jq -e '.ifindex // 0 == 0' >/dev/null"
run "$BPFCTL" pin tree "$D"
like "$out" "link $link  xdp  ${PFX}_cnt .*STALE: its device is gone" "the link is stale"
like "$err" "1 of 3 pins is stale" "and counted"
run "$BPFCTL" pin gc "$D" --dry-run
is "$out" "would remove $D/link: link $link xdp, its device is gone, or it was detached" "--dry-run"
ok "removes nothing" [ -e "$D/link" ]
run "$BPFCTL" -j pin gc "$D"
json_is 'map([.path, .id, .removed])' "[[\"$D/link\",$link,true]]" "gc removes it"
is "$(cd "$D" && find . -type f | sort | tr '\n' ' ')" "./prog ./sub/${PFX}_map " "and nothing else"
run "$BPFCTL" pin tree "$T"
status 1 "not on bpffs"
like "$err" "is not on a BPF file system" "is said"
rm -r "$D"
nothing_left "nothing is left"
done_testing
