#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# token show: mounts that delegate, and those that do not.
. "$(dirname "$0")/../lib.sh"
live
need jq

mine()
{
	printf '%s\n' "$out" | jq -c "[.[] | select(.token_info | startswith(\"$T\"))]"
}

run "$BPFCTL" -j token show
status 0 "no such mount of ours"
json_ok "one document"
is "$(mine)" '[]' "an empty list"
run "$BPFCTL" token show delegate
status 2 "no words are taken"

mkdir "$T/a b" "$T/all"
mount -t bpf -o delegate_attachs=0x30,delegate_cmds=0x21 none "$T/a b" 2>/dev/null ||
	skip_all "this kernel cannot delegate (Linux 6.9)"
at_exit umount "$T/a b"
mount -t bpf -o delegate_maps=any,delegate_progs=0xff none "$T/all"
at_exit umount "$T/all"

run "$BPFCTL" -j token
json_ok "one document"
out=$(mine)
json_is '.[0]' "{\"token_info\":\"$T/a b\",\"allowed_cmds\":[\"map_create\",\"prog_load\"],\"allowed_maps\":[],\"allowed_progs\":[],\"allowed_attachs\":[\"sk_skb_stream_parser\",\"sk_skb_stream_verdict\"]}" \
	"words of the kernel, a path with a blank"
json_is '[.[1].allowed_maps, (.[1].allowed_progs | length)]' '[["any"],8]' "any, and eight program types"

run "$BPFCTL" token list
like "$out" "token_info  $T/a b"$'\n\t'"allowed_cmds:"$'\n\t'"  map_create          prog_load"$'\n\t'"allowed_attachs:"$'\n\t'"  sk_skb_stream_parser   sk_skb_stream_verdict"$'\n' \
	"text: long names stay apart"
like "$out" "sched_cls"$'\n\t'"  sched_act  " "four in a line"

# --- map create ... token ---
run "$BPFCTL" map create "$BPFFS/never" type array key 4 value 4 entries 1 name "${PFX}_t" token "$T"
status 1 "no BPF file system"
like "$err" "is not on a BPF file system" "is told"
run "$BPFCTL" map create "$BPFFS/never" type array key 4 value 4 entries 1 name "${PFX}_t" token "$BPFFS"
status 1 "one that is of no user namespace"
like "$err" "create a token from.*Hint: .*(user namespaces|6\.9)" "is told"
mkdir "$T/mine"
if ! "${CC:-cc}" -O1 -o "$T/token_ns" "$(dirname "$0")/token_ns.c" 2>"$T/cc" || ! "$T/token_ns" "$T/mine" true 2>"$T/why"; then
	skip "with a token" "no user namespace with a file system that delegates: $(cat "$T/cc" "$T/why" | head -n 1)"
	done_testing
fi
cat >"$T/inside" <<END
make() { "$BPFCTL" map create "$T/mine/\$1" type hash entries 4 name "${PFX}_t" "\${@:2}"; }
make without key 4 value 4 2>"$T/without" && exit 1
make bytes key 4 value 4 token "$T/mine" || exit 2
make typed key_type u32 value_type "struct iphdr" from vmlinux token "$T/mine" || exit 3
ls "$T/mine"
END
run "$T/token_ns" "$T/mine" bash "$T/inside"
status 0 "in a user namespace, with a token"
like "$out" "bytes.*typed" "maps are made, with types, too"
like "$(<"$T/without")" "EPERM" "without it they are not"
done_testing
