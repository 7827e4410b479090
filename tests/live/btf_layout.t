#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Is what we say about the layout of types so, and does our C give them that layout? A compiler decides: the size
# of every record of the kernel's, and the offset of every member with a name.
. "$(dirname "$0")/../lib.sh"
live "$@"
need_clang
need jq
VMLINUX=/sys/kernel/btf/vmlinux
[ -e $VMLINUX ] || skip_all "this kernel has no BTF"

"$BPFCTL" -j btf dump file $VMLINUX format layout >"$T/layout.json"
ok "the layout of all the kernel's types" test -s "$T/layout.json"
# A va_list is the compiler's own, and another one for BPF.
jq -r -f "$(dirname "$0")/btf_asserts.jq" "$T/layout.json" | grep -v 'struct warn_args) ' >"$T/asserts.c"
n=$(wc -l <"$T/asserts.c")
ok "is $n assertions" [ "$n" -gt 10000 ]
for how in "" unsorted; do
	"$BPFCTL" btf dump file $VMLINUX format c $how >"$T/$how.c"
	cat "$T/asserts.c" >>"$T/$how.c"
	ok "that hold in our C${how:+, $how}" "$CLANG" -target bpf -Wall -Werror -fsyntax-only "$T/$how.c"
done
sed 's/== \([0-9]*\), "sizeof struct list_head"/== 1\1, ""/' "$T/.c" >"$T/wrong.c"
ok "and would be missed if they did not" bash -c "! '$CLANG' -target bpf -fsyntax-only '$T/wrong.c' 2>/dev/null"

# Text has the same offsets.
"$BPFCTL" btf dump file $VMLINUX root task_struct >"$T/text"
like "$(grep -oE '/\* +[0-9]+ +[0-9]+ \*/$' "$T/text" | head -n 1)" "^/\* +0 " "task_struct begins at 0"
jq -r '.types[] | select(.name == "task_struct") | .members[] | select(.bitfield_size == null and .name != "") |
       "\(.offset) \(.size)"' "$T/layout.json" >"$T/want"
sed -nE 's|^\t[^\t].* /\* +([0-9]+) +([0-9]+) \*/$|\1 \2|p' "$T/text" >"$T/got"
ok "members of task_struct in text" [ "$(grep -cxFf "$T/want" "$T/got")" -ge "$(wc -l <"$T/want")" ]

# The names of all types that the kernel has are in its header, sorted or not.
names_in()
{
	sed -nE 's/^(struct|union|enum) (\w+)( \{.*|;)$/\1 \2/p; s/^typedef [^(]*\(\*+ ?(const )?(\w+)\W.*;$/typedef \2/p;
		s/^typedef [^(]*\W(\w+)(\(.*|\[.*)?;$/typedef \1/p; s/^\}.* (\w+);$/typedef \1/p' "$1" |
		sed 's/___[0-9]*$//' | sort -u
}
jq -r '.types[] | select(.name != "(anon)" and .kind != "FWD") | (if .kind == "ENUM64" then "enum" else .kind | ascii_downcase end)
       + " " + .name' "$T/layout.json" | grep -vE '^(int|float) |__builtin_va_list' | sort -u >"$T/names"
for how in "" unsorted; do
	names_in "$T/$how.c" >"$T/in.$how"
	is "$(comm -23 "$T/names" "$T/in.$how" | head -n 5)" '' "no type of the kernel's is missing${how:+, $how} ($(wc -l <"$T/names"))"
done
done_testing
