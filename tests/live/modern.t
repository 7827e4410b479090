#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What libbpf 1.7 brings: arenas with variables, map attributes written as enums, struct_ops tables of flavoured types
# with members that the kernel lacks, sections of newer attach types, objects of the other byte order.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
libbpf_since 1 7 || skip_all "built with an older libbpf"
own=${BUILD:-$TOP/build}
case $own in /*) ;; *) own=$TOP/$own ;; esac
own=$own/libbpf

obj()
{
	bpf_cc "$TOP/tests/progs/modern.c" "$T/$1.o" -g -DPFX="$PFX" "${@:2}"
}

# --- an arena ---
# Its address space needs a newer compiler than the oldest that we use.
for CLANG in "$CLANG" clang-{22,21,20,19,18}; do
	command -v "$CLANG" >/dev/null && obj arena -DARENA -mcpu=v4 2>/dev/null && break
	CLANG=clang
done
if [ ! -e "$T/arena.o" ]; then
	skip "arenas" "clang does not compile them"
else
	run "$BPFCTL" prog load "$T/arena.o" "$BPFFS/bump"
	if [[ $err =~ create\ map.*EINVAL|EPERM ]]; then
		skip "arenas" "this kernel does not create them"
	else
		status 0 "an arena is loaded, with an enum as its address"
		run "$BPFCTL" -j prog run pinned "$BPFFS/bump"
		json_is .retval 36 "its variables have their values"
		run "$BPFCTL" -j prog run pinned "$BPFFS/bump"
		json_is .retval 37 "and keep what is written"
		rm "$BPFFS/bump"
		run "$BPFCTL" gen object "$T/linked.o" "$T/arena.o"
		status 0 "gen object links it"
		run "$BPFCTL" -j obj show "$T/linked.o"
		json_is '[.. | objects | select(.section? == ".addr_space.1") | .name]' '["counter","pair"]' "with its variables"
		run "$BPFCTL" prog load "$T/linked.o" "$BPFFS/linked"
		status 0 "what was linked is loaded"
		run "$BPFCTL" -j prog run pinned "$BPFFS/linked"
		json_is .retval 36 "and has the values"
		rm -f "$BPFFS/linked"
		run "$BPFCTL" gen skeleton "$T/linked.o" name arena -o "$T/arena.skel.h"
		status 0 "a skeleton"
		cat >"$T/use.c" <<-C
			#include "arena.skel.h"
			#include <bpf/bpf.h>
			int main(void)
			{
				LIBBPF_OPTS(bpf_test_run_opts, opts);
				struct arena *s = arena__open();

				if (!s || s->arena->counter != 5)
					return 1;
				s->arena->counter = 8;
				if (arena__load(s))
					return 2;
				s->arena->pair.a = 50;
				if (bpf_prog_test_run_opts(bpf_program__fd(s->progs.${PFX}_bump), &opts))
					return 3;
				return opts.retval != 59 || s->arena->counter != 9;
			}
		C
		sed -i "s/#include \"arena.skel.h\"/struct pair { int a; long b; };\n&/" "$T/use.c"
		if [ -e "$own/libbpf.o" ]; then
			ok "the skeleton compiles" gcc -Wall -Wno-unused-function -isystem "$own/headers" -iquote "$T" -o "$T/use" \
				"$T/use.c" "$own/libbpf.o" -lelf -lz
			ok "a program reads and writes the arena's variables" "$T/use"
		else
			skip "a program with the skeleton" "libbpf is not in $own"
		fi
	fi
fi
CLANG=${CLANG:-clang}

# --- struct_ops ---
known=/proc/sys/net/ipv4/tcp_available_congestion_control
obj ops -DOPS
run "$BPFCTL" struct_ops register "$T/ops.o" "$BPFFS"
if [[ $err =~ EPERM|ENOTSUP ]]; then
	skip "struct_ops" "not allowed here"
else
	status 0 "a flavoured type with members that no kernel has"
	ok "is registered" wait_until grep -qw "${PFX}cc" $known
	run "$BPFCTL" -j link show pinned "$BPFFS/${PFX}_ops"
	json_is .type struct_ops "with a link"
	rm -f "$BPFFS/${PFX}_ops"
	ok "and gone with it" wait_until eval "! grep -qw '${PFX}cc' $known"
fi

# --- sections ---
obj sections -DSECTIONS
mkdir "$BPFFS/s"
run "$BPFCTL" prog loadall "$T/sections.o" "$BPFFS/s" autoattach
if [ "$status" != 0 ]; then
	skip "newer sections" "$err"
else
	is "$("$BPFCTL" -j link show pinned "$BPFFS/s/${PFX}_multi" | jq -r .type)" uprobe_multi "uprobe.multi is attached"
	is "$("$BPFCTL" -j link show pinned "$BPFFS/s/${PFX}_session" | jq -r .type)" uprobe_multi "uprobe.session is attached"
	for name in in out nf; do
		like "$err" "program '${PFX}_$name' is pinned, not attached" "$name has nothing to be attached to"
		ok "$name is pinned" "$BPFCTL" prog show pinned "$BPFFS/s/${PFX}_$name"
	done
	rm -r "$BPFFS/s"
fi
obj netkit -DNETKIT
run "$BPFCTL" prog loadall "$T/netkit.o" "$BPFFS/n"
if [[ $err =~ EINVAL ]]; then
	skip "netkit" "this kernel has none"
else
	status 0 "netkit programs are loaded"
	rm -rf "$BPFFS/n"
fi

# --- the other byte order ---
other=bpfeb order=big
[ "$(printf '\1\0' | od -An -tu2 | tr -d ' ')" = 1 ] || { other=bpfel order=little; }
obj one -DDATA=one && obj one_other -DDATA=one -target $other && obj two_other -DDATA=two -DEXTERN -target $other
for kind in "gen skeleton" "gen subskeleton" "-L gen skeleton"; do
	# shellcheck disable=SC2086
	run "$BPFCTL" $kind "$T/one_other.o" name one
	status 0 "$order-endian: $kind"
	header=$out
	# shellcheck disable=SC2086
	run "$BPFCTL" $kind "$T/one.o" name one
	is "$(grep -v '\\' <<<"$header")" "$(grep -v '\\' <<<"$out")" "$order-endian: $kind is the same but for the bytes"
done
run "$BPFCTL" gen skeleton "$T/one_other.o" name one format json
json_is '[.programs[0].insns, .license, (.data[].variables[].name)]' \
	"$("$BPFCTL" gen skeleton "$T/one.o" name one format json | jq -c '[.programs[0].insns, .license, (.data[].variables[].name)]')" \
	"$order-endian: the same as data"
run "$BPFCTL" gen object "$T/both.o" "$T/one_other.o" "$T/two_other.o"
status 0 "$order-endian: two are linked"
run "$BPFCTL" -j obj show "$T/both.o"
json_is '[.. | objects | select(.section? == "xdp") | .name] | sort' "[\"${PFX}_one\",\"${PFX}_two\"]" "both programs are there"
run "$BPFCTL" gen object "$T/mixed.o" "$T/one.o" "$T/one_other.o"
status 1 "objects of both orders are not linked"
ok "nothing is left of it" test ! -e "$T/mixed.o"
run "$BPFCTL" prog load "$T/one_other.o" "$BPFFS/other"
status 1 "nor is one of the other order loaded"
like "$err" "object is $order-endian, this machine is" "it says why"
printf 'cut' | cat "$T/one_other.o" - | head -c 900 >"$T/cut.o"
run "$BPFCTL" gen skeleton "$T/cut.o"
status 1 "half of one is refused"
nothing_left "nothing is left"
done_testing
