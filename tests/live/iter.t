#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# iter pin, iter run: tasks, maps, cgroups; parameters; what is printed, in both renditions.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq

for kind in task map_elem cgroup bytes none; do
	bpf_cc "$TOP/tests/progs/iter.c" "$T/$kind.o" -g -DPFX="$PFX" -D${kind^^} || skip_all "cannot compile iter.c"
done
pins()
{
	find "$BPFFS" -mindepth 1 ! -name '*.debug' -printf '%P '
}

# What the policy of a machine does not let anybody load is skipped.
# denied OBJ WORD...: is this iterator? $why
denied()
{
	why=
	run "$BPFCTL" iter run "$@"
	[ "$status" != 0 ] && [[ $err =~ \[(EPERM|ENOENT|ESRCH)\] ]] &&
		why="this kernel refuses it: $(grep -m 1 "^Error" <<<"$err")"
}
denied "$T/task.o" pid $$ && skip_all "$why"
"$BPFCTL" map create "$BPFFS/m" type hash key 4 value 4 entries 8 name "${PFX}m"
denied "$T/map_elem.o" map pinned "$BPFFS/m"
no_elem=$why
denied "$T/cgroup.o"
no_cgroup=$why

# --- run ---

# as the kernel calls us
me=$$
first_pids || me=$("$BPFCTL" iter run "$T/task.o" pid $$ | cut -d " " -f 1)
run "$BPFCTL" iter run "$T/task.o" pid $$
status 0 "the threads of one process"
is "$out" "$me $me \"	" "text: as it is printed, tabs and all"
run "$BPFCTL" -j iter run "$T/task.o" pid $$
json_ok "one document"
json_is . "[\"$me $me \\\"\\t\"]" "JSON: a string for each line"
run "$BPFCTL" iter run "$T/task.o" tid $$
is "$out" "$me $me \"	" "one thread"
run "$BPFCTL" iter run "$T/task.o"
status 0 "all tasks"
ok "many lines" [ "$(wc -l <<<"$out")" -gt 3 ]
run "$BPFCTL" --jsonl iter run "$T/task.o" pid $$
is "$out" "\"$me $me \\\"\\t\"" "--jsonl: a line for each"
is "$("$BPFCTL" iter run "$T/bytes.o" pid $$ | od -An -tx1)" ' 01 00 ff 78' "bytes stay as they are, no line end is put behind"
run "$BPFCTL" -j iter run "$T/bytes.o" pid $$
json_ok "in JSON they are escaped"
json_is length 1 "a line without an end is one, too"

ok "a map" test -e "$BPFFS/m"
if [ -z "$no_elem" ]; then
	"$BPFCTL" map update pinned "$BPFFS/m" key 7 0 0 0 value 9 0 0 0
	run "$BPFCTL" -j iter run "$T/map_elem.o" map pinned "$BPFFS/m"
	json_is . '["7=9"]' "the entries of a map"
	"$BPFCTL" map delete pinned "$BPFFS/m" key 7 0 0 0
	run "$BPFCTL" -j iter run "$T/map_elem.o" map name "${PFX}m"
	is "$out" '[]' "no entries: an empty list"
	run "$BPFCTL" iter run "$T/map_elem.o" map name "${PFX}m"
	is "$out$err" '' "and in text nothing"
else
	skip "the entries of a map" "$no_elem"
fi

mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$mount" ] || no_cgroup="no cgroup2"
if [ -z "$no_cgroup" ] && mkdir -p "$mount/$PFX"; then
	C=$mount/$PFX
	mkdir -p "$C/a/b" && at_exit rmdir "$C/a/b" "$C/a" "$C"
	mapfile -t ids < <(stat -c %i "$C" "$C/a" "$C/a/b")
	order()
	{
		run "$BPFCTL" iter run "$T/cgroup.o" cgroup "$@"
		is "$(tr '\n' ' ' <<<"$out")" "$want" "cgroup ${*#"$C"}"
	}
	want="${ids[0]} ${ids[1]} ${ids[2]} " order "$C"
	want="${ids[2]} ${ids[1]} ${ids[0]} " order "$C" order descendants_post
	want="${ids[1]} " order "$C/a" order self
	run "$BPFCTL" iter run "$T/cgroup.o" cgroup "$C/a" order ancestors_up
	like "$out" "^${ids[1]}"$'\n'"${ids[0]}"$'\n' "ancestors_up"
	run "$BPFCTL" iter run "$T/cgroup.o"
	like $'\n'"$out"$'\n' $'\n'"${ids[2]}"$'\n' "without a cgroup: all of them"
else
	skip "iterators over cgroups" "${no_cgroup:-cannot make a cgroup}"
fi
is "$(pins)" 'm ' "nothing is pinned by run"
run "$BPFCTL" iter run "$T/task.o" pid $$
left=$("$BPFCTL" -j link show | jq -r --argjson p "$("$BPFCTL" -j prog show | jq -c "[.[] | select(.name // \"\" | startswith(\"$PFX\")) | .id]")" \
	'[.[] | select(.prog_id as $i | $p | index($i))] | length')
is "$left" 0 "and nothing stays attached"

# --- pin ---

run "$BPFCTL" -j iter pin "$T/task.o" "$BPFFS/it" pid $$
status 0 "pin"
is "$out" null "JSON: null"
is "$(<"$BPFFS/it")" "$me $me \"	" "the file runs it"
run "$BPFCTL" -j link show pinned "$BPFFS/it"
json_is '[.type, .target_name, .pid]' "[\"iter\",\"task\",$$]" "the link knows the process"
run "$BPFCTL" -j attach list type iter
json_is ".[] | select(.pinned == [\"$BPFFS/it\"]) | [.target, .target_name, .pid]" "[\"task pid $$\",\"task\",$$]" \
	"and so does the list of attachments"
if [ -z "$no_elem" ]; then
	run "$BPFCTL" iter pin "$T/map_elem.o" "$BPFFS/elem" map pinned "$BPFFS/m"
	status 0 "pin with a map"
	run "$BPFCTL" -j link show pinned "$BPFFS/elem"
	json_is .map_id "$("$BPFCTL" -j map show pinned "$BPFFS/m" | jq .id)" "the link knows the map"
else
	skip "pin with a map" "$no_elem"
fi
if [ -n "${C:-}" ]; then
	run "$BPFCTL" iter pin "$T/cgroup.o" "$BPFFS/cg" cgroup "$C" order self_only
	run "$BPFCTL" -j link show pinned "$BPFFS/cg"
	json_is '[.cgroup_id, .order]' "[${ids[0]},\"self_only\"]" "the link knows the cgroup"
fi
if [ -n "$no_elem" ]; then
	skip "compared with Debian's bpftool" "$no_elem"
elif [ -n "$BPFTOOL" ] && "$BPFTOOL" iter pin "$T/map_elem.o" "$BPFFS/theirs" map pinned "$BPFFS/m" 2>/dev/null; then
	filter='del(.id, .prog_id, .pids)'
	is "$("$BPFCTL" -j link show pinned "$BPFFS/elem" | jq -Sc "$filter")" \
		"$("$BPFCTL" -j link show pinned "$BPFFS/theirs" | jq -Sc "$filter")" "as bpftool's"
	rm -f "$BPFFS/theirs"
else
	skip "compared with Debian's bpftool" "no bpftool"
fi

# --- refusals ---

"$BPFCTL" map create "$BPFFS/ring" type ringbuf entries 4096 name "${PFX}r"
"$BPFCTL" map create "$BPFFS/thin" type hash key 1 value 1 entries 4 name "${PFX}t"
before=$(pins)
# refuses TEXT STATUS REGEX WORD...
refuses()
{
	local text=$1 want=$2 regex=$3

	shift 3
	run "$BPFCTL" iter "$@"
	status "$want" "$text: status $want"
	like "$err" "$regex" "$text: says so"
	is "$out" '' "$text: stdout is empty"
	run "$BPFCTL" -j iter "$@"
	json_ok "$text: JSON"
	like "$(jq -r .error <<<"$out")" "${regex%%|*}" "$text: an error object"
	is "$(pins)" "$before" "$text: nothing is pinned"
}

refuses "the path exists" 1 "$BPFFS/it" pin "$T/task.o" "$BPFFS/it"
refuses "not a path for pins" 1 "" pin "$T/task.o" /proc/x
refuses "no iterator" 1 "none.o' contains no iterator" pin "$T/none.o" "$BPFFS/none"
refuses "no iterator to run" 1 "none.o' contains no iterator" run "$T/none.o"
refuses "no object" 1 "open object file '$T/nosuch.o'" run "$T/nosuch.o"
refuses "no words" 2 "missing OBJ" run
refuses "no path" 2 "missing PATH" pin "$T/task.o"
refuses "a map is needed" 2 "an iterator over bpf_map_elem needs 'map MAP'" run "$T/map_elem.o"
refuses "a map for tasks" 2 "'map' is not for an iterator over task" run "$T/task.o" map pinned "$BPFFS/m"
refuses "no process 0" 2 "'pid' cannot be 0" run "$T/task.o" pid 0
refuses "no thread 0" 2 "'tid' cannot be 0" run "$T/task.o" tid 0
refuses "an order of tasks" 2 "'order' is not for an iterator over task, which takes tid or pid" run "$T/task.o" order self
refuses "an order of entries" 2 "'order' is not for an iterator over bpf_map_elem, which takes map" \
	run "$T/map_elem.o" map pinned "$BPFFS/m" order self
if [ -z "$no_elem" ]; then
	refuses "a map without entries" 1 "EINVAL" run "$T/map_elem.o" map pinned "$BPFFS/ring"
	run "$BPFCTL" iter run "$T/map_elem.o" map pinned "$BPFFS/ring"
	like "$err" "Hint: bpf_map_elem does not support maps of this type" "and says why"
	run "$BPFCTL" iter run "$T/map_elem.o" map pinned "$BPFFS/thin"
	like "$err" "\[EACCES\].*Hint: the program reads or writes more than the keys and values" "a map of smaller entries: says why"
else
	skip "maps that it does not walk over" "$no_elem"
fi
refuses "a process for a map" 2 "'pid' is not for an iterator over bpf_map_elem" run "$T/map_elem.o" pid 1
refuses "two of them" 2 "exclude each other" run "$T/task.o" pid 1 tid 1
refuses "no such process" 1 "no process 4194304" run "$T/task.o" pid 4194304
refuses "no such thread" 1 "no thread 4294967295" run "$T/task.o" tid 4294967295
refuses "no such cgroup" 1 "open cgroup '/nonexist'" run "$T/cgroup.o" cgroup /nonexist
refuses "no such map" 1 "no map named '${PFX}none'" run "$T/map_elem.o" map name "${PFX}none"
refuses "more words" 2 "unexpected 'foo'" pin "$T/task.o" "$BPFFS/x" foo bar

run "$BPFCTL" iter
status 0 "iter alone: help"
like "$out" "iter pin" "with its verbs"
"$BPFCTL" iter run "$T/task.o" >/dev/full 2>"$T/err"
is $? 1 "a full disk is noticed"

rm -f "$BPFFS"/{it,elem,cg,m,ring,thin}
nothing_left "nothing is left"
done_testing
