#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# btf header: vmlinux.h, whole, in part, with modules; and several files of BTF as one.
. "$(dirname "$0")/../lib.sh"
live "$@"
need_clang
need jq
VMLINUX=/sys/kernel/btf/vmlinux
[ -e $VMLINUX ] || skip_all "this kernel has no BTF"
# shellcheck disable=SC2046
cc -O1 -o "$T/make_btf" "$(dirname "$0")/make_btf.c" $(pkg-config --cflags --libs libbpf) || skip_all "no compiler"
"$T/make_btf" $VMLINUX "$T/a.btf" mod_a && "$T/make_btf" $VMLINUX "$T/b.btf" mod_b || skip_all "cannot make split BTF"

compiles()
{
	echo "#include \"$1\"" | cat - <(echo "$2") >"$T/prog.c"
	"$CLANG" -target bpf -g -O2 -Wall -Werror -c "$T/prog.c" -o "$T/prog.o"
}

# --- the whole kernel ---
run "$BPFCTL" btf header -o "$T/vmlinux.h"
status 0 "the header of the running kernel"
is "$out" "" "goes into the file"
ok "and compiles" compiles "$T/vmlinux.h" \
   'int f(struct task_struct *t, struct sk_buff *s) { return t->pid + s->len + TCP_ESTABLISHED; }'
is "$("$BPFCTL" btf header | md5sum)" "$(md5sum <"$T/vmlinux.h")" "to stdout the same"
is "$(md5sum <"$T/vmlinux.h")" "$("$BPFCTL" btf dump file $VMLINUX format c | md5sum)" "which is that of btf dump"
ok "twice in one file is once" compiles "$T/vmlinux.h" "#include \"$T/vmlinux.h\""
like "$(head -n 5 "$T/vmlinux.h")" "preserve_access_index" "its records can be relocated"
run "$BPFCTL" -j btf header
json_ok "with -j: one document"
like "$out" "text and cannot be JSON" "that says why not"
run "$BPFCTL" -j btf header -o "$T/j.h"
is "$out" null "with -j into a file: null"
ok "and the file is the same" cmp "$T/j.h" "$T/vmlinux.h"

# --- names ---
run "$BPFCTL" btf header only task_struct,sk_buff -o "$T/some.h"
status 0 "some types only"
ok "with all they need" compiles "$T/some.h" 'int f(struct task_struct *t, struct sk_buff *s) { return t->se.vruntime + s->len; }'
ok "a small part of the whole" [ "$(wc -c <"$T/some.h")" -lt "$(($(wc -c <"$T/vmlinux.h") / 10))" ]
KFUNC=$("$BPFCTL" btf header | sed -nE 's/^extern .*[ *](bpf_iter_num_new)\(.*/\1/p')
if [ -n "$KFUNC" ]; then
	run "$BPFCTL" btf header only "$KFUNC" -o "$T/kfunc.h"
	like "$(<"$T/kfunc.h")" "extern int bpf_iter_num_new.* __weak __ksym;" "a kernel function by name"
	ok "with what it is called with" compiles "$T/kfunc.h" 'int f(void) { struct bpf_iter_num i; return bpf_iter_num_new(&i, 0, 3); }'
else
	skip "a kernel function by name" "this kernel has no bpf_iter_num_new"
fi
echo old >"$T/some.h"
run "$BPFCTL" btf header only task_struct,no_such_type -o "$T/some.h"
status 1 "a name nobody has"
like "$err" "no type named 'no_such_type'" "is told"
is "$(<"$T/some.h")" old "and the old file left"
run "$BPFCTL" btf header only a,,b
status 2 "an empty name"
run "$BPFCTL" btf header file $VMLINUX only list_head
like "$out" $'struct list_head \{\n\tstruct list_head \*next;' "from a file"
unlike "$out" "struct task_struct" "only that"

# --- several files ---
run "$BPFCTL" -B $VMLINUX btf dump file "$T/a.btf" file "$T/b.btf"
status 0 "two modules as one"
is "$(grep -c "STRUCT 'mod_shared'" <<<"$out")" 1 "what both have is there once"
is "$(grep -c "STRUCT 'mod_differ'" <<<"$out")" 2 "what differs is there twice"
is "$(grep -cE "STRUCT '(task_struct|list_head)'" <<<"$out")" 0 "and nothing of the base"
like "$out" "^\[$(($("$BPFCTL" -j btf dump file $VMLINUX | jq '.types[-1].id') + 1))\] " "ids go on behind it"
is "$("$BPFCTL" btf dump file $VMLINUX file "$T/a.btf" file "$T/b.btf")" "$out" "the kernel's own file among them is the base"
run "$BPFCTL" btf dump file $VMLINUX file "$T/a.btf"
is "$err" "" "without a word (W39)"
run "$BPFCTL" -j -B $VMLINUX btf dump file "$T/a.btf" file "$T/b.btf" root mod_b
json_is '.types[0].members | map([.name, .type, .offset])' '[["shared","struct mod_shared",0],["self","struct mod_b *",24]]' \
	"a type of one by name"
run "$BPFCTL" btf dump file "$T/a.btf" file "$T/b.btf"
status 1 "modules without what they are split on"
like "$err" "split.*-B" "what to do"
run "$BPFCTL" btf dump file "$T/a.btf"
status 1 "nor one alone"
like "$err" "split BTF" "which would be numbered wrongly"
head -c 100 "$T/b.btf" >"$T/cut.btf"
run "$BPFCTL" -j -B $VMLINUX btf dump file "$T/a.btf" file "$T/cut.btf"
status 1 "one of them was cut"
json_ok "one document"
run "$BPFCTL" -B $VMLINUX btf header file "$T/a.btf" file "$T/b.btf" -o "$T/both.h"
ok "a header of the kernel and two modules compiles" compiles "$T/both.h" \
   'int f(struct mod_b *b, struct task_struct *t) { return b->shared.task == t && mod_b_kfunc(t) && mod_a_kfunc(t); }'
like "$(grep -A1 'struct mod_differ' "$T/both.h")" "mod_differ___2" "what differs has a number"
args=()
for ((i = 0; i < 65; i++)); do args+=(file "$T/a.btf"); done
run "$BPFCTL" btf dump "${args[@]}"
status 2 "65 files are too many"
run "$BPFCTL" -B $VMLINUX btf dump "${args[@]:0:128}"
is "$(grep -c "STRUCT 'mod_a'" <<<"$out")" 1 "64 times the same is once"

# --- a module that brings its base ---
echo 'int x;' | cc -c -x c - -o "$T/ko.o"
if objcopy --add-section .BTF="$T/a.btf" --add-section .BTF.base=$VMLINUX "$T/ko.o" "$T/a.ko" 2>/dev/null; then
	run "$BPFCTL" btf dump file "$T/a.ko"
	is "$out" "$("$BPFCTL" -B $VMLINUX btf dump file "$T/a.btf")" "a module with .BTF.base is split on that"
	run "$BPFCTL" -B "$T/a.btf" btf dump file "$T/a.ko" root mod_a
	status 1 "another is refused"
	like "$err" "has its own base.*'$T/a.btf' cannot be its base" "which is told"
	run "$BPFCTL" -B $VMLINUX btf dump file "$T/a.ko" file "$T/b.btf"
	status 1 "and is not merged on another"
	like "$err" "BTF.base" "which is told"
else
	skip "a module that brings its base" "no objcopy"
fi

# --- the modules of the running kernel: made ones, as this may have none ---
run "$BPFCTL" btf header modules -o "$T/real.h"
status 0 "with the modules there are"
ok "which compiles" compiles "$T/real.h" 'int f(struct task_struct *t) { return t->pid; }'
mkdir "$T/sys"
cp $VMLINUX "$T/a.btf" "$T/b.btf" "$T/sys"
if mount --bind "$T/sys" /sys/kernel/btf; then
	at_exit umount /sys/kernel/btf
	run "$BPFCTL" btf header modules -o "$T/modules.h"
	status 0 "with two modules"
	ok "as when they are named" cmp "$T/modules.h" "$T/both.h"
	run "$BPFCTL" btf header modules only mod_a
	like "$out" $'struct mod_a \{\n\tstruct mod_shared shared;' "a module's type by name"
	like "$("$BPFCTL" btf dump file /sys/kernel/btf/a.btf)" "STRUCT 'mod_a'" "a module from sysfs has its base"
	echo nonsense >"$T/sys/c.btf"
	run "$BPFCTL" btf header modules -o "$T/modules.h"
	status 1 "a broken one"
	ok "leaves the old file" cmp "$T/modules.h" "$T/both.h"
else
	skip "made modules" "cannot mount over /sys/kernel/btf"
fi
run "$BPFCTL" btf header modules file "$T/a.btf"
status 2 "modules are not those of a file"
done_testing
