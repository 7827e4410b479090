#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# obj show: what object files hold. Witnesses: libbpf's own view of the same files, llvm-readelf, llvm-objdump and
# bpftool. Nothing here is loaded; as root the command runs without privileges.
. "$(dirname "$0")/../lib.sh"
need_clang
need jq
need gcc

show=("$BPFCTL" obj show)
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$T"
	cp "$BPFCTL" "$T/copy" && chmod 755 "$T/copy"
	powerless=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all)
	"${powerless[@]}" test -x "$T/copy" && show=("${powerless[@]}" "$T/copy" obj show)
fi
json()
{
	run "${show[@]}" -j "$@"
}

for f in "$TOP"/tests/progs/*.c; do
	n=$(basename "$f" .c)
	bpf_cc "$f" "$T/$n.o" -g -DPFX=o -DFLOATS 2>/dev/null || rm -f "$T/$n.o"
done
ok "the test programs compile" [ -e "$T/kinds.o" ] && [ -e "$T/typed.o" ] && [ -e "$T/legacy.o" ]
bpf_cc "$TOP/tests/progs/kinds.c" "$T/plain.o" -DPLAIN

# --- one of everything ---
json "$T/kinds.o" relocs
status 0 "an object with one of everything"
json_ok "one document"
json_is '[.class, .byte_order, .license, .version, .legacy_maps]' '[64,"little","GPL","6.1.2",false]' "the file"
is "$(jq .size <<<"$out")" "$(stat -c %s "$T/kinds.o")" "its size"
p='.programs[] | select(.name == "'
json_is "$p"'traffic") | [.section, .type, .attach_type, .target, .sleepable, .autoload, .calls, .maps]' \
	'["tcx/ingress","sched_cls","tcx_ingress",null,false,true,["gsub","sub"],["kinds.rodata","kinds.data"]]' \
	"a section libbpf 1.1 does not know, calls through .text"
json_is "$p"'container") | [.section, .attach_type, .autoload]' '["netkit/peer","netkit_peer",false]' "one with ?"
json_is "$p"'shells") | [.type, .attach_type, .target, .sleepable]' \
	'["kprobe","trace_uprobe_multi","/bin/bash:read*",true]' "a path and a function after the slash"
json_is "$p"'unlinked") | [.type, .attach_type, .target, .sleepable, .kernel, .relocs]' \
	'["tracing","trace_fentry","do_unlinkat",true,["CONFIG_HZ","kernel_func"],5]' "fentry with kfunc and kconfig"
json_is "$p"'late") | [.frags, .helpers, .maps]' '[true,["bpf_map_lookup_elem"],["hashed"]]' "helpers, frags"
json_is "$p"'odd") | [.type, .kernel]' '[null,["bpf_rcu_read_lock","init_pid_ns"]]' "a section that tells no type"
json_is '.subprograms | map([.name, .linkage, .declaration])' \
	'[["gsub","global","int gsub(int n)"],["sub","static","int sub(struct key *k, int n)"]]' "functions"
m='.maps[] | select(.name == "'
json_is "$m"'outer") | [.type, .inner.type, .inner.value_type, .values]' \
	'["hash_of_maps","array","u64",[{"index":2,"map":"inner1"}]]' "a map of maps with a slot filled"
json_is "$m"'jumps") | [.type, .values]' '["prog_array",[{"index":1,"program":"late"}]]' "a slot with a program"
json_is "$m"'hashed") | [.key_size, .key_type, .value_size, .value_type, .max_entries, .flags, .flag_names, .pinning, .numa_node]' \
	'[8,"struct key",24,"struct { u32 x; char n[16]; u32 b : 3; }",4,5,["no_prealloc","numa_node"],"by_name",0]' "a hash"
json_is "$m"'arena") | [.type, .map_extra]' '["arena",4096]' "a type newer than libbpf 1.1"
json_is "$m"'.data.custom") | [.internal, .value_size]' '[true,8]' "a data section with a name"
json_is '.variables | map({(.name): .value}) | add' \
	'{"limit":7,"bpf_metadata_x":"meta","msg":"hi","hid":5,"wk":9,"hits":3,"pair":{"a":1,"b":2},"counts":null,"callback":null}' \
	"initial values"
json_is '.variables | map(select(.linkage != "global" or .hidden or .metadata) | [.name, .linkage, .hidden, .metadata])' \
	'[["bpf_metadata_x","global",false,true],["msg","static",false,null],["hid","global",true,null],["wk","weak",false,null],["hits","static",false,null]]' \
	"static, weak, hidden, metadata"
json_is '.variables[] | select(.name == "callback").type' 'int (*volatile)(void)' "a type as C spells it"
json_is '.externs | map([.name, .kind, .weak])' \
	'[["CONFIG_HZ","kconfig",false],["kernel_func","kfunc",false],["bpf_rcu_read_lock","kfunc",true],["init_pid_ns","ksym",false]]' \
	"what is defined elsewhere"
json_is '.relocs | map("\(.program) \(.kind) \(.type)\(.path)") | sort' \
	'["unlinked enumval_value enum state::BUSY","unlinked field_byte_offset struct task.se.load[2]","unlinked field_byte_offset struct task.se.two","unlinked field_byte_offset struct task[1].pid","unlinked type_exists struct key"]' \
	"CO-RE by names, through an anonymous union too"

# --- text ---
run "${show[@]}" "$T/kinds.o"
status 0 "text"
like "$out" $'\n''unlinked +fentry\.s/do_unlinkat +tracing +trace_fentry +do_unlinkat +[0-9]+ +5 +sleepable' "a program's row"
unlike "$out" 'RELOCATION' "relocations by number only"
run "${show[@]}" "$T/kinds.o" relocs
like "$out" $'\n''unlinked +[0-9]+ +enumval_value +enum state::BUSY' "with relocs: each"

# --- struct_ops ---
bpf_cc "$TOP/tests/progs/struct_ops.c" "$T/ops_link.o" -g -DPFX=o -DLINK
json "$T/ops_link.o"
json_is '.struct_ops | map([.name, .type, .link, (.members | map([.name, .program // .value]))])' \
	'[["o_ops","tcp_congestion_ops",true,[["ssthresh","o_ssthresh"],["cong_avoid","o_a_very_long_name_of_cong_avoid"],["undo_cwnd","o_undo"],["name","occ"]]]]' \
	"struct_ops by a link"

# --- old maps ---
json "$T/legacy.o"
json_is '[.legacy_maps, (.maps | map([.name, .type, .value_size]))]' \
	'[true,[["o_one","hash",8],["o_two","array",16],["o_three","array",32]]]' "SEC(\"maps\")"
bpf_cc "$TOP/tests/progs/legacy.c" "$T/legacy_plain.o" -DPFX=o
json "$T/legacy_plain.o"
json_is '[.legacy_maps, .btf, (.maps | length)]' '[true,null,3]' "the same without types"

# --- no types, the other byte order, linked ---
json "$T/plain.o"
status 0 "no BTF"
json_is '[.btf, (.maps[] | select(.name == "hashed").type), (.variables[] | select(.name == "limit").bytes), (.programs | length)]' \
	'[null,null,["0x07","0x00","0x00","0x00"],6]' "no BTF: names, places, bytes"
mkdir "$T/big" && chmod 755 "$T/big"
"$CLANG" -O2 -g -target bpfeb -c "$TOP/tests/progs/kinds.c" -o "$T/big/kinds.o"
same='del(.file, .byte_order, .variables[].value, .variables[].bytes)'
json "$T/kinds.o"
little=$(jq -c "$same" <<<"$out")
json "$T/big/kinds.o"
status 0 "the other byte order"
json_is .byte_order big "it is big"
json_is "$same" "$little" "all but values is the same"
json_is '.variables[] | select(.name == "limit").bytes' '["0x00","0x00","0x00","0x07"]' "values are bytes"
run "${show[@]}" "$T/big/kinds.o"
like "$out" "the other byte order" "text says why"
cat >"$T/one.c" <<'C'
struct { int (*type)[2]; int (*max_entries)[1]; int *key; long *value; } first_map __attribute__((section(".maps"), used));
static volatile const long long before[3] = { 7, 8, 9 };
__attribute__((section("socket"), used)) int first(void *ctx) { return before[1]; }
char _license[] __attribute__((section("license"), used)) = "GPL";
C
bpf_cc "$T/one.c" "$T/one.o" -g
bpf_cc "$TOP/tests/progs/typed.c" "$T/two.o" -g
ok "link two" "$BPFCTL" gen object "$T/linked.o" "$T/one.o" "$T/two.o"
json "$T/linked.o"
json_is '[.programs[].name, .maps[].name] | map(select(. == "first" or . == "typed" or . == "first_map" or . == "typed_hash")) | sort' \
	'["first","first_map","typed","typed_hash"]' "a linked object holds what both had"
json_is '.variables[] | select(.name == "table").value' '[{"x":1,"":{"word":2,"bytes":[2,0,0,0]}},{"x":-3,"":{"word":4294967295,"bytes":[255,255,255,255]}}]' \
	"its variables are where they were put"

# --- witness: libbpf's view ---
"$BPFCTL" -j feature list_builtins prog_types >"$T/prog_types"
"$BPFCTL" -j feature list_builtins map_types >"$T/map_types"
# shellcheck disable=SC2016
as_libbpf='
def number($word; $words): if $word == null then 0 else ($words[0] | index([$word])) end;
(.programs[] | "prog \(.name) section \(.section) insns \(.insns) type \(number(.type; $pt)) autoload \(if .autoload then 1 else 0 end)"),
(.maps[] | "map \(.name) type \(number(.type; $mt)) key \(.key_size) value \(.value_size) entries \(.max_entries) flags \(.flags) " +
	"extra \(.map_extra // 0) numa \(.numa_node // 0) internal \(if .internal then 1 else 0 end)" +
	(.inner | if . then " inner type \(number(.type; $mt)) key \(.key_size) value \(.value_size) entries \(.max_entries) flags \(.flags)" else "" end)),
(.struct_ops[] | "ops \(.name)")'
if gcc -O1 -o "$T/libbpf_sees" "$TOP/tests/live/libbpf_sees.c" -lbpf; then
	seen=0
	for o in "$T"/*.o; do
		[[ $o = */ops_link.o ]] && continue	# libbpf 1.1 passes over such tables
		"$T/libbpf_sees" "$o" >"$T/sees" || continue	# an old or new one that libbpf refuses
		seen=$((seen + 1))
		json "$o"
		is "$(jq -r --slurpfile pt "$T/prog_types" --slurpfile mt "$T/map_types" "$as_libbpf" <<<"$out" | sort)" \
			"$(sort "$T/sees")" "$(basename "$o") as libbpf sees it"
	done
	ok "libbpf was asked about several" [ $seen -ge 8 ]
else
	skip "as libbpf sees it" "cannot compile against libbpf"
fi

# --- witness: symbols ---

# symbols FILE: "name offset size" of variables, "name size" of functions
symbols()
{
	local n name off size type section sections

	sections=$(llvm-readelf -S -W "$1" | sed -n 's/^ *\[ *\([0-9]*\)\] \.\(data\|rodata\|bss\).*/\1/p')
	while read -r n off size type _ _ section name; do
		if [ "$type" = FUNC ] && [ "$section" != UND ]; then
			echo "$name $((size))"
		elif [ "$type" = OBJECT ] && grep -qx "$section" <<<"$sections"; then
			echo "$name $((16#$off)) $((size))"
		fi
	done < <(llvm-readelf -s -W "$1") | sort
}
if command -v llvm-readelf >/dev/null; then
	for o in kinds typed linked; do
		json "$T/$o.o"
		is "$(jq -r '(.variables[] | "\(.name) \(.offset) \(.size)"), ((.programs + .subprograms)[] | "\(.name) \(.insns * 8)")' <<<"$out" | sort)" \
			"$(symbols "$T/$o.o")" "$o: places and sizes as llvm-readelf has them"
	done
else
	skip "places and sizes" "llvm-readelf is not installed"
fi
if [ -n "$BPFTOOL" ]; then
	for o in typed flows; do
		json "$T/$o.o"
		"$BPFTOOL" gen skeleton "$T/$o.o" name x >"$T/skel.h" 2>/dev/null
		is "$(jq -r '(.programs[].name), (.maps[] | if .internal then .name | sub(".*\\."; "") else .name end)' <<<"$out" | sort)" \
			"$(sed -n 's/^\t\tstruct bpf_\(map\|program\) \*\([a-z0-9_]*\);/\2/p' "$T/skel.h" | sort)" \
			"$o: programs and maps of bpftool's skeleton"
	done
else
	skip "programs and maps of bpftool's skeleton" "no bpftool"
fi

# --- several files, bad files ---
echo "no ELF" >"$T/text.o"
head -c 700 "$T/kinds.o" >"$T/short.o"
cp "$(type -P true)" "$T/true.o"
chmod 644 "$T"/*.o
json "$T/kinds.o" "$T/text.o" "$T/typed.o"
status 3 "one bad file of three"
json_ok "one document"
json_is 'map(if .error then "error" else .programs[0].name end)' '["late","error","typed"]' "the others are shown"
run "${show[@]}" "$T/text.o" "$T/typed.o"
status 3 "the same in text"
like "$err" "Error: .*text\.o.*no ELF magic" "the bad one is named"
like "$out" "typed +socket +socket_filter" "the good one is shown"
run "${show[@]}" --jsonl "$T/kinds.o" "$T/typed.o"
is "$(jq -rc '.programs | length' <<<"$out" | tr '\n' ' ')" "6 1 " "--jsonl: a line each"
# refused FILE REGEX TEXT
refused()
{
	run "${show[@]}" "$1"
	status 1 "$3: status"
	like "$err" "^Error: .*$2" "$3: says so"
	json "$1"
	json_ok "$3: one document"
	json_is 'has("error")' true "$3: with the error"
}
refused "$T/true.o" "not a BPF object" "an ELF file of this machine"
refused "$T/short.o" "section headers .* beyond the end" "a torn object"
refused "$T" "directory" "a directory"
refused "$T/nosuch.o" "No such file" "no file"

# --- changed files ---
mkdir "$T/changed" && chmod 755 "$T/changed"
python3 "$TOP/tests/live/mutate.py" "$T/kinds.o" "$T/changed" 150 4
for mode in '' -j; do
	run timeout 60 "${show[@]}" $mode "$T"/changed/*.o relocs
	status 3 "150 changed files${mode:+ with -j}: all are read or refused"
done
json_is length 150 "each has an element"
done_testing
