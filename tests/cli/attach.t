#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# attach list and prog unload on the faked kernel: kinds that the kernels at hand cannot make. Only with filters:
# a whole list would look at the cgroups and processes of this machine.
. "$(dirname "$0")/cli.sh"
need jq

fake net attach list dev nk0
status 0 "netkit"
like "$out" "11 +sched_cls +first +netkit +nk0 primary +attach"$'\n'" *12 .*netkit +nk0 primary +3 +link
 *13 .*netkit +nk0 peer +attach" "both ends, and a link"
fake net -j attach list type xdp
json_ok "XDP in several modes"
json_is 'map([.prog_id,.devname,.mode,.held[0]])' \
	'[[7,"multi","generic","netlink"],[7,"off","offload","netlink"],[7,"od\u001bd","driver","netlink"],[8,"multi","driver","netlink"]]' \
	"all modes, and a name with an escape in it"
fake net attach list type xdp
like "$out" 'od\\x1bd' "which text shows harmlessly"
fake net -j attach list dev multi type tc
json_is 'map([.prog_id,.qdisc,.handle])' '[[11,"clsact/ingress",1],[11,"clsact/ingress",2],[12,"clsact/egress",1]]' "tc filters"
fake net -j attach list dev nosuch
status 1 "no such device"
json_is '.error' "no network device 'nosuch'" "JSON: before the first record the error is the document"

fake basic -j attach list type raw_tracepoint
status 0 "a link of a program that cannot be read"
json_is . '[{"prog_id":9,"prog_type":4242,"prog_name":"","kind":"raw_tracepoint","target":"sched_switch","tracepoint":"sched_switch","link_id":2,"held":["link"]}]' "is listed"
fake basic -j attach list type unknown
json_is 'map([.link_id,.target])' '[[4,"link of type 4242"]]' "a link of a type that nobody knows"
fake orphan attach list type iter
status 0 "a link that tells nothing"
like "$out" "iter +\(unknown\)" "is listed"
fake denied -j attach list
status 1 "not allowed"
json_ok "JSON"
fake denied attach list
like "$err" "list links: \[EPERM\].*Hint: missing capability" "says why"
fake empty attach list type iter
is "$status/$out/$err" "0//" "nothing there: nothing printed"
fake basic attach list type frob
status 2 "an unknown kind"
fake basic attach list pid x
status 2 "no number"

fake basic prog unload id 999
status 1 "unload: no such program"
fake basic -j prog unload id 7 dry
json_ok "unload, dry run: one document"
json_is '[.prog_id, .unloaded, (.holders | map(select(.kind == "pin" or .kind == "process" or .kind == "prog_array") | [.kind, .removed]))]' \
	'[7,false,[["pin",false],["pin",false],["prog_array",false],["process",false]]]' "what holds it"
fake basic prog attach id 7 flow_dissector
status 1 "attach: a program of another type"
like "$err" "program 7 is of type xdp, flow_dissector takes flow_dissector" "says so"
done_testing
