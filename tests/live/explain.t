#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What is said of a refused program, and where: text, JSON, all programs of an object, -d, -L, log FILE.
. "$(dirname "$0")/../lib.sh"
live
need_clang

src=$TOP/tests/progs/refused_three.c
obj=$T/three.o
cd "$T" || exit
bpf_cc "$src" "$obj" -g -DPFX="$PFX" -I"$TOP/tests/progs"
bpf_cc "$src" "$T/bare.o" -DPFX="$PFX" -I"$TOP/tests/progs"
line() { grep -n "$1" "$src" | head -1 | cut -d: -f1; }

# one program
run "$BPFCTL" prog load "$obj" "$BPFFS/p"
status 1 "a refused program"
is "$(head -1 <<<"$err")" "Error: the verifier refused '${PFX}_short' (xdp, three.o): packet access without a proven bound" \
	"the first line: what, and why"
like "$err" "refused_three.c:$(line 'data\[23\]'):" "the place"
like "$err" "$(line 'data + 14') \|.*bytes 0 to 13 are proven here.*$(line 'data\[23\]') \|.*reads byte 23" \
	"the comparison, then the access"
like "$err" $'\nhelp: compare .* with data_end' "what to do"
like "$err" 'note: verifier: "invalid access to packet, off=23' "the verifier's words"
ok "at most 12 lines" test "$(wc -l <<<"$err")" -le 12
unlike "$err" "libbpf:|processed" "neither libbpf's lines nor the log"

run "$BPFCTL" -j prog load "$obj" "$BPFFS/p"
status 1 "in JSON"
json_ok "one document"
json_is '[.errno, .verifier.category, .verifier.class]' '["EACCES","Memory Safety","source"]' "category and class"
json_is '.verifier.cause.line, .verifier.at.line' "$(line 'data + 14')"$'\n'"$(line 'data\[23\]')" "cause and place"
json_is '.verifier.at | [.function, .instruction > 0, .column > 0]' "[\"${PFX}_short\",true,true]" "function, instruction, column"
json_is '.verifier.path | map(.line)' "[$(line 'data + 14'),$(line 'data\[23\]')]" "the path"
json_is '.hint == .verifier.suggestion' true "the suggestion is the hint"
json_is '.log | map(select(test("processed"))) | length' 1 "the log is there, too"
json_is '.refusals' null "it is the only one"

# without line records: instructions
run "$BPFCTL" prog load "$T/bare.o" "$BPFFS/p"
like "$err" "--> instruction [0-9]+" "without -g: the instruction"
like "$err" "if r[0-9] > r[0-9] goto.*bytes 0 to 13 are proven here" "and the comparison"

# all of the object
run "$BPFCTL" prog loadall "$obj" "$BPFFS/all"
is "$(grep -c ^Error: <<<"$err")" 2 "loadall reports both"
like "$err" "'${PFX}_moved'.*: a packet pointer from before bpf_xdp_adjust_head\(\)" "the second"
unlike "$err" "${PFX}_good" "and no other"
nothing_left "nothing stays loaded"
run "$BPFCTL" -j prog loadall "$obj" "$BPFFS/all"
json_is '.refusals | map(.program)' "[\"${PFX}_short\",\"${PFX}_moved\"]" "both in JSON"
json_is '.refusals[1].verifier.cause.source | test("adjust_head")' true "with the call that moved the packet"
json_is '.refusals[0].verifier == .verifier' true "the first is the error's"

# the log
run "$BPFCTL" -d prog load "$obj" "$BPFFS/p"
like "$err" "processed [0-9]+ insns.*Error: the verifier refused" "-d: the log, then the explanation"
run "$BPFCTL" -L prog load "$obj"
like "$err" "Error: the verifier refused '${PFX}_short'.*proven here" "-L: the same"
run "$BPFCTL" prog load "$obj" "$BPFFS/p" log "$T/log"
like "$(cat "$T/log")" "^-- prog '${PFX}_short' --.*invalid access to packet" "log FILE"
like "$err" "full log: $T/log" "is named"
run "$BPFCTL" -j prog load "$obj" "$BPFFS/p" log "$T/log"
json_is .verifier.log_file "$T/log" "in JSON, too"
printf '#include "prelude.h"\nSEC("xdp") int NAME(_ok)(void *ctx)\n{\n\treturn 2;\n}\n' >"$T/ok.c"
bpf_cc "$T/ok.c" "$T/ok.o" -g -DPFX="$PFX" -I"$TOP/tests/progs"
run "$BPFCTL" prog load "$T/ok.o" "$BPFFS/ok" log - log_level 4
status 0 "log -: of a program that loads"
like "$out" "processed 2 insns" "its statistics"
rm -f "$BPFFS/ok"
run "$BPFCTL" -j prog load "$T/ok.o" "$BPFFS/ok" log - log_level 1
json_is '.log[0]' "-- prog '${PFX}_ok' --" "as a list in JSON"
rm -f "$BPFFS/ok"

# what only this kernel can say: the member of the context, and who may call a helper
cat >"$T/asks.c" <<-EOF
	#include "prelude.h"
	static long (*const load_bytes)(void *ctx, u32 off, void *to, u32 len) = (void *)26;
	SEC("xdp") int NAME(_ctx)(u64 *ctx)
	{
		return ctx[2];
	}
	SEC("xdp") int NAME(_call)(void *ctx)
	{
		char to[4];

		return load_bytes(ctx, 0, to, sizeof(to));
	}
EOF
bpf_cc "$T/asks.c" "$T/asks.o" -g -DPFX="$PFX" -I"$TOP/tests/progs"
run "$BPFCTL" -j prog loadall "$T/asks.o" "$BPFFS/asks"
json_is '.refusals[0].verifier.suggestion' "struct xdp_md has rx_queue_index there, 4 bytes: access one member at a time, in its full width" \
	"the member of the context"
json_is '.refusals[1].verifier.suggestion | test("^bpf_skb_load_bytes may be called by .*sched_cls.*feature check")' true \
	"the types that may call the helper"
json_is '.refusals[1].verifier.category' Policy "a helper of another type is policy"

# what the verifier did
cat >"$T/loop.c" <<-EOF
	#include "prelude.h"
	static u32 (*const random)(void) = (void *)7;
	static __attribute__((noinline)) int NAME(_low)(u32 n)
	{
		return n & 1;
	}
	SEC("xdp") int NAME(_loop)(void *ctx)
	{
		u32 i, sum = 0;

		for (i = 0; i < 100; i++)
			sum += random();
		return NAME(_low)(sum);
	}
	char _license[] SEC("license") = "GPL";
EOF
bpf_cc "$T/loop.c" "$T/loop.o" -g -DPFX="$PFX" -I"$TOP/tests/progs"
run "$BPFCTL" -j prog load "$T/loop.o" "$BPFFS/loop" explain
status 0 "explain: of a program that loads"
json_is '.[0].insns_processed > 400' true "instructions"
json_is '.[0] | .insns_limit, (.total_states > 0), (.stack_depth | test("^[0-9]+"))' $'1000000\ntrue\ntrue' "limit, states, stack"
json_is '.[0].functions | map(.function) | sort' "[\"${PFX}_loop\",\"${PFX}_low\"]" "both functions"
json_is '.[0].lines[0] | [.rounds, .line]' '[100,11]' "the hottest line: the loop"
ok "it is pinned" test -e "$BPFFS/loop"
rm -f "$BPFFS/loop"
run "$BPFCTL" prog load "$T/loop.o" "$BPFFS/loop" explain
like "$out" "processed [0-9]+ instructions .*line passed 100 times:.*loop.c:11" "the same in text"
rm -f "$BPFFS/loop"

# as bpftool: what its users know
ln -s "$BPFCTL" "$T/bpftool"
run "$T/bpftool" prog load "$obj" "$BPFFS/p"
like "$err" "BEGIN PROG LOAD LOG" "as bpftool: the log"
unlike "$err" "the verifier refused" "and nothing else"
nothing_left "nothing stays"
done_testing
