#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What was asked for and could not be read is reported, with status 3: not passed off as "not there".
. "$(dirname "$0")/cli.sh"

# partly TEXT WHAT: the last run did the rest, and says what it could not
partly()
{
	status 3 "$2"
	like "$err" "$1" "$2: it says so"
}

# --- feature: a call that could not be tried is not a call that is refused ---

for errno in ENOMEM EINTR; do
	{ grep -v '^log' "$T/fx/lab.kernel"; echo "fail load prog 6 $errno"; } >"$T/fx/untried.kernel"
	fake untried feature probe unprivileged
	partly "try all helpers and batch operations: \[$errno\]" "feature probe, $errno"
	like "$out" '[(][0-9]+ unknown[)]' "the list says how many"
	fake untried -j feature probe unprivileged
	is "$status $(jq -r .states.xdp_helpers <<<"$out")" "3 unknown" "in JSON: the states say so"
	fake untried feature check bpf_redirect:xdp
	like "$out" "^bpf_redirect:xdp:  unknown  [(]" "feature check, $errno: unknown, with the reason"
	fake untried -j feature check bpf_redirect:xdp
	is "$status $(jq -r '.[0] | .state, .errno' <<<"$out" | xargs)" "1 unknown $errno" "in JSON"
done

# --- pins: what cannot be looked at is not "no pin" ---

{ cat "$T/fx/basic.kernel"; echo "fail kind prog 7 EACCES"; } >"$T/fx/hidden.kernel"
fake hidden -f prog show id 7
partly "look for pins: 2 files or directories of BPF file systems: \[EACCES\]" "prog show, pins of a hidden kind"
fake hidden -j -f prog show id 7
is "$status $(jq -r '.id // .[0].errno' <<<"$out" 2>&1)" "3 7" "in JSON"
fake hidden prog show pinned "$T/bpffs/pins/counter"
is "$status" 1 "a pin of a hidden kind is not opened"
like "$err" "find out what is pinned at .*: \[EACCES\]" "and the reason is given, not another kind"
fake hidden prog unpin "$T/bpffs/pins/counter"
is "$status" 1 "nor removed"
sed -i 's/EACCES/EIO/' "$T/fx/hidden.kernel"
fake hidden -f prog show id 7
status 3 "a list of pins that is not whole is none"
like "$err" "look for pinned programs: \[EIO\]" "and says why"

# --- hooks: only some answers mean that there is none ---

# with FIXTURE FAILURE: net's, and this
with()
{
	{ cat "$T/fx/net.kernel"; echo "fail $2"; } >"$T/fx/$1.kernel"
}

for errno in EINTR EIO EPERM; do
	with ill "query - 54 $errno"
	fake ill attach list dev nk0
	partly "list tcx.*netkit.* programs.*: \[$errno\]" "attach list, $errno of a hook"
	[ "$errno" = EPERM ] || like "$out" "13 .*netkit" "$errno: the other hooks are listed"
	fake ill net show
	partly "list tcx.*netkit.* programs.*: \[$errno\]" "net show, $errno of a hook"
done
for errno in ENODEV EACCES EOPNOTSUPP EINVAL; do
	with absent "query - 55 $errno"
	fake absent attach list dev nk0
	is "$status/$err" "0/" "attach list, $errno: there is no such hook"
	fake absent net show
	is "$status/$err" "0/" "net show, $errno: there is no such hook"
done
with ill "query - 17 EINTR"
fake ill attach list type netns
partly "list flow dissector programs of a network namespace: \[EINTR\]" "attach list, the flow dissector"
fake ill net show
partly "list flow dissector programs of a network namespace: \[EINTR\]" "net show, the flow dissector"
{ cat "$T/fx/lab.kernel"; echo "fail lookup map 6 EPERM"; echo "fail batch map 6 EPERM"; } >"$T/fx/ill.kernel"
fake ill attach list type prog_array
partly "look for programs in map 6: \[EPERM\]" "attach list, a program array"
{ cat "$T/fx/lab.kernel"; echo "fail info map 6 EPERM"; } >"$T/fx/ill.kernel"
fake ill attach list type prog_array
partly "read a map: \[EPERM\]" "attach list, a map"

# --- a link's functions without the BTF that names them ---

{ grep -v '^btf' "$T/fx/multi.kernel"; echo "fail open btf 1 EPERM"; } >"$T/fx/nameless.kernel"
fake nameless link show id 1
partly "read BTF object 1, which names the functions: \[EPERM\]" "link show, functions without names"
like "$out" "ffffffff81000010 20 " "they are listed by address"
fake multi attach list type tracing
like "$out" "enter +tracing +trace_fentry_multi 3 functions .*leave +tracing +trace_fexit_multi bpf_iter_ta" \
	"attach list: one function by its name, several by their number"

# --- map usage: what the map is made for is said, what was refused is reported ---

{ cat "$T/fx/basic.kernel"; printf 'fail %s map 1 EPERM\n' batch nextkey lookup; } >"$T/fx/ill.kernel"
fake ill map usage id 1
partly "count the entries of map 1: \[EPERM\]" "map usage, refused"

# --- map hist: whose histogram it is, is found out by its BTF ---

{ sed 's/^map id=7 .*/& btf_id=3 btf_value_type_id=1/' "$T/fx/lab.kernel"; echo "fail open btf 3 EPERM"; } >"$T/fx/ill.kernel"
fake ill map hist id 7
partly "map 7 is one of BCC: read its BTF: \[EPERM\]" "map hist, BTF that may not be read"
like "$out" "rule: log2 \(unknown origin" "the rule that is left"
fake ill -j map hist id 7
is "$status $(jq -c '[.rule, .errors[0].errno]' <<<"$out")" '3 ["log2","EPERM"]' "in JSON"
fake ill map hist id 7 rule log2
is "$status/$err" "0/" "a rule that is given needs no BTF"

# --- one error where BTF is needed and may not be read; a notice with the entries where it is not ---

{ cat "$T/fx/lab.kernel"; echo "fail open btf 3 EPERM"; } >"$T/fx/ill.kernel"
for words in "dump id 2 where n=1" "dump id 2 sort n"; do
	# shellcheck disable=SC2086
	fake ill map $words
	is "$status $(grep -c '^Error' <<<"$err")" "1 1" "map $words: one error"
	like "$err" "read the BTF of map 2: \[EPERM\]" "map $words: says what"
done
fake ill map dump id 2
partly "read the BTF of map 2, which is shown as bytes: \[EPERM\]" "map dump"
is "$(grep -c '^Error' <<<"$err")" 1 "map dump: once"

# --- words that mean nothing here ---

fake lab map dump id 1 percpu sum
like "$status $err" "^1 .*map 1 has one value for all CPUs: 'percpu sum'" "percpu sum of a map that is not per-CPU"
fake lab map dump id 3 percpu sum
is "$status/$err" "0/" "percpu sum of one that is"
fake lab map usage over 101
like "$status $err" "^2 .*'over' is a percentage, 100 at most" "map usage over 101"

# --- pins that cannot be looked at: attach list, and a plan that cannot promise ---

{ cat "$T/fx/basic.kernel"; echo "fail kind link 1 EACCES"; } >"$T/fx/hidden.kernel"
fake hidden attach list type raw_tracepoint
partly "look for pins: 1 file or directory of BPF file systems: \[EACCES\]" "attach list, a hidden pin"
like "$out" "sched_switch" "the list goes on"
fake hidden -j attach list type raw_tracepoint
is "$status $(jq -c 'map(.errno // .link_id)' <<<"$out")" '3 ["EACCES",2]' "in JSON"
{ cat "$T/fx/lab.kernel"; echo "entry 6 01000000 0b000000"; } >"$T/fx/seen.kernel"
fake seen prog unload id 11 dry_run
is "$status/$err/${out##*$'\n'}" "0//program 11 would be unloaded" "unload, dry run: nothing hidden"
{ cat "$T/fx/seen.kernel"; echo "pin pins/sub/again prog 9"; echo "fail kind prog 9 EACCES"; } >"$T/fx/hidden.kernel"
fake hidden prog unload id 11 dry_run
partly "look for pins: 1 file or directory of BPF file systems: \[EACCES\]" "unload, dry run: a hidden pin"
is "${out#*$'\n'}" "may stay  unknown  (not everything that may hold it could be read)
program 11 may stay loaded" "and no promise"
fake hidden -j prog unload id 11 dry_run
is "$status $(jq -c '[.would_unload, .holders[-1].kind]' <<<"$out")" '3 [false,"unknown"]' "in JSON"
fake hidden prog unload id 11
partly "look for pins: 1 file or directory of BPF file systems: \[EACCES\]" "unload: a hidden pin"
like "$out" "stays  unknown  \(not everything that may hold it could be read\)" "is what may hold it"

# --- prog dump jited: the name of a map that cannot be read ---

{ cat "$T/fx/lab.kernel"; echo "prog id=12 type=6 name=loads tag=00112233445566cc insns=181100000100000000000000818888ffb7000000020000009500000000000000 jited=48bf0010000081888fff31c0c3 ksyms=0xffffffffa0002000 jited_lens=13"; } >"$T/fx/loads.kernel"
fake loads prog dump jited id 12
if [[ $out == *'map[id:1] plain'* ]]; then
	{ cat "$T/fx/loads.kernel"; echo "fail info map 1 EINTR"; } >"$T/fx/ill.kernel"
	fake ill prog dump jited id 12
	partly "name the maps of program 12: \[EINTR\]" "dump jited, a map that cannot be read"
	like "$out" '<map\[id:1\]>' "dump jited: it has its number"
	fake ill -j prog dump jited id 12
	is "$status $(jq -c '[.. | .errno? // empty]' <<<"$out")" '3 ["EINTR"]' "in JSON"
else
	skip "dump jited, a map that cannot be read" "no libcapstone, or another machine"
fi

# --- feature: maps and instructions that could not be tried ---

for what in "load prog 1 EIO/v2_isa_extension" "create - 1 ENOMEM/hash_map_type"; do
	errno=${what%/*} errno=${errno##* }
	{ grep -v '^log' "$T/fx/lab.kernel"; echo "fail ${what%/*}"; } >"$T/fx/untried.kernel"
	fake untried feature probe unprivileged
	partly "probe all features: \[$errno\]" "feature probe, ${what%/*}"
	fake untried -j feature probe unprivileged
	is "$status $(jq -r ".states.${what#*/}" <<<"$out")" "3 unknown" "in JSON: the state says so"
done
done_testing
