#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# map hist: arrays, per-CPU arrays and hashes of counters.
. "$(dirname "$0")/../lib.sh"
live
need jq
"$BPFCTL" map create "$BPFFS/a" type array key 4 value 8 entries 64 name "${PFX}_a"
"$BPFCTL" map create "$BPFFS/p" type percpu_array key 4 value 4 entries 8 name "${PFX}_p"
"$BPFCTL" map create "$BPFFS/h" type hash key 8 value 8 entries 8 name "${PFX}_h"
"$BPFCTL" map create "$BPFFS/s" type hash key 3 value 8 entries 8 name "${PFX}_s"

run "$BPFCTL" map hist pinned "$BPFFS/a"
status 0 "an empty map"
like "$out" $'^rule: log2 [^\n]*\n +value : count +distribution$' "has only titles, and the rule"
run "$BPFCTL" -j map hist pinned "$BPFFS/a"
json_is '[.total, .buckets]|tojson' '[0,[]]' "no buckets in JSON"

le() { printf '%d %d 0 0 0 0 0 0' $(($1 % 256)) $(($1 / 256)); }
for pair in 0:3 2:40 4:10 63:1; do
	# shellcheck disable=SC2046
	"$BPFCTL" map update pinned "$BPFFS/a" key "${pair%:*}" 0 0 0 value $(le "${pair#*:}")
done
run "$BPFCTL" -j map hist pinned "$BPFFS/a" log2
json_ok "one document"
json_is '.total' 54 "counts are added up"
json_is '.buckets[:5] | map([.low, .high, .count]) | tojson' '[[0,1,3],[2,3,0],[4,7,40],[8,15,0],[16,31,10]]' \
	"powers of two, no gaps"
json_is '.buckets | length' 64 "up to the last"
like "$out" '"low":9223372036854775808,"high":18446744073709551615,"count":1' "which ends where 64 bits do"
run "$BPFCTL" map hist pinned "$BPFFS/a" lin
is "$(grep -c '\*' <<<"$out")" 4 "linear, abbreviated: only what was met"
like "$out" $'\n +2 : 40 +\\|\\*{40}\\|\n +4 : 10 +\\|\\*{10} {30}\\|' "bars in proportion"

"$BPFCTL" map update pinned "$BPFFS/p" key 1 0 0 0 value 5 0 0 0
run "$BPFCTL" -j map hist pinned "$BPFFS/p"
cpus=$("$BPFCTL" -j map lookup pinned "$BPFFS/p" key 1 0 0 0 | jq '.values | length')
json_is '.total' $((5 * cpus)) "per-CPU counters are added up"

"$BPFCTL" map update pinned "$BPFFS/h" key 232 3 0 0 0 0 0 0 value 7 0 0 0 0 0 0 0
run "$BPFCTL" -j map hist pinned "$BPFFS/h" linear
json_is '.buckets | tojson' '[{"low":1000,"high":1000,"count":7}]' "a hash of values"
run "$BPFCTL" map hist pinned "$BPFFS/h"
status 1 "1000 is no power of two that there is"
like "$err" "linear" "says what to do"
run "$BPFCTL" -j map hist pinned "$BPFFS/s"
status 1 "keys of three bytes"
json_is '.error | test("keys of 3")' true "are named"

# --- whose slots ---

is "$("$BPFCTL" -j map hist pinned "$BPFFS/a" | jq -c '[.rule, (.rule_guessed | type)]')" '["log2","string"]' "guessed"
for want in log2:4 bcc:2 bpftrace:1; do
	IFS=: read -r rule low <<<"$want"
	run "$BPFCTL" -j map hist pinned "$BPFFS/a" rule $rule
	json_is '[.rule, has("rule_guessed"), (.buckets | map(select(.count == 40)) | .[0] | .low)] | tojson' \
		"[\"$rule\",false,$low]" "$rule: slot 2"
done

"$BPFCTL" map create "$BPFFS/five" type array key 4 value 8 entries 66 name "${PFX}_5"
"$BPFCTL" map update pinned "$BPFFS/five" key 5 0 0 0 value 1 0 0 0 0 0 0 0
for want in log2:32:63 bcc:16:31 bpftrace:8:15; do
	IFS=: read -r rule low high <<<"$want"
	run "$BPFCTL" -j map hist pinned "$BPFFS/five" rule $rule
	json_is '.buckets | map([.low, .high]) | tojson' "[[$low,$high]]" "$rule: slot 5"
done
for i in 0 1 2; do "$BPFCTL" map update pinned "$BPFFS/five" key $i 0 0 0 value 1 0 0 0 0 0 0 0; done
run "$BPFCTL" -j map hist pinned "$BPFFS/five" rule bpftrace
json_is '.buckets | map([.low, .high])[1:4] | tojson' '[[0,0],[1,1],[2,3]]' "bpftrace: 0, 1, 2 and 3"
like "$out" '"low":-9223372036854775808,"high":-1' "bpftrace: below 0"
run "$BPFCTL" map hist pinned "$BPFFS/five" rule bpftrace
like "$out" 'below 0 : 1 ' "in text"
run "$BPFCTL" -j map hist pinned "$BPFFS/five" rule bcc
json_is '.buckets | map([.low, .high])[:3] | tojson' '[[0,0],[0,1],[2,3]]' "bcc: the first ones"
"$BPFCTL" map update pinned "$BPFFS/five" key 65 0 0 0 value 1 0 0 0 0 0 0 0
run "$BPFCTL" map hist pinned "$BPFFS/five" rule bcc
status 1 "bcc has no slot 65"
run "$BPFCTL" -j map hist pinned "$BPFFS/five" rule bpftrace
json_is '.buckets[-1].high == 18446744073709551615' true "bpftrace has"
run "$BPFCTL" map hist pinned "$BPFFS/five" linear rule bcc
status 2 "linear has no rule"
run "$BPFCTL" map hist pinned "$BPFFS/five" rule nosuch
status 2 "no such rule"

# bpftrace: slots behind the script's keys, and the name
"$BPFCTL" map create "$BPFFS/at" type percpu_hash key 16 value 8 entries 8 name AT_usecs
# shellcheck disable=SC2046
for slot in 2 5; do "$BPFCTL" map update pinned "$BPFFS/at" key 0x61 0x62 0 0 0 0 0 0 $slot 0 0 0 0 0 0 0 value 1 0 0 0 0 0 0 0; done
"$BPFCTL" map update pinned "$BPFFS/at" key 7 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 value 1 0 0 0 0 0 0 0
run "$BPFCTL" -j map hist pinned "$BPFFS/at"
json_ok "bpftrace: one document"
json_is '[.rule, (.histograms | length)] | tojson' '["bpftrace",2]' "bpftrace, by the name; a histogram per key"
json_is '.histograms[] | select(.key[0] == "0x61").buckets | map([.low, .high]) | tojson' '[[1,1],[2,3],[4,7],[8,15]]' "its buckets"

# whoever has mapped BCC's library is one of BCC's tools
"$BPFCTL" map create "$BPFFS/owned" type hash key 4 value 8 entries 8 name "${PFX}_o"
"$BPFCTL" map update pinned "$BPFFS/owned" key 5 0 0 0 value 1 0 0 0 0 0 0 0
if echo 'int bcc;' | "${CC:-cc}" -shared -fPIC -x c - -o "$T/libbcc.so.0" 2>/dev/null; then
	LD_PRELOAD=$T/libbcc.so.0 "$BPFCTL" map watch pinned "$BPFFS/owned" >/dev/null 2>&1 &
	holder=$!
	at_exit eval "kill $holder 2>/dev/null"
	wait_until eval '"$BPFCTL" -j map hist pinned "$BPFFS/owned" | grep -q \"bcc\"'
	run "$BPFCTL" -j map hist pinned "$BPFFS/owned"
	json_is '[.rule, .buckets[0].low] | tojson' '["bcc",16]' "bcc, by the process that has it"
	kill $holder
	wait $holder 2>/dev/null
else
	skip "the process that has it" "no compiler"
fi

# struct keys, and slots in a value
if command -v "$CLANG" >/dev/null; then
	cat >"$T/hist.c" <<'C'
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct disk { char name[8]; __u64 slot; };
struct last { __u32 pid; __u32 n; };
struct hist { __u64 total; __u32 slots[27]; char comm[16]; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, struct disk); __type(value, __u64); } disks SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, struct last); __type(value, __u64); } lasts SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, struct hist); } hists SEC(".maps");
struct ____btf_map_ofbcc { int key; __u64 value; } used;
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 8); __type(key, int); __type(value, __u64); } ofbcc SEC(".maps");
SEC("socket") int use(void *ctx)
{
	struct disk d = {};
	struct last l = {};
	__u32 k = used.key;

	return bpf_map_lookup_elem(&disks, &d) || bpf_map_lookup_elem(&lasts, &l) || bpf_map_lookup_elem(&hists, &k) ||
	       bpf_map_lookup_elem(&ofbcc, &k);
}
char _license[] SEC("license") = "GPL";
C
	ok "compile" bpf_cc "$T/hist.c" "$T/hist.o" -g
	mkdir "$BPFFS/m"
	ok "load" "$BPFCTL" prog load "$T/hist.o" "$BPFFS/prog" type socket pinmaps "$BPFFS/m"
	"$BPFCTL" map update pinned "$BPFFS/m/disks" key name=sda slot=3 value 5
	"$BPFCTL" map update pinned "$BPFFS/m/disks" key name=sdb slot=4 value 6
	run "$BPFCTL" -j map hist pinned "$BPFFS/m/disks"
	json_ok "struct keys: one document"
	json_is '.histograms | map([.key, .total, .buckets[0].low]) | sort | tojson' '[[{"name":"sda"},5,8],[{"name":"sdb"},6,16]]' \
		"struct keys: by their other members"
	run "$BPFCTL" map hist pinned "$BPFFS/m/disks" rule bcc
	like "$out" 'key: \{"name":"sda"\}' "struct keys: in text"
	like "$out" '4 -> 7 ' "struct keys: by rule"
	"$BPFCTL" map update pinned "$BPFFS/m/lasts" key pid=7 n=3 value 5
	run "$BPFCTL" -j map hist pinned "$BPFFS/m/lasts"
	json_is '.histograms | map([.key, .buckets[0].low]) | tojson' '[[{"pid":7},8]]' "struct keys: the last member"
	"$BPFCTL" map update pinned "$BPFFS/m/hists" key 9 value 'slots=[0,3,0,4]' comm=me
	run "$BPFCTL" -j map hist pinned "$BPFFS/m/hists"
	json_is '[.rule, .histograms[0].key, .histograms[0].total, (.histograms[0].buckets | map([.low, .count]))] | tojson' \
		'["log2",9,7,[[2,3],[4,0],[8,4]]]' "slots in a value"
	"$BPFCTL" map update pinned "$BPFFS/m/ofbcc" key 5 value 1
	run "$BPFCTL" -j map hist pinned "$BPFFS/m/ofbcc"
	json_is '[.rule, .buckets[0].low] | tojson' '["bcc",16]' "bcc, by its types"
	if setpriv --bounding-set -sys_admin true 2>/dev/null; then
		run setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$BPFCTL" map hist pinned "$BPFFS/m/disks"
		status 1 "without the right to read BTF"
		like "$err" "read the BTF.*EPERM" "is said"
	fi
	rm -r "${BPFFS:?}"/{m,prog}
else
	skip "types" "there is no $CLANG"
fi
rm "${BPFFS:?}"/{a,p,h,s,five,at,owned}
nothing_left "nothing is left"
done_testing
