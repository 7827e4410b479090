#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# cgroup show, tree, attach, detach on real cgroups, beside Debian's bpftool; walks over cgroups that
# cannot be read or go away.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq

mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
if [ -z "$mount" ]; then
	mount=$T/cgroup
	mkdir "$mount" && mount -t cgroup2 none "$mount" || skip_all "no cgroup2"
	at_exit umount "$mount"
fi
bpf_cc "$TOP/tests/progs/cgroup.c" "$T/p.o" -g -DPFX="$PFX" || skip_all "cannot compile cgroup.c"
ok "programs" "$BPFCTL" prog loadall "$T/p.o" "$BPFFS/p"
long=$BPFFS/p/${PFX}_a_name_that_is_longer_than_a_column
in=$BPFFS/p/${PFX}_in out_=$BPFFS/p/${PFX}_out dev=$BPFFS/p/${PFX}_dev
id()
{
	"$BPFCTL" -j prog show pinned "$1" | jq .id
}

C=$mount/$PFX
mkdir "$C" && at_exit rmdir "$C"
mkdir "$C/sub" && at_exit rmdir "$C/sub"
mkdir "$C/sub/deep" && at_exit rmdir "$C/sub/deep"
mkdir "$C/empty" && at_exit rmdir "$C/empty"

cg()
{
	run "$BPFCTL" -j cgroup "$@"
}

# --- nothing attached ---

cg show "$C"
status 0 "an empty cgroup"
is "$out" '[]' "JSON: an empty list"
run "$BPFCTL" cgroup show "$C"
is "$out" "ID       AttachType      AttachFlags     Name" "text: only the titles"
cg tree "$C"
is "$out" '[]' "an empty tree"

# --- attach: long names, old names, abbreviations, flags ---

cg attach "$C" cgroup_inet_ingress pinned "$in" multi
status 0 "attach by the long name"
is "$out" null "JSON: null"
cg attach "$C/sub" in pinned "$in" multi
status 0 "by the beginning of the old name"
cg attach "$C/sub" e pinned "$out_" over
status 0 "override, abbreviated"
cg attach "$C/sub" dev pinned "$dev"
status 0 "without flags"
cg attach "$C/sub/deep" cgroup_inet_sock_create pinned "$long" multi
status 0 "sock_create"

cg show "$C/sub"
json_ok "one document"
json_is '[.[] | [.id, .attach_type, .attach_flags, .name, .attach_btf_name, .attach_btf_obj_id, .attach_btf_id]]' \
	"[[$(id "$in"),\"cgroup_inet_ingress\",\"multi\",\"${PFX}_in\",\"\",0,0],[$(id "$out_"),\"cgroup_inet_egress\",\"override\",\"${PFX}_out\",\"\",0,0],[$(id "$dev"),\"cgroup_device\",\"\",\"${PFX}_dev\",\"\",0,0]]" \
	"all of it"
run "$BPFCTL" cgroup show "$C/sub/deep"
like "$out" "cgroup_inet_sock_create multi .* ${PFX}_a_name_that_is_longer_than_a_column( |\$)" \
	"text: a long name is whole, columns are as wide as what is in them"
is "$(grep -c ' $' <<<"$out")" 0 "no blanks at the ends of lines"
column=$(awk 'NR == 1 { print index($0, "Revision") } NR == 2 { sub(/[0-9]+$/, ""); print length($0) + 1 }' <<<"$out" |
	 uniq | tr '\n' ' ')
like "$column" '^[0-9]+ $' "titles stand above their columns"
run "$BPFCTL" cgroup tree "$C"
like "$out" "^CgroupPath"$'\n'"ID .*"$'\n'"$C"$'\n'"[0-9]+ .*"$'\n'"$C/sub"$'\n'"    [0-9]+ " \
	"tree: paths between rows, those below the root stand in"
unlike "$out" "$C/empty" "a cgroup without programs is not there"

# --- effective ---

cg show "$C/sub" effective
json_is '[.[] | [.id, .from]]' \
	"[[$(id "$in"),\"$C/sub\"],[$(id "$in"),\"$C\"],[$(id "$out_"),\"$C/sub\"],[$(id "$dev"),\"$C/sub\"]]" \
	"effective: own and inherited, and where each comes from"
json_is '[.[] | has("attach_flags")] | any' false "effective: without flags"
cg tree "$C" effective
json_is '[.[] | [.cgroup, [.programs[].from]]]' \
	"[[\"$C\",[\"$C\"]],[\"$C/empty\",[\"$C\"]],[\"$C/sub\",[\"$C/sub\",\"$C\",\"$C/sub\",\"$C/sub\"]],[\"$C/sub/deep\",[\"$C/sub\",\"$C\",\"$C/sub\",\"$C/sub/deep\",\"$C/sub\"]]]" \
	"tree effective: all cgroups that something takes effect in"
run "$BPFCTL" cgroup tree effective
status 0 "tree effective: the word is no path"
like "$out" "$C/empty" "and begins where cgroup2 is mounted"
cd "$C/sub" || exit 1
cg show . effective
json_is '[.[].from] | unique' "[\".\",\"$C\"]" "a relative path"
cd / || exit 1

# --- beside Debian's bpftool ---

if [ -n "$BPFTOOL" ]; then
	theirs()
	{
		"$BPFTOOL" -j cgroup "$@" | jq -Sc "$filter"
	}
	for words in "show $C" "show $C/sub" "show $C/sub/deep" "tree $C" "show $C/sub effective" "tree $C effective"; do
		filter='[.[] | if has("programs") then .programs |= map(del(.from, .revision)) else del(.from, .revision) end] | sort_by(.cgroup)'
		# shellcheck disable=SC2086
		cg $words
		# shellcheck disable=SC2086
		is "$(jq -Sc "$filter" <<<"$out")" "$(theirs $words)" "cgroup $words: as bpftool"
	done
else
	skip "compared with Debian's bpftool" "no bpftool"
fi

# --- reasons ---

# refuses TEXT STATUS REGEX HINT WORD...
refuses()
{
	local text=$1 want=$2 regex=$3 hint=$4

	shift 4
	run "$BPFCTL" cgroup "$@"
	status "$want" "$text: status $want"
	like "$err" "$regex" "$text: says so"
	[ -z "$hint" ] || like "$err" "Hint: .*$hint" "$text: says what to do"
	is "$out" '' "$text: stdout is empty"
	cg "$@"
	json_ok "$text: JSON"
	json_is 'type' object "$text: an error object"
}

refuses "no such cgroup" 1 "open cgroup '/nonexist': \[ENOENT\]" '' show /nonexist
refuses "not a cgroup" 1 "'/proc' is not a cgroup" 'cgroup tree' show /proc
refuses "a tree of no cgroups" 1 "'/proc' is not a cgroup" 'cgroup tree' tree /proc
refuses "no words" 2 "missing CGROUP" '' show
refuses "a wrong type" 1 "is of type cgroup_device, but cgroup_inet_ingress takes cgroup_skb" '' \
	attach "$C" ingress pinned "$dev" multi
refuses "no hook of cgroups" 1 "xdp is not an attach type of cgroups" '' attach "$C" xdp pinned "$in"
refuses "twice" 1 "\[EINVAL\]" "is already attached there" attach "$C" ingress pinned "$in" multi
refuses "other flags" 1 "allows no other beside it" "the same word" attach "$C" ingress pinned "$in"
refuses "no such type" 2 "unknown attach type 'frob'" '' attach "$C" frob pinned "$in"
refuses "an unknown word" 2 "unexpected 'frob'" '' attach "$C" ingress pinned "$in" frob
refuses "both flags" 2 "'multi' and 'override' exclude each other" '' attach "$C" ingress pinned "$in" multi override
refuses "no program" 2 "missing PROG" '' attach "$C" ingress
refuses "detach what is not there" 1 "is not attached to cgroup '$C/empty' as cgroup_inet_ingress" "nothing is" \
	detach "$C/empty" ingress pinned "$in"
refuses "detach another program" 1 "is not attached to cgroup '$C/sub' as cgroup_inet_egress" "others are" \
	detach "$C/sub" egress pinned "$in"
cg show "$C/sub"
json_is length 3 "that left everything in place"

# --- cgroups that cannot be read, or go away ---

if command -v setpriv >/dev/null; then
	chmod 000 "$C/sub"
	run setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search \
		"$BPFCTL" -j cgroup tree "$C" effective
	status 3 "one cgroup that may not be read: status 3"
	json_ok "and still one document"
	json_is '[.[] | .cgroup // .errno]' "[\"$C\",\"$C/empty\",\"EACCES\"]" "the others are there, the error stands in its place"
	chmod 755 "$C/sub"
else
	skip "a cgroup that may not be read" "no setpriv"
fi

# The kernel says ENOENT of a cgroup that is removed between opening and asking; 29 questions for each.
if strace -qq -o "$T/trace" true 2>/dev/null; then
	answers()
	{
		run strace -qq -o "$T/trace" -e trace=bpf -e inject=bpf:error="$1":when="$2" "$BPFCTL" -j cgroup tree "$C"
		json_ok "$1 to question $2: one document"
	}
	answers ENOENT 45
	status 0 "removed while it is looked at: no failure"
	json_is '[.[].cgroup]' "[\"$C\",\"$C/sub\",\"$C/sub/deep\"]" "the others are all there"
	answers EPERM 75
	status 3 "refused for one cgroup: status 3"
	json_is '[.[] | .cgroup // .errno]' "[\"$C\",\"EPERM\",\"$C/sub/deep\"]" "and the cgroups below it are there, too"
	answers EINVAL 1..3
	status 0 "a hook this kernel does not have"
	json_is '[.[] | [.cgroup, (.programs | length)]]' "[[\"$C/sub\",2],[\"$C/sub/deep\",1]]" "is passed over"
else
	skip "a cgroup that is removed while it is looked at" "strace cannot be used here"
fi

mkdir "$C/empty/"{1..40}
(while [ ! -e "$T/stop" ]; do
	for i in {1..40..10}; do
		eval "some=(\"$C/empty/\"{$i..$((i + 9))})"
		rmdir "${some[@]}"
		mkdir "${some[@]}"
	done
done) 2>/dev/null &
churn=$!
bad=0 walks=()
for i in {1..100}; do
	"$BPFCTL" -j cgroup tree "$C" effective >"$T/walk.$i" 2>"$T/walk.err" && [ ! -s "$T/walk.err" ] || bad=$((bad + 1))
	walks+=("$T/walk.$i")
done
touch "$T/stop"
wait $churn
stayed=$(jq -c '[.[] | select(.cgroup | contains("/empty/") | not)] | length' "${walks[@]}")
is "$bad $(uniq -c <<<"$stayed" | xargs)" "0 100 4" \
	"100 walks while cgroups come and go: never a failure, never one missing that stayed"
rmdir "$C/empty/"{1..40}

# --- detach ---

cg detach "$C/sub" device pinned "$dev"
status 0 "detach"
is "$out" null "JSON: null"
cg detach "$C/sub" egress pinned "$out_"
cg detach "$C/sub" ingress pinned "$in"
cg detach "$C" ingress pinned "$in"
cg detach "$C/sub/deep" sock_create pinned "$long"
cg tree "$C"
is "$out" '[]' "nothing is attached any more"

# More programs than the first question has room for, on one hook.
for i in {1..40}; do
	echo "prog load $T/p.o $BPFFS/many$i"
	echo "cgroup attach $C ingress pinned $BPFFS/many$i multi"
done | "$BPFCTL" batch file - >/dev/null || exit 1
cg show "$C"
json_is 'length, (map(.id) | unique | length)' $'40\n40' "40 programs on one hook"

# A link: its program is detached with it only.
gcc -O1 -o "$T/make_links" "$TOP/tests/live/make_links.c" -lbpf 2>/dev/null &&
	"$T/make_links" "$BPFFS" lo "$C/empty" >/dev/null 2>&1
if [ -e "$BPFFS/cgroup" ]; then
	link_prog=$("$BPFCTL" -j link show pinned "$BPFFS/cgroup" | jq .prog_id)
	refuses "a program that a link holds" 1 "detach program $link_prog" "link detach" \
		detach "$C/empty" ingress id "$link_prog"
	cg show "$C/empty"
	json_is '[.[].id]' "[$link_prog]" "it is still there"
else
	skip "a program that a link holds" "cannot make the link"
fi

rm -rf "$BPFFS"/[!mp]* "$BPFFS/many"* "$BPFFS/p" "$BPFFS"/perf* "$BPFFS"/event
rmdir "$C/sub/deep" "$C/sub" "$C/empty" "$C"
nothing_left "nothing is left"
done_testing
