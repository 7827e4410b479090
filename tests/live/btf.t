#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# btf show and btf dump: the kernel's own types and those of a program of ours are shown as the
# distribution's bpftool shows them, but for enumerators it gets wrong (compat.md W11).
. "$(dirname "$0")/../lib.sh"
live "$@"
need_clang
need jq
VMLINUX=/sys/kernel/btf/vmlinux
[ -e $VMLINUX ] || skip_all "this kernel has no BTF"

bpf_cc "$(dirname "$0")/btf.bpf.c" "$T/t.o" -g "-DNAME=$PFX" || skip_all "clang does not compile this"
run "$BPFCTL" prog load "$T/t.o" "$BPFFS/p"
status 0 "a program with types loads" || done_testing
run "$BPFCTL" -j prog show pinned "$BPFFS/p"
PROG=$(jq .id <<<"$out")
ID=$(jq .btf_id <<<"$out")
MAP=$(jq '.map_ids[0]' <<<"$out")

# --- show ---
run "$BPFCTL" btf show id "$ID"
like "$out" "^$ID: name <anon>  size [0-9]+B  prog_ids $PROG  map_ids [0-9,]+" "one line for a BTF object"
run "$BPFCTL" -j btf show
json_ok "all BTF objects"
json_is ".[] | select(.id == $ID) | .prog_ids" "[$PROG]" "with the programs that use them"
json_is '.[] | select(.name == "vmlinux") | .kernel' true "the kernel's own among them"
run "$BPFCTL" btf
status 0 "show is what btf does by itself"
run "$BPFCTL" -j btf show id 4294967290
status 1 "an id nobody has"
json_ok "is one document"
if [ -n "$BPFTOOL" ]; then
	is "$("$BPFCTL" -j btf show id "$ID" | jq -S 'del(.pids) | .map_ids |= sort')" \
	   "$("$BPFTOOL" -j btf show id "$ID" | jq -S 'if type == "array" then .[0] else . end | del(.pids) | .map_ids |= sort')" \
	   "show id as bpftool"
fi

# --- dump, raw ---
# W11: enumerators of 2^31 and more are sign-extended by that one
same_json()
{
	is "$("$BPFCTL" -j btf dump "$@" | jq -S . | sed -E 's/"val": (2147483648|4294967291)/W11/')" \
	   "$("$BPFTOOL" -j btf dump "$@" | jq -S . | sed 's/"val": 1844674407[0-9]*/W11/')" "dump $*: JSON"
}

if [ -n "$BPFTOOL" ]; then
	"$BPFTOOL" btf dump file $VMLINUX >"$T/theirs"
	"$BPFCTL" btf dump file $VMLINUX >"$T/ours"
	ok "vmlinux line by line" cmp "$T/ours" "$T/theirs"
	"$BPFCTL" btf dump id 1 >"$T/ours"
	ok "vmlinux by id" cmp "$T/ours" "$T/theirs"
	"$BPFTOOL" -p btf dump file $VMLINUX >"$T/theirs"
	"$BPFCTL" -p btf dump file $VMLINUX >"$T/ours"
	is "$(diff "$T/theirs" "$T/ours" | grep '^[<>]' |
	      grep -vcE '^(< +"val": 1844674407[0-9]{10}|> +"val": [234][0-9]{9})$')" 0 \
	   "vmlinux in pretty JSON, but for large enumerators"
	"$BPFCTL" -j btf dump file $VMLINUX | jq -c . >"$T/compact"
	jq -c . "$T/ours" >"$T/pretty"
	ok "compact and pretty JSON say the same" cmp "$T/compact" "$T/pretty"
	for what in "id $ID" "prog id $PROG" "file $T/t.o" "map id $MAP all" "map id $MAP key" \
		    "map id $MAP value" "map id $MAP kv" "map id $MAP"; do
		read -ra words <<<"$what"
		is "$("$BPFCTL" btf dump "${words[@]}")" "$("$BPFTOOL" btf dump "${words[@]}")" "dump $what"
		same_json "${words[@]}"
	done
fi
run "$BPFCTL" btf dump id "$ID"
like "$out" "\[[0-9]+\] ENUM 'big' encoding=UNSIGNED size=4 vlen=2"$'\n\t'"'BIG' val=2147483648" "an unsigned enum"
like "$out" "'b' type_id=[0-9]+ bits_offset=3 bitfield_size=5" "a bit-field"
run "$BPFCTL" -j btf dump id "$ID"
json_ok "dump in JSON"
json_is '.types[] | select(.name == "big") | .values[0].val' 2147483648 "an unsigned enumerator"
json_is '.types[0].id' 1 "ids begin with 1"
is "$("$BPFCTL" --jsonl btf dump id "$ID" | wc -l)" "$(jq '.types | length' <<<"$out")" "--jsonl: a type a line"
is "$("$BPFCTL" -j btf dump map id "$MAP" kv | jq '.types | length')" 2 "map kv: two types"

# --- dump, C ---
"$BPFCTL" btf dump file $VMLINUX format c >"$T/vmlinux.h"
{
	cat "$T/vmlinux.h"
	echo 'int pid_of(struct task_struct *t) { return t->pid; }'
} >"$T/v.c"
ok "the kernel's types as C compile" "$CLANG" -target bpf -g -O2 -Wall -Werror -c "$T/v.c" -o "$T/v.o"
# Compilers that are new enough are asked as such; old ones are told that they have these words.
ok "as C23 too, where bool, true and false are keywords" "$CLANG" -target bpf -std=gnu2x -Wno-builtin-macro-redefined \
   -D__clang_major__=15 -Dbool=_Bool -Dtrue=1 -Dfalse=0 -fsyntax-only "$T/v.c"
is "$(head -1 "$T/vmlinux.h")" "#ifndef __VMLINUX_H__" "with a guard"
is "$(grep -c '()' "$T/vmlinux.h")" 0 "functions without parameters say (void)"
"$BPFCTL" btf dump file $VMLINUX format c unsorted >"$T/unsorted.h"
is "$(grep -c '^enum {$' "$T/vmlinux.h")" "$(grep -c '^enum {$' "$T/unsorted.h")" \
   "sorted or not: as many enums (W50)"
KFUNCS=$("$BPFCTL" btf dump file $VMLINUX | grep -c "DECL_TAG 'bpf_kfunc' .*component_idx=-1")
is "$(grep -c '^extern .* __weak __ksym;$' "$T/vmlinux.h")" "$KFUNCS" "a prototype for each kernel function"
if [ -n "$BPFTOOL" ]; then
	# The order in which types need each other is not libbpf's, but the declarations are: as many of each.
	# Padding says the same in other words (compared by compilers: btf_layout.t).
	declarations()
	{
		sed 's/ __attribute__((mode(byte)))//' "$1" |
		sed -n -E 's/^((struct|union|enum) \w+ )\{.*/\1/p; s/^(typedef [^{]*;)$/\1/p; s/^\} ?(.*;)$/\1/p;
			s/^\t+(\w.* \**\w+(\[[0-9]+\])*(: [0-9]+)?;)$/\1/p; s/^\t+(\w+ = -?[0-9]+(U?LL)?,)$/\1/p' |
			grep -vE '^(long|int|short|char): |^ ?;$|bpf_fastcall' | sort
	}
	declarations "$T/unsorted.h" >"$T/ours"
	"$BPFTOOL" btf dump file $VMLINUX format c >"$T/theirs.h"
	declarations "$T/theirs.h" >"$T/theirs"
	is "$(diff "$T/theirs" "$T/ours" | grep -c '^[<>]')" 0 "unsorted: the declarations that bpftool writes"
fi
run "$BPFCTL" btf dump map id "$MAP" value format c
like "$out" $'struct bits \{\n\tint a: 3;' "a map's value as C"
like "$out" "typedef struct bits bits_t;" "and its typedef"
unlike "$out" "__sk_buff" "but nothing else"
run "$BPFCTL" btf dump prog id "$PROG" format c
like "$out" "struct __sk_buff \{" "a program's types as C"

# --- into a file ---
run "$BPFCTL" btf dump id "$ID" -o "$T/out.raw"
status 0 "into a file"
is "$out" "" "then stdout has nothing"
is "$(<"$T/out.raw")" "$("$BPFCTL" btf dump id "$ID")" "the file all of it"
run "$BPFCTL" -j btf dump id "$ID" --output "$T/out.raw"
is "$out" null "JSON: null on stdout"
is "$(jq -c . "$T/out.raw")" "$("$BPFCTL" -j btf dump id "$ID" | jq -c .)" "and the document in the file"
echo old >"$T/out.raw"
chmod 640 "$T/out.raw"
run "$BPFCTL" btf dump id 4294967290 -o "$T/out.raw"
status 1 "a failure"
is "$(<"$T/out.raw")" old "leaves the old file (W40)"
is "$(ls "$T"/out.raw*)" "$T/out.raw" "and nothing beside it"
run "$BPFCTL" btf dump id "$ID" -o "$T/out.raw"
is "$(stat -c %a "$T/out.raw")" 640 "a new file has the old one's mode"
run "$BPFCTL" -j btf dump id "$ID" -o /dev/full
status 1 "a full disk"
json_is '.errno' ENOSPC "is told"
run "$BPFCTL" btf dump id "$ID" -o "$T/none/x"
status 1 "a directory that is not there"

# --- root_id ---
run "$BPFCTL" btf dump id "$ID" root_id 2 root_id 1
is "$(cut -d' ' -f1 <<<"$out" | grep '^\[' | tr -d '\n')" '[2][1]' "only the roots, as they were asked for"
run "$BPFCTL" btf dump id "$ID" root_id 1 root_id 1
status 2 "twice the same root"
run "$BPFCTL" btf dump id "$ID" root_id 99999
status 1 "a root that is not there"
like "$err" "no type 99999" "says which"
run "$BPFCTL" btf dump map id "$MAP" kv root_id 1
status 2 "roots do not go with parts of a map"

# --- types by name ---
run "$BPFCTL" btf dump id "$ID" root bits
like "$out" $'^struct bits \{\n\tint a: 3; +/\\*     0:0    3 bits \\*/\n\tunsigned int b: 5; +/\\*     0:3    5 bits' "root NAME: the layout"
like "$out" $'/\\* hole: 3 bytes \\*/\n\tenum big e; +/\\*     4       4 \\*/' "with its holes"
run "$BPFCTL" -j btf dump id "$ID" root struct bits
json_ok "in JSON"
json_is '.types | length' 1 "one type"
json_is '.types[0] | [.kind, .name, .size, .align, .holes[0].bits]' '["STRUCT","bits",56,8,24]' "with its size and holes"
json_is '.types[0].members[] | select(.name == "b") | [.type, .bits_offset, .bitfield_size]' '["unsigned int",3,5]' \
	"a bit-field"
json_is '.types[0].members[] | select(.name == "fn") | [.type, .offset, .size]' '["int (*)(int, ...)",48,8]' \
	"a type as C spells it"
run "$BPFCTL" -p btf dump id "$ID" root bits
json_ok "in pretty JSON"
is "$("$BPFCTL" --jsonl btf dump id "$ID" root bits root big | jq -rs 'map(.name) | join(" ")')" "bits big" "and in lines"
run "$BPFCTL" -j btf dump id "$ID" root bits format raw
is "$(jq -c '[.types[] | .. | .type_id?, .ret_type_id?, .index_type_id? | select(. != null and . != 0)] - [.types[].id]' <<<"$out")" \
   '[]' "raw: all that it refers to is there"
json_is '[.types[] | select(.name | IN("bits", "big", "neg", "float", "__sk_buff")) | .name] | sort' \
	'["big","bits","float","neg"]' "and nothing else"
run "$BPFCTL" btf dump id "$ID" root bits root_id 1 format raw
like "$out" "^\[1\] |"$'\n'"\[1\] " "root and root_id together"
run "$BPFCTL" btf dump id "$ID" root 'enum big' format c
like "$out" $'enum big \{\n\tBIG = 2147483648,' "C of one by name"
unlike "$out" "struct bits" "and only that"
run "$BPFCTL" btf dump id "$ID" root text root "func ${PFX}_prog" format c
like "$out" "extern const char \* ?volatile text;|extern const char \*volatile text;|extern const volatile char \*text;" "a variable as C"
like "$out" "extern int ${PFX}_prog\(struct __sk_buff \*skb\);" "and a function"
run "$BPFCTL" btf dump id "$ID" root bitz
status 1 "a name nobody has"
like "$err" "no type named 'bitz'.*did you mean 'bits'" "what was meant"
run "$BPFCTL" btf dump id "$ID" root union bits
like "$err" "a struct has that name" "the wrong kind"
run "$BPFCTL" -j btf dump id "$ID" root nobody
json_ok "an unknown name: one document"
run "$BPFCTL" btf dump map id "$MAP" kv root bits
status 2 "names do not go with parts of a map"
run "$BPFCTL" -j btf dump id "$ID" format layout
json_is '[.types[] | select(.kind == "STRUCT" and .name == "bits")] | length' 1 "format layout: all types"

# --- bad input ---
run "$BPFCTL" btf dump
status 2 "nothing to dump"
run "$BPFCTL" btf dump id "$ID" format xml
status 2 "a format nobody knows"
run "$BPFCTL" -j btf dump id "$ID" format c
json_ok "C and JSON: one document"
json_is 'has("error")' true "which is an error"
head -c 60000 $VMLINUX >"$T/cut.btf"
for words in "dump file" "dump format c file" "header file"; do
	run "$BPFCTL" btf $words "$T/cut.btf"
	status 1 "btf $words: half a file"
	like "$err" "'$T/cut.btf': BTF types lie outside" "is named"
done
for bad in /nonexistent /etc/passwd /dev/null /; do
	run "$BPFCTL" -j btf dump file $bad
	status 1 "file $bad"
	json_ok "file $bad: one document"
done
head -c 100000 $VMLINUX >"$T/cut"
run "$BPFCTL" btf dump file "$T/cut"
status 1 "a file that was cut"

# A header for N bytes of types and M bytes of strings, then the bytes.
make_btf()
{
	printf '\x9f\xeb\x01\x00\x18\x00\x00\x00\x00\x00\x00\x00'"$1"'\x00\x00\x00'"$1"'\x00\x00\x00'"$2"'\x00\x00\x00'"$3"
}
# struct s { void *p; int i; <128 bits>; int j; <288 bits>; } of a machine whose pointers have 4 bytes
make_btf '\x4c' '\x0d' '\x01\x00\x00\x00\x00\x00\x00\x01\x04\x00\x00\x00\x20\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x05\x00\x00\x00\x03\x00\x00\x04\x40\x00\x00\x00\x07\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x00\x01\x00\x00\x00\x20\x00\x00\x00\x0b\x00\x00\x00\x01\x00\x00\x00\xc0\x00\x00\x00\x00int\x00s\x00p\x00i\x00j\x00' >"$T/s32"
"$BPFCTL" btf dump file "$T/s32" format c | grep -v '^#pragma' >"$T/s32.c"
"$BPFCTL" -j btf dump file "$T/s32" format layout | jq -r -f "$(dirname "$0")/btf_asserts.jq" >>"$T/s32.c"
is "$(grep -c _Static_assert "$T/s32.c")" 4 "a size and three offsets of a 32-bit machine"
for target in i386-linux-gnu armv7-linux-gnueabi; do
	if echo 'int x;' | "$CLANG" -target $target -fsyntax-only -xc - 2>/dev/null; then
		ok "hold when its C is compiled for $target" "$CLANG" -target $target -fsyntax-only "$T/s32.c"
	else
		skip "hold when its C is compiled for $target" "clang cannot compile for it"
	fi
done
make_btf '\x0c' '\x01' 'aaaa\x00\x00\x00\x1faaaa\x00' >"$T/kind"
run "$BPFCTL" btf dump file "$T/kind"
status 1 "a kind nobody knows"
like "$err" "type 1 " "is named by its number"

# a pointer to a type that is not there: fine to show, not to hand to libbpf
make_btf '\x0c' '\x01' '\x00\x00\x00\x00\x00\x00\x00\x02\x63\x00\x00\x00\x00' >"$T/ref"
run "$BPFCTL" btf dump file "$T/ref"
is "$out" "[1] PTR '(anon)' type_id=99" "a broken reference in the raw form"
run "$BPFCTL" btf dump file "$T/ref" format c
status 1 "and as C"
like "$err" "type 1 " "says which type"

# --- names are not trusted; the other byte order; split BTF ---
make_btf '\x0c' '\x06' '\x01\x00\x00\x00\x00\x00\x00\x10\x04\x00\x00\x00\x00\x1b[2J\x00' >"$T/esc"
run "$BPFCTL" btf dump file "$T/esc"
is "$out" "[1] FLOAT '\\x1b[2J' size=4" "an escape sequence is no name"
run "$BPFCTL" -j btf dump file "$T/esc"
json_ok "nor breaks the document"
printf '\xeb\x9f\x01\x00\x00\x00\x00\x18\x00\x00\x00\x00\x00\x00\x00\x0c\x00\x00\x00\x0c\x00\x00\x00\x03\x00\x00\x00\x01\x10\x00\x00\x00\x00\x00\x00\x04\x00f\x00' >"$T/other"
run "$BPFCTL" btf dump file "$T/other"
is "$out" "[1] FLOAT 'f' size=4" "the other byte order"
LAST=$("$BPFCTL" btf dump file "$T/t.o" | grep -c '^\[')
make_btf '\x0c' '\x00' '\x01\x00\x00\x00\x00\x00\x00\x08\x01\x00\x00\x00' >"$T/split"
run "$BPFCTL" -B "$T/t.o" btf dump file "$T/split"
like "$out" "^\[$((LAST + 1))\] TYPEDEF '[^']+' type_id=1$" "split BTF goes on after its base, names included"
run "$BPFCTL" btf dump file "$T/split"
status 1 "split BTF without its base"
run "$BPFCTL" -B $VMLINUX btf dump file "$T/t.o" root_id 1
status 1 "BTF that stands alone has no base (W42)"
is "$out" "" "nothing is shown with wrong ids"
like "$err" "'$T/t.o' is not split BTF: '$VMLINUX' cannot be its base.*leave out -B" "which is told"
cp $VMLINUX "$T/copy"
run "$BPFCTL" -j -B $VMLINUX btf dump file "$T/copy" root_id 1
status 1 "nor has a copy of the base"
json_ok "one document"
run "$BPFCTL" -B "$T/t.o" btf dump id 1 root_id 1
status 1 "nor the kernel's BTF by id"
run "$BPFCTL" -B "$T/t.o" btf header only list_head
status 1 "nor the kernel's in a header"
run "$BPFCTL" -B "$T/nosuch" btf dump file "$T/split"
status 1 "a base that is not there"
like "$err" "'$T/nosuch'.*No such file" "is named"
run "$BPFCTL" -B $VMLINUX prog show
status 2 "what reads no BTF refuses -B"
like "$err" "prog show' does not read split BTF" "and says so"
echo 'map show' >"$T/lines"
run "$BPFCTL" -B $VMLINUX batch file "$T/lines"
status 2 "in a batch too"
ln -sf "$BPFCTL" "$T/bpftool"
run "$T/bpftool" -B $VMLINUX version
status 0 "as bpftool every command takes it"
run "$BPFCTL" btf dump file <(cat "$T/t.o")
is "$out" "$("$BPFCTL" btf dump file "$T/t.o")" "an object from a pipe"
is "$("$BPFCTL" btf dump file - <"$T/t.o" | md5sum)" "$("$BPFCTL" btf dump file "$T/t.o" | md5sum)" "- is standard input"
run "$BPFCTL" btf dump file - </dev/null
like "$err" "'stdin' is neither BTF" "whose errors name it"
run "$BPFCTL" btf dump file "$0"
like "$err" "btf.t' is neither BTF nor an object file" "errors name the file"
run "$BPFCTL" -B <(cat "$T/t.o") btf dump file <(cat "$T/split")
is "$status $out" "0 $("$BPFCTL" -B "$T/t.o" btf dump file "$T/split")" "split BTF and its base from pipes"
is "$("$BPFCTL" btf header file <(cat $VMLINUX) only list_head)" "$("$BPFCTL" btf header only list_head)" \
   "a kernel's types from a pipe"
run "$BPFCTL" -j btf dump file <(head -c 1500 "$T/t.o")
status 1 "half an object from a pipe"
json_ok "one document"
run "$BPFCTL" btf dump file <(:)
status 1 "an empty pipe"
run "$BPFCTL" btf dump file $VMLINUX root_id 1
is "$err" "" "no notice for the kernel's own (W39)"
run "$BPFCTL" -B $VMLINUX btf dump id 1 root_id 1
like "$out" "^\[1\] INT" "the kernel's BTF is not its own base"

# --- the other byte order, in ELF files ---
if bpf_cc "$(dirname "$0")/btf.bpf.c" "$T/big.o" -g -target bpfeb "-DNAME=$PFX" 2>/dev/null; then
	is "$("$BPFCTL" btf dump file "$T/big.o" | sed 's/^\[[0-9]*\]//')" "$("$BPFCTL" btf dump file "$T/t.o" | sed 's/^\[[0-9]*\]//')" \
	   "an object for the other byte order has the same types"
	is "$("$BPFCTL" btf dump file "$T/big.o" format c)" "$("$BPFCTL" btf dump file "$T/t.o" format c)" "as C too"
else
	skip "an object for the other byte order" "clang has no bpfeb"
fi
head -c 1500 "$T/t.o" >"$T/short.o"
run "$BPFCTL" -j btf dump file "$T/short.o"
status 1 "an object that was cut"
json_ok "is one document"

rm -f "$BPFFS/p"
nothing_left "all is cleaned up"
done_testing
