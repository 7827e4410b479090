#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# prog run: input, output, contexts, repetition, captures; and what the kernel refuses, in words.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
need xxd
ok "compile" bpf_cc "$TOP/tests/progs/run.c" "$T/run.o" -g -DPFX="$PFX"
run "$BPFCTL" prog loadall "$T/run.o" "$BPFFS/p"
status 0 "load"
cd "$T" || exit 1
xdp="pinned $BPFFS/p/${PFX}_xdp" tc="pinned $BPFFS/p/${PFX}_tc"
sys="pinned $BPFFS/p/${PFX}_sys" raw="pinned $BPFFS/p/${PFX}_raw"
printf 'AAAABBBBCCCCDD+D\001\377EE' >data

# prog PROG WORD...: run it
prog()
{
	# shellcheck disable=SC2086
	run "$BPFCTL" prog run $1 "${@:2}"
}

prog "$xdp" data_in data data_out -
status 0 "a packet in, and out"
like "$out" '^0000000'$'\t''4141 4141 4242 4242 4343 4343 4444 5a44 \| AAAABBBB CCCCDDZD
0000010'$'\t''01ff 4545                               \| \.\.EE
Return value: 2 \(XDP_PASS\), duration: [0-9]+ns$' "text"
if [ -n "$BPFTOOL" ]; then
	# shellcheck disable=SC2086
	is "$(sed '$d' <<<"$out")" "$("$BPFTOOL" prog run $xdp data_in data data_out - | sed '$d')" "as theirs"
fi
ln -s "$BPFCTL" bpftool
# shellcheck disable=SC2086
run ./bpftool prog run $xdp data_in data
like "$out" '^Return value: 2, duration: [0-9]+ns$' "called as bpftool: a number only"
run "$BPFCTL" -j prog run ${xdp% *} "${xdp#* }" data_in - data_out - <data
json_ok "JSON, from stdin"
json_is '.data_out | @json' "$(sed 's/+/Z/' data | xxd -p | sed 's/../0x&,/g' | tr , '\n' | sed '/^$/d' |
	while read -r b; do echo $((b)); done | jq -sc .)" "decimal bytes"
json_is 'keys_unsorted | join(" ")' "data_out retval verdict duration" "the keys, in this order"
json_is .verdict XDP_PASS "what the value means"
prog "$xdp" data_in data repeat 1000
like "$out" '^Return value: 2 \(XDP_PASS\), duration \(average\): [0-9]+ns$' "an average"
prog "$xdp" data_in data data_out file
is "$(xxd -p file)" "$(sed 's/+/Z/' data | xxd -p)" "to a file"
prog "$xdp" data_i data data_o - rep 1
status 0 "shortened words"
prog "$xdp" data data
status 2 "one that could be several"
like "$err" "'data'.*data_in, data_out, data_size_out" "names them"
prog "$xdp" data_in data data_size_out 4
status 1 "too little room"
like "$err" "ENOSPC.*data_size_out 20" "says what is enough"
run "$BPFCTL" -j prog run ${xdp% *} "${xdp#* }" data_in data data_out /nonexistent/x
status 1 "an output that cannot be written"
json_ok "JSON stays one document (W8)"
like "$out" "nonexistent.*ENOENT" "with the reason"
prog "$xdp"
status 1 "XDP without a packet"
like "$err" "Hint: .*data_in" "is told what it needs"
printf short >few
prog "$xdp" data_in few
like "$err" "Hint: .*14-byte Ethernet header; got 5" "so is one with few bytes"
prog "$xdp" data_in - ctx_in -
status 2 "stdin for two"
prog "$xdp" data_in /nonexistent
like "$err" "open '/nonexistent'" "no such file"
prog "$tc" data_in data cpu 0
status 1 "cpu is not for tc"
prog "$tc" data_in data live_frames
status 1 "nor are live frames"
prog "$xdp" data_in data batch_size 4
status 2 "batch_size alone"

# struct __sk_buff: mark is its third word; the rest must be 0
head -c 192 /dev/zero | { head -c 8; printf '\x20'; head -c 183; } >skb
prog "$tc" data_in data ctx_in skb ctx_out ctx
status 0 "tc with a context"
like "$out" "Return value: 4294967295 \(TC_ACT_UNSPEC\)" "-1 as an unsigned number, and its name"
is "$(xxd -s 8 -l 4 -p ctx)" 21000000 "the context comes back"

prog "$xdp" data_in data ctx_out md
status 0 "the context that comes out, without one that went in"
is "$(xxd -s 4 -l 4 -p md)" "$(printf '%02x000000' "$(stat -c %s data)")" "is that of the packet"
prog "$tc" data_in data ctx_out ctx
status 0 "of a tc program, too"
is "$(stat -c %s ctx)" "$(stat -c %s skb)" "in its length"

printf '\005\0\0\0\003\0\0\0' >ctx_sys
prog "$sys" ctx_in ctx_sys ctx_out -
status 0 "a syscall program takes a context (W16)"
like "$out" '^0000000'$'\t''0500 0000 0900 0000 .*'$'\n''Return value: 7' "and changes it"
prog "$sys" ctx_in ctx_sys ctx_out - repeat 2
like "$out" '0500 0000 0f00 0000' "twice: it goes on with what it left"
prog "$sys" data_in data ctx_in ctx_sys
status 1 "it takes no data"
like "$err" "takes no data" "says so"
printf '\006\0\0\0\0\0\0\0' >ctx_raw
cpu=$(sed 's/.*[,-]//' /sys/devices/system/cpu/online)
prog "$raw" ctx_in ctx_raw cpu "$cpu"
like "$out" "^Return value: $((6000 + cpu)), duration" "a raw tracepoint with a context, on a CPU (W16)"
prog "$raw" ctx_in ctx_raw
like "$out" "^Return value: 600" "on any CPU"
prog "$raw" ctx_in ctx_raw cpu 4095
status 1 "a CPU that is not there"
like "$err" "Hint: CPU 4095" "is told"

# --- contexts as JSON ---
echo '{"mark": 41}' >skb.json
prog "$tc" data_in data ctx_json skb.json ctx_out -
status 0 "a context as JSON, by the kernel's type"
like "$out" '"mark": 42,' "and back"
echo '{"a": 21}' >ask.json
run "$BPFCTL" -j prog run pinned "$BPFFS/p/${PFX}_ask" ctx_json ask.json ctx_out -
json_ok "by the type of a syscall program's argument"
json_is '[.ctx_formatted, .ctx_out[4]] | @json' '[{"a":21,"b":42},42]' "both renditions"
echo '{"rx_queue_index": 0}' >md.json
prog "$xdp" data_in data ctx_json md.json
status 0 "XDP: the length of the packet is filled in"
echo '{"c": 1}' >bad.json
prog "pinned $BPFFS/p/${PFX}_ask" ctx_json bad.json
status 1 "a member that is not there"
like "$err" "'?c'?" "is named"
echo '{"a": ' >bad.json
prog "pinned $BPFFS/p/${PFX}_ask" ctx_json bad.json
status 1 "torn JSON"
prog "$raw" ctx_json ask.json
status 1 "raw tracepoints have no type"
like "$err" "not known.*Hint: use ctx_in" "and what to do"
prog "$tc" data_in data ctx_in skb ctx_json skb.json
status 2 "two contexts"

prog "$xdp" data_in data live_frames batch_size 8 repeat 64
if [ "$status" = 0 ]; then
	like "$out" "duration \(average\)" "live frames"
else
	skip "live frames" "not on this kernel: $err"
fi

# --- captures ---
# frame SECONDS LETTER LENGTH: 14 bytes of header, then letters
frame()
{
	local n=$3

	printf "\\x$(printf %02x "$1")\\0\\0\\0\\x40\\xe2\\x01\\0\\x$(printf %02x "$n")\\0\\0\\0\\x$(printf %02x "$n")\\0\\0\\0"
	printf 'AAAAAABBBBBB\010\0%*s' $((n - 14)) '' | tr ' ' "$2"
}
capture()
{
	printf '\324\303\262\241\002\0\004\0\0\0\0\0\0\0\0\0\0\0\001\0%b\0\0\0' "$1"
}
{ capture '\001'; frame 1 + 60; frame 2 D 60; frame 3 + 40; frame 4 9 64; } >in.pcap
prog "$xdp" pcap in.pcap pcap_out out.pcap
if [[ $err == *"not installed"* ]]; then
	skip "captures" "libpcap is not installed"
else
	status 0 "a capture"
	like "$out" 'packet +time +bytes +verdict +bytes out +ns
1 +1\.123456 +60 +pass +60 +[0-9]+
2 +2\.123456 +60 +drop .*
3 +3\.123456 +40 +pass .*
4 +4\.123456 +64 +9 .*
4 packets, drop 1, pass 2, other 1$' "a row for each, and the sum"
	is "$(xxd -p out.pcap | tr -d '\n' | cut -c49-)" "$({ frame 1 + 60; frame 3 + 40; } |
		xxd -p | tr -d '\n' | sed 's/0800../08005a/g')" "those it let through, as it left them, at their times"
	run "$BPFCTL" -j prog run ${xdp% *} "${xdp#* }" pcap in.pcap
	json_ok "JSON"
	json_is '[.n_packets, .n_let_through, .verdicts.drop, .verdicts.pass, .packets[3].retval] | @json' '[4,2,1,2,9]' "the figures"
	run "$BPFCTL" --jsonl prog run ${xdp% *} "${xdp#* }" pcap in.pcap
	is "$(jq -s length <<<"$out")" 4 "--jsonl: a line for each"
	run "$BPFCTL" prog run ${xdp% *} "${xdp#* }" pcap in.pcap
	want=$out
	run "$BPFCTL" prog run ${xdp% *} "${xdp#* }" data_in in.pcap
	like "$err" "'in.pcap' is a capture: the program runs on each of its packets" "data_in: a capture is recognised"
	is "$(sed 's/ [0-9]*$//' <<<"$out")" "$(sed 's/ [0-9]*$//' <<<"$want")" "and run as one"
	prog "$tc" pcap in.pcap
	like "$out" "4 packets, unspec 4$" "tc has other words"
	prog "$sys" pcap in.pcap
	status 1 "syscall has none"
	{ capture '\001'; frame 1 + 60; printf 'torn'; } >torn.pcap
	prog "$xdp" pcap torn.pcap
	status 1 "a torn capture"
	like "$err" "after packet 1: " "says where"
	run "$BPFCTL" -j prog run ${xdp% *} "${xdp#* }" pcap torn.pcap
	json_ok "one document"
	echo old >kept
	prog "$xdp" pcap torn.pcap pcap_out kept
	like "$out" $'\n1 ' "what was before is shown"
	is "$(<kept)" old "the old file is left"
	prog "$xdp" pcap in.pcap pcap_out /dev/full
	status 1 "a full disk"
	like "$err" "write '/dev/full': .ENOSPC" "is told"
	prog "$xdp" pcap in.pcap pcap_out -
	status 2 "stdout has the table"
	cp in.pcap self.pcap
	prog "$xdp" pcap self.pcap pcap_out ./self.pcap
	status 0 "onto itself, by another name"
	is "$(xxd -p self.pcap)" "$(xxd -p out.pcap)" "it was read to the end before"
	{ capture '\001'; frame 1 + 60; printf 'AAAA\0\0\0\0\4\0\0\0\4\0\0\0BBBB'; frame 2 D 60; } >short.pcap
	prog "$xdp" pcap short.pcap
	status 3 "a packet the kernel refuses"
	like "$err" "on packet 2: .EINVAL" "is named"
	like "$out" "3 packets, drop 1, pass 1" "the others have run"
	# nanoseconds: another number at the beginning
	{ printf '\115\074\262\241'; { capture '\001'; frame 1 + 60; frame 2 + 60; } | tail -c +5; } >nano.pcap
	prog "$xdp" pcap nano.pcap pcap_out nano_out.pcap
	like "$out" $'\n1 +1\.000123456 +60' "nanoseconds are shown"
	is "$(xxd -p nano_out.pcap | tr -d '\n' | cut -c1-8,49-)" "4d3cb2a1$({ frame 1 + 60; frame 2 + 60; } |
		xxd -p | tr -d '\n' | sed 's/0800../08005a/g')" "and written"
	frame 1 + 60 >frame
	{ capture '\001'; for ((i = 0; i < 1200; i++)); do cat frame; done; } >many.pcap
	prog "$xdp" pcap many.pcap
	is "$(grep -c '^[0-9]* *1\.123456' <<<"$out") $(grep -c '^packet' <<<"$out") ${out##*$'\n'}" "1200 1 1200 packets, pass 1200" \
		"a long one: each row once, titles once"
	capture '\161' >cooked.pcap
	prog "$xdp" pcap cooked.pcap
	like "$err" "not contain Ethernet frames" "another kind of capture"
	prog "$xdp" pcap in.pcap pcap_out in.pcap
	status 2 "not onto itself"
	if command -v ldd >/dev/null; then
		unlike "$(ldd "$BPFCTL")" libpcap "the library is no part of the program"
	fi
fi
prog "$xdp" pcap in.pcap data_out -
status 2 "pcap excludes data_out"

rm -r "$BPFFS"/p
nothing_left "nothing is left"
done_testing
