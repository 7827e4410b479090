#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# gen min_core_btf: programs find in what it writes all they found in the whole, here and in a kernel whose types
# are elsewhere; it holds what bpftool's does; failures leave the old file.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
cd "$T" || exit 1
for name in real:-DREAL other: moved:-DMOVED; do
	bpf_cc "$TOP/tests/live/core.bpf.c" "${name%%:*}.o" -g -DPFX="$PFX" ${name#*:} || skip_all "cannot compile core.bpf.c"
done
head -c 64 /dev/zero >packet
vmlinux=/sys/kernel/btf/vmlinux

# generate TEXT IN OUT OBJECT...
generate()
{
	run "$BPFCTL" gen min_core_btf "${@:2}"
	status 0 "$1"
	is "$out$err" '' "$1: without a word"
}

retval()
{
	"$BPFCTL" -j prog run pinned "$BPFFS/$1/${PFX}_$2" ${3:+data_in packet} | jq .retval
}

# --- another kernel ---

values="pid 4004
parent 4128
bits_size 8
bits_signed 0
bits_right 55
second 4051
next 4120
has_list 1
has_gone 0
red 300
has_green 0
pair 16
has_nowhere 0"

# values_hold TEXT BTF
values_hold()
{
	local name want

	run "$BPFCTL" prog loadall other.o "$BPFFS/other" kernel_btf "$2"
	status 0 "$1: loads"
	while read -r name want; do
		is "$(retval other "$name" packet)" "$want" "$1: $name"
	done <<<"$values"
	rm -rf "${BPFFS:?}/other"
}

generate "from an object's types" moved.o moved.btf other.o
values_hold "the whole" moved.o
values_hold "the minimum" moved.btf
run "$BPFCTL" -j btf dump file moved.btf
json_is '[.types[] | select(.kind == "STRUCT" and .name == "task_struct") | .size, (.members[] | .name, .bits_offset)]' \
	'[4136,"(anon)",32000,"bits",32081,"pairs",32128,"list",32896,"real_parent",33024]' "only the members in use"
json_is '[.types[] | select(.name == "other" or .name == "tasks" or .name == "colours" or .name == "long")]' '[]' "nothing else"
json_is '[.types[] | select(.kind == "ENUM").values[].name]' '["CYAN","RED","BLUE"]' "enums are whole"
ok "libbpf's own loader of BTF takes it" "$BPFCTL" btf dump file moved.btf format c
ok "again from the minimum" "$BPFCTL" gen min_core_btf moved.btf again.btf other.o
ok "gives the same" cmp moved.btf again.btf

generate "several objects" moved.o both.btf real.o other.o
values_hold "what the second asks for" both.btf
like "$("$BPFCTL" btf dump file both.btf)" "'tgid' type_id" "what the first asks for"

# --- this kernel ---

if [ -r $vmlinux ]; then
	generate "from the kernel's types" $vmlinux real.btf real.o
	ok "is small" [ "$(stat -c %s real.btf)" -lt 1000 ]
	ok "loads" "$BPFCTL" prog loadall real.o "$BPFFS/real" kernel_btf real.btf
	if first_pids; then
		is "$(sh -c 'echo $$; exec "$0" -j prog run pinned "$1"' "$BPFCTL" "$BPFFS/real/${PFX}_tgid" | jq -s '.[0] == .[1].retval')" \
			true "a kept field is read"
		is "$(bash -c 'echo $$; "$0" -j prog run pinned "$1"; true' "$BPFCTL" "$BPFFS/real/${PFX}_ppid" | jq -s '.[0] == .[1].retval')" \
			true "a kept pointer is followed"
	else
		skip "a kept field is read, a kept pointer is followed" "the kernel has other numbers for processes than we"
	fi
	rm -rf "${BPFFS:?}/real"
else
	skip "this kernel's types" "it has none"
fi

# --- with the modules of the running kernel: made ones, as this may have none ---

# One has a struct by a name that the kernel has too, of another size: programs are not to see that.
module_object()
{
	cat >modules.c <<-'EOC'
		#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
		struct mod_a { struct mod_a *self; };
		struct list_head { int x; };
		struct mod_gone { int x; };
		#pragma clang attribute pop
		#define AT(type, field) __builtin_preserve_field_info(((struct type *)ctx)->field, 0)
		#define ABOUT(type, kind) __builtin_preserve_type_info(*(struct type *)0, kind)
		__attribute__((section("xdp"), used)) int in_modules(void *ctx)
		{
			return AT(mod_a, self) * 1000 + ABOUT(list_head, 1) * 10 + ABOUT(mod_gone, 0);
		}
	EOC
	sed -i "s/in_modules/${PFX}_in_modules/" modules.c
	bpf_cc modules.c modules.o -g
}

# shellcheck disable=SC2046
if [ ! -r $vmlinux ] || ! cc -O1 -o make_btf "$TOP/tests/live/make_btf.c" $(pkg-config --cflags --libs libbpf); then
	skip "modules" "no kernel types to split on, or no libbpf to do it with"
elif ./make_btf $vmlinux a.btf mod_a && ./make_btf $vmlinux b.btf list_head && module_object; then
	run "$BPFCTL" -j gen min_core_btf modules modules.btf modules.o
	status 3 "what no kernel type satisfies"
	json_ok "as one document"
	json_is '.[].error | test("field_byte_offset of .mod_a.*not found in this BTF")' true "is reported"
	ok "the file is written all the same" test -s modules.btf
	ln -sf "$BPFCTL" bpftool
	ok "called as bpftool it is a remark" ./bpftool gen min_core_btf modules modules.btf modules.o
	mkdir sys
	cp $vmlinux a.btf b.btf sys
	if mount --bind sys /sys/kernel/btf; then
		generate "with modules" modules modules.btf modules.o
		ok "with modules: needs no base" "$BPFCTL" btf dump file modules.btf
		ok "with modules: loads" "$BPFCTL" prog loadall modules.o "$BPFFS/modules" kernel_btf modules.btf
		is "$(retval modules in_modules packet)" 24160 "with modules: a module's member, and the kernel's own list_head"
		rm -rf "${BPFFS:?}/modules"
		cp moved.o modules
		generate "a file of that name" ./modules file.btf other.o
		ok "a file of that name: is taken" cmp file.btf moved.btf
		run "$BPFCTL" gen min_core_btf a.btf modules.btf modules.o
		status 1 "a module alone"
		like "$err" "Hint: module BTF is split.*-B" "a module alone: what it is to be split on"
		echo nonsense >sys/c.btf
		run "$BPFCTL" gen min_core_btf modules modules.btf modules.o
		status 1 "a broken module"
		like "$err" "c.btf. is neither BTF" "a broken module: is named"
		umount /sys/kernel/btf
	else
		skip "made modules" "cannot mount over /sys/kernel/btf"
	fi
else
	result 1 "modules: made"
fi

# --- what is absent, and who asks about it ---

# One reads what no kernel has, another asks about the type: WHERE is the section of the one who asks.
asking_object()
{
	cat >asking.c <<-EOC
		#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
		struct other { int nowhere; };
		#pragma clang attribute pop
		#define AT(kind) __builtin_preserve_field_info(((struct other *)ctx)->nowhere, kind)
		__attribute__((section("xdp"), used)) int reads(void *ctx) { $2return AT(0); }
		__attribute__((section("$1"), used, noinline)) int asks(void *ctx) { return AT(2); }
	EOC
	bpf_cc asking.c asking.o -g
}
for who in "3|tc|" "3|xdp|" "0|.text|" "0|tc|if (AT(2)) "; do
	IFS='|' read -r want where guard <<<"$who"
	asking_object "$where" "$guard"
	run "$BPFCTL" -j gen min_core_btf moved.o asking.btf asking.o
	status "$want" "a question in $where${guard:+, and one in the program}: is it the program's own?"
done

# --- as bpftool ---

# same TEXT IN OBJECT...: as bpftool's, or both refuse
same()
{
	local theirs=0 ours=0

	"$BPFTOOL" gen min_core_btf "$2" theirs.btf "${@:3}" >theirs.err 2>&1 || theirs=1
	# 3: done, and something is not there
	"$BPFCTL" gen min_core_btf "$2" ours.btf "${@:3}" >ours.err 2>&1 || ours=$?
	[ "$ours" = 3 ] && ours=0
	is "$ours" "$theirs" "$1: done or refused as by bpftool" || diag "$(<ours.err)"
	[ $theirs = 1 ] ||
		is "$("$BPFTOOL" btf dump file ours.btf)" "$("$BPFTOOL" btf dump file theirs.btf)" "$1: as bpftool's"
	rm -f ours.btf theirs.btf
}

# what is asked for | what the object has | what the kernel has
cases()
{
	cat <<-'EOC'
		F(s, x.y, 0)|struct s { struct { int y; } x; };|struct in { long y; char z; }; struct s { int a; const struct in x; };
		F(s, x, 0)|struct in { int y; }; struct s { struct in x; };|union in { long y; }; struct s { union in x; };
		F(s, x[1].y, 0)|struct s { struct { int y; } x[2]; };|struct s { int a; struct { char z; int y; } x[3]; };
		F(s, x[5], 0)|struct s { int x[8]; };|struct s { int x[4]; };
		F(s, x[5], 0)|struct s { int x[8]; };|struct s { int a; int x[]; };
		F(s, x[5], 0)|struct s { int x[8]; };|struct s { int x[0]; int a; };
		F(s, x[1][2], 0)|struct s { int x[2][4]; };|struct s { long a; char x[3][3]; };
		F(s, x, 0)|struct s { void *x; };|struct in { struct in *self; }; struct s { int a; struct in *x; };
		F(s, x, 0)|struct s { void *x; };|struct s { int (*x)(struct s *); };
		F(s, x, 0)|struct s { void *x; };|struct s { int x; };
		F(s, x, 0)|struct s { int x; };|struct s { union { struct { int a; int x; }; long b; }; };
		F(s, x.y, 0)|struct s { struct { int y; } x; };|struct s { union { struct { union { int y; }; } x; }; };
		F(s, x, 3)|struct s { int x : 3; };|struct s { int a : 7; long x : 30; };
		F(s, x, 0)|struct s { int x : 3; };|struct s { int a : 7; unsigned long x : 60; } __attribute__((packed));
		F(s, x, 0)|struct s { float x; };|struct s { double x; };
		F(s, x, 0)|enum e { A }; struct s { enum e x; };|enum f { B }; struct s { enum f x; };
		F(s, x, 0)|enum e { A }; struct s { enum e x; };|struct s { enum { B } x; };
		F(s___a, x, 0)|struct s___a { int x; };|struct s { int x; };
		F(s____a, x, 0)|struct s____a { int x; };|struct s { int x; };
		F(s, x, 0)|struct s { int x; };|struct s { int x; }; struct s___b { int x; long y; } t;
		F(s, x, 2)|struct s { int x; };|struct s { int x; }; struct s___b { int y; int x; } t;
		F(s, x, 1)|struct s { int x; };|struct s { int x; }; struct s___b { char x; } t;
		F(s, x, 0)|struct s { int x; };|struct s { void *x; }; struct s___b { long y; int x; } t;
		F(s, x, 0) + F(s, y, 0)|struct s { int x, y; };|struct s { int y; }; struct s___b { int y, x; } t;
		F(s, y, 0) + F(s, x, 0)|struct s { int x, y; };|struct s { int y; }; struct s___b { int y, x; } t;
		F(s, z, 2) + F(s, x, 0)|struct s { int x, z; };|struct s { long a; int x; };
		T(struct s, 0)|struct s;|struct in { int a; }; struct s { struct in *x; };
		T(struct s, 1)|struct s { int x; };|struct s { char x[10]; }; struct s___b { int x; } t;
		T(struct s, 1)|struct s;|struct s { int a; };
		T(struct in, 1)|struct in;|struct s { int a; };
		T(union s, 0)|union s { int x; };|struct s { int x; };
		T(t_t, 0)|typedef int t_t;|typedef long t_t; t_t t; struct s {};
		T(t_t, 0)|typedef struct { int a; } t_t;|typedef struct { long b; } t_t; t_t t; struct s {};
		T(t_t, 0)|struct s; typedef int (*t_t)(struct s *);|struct s { int a; }; typedef int (*t_t)(struct s *); t_t t;
		T(t_t, 0)|struct s; typedef int (*t_t)(struct s *);|struct s { int a; }; typedef int (*t_t)(struct s *, int); t_t t;
		__builtin_btf_type_id(*(struct s *)0, 0)|struct s { int x; };|struct s { int x; };
		__builtin_btf_type_id(*(struct s *)0, 1)|struct s { int x; };|struct s { int x; };
		E(enum e, A, 1)|enum e { A };|enum e { B, A___x }; enum e t; struct s {};
		E(enum e, A, 0)|enum e { A };|enum e { B } t; struct s {};
		F(s, x, 0) + F(u, x, 0) + T(struct v, 0)|struct s { int x; }; struct u { void *x; }; struct v { int a; };|struct v { int a; }; struct u { struct v *x; }; struct s { struct u u; char x; }; struct u t;
	EOC
}

if [ -n "$BPFTOOL" ]; then
	same "another kernel" moved.o other.o
	[ ! -r $vmlinux ] || same "this kernel" $vmlinux real.o other.o
	n=0
	while IFS='|' read -r asks has kernel; do
		n=$((n + 1))
		cat >asks.c <<-EOC
			#define F(type, field, kind) __builtin_preserve_field_info(((struct type *)ctx)->field, kind)
			#define T(type, kind) __builtin_preserve_type_info(*(type *)0, kind)
			#define E(type, value, kind) __builtin_preserve_enum_value(*(type *)value, kind)
			#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
			$has
			#pragma clang attribute pop
			__attribute__((section("xdp"), used)) int f(void *ctx) { return $asks; }
		EOC
		echo "$kernel struct s *keep;" >kernel.c
		if bpf_cc asks.c asks.o -g -w && bpf_cc kernel.c kernel.o -g -w; then
			same "$n: $asks" kernel.o asks.o
		else
			result 1 "$n: $asks: compiles"
		fi
	done < <(cases)
else
	skip "as bpftool" "no bpftool to compare with"
fi

# --- what does not ---

old=$(sha256sum <moved.btf)
echo 'int x;' >bare.c
bpf_cc bare.c bare.o
head -c 900 other.o >short.o
echo 'struct s { int a; }; struct s___b { char c; } *t; struct s *u;' >two.c
echo 'struct s { int a; }; __attribute__((section("xdp"), used)) int f(void *ctx)
	{ return __builtin_preserve_type_info(*(struct s *)0, 1); }' >one.c
bpf_cc two.c two.o -g
bpf_cc one.c one.o -g
# refused TEXT REGEX IN OBJECT...
refused()
{
	run "$BPFCTL" gen min_core_btf "$3" moved.btf "${@:4}"
	status 1 "$1: refused"
	like "$err" "$2" "$1: says which"
	is "$(sha256sum <moved.btf)" "$old" "$1: the old file is there"
	run "$BPFCTL" -j gen min_core_btf "$3" new.btf "${@:4}"
	json_ok "$1: one document"
	ok "$1: no new file" [ ! -e new.btf ]
}
refused "no types" "'bare.o': it has no .BTF section" moved.o other.o bare.o
refused "a torn object" "'short.o'" moved.o short.o
refused "no object" "nosuch.o.*No such file" moved.o nosuch.o
refused "no kernel" "nosuch.*No such file" nosuch other.o
refused "a kernel without types" "'bare.o' has no .BTF section.*clang -O2 -g" bare.o other.o
unlike "$out" "-B" "a kernel without types: no word of modules"
refused "a program for this machine" "no .BTF section.*CONFIG_DEBUG_INFO_BTF" /bin/sh other.o
refused "no types at all" "is neither BTF" bare.c other.o
unlike "$out" "hint" "no types at all: no word of modules"
refused "two sizes" "'one.o': CO-RE relocation 0 of section 'xdp', type_size of 's'.*ambiguous: . for 's[_b]*' .kernel type .*, . for 's" two.o one.o
run "$BPFCTL" gen min_core_btf moved.o new.btf
status 2 "no objects"
run "$BPFCTL" -j gen min_core_btf moved.o moved.btf other.o
is "$status $out" "0 null" "null in JSON"
is "$(sha256sum <moved.btf)" "$old" "the same again"
ok "an object that asks for nothing" "$BPFCTL" gen min_core_btf moved.o none.btf moved.o
is "$("$BPFCTL" -j btf dump file none.btf | jq -c .types)" '[]' "makes a file without types"
is "$(find . -name '*.tmp*')" '' "nothing is left beside"
nothing_left "nothing is left"
done_testing
