#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# prog attach, detach: socket maps and the flow dissector, with the kernel's own answer as witness.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/hooks" "$TOP/tests/live/hooks.c" -lbpf || exit 1

SK_SKB=14 SK_MSG=16 FLOW=22		# program types
PARSER=4 VERDICT=5 MSG=7 DISSECTOR=17 SKB=38	# attach types

load()
{
	"$T/hooks" load "$2" "$3" "${PFX}_$1" "${4:-0}" "$BPFFS/$1"
}

id_of()
{
	"$BPFCTL" -j prog show pinned "$BPFFS/$1" | jq .id
}

# there ATTACH_TYPE: who is on the map
there()
{
	"$T/hooks" query map "$BPFFS/map" "$1" 2>&1 | tr '\n' ' '
}

load parser $SK_SKB $PARSER || skip_all "this kernel loads no sk_skb programs"
load verdict $SK_SKB $VERDICT
load skb $SK_SKB $SKB 1
load msg $SK_MSG $MSG 1
load flow $FLOW $DISSECTOR
"$BPFCTL" map create "$BPFFS/map" type sockmap key 4 value 4 entries 4 name "${PFX}_sm"
"$BPFCTL" map create "$BPFFS/array" type array key 4 value 4 entries 4 name "${PFX}_a"

# attach WORD PROG ATTACH_TYPE
attaches()
{
	run "$BPFCTL" prog attach pinned "$BPFFS/$2" "$1" pinned "$BPFFS/map"
	status 0 "attach $2 by the word $1"
	is "$out$err" '' "silently"
	is "$(there "$3")" "$(id_of "$2") " "the kernel says that it is there"
	run "$BPFCTL" -j prog detach pinned "$BPFFS/$2" "$1" pinned "$BPFFS/map"
	status 0 "detach it"
	is "$out" null "JSON: null"
	is "$(there "$3")" '' "it is gone"
}

attaches sk_skb_stream_parser parser $PARSER
attaches stream_parser parser $PARSER
attaches s parser $PARSER
attaches stream_v verdict $VERDICT
attaches sk_msg_verdict msg $MSG
attaches m msg $MSG
attaches sk skb $SKB
attaches sk_skb_verdict skb $SKB

for word in sk_skb_stream_pars sk_ flow flow_dissecto frob; do
	run "$BPFCTL" prog attach pinned "$BPFFS/parser" $word pinned "$BPFFS/map"
	status 2 "'$word' is no word for a type"
	like "$err" "'$word'.*Hint: .*sk_skb_stream_parser" "the words there are"
done

run "$BPFCTL" prog detach pinned "$BPFFS/msg" msg_verdict pinned "$BPFFS/map"
status 1 "detach what is not there"
like "$err" "detach program [0-9]+ as sk_msg_verdict of map [0-9]+: \[ENOENT\]" "the reason is there"
run "$BPFCTL" prog attach pinned "$BPFFS/msg" stream_parser pinned "$BPFFS/map"
status 1 "a program of another type"
like "$err" "is of type sk_msg, sk_skb_stream_parser takes sk_skb" "which one"
run "$BPFCTL" prog attach pinned "$BPFFS/msg" msg_verdict pinned "$BPFFS/array"
status 1 "a map of another type"
like "$err" "is of type array, not sockmap or sockhash" "which one"
run "$BPFCTL" prog attach pinned "$BPFFS/msg" msg_verdict
status 2 "without a map"
like "$err" "sk_msg_verdict needs a MAP" "says so"
run "$BPFCTL" -j prog attach pinned "$BPFFS/msg"
status 2 "without a type"
json_ok "in JSON"

if "$T/hooks" link map "$BPFFS/map" $SKB "$BPFFS/skb" "$BPFFS/link" 2>/dev/null; then
	run "$BPFCTL" prog detach pinned "$BPFFS/skb" skb_verdict pinned "$BPFFS/map"
	status 1 "a link holds it"
	like "$err" "\[EBUSY\].*Hint: a link" "and that is the reason"
	rm "$BPFFS/link"
else
	skip "a link holds it" "no links on socket maps here"
fi

run "$BPFCTL" prog attach pinned "$BPFFS/flow" flow_dissector pinned "$BPFFS/map"
status 2 "the flow dissector takes no map"
run "$BPFCTL" prog attach pinned "$BPFFS/flow" flow_dissector
if [ "$status" = 0 ]; then
	is "$("$T/hooks" query netns $DISSECTOR)" "$(id_of flow)" "flow_dissector: the kernel says that it is there"
	run "$BPFCTL" prog attach pinned "$BPFFS/flow" flow_dissector
	status 1 "twice"
	like "$err" "\[EINVAL\].*Hint: it is already attached" "the reason"
	run "$BPFCTL" prog detach pinned "$BPFFS/flow" flow_dissector
	status 0 "detach it"
	is "$("$T/hooks" query netns $DISSECTOR)" '' "it is gone"
	run "$BPFCTL" prog detach pinned "$BPFFS/flow" flow_dissector
	status 1 "it is not there any more"
	like "$err" "\[ENOENT\].*Hint: .*network namespace" "the reason"
else
	like "$err" "\[EEXIST\].*Hint: " "another network namespace has a flow dissector"
fi

rm -f "$BPFFS"/[!mp]* "$BPFFS"/{map,msg,parser}
nothing_left "nothing is left"
done_testing
