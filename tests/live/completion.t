#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# bash's completion as bash runs it: words, ids, names, pins, devices, files.
. "$(dirname "$0")/../lib.sh"
live
need_clang
ln -s "$BPFCTL" "$T/bpfctl"
# shellcheck source=/dev/null
. "$TOP/bash-completion/bpfctl"
bpf_cc "$TOP/tests/progs/counter.c" "$T/o.o" -g -DBTF -Dcounter="${PFX}_cnt" -Dcounter_map="${PFX}_map" || exit 1
"$BPFCTL" prog load "$T/o.o" "$BPFFS/${PFX}_pin" type xdp || exit 1
id=$("$BPFCTL" -j prog show pinned "$BPFFS/${PFX}_pin" | jq .id)
map_id=$("$BPFCTL" -j prog show pinned "$BPFFS/${PFX}_pin" | jq '.map_ids[0]')
tag=$("$BPFCTL" -j prog show pinned "$BPFFS/${PFX}_pin" | jq -r .tag)

# complete WORD...: what bash would offer for the last of the words, " a b c "
complete_words()
{
	COMP_WORDS=("$T/bpfctl" "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_bpfctl
	offered=" ${COMPREPLY[*]} "
}

offers()
{
	local want=$1

	shift
	complete_words "$@"
	like "$offered" " ${want//\//\\/} " "after '$*': $want"
}

is "$(complete -p bpfctl)" "complete -F _bpfctl bpfctl" "bash knows whom to ask"
offers prog ''
offers map m
offers show prog s
offers list prog ''
offers xlated prog dump ''
offers id prog show ''
offers pinned prog show pin
offers "$id" prog show id ''
offers "${PFX}_cnt" prog show name "$PFX"
offers "$tag" prog show tag "${tag:0:5}"
offers "$map_id" map dump id "$map_id"
offers "${PFX}_map" map dump name "$PFX"
offers opcodes prog dump xlated id "$id" ''
offers linum prog dump xlated id "$id" l
offers xdp prog load "$T/o.o" "$BPFFS/x" type xd
offers pretty map lookup id "$map_id" key 1 0 0 0 p
offers merge map update id "$map_id" key 1 m
offers lo net attach xdp id "$id" dev l
# /sys is another network namespace's here
ip link add "${PFX}veth" type veth peer name "${PFX}peer"
offers "${PFX}veth" net attach xdp id "$id" dev "$PFX"
ip link del "${PFX}veth"
offers sk_msg_verdict prog attach id "$id" sk_m
complete_words prog attach id "$id" sk_msg_verdict ''
like "$offered" "^ id name pinned .*${PFX}_map" "a map comes after the type of attachment"
offers "$map_id" prog attach id "$id" sk_msg_verdict id "$map_id"
offers xdpgeneric net attach xdpg
# Values that have their own words: no keyword is offered where one of these must come.
complete_words net attach tcx_ingress id "$id" dev lo expect ''
like "$offered" "^ id tag name pinned .*${PFX}_cnt" "expect: how a program is named"
complete_words net attach tcx_ingress id "$id" dev lo expect name "${PFX}_c"
is "$offered" " ${PFX}_cnt " "expect: its name"
offers "$id" net attach tcx_ingress id "$id" dev lo before id ''
complete_words net attach tcx_ingress id "$id" dev lo before link ''
like "$offered" "^ id pinned " "before link: how a link is named"
complete_words net attach tcx_ingress id "$id" dev lo after link id ''
like "$offered" "^ [0-9 ]*$" "after link id: links, if there are any, and nothing else"
complete_words net detach tcx_ingress dev lo expect 12 r
is "$offered" " revision " "a number was a whole program"
complete_words net show netns pid "$$"
like "$offered" " $$ " "processes"
complete_words net show netns pid x
is "$offered" "  " "nothing else"
complete_words net show netns pid $$ ''
is "$offered" " dev " "keywords behind it"
offers "$map_id" btf dump map id "$map_id"
offers "$T/o.o" btf dump file "$T/o.o"
offers lru_hash map create "$BPFFS/x" type lru_h
offers --json --js
complete_words p s
like "$offered" " show " "shortened words are understood"
complete_words -j prog show id ''
like "$offered" " $id " "options do not disturb"
complete_words prog pin id "$id" "$T" ''
is "$offered" '  ' "nothing is offered where nothing can come"
offers "${PFX}_cnt" prog show "$PFX"
offers "$id" prog show "$id" "$id"
offers "$BPFFS/${PFX}_pin" prog dump xlated "$BPFFS/${PFX}"
offers opcodes prog dump xlated "${PFX}_cnt" ''
offers "${PFX}_cnt" net attach xdp "${PFX}_cnt" dev lo expect "$PFX"
complete_words prog load "$T/o"
like "$offered" " $T/o.o " "files where a file is wanted"
complete_words prog show pinned "$BPFFS/$PFX"
like "$offered" " $BPFFS/${PFX}_pin " "pins"
complete_words nosuch ''
is "$offered" '  ' "nothing behind nonsense"

if [ -e /usr/share/bash-completion/bash_completion ]; then
	got=$(bash -c '
		. /usr/share/bash-completion/bash_completion
		. "$1/bash-completion/bpfctl"
		PATH=$2:$PATH COMP_WORDS=(bpfctl prog sh) COMP_CWORD=2 COMPREPLY=()
		_bpfctl && echo "${COMPREPLY[@]}"' - "$TOP" "$T")
	is "$got" show "beside the bash-completion package"
else
	skip "beside the bash-completion package" "not installed"
fi
# A candidate costs no process: many of them are offered at once.
printf '#!/bin/bash\nfor i in {1..400}; do echo "a word$i"; done\n' >"$T/many"
chmod +x "$T/many"
offered=$(FORKS=$T/forks bash -c '. "$1/bash-completion/bpfctl"
	printf() { [ "$BASH_SUBSHELL" = 0 ] || echo "$*" >>"$FORKS"; builtin printf "$@"; }
	COMP_WORDS=("$2/many" "") COMP_CWORD=1
	_bpfctl
	echo "${#COMPREPLY[@]} ${COMPREPLY[399]}"' - "$TOP" "$T")
is "$offered" "400 a\\ word400" "400 candidates, quoted"
ok "and no process is started for one" [ ! -e "$T/forks" ]
for sh in bash zsh fish; do
	run "$BPFCTL" completion $sh
	is "$out" "$(cat "$TOP/$sh-completion/"*bpfctl*)" "completion $sh prints the script"
done
run "$BPFCTL" -j completion bash
json_is .shell bash "completion as JSON"
ln -s "$BPFCTL" "$T/bpftool"
like "$(PATH=$T:$PATH bash -c '. "$1"; complete -p bpftool' - "$TOP/bash-completion/bpfctl" 2>&1)" "_bpfctl bpftool" \
	"a link named bpftool is completed"
rm "$T/bpftool"
offers --dry-run prog unload "$id" --dry
rm "$BPFFS/${PFX}_pin"
nothing_left "nothing is left"
done_testing
