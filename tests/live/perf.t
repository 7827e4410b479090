#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# perf show: every kind of probe this kernel makes, held by a process of ours; beside Debian's bpftool.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/hold" "$TOP/tests/live/hold_probes.c" -lbpf || exit 1
[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
target="$T/a \"file\" ü"
cp "$(realpath /bin/true)" "$target"
mkfifo "$T/end"
"$T/hold" "$target" <"$T/end" >"$T/made" 2>"$T/not_made" &
pid=$!
exec 9>"$T/end"
at_exit kill $pid
wait_until eval "grep -qx . '$T/made' || ! kill -0 $pid"

run "$BPFCTL" perf show
status 0 "status 0"
mine=$(grep "^pid $pid " <<<"$out")
run "$BPFCTL" -j perf show
status 0 "-j: status 0"
json_ok "-j: one document"
ours=$out
out=$(jq -c "[.[] | select(.pid == $pid)]" <<<"$ours")
json_is length "$(grep -cvx . "$T/made")" "nothing is listed that is no probe"

# kind KIND TEXT JSON: the plain line beyond the program, the JSON beyond the kind
kind()
{
	local fd prog

	if ! read -r _ fd prog < <(grep "^$1 " "$T/made"); then
		skip "$1" "$(grep "^$1:" "$T/not_made")"
		return
	fi
	is "$(grep "^pid $pid  fd $fd: " <<<"$mine")" "pid $pid  fd $fd: prog_id $prog  $1  $2  comm $name" "$1"
	json_is ".[] | select(.fd == $fd)" \
		"{\"pid\":$pid,\"fd\":$fd,\"prog_id\":$prog,\"fd_type\":\"$1\",$3,\"comm\":$comm}" "$1: JSON"
}

# As it stands in text: what would break the line is escaped.
name='a "name"\x0a\x01:'
comm='"a \"name\"\n\u0001:"'
quoted=$(jq -n --arg f "$target" '$f')
kind uprobe "filename $target  offset 4096" "\"filename\":$quoted,\"offset\":4096"
kind uretprobe "filename $target  offset 4096" "\"filename\":$quoted,\"offset\":4096"
kind tracepoint sched_switch '"tracepoint":"sched_switch"'
kind raw_tracepoint sched_switch '"tracepoint":"sched_switch"'
kind kprobe "func do_nanosleep  offset 0" '"func":"do_nanosleep","offset":0'
kind kretprobe "func do_nanosleep  offset 0" '"func":"do_nanosleep","offset":0'

is "$("$BPFCTL" perf | grep "^pid $pid ")" "$mine" "show is what perf does without a verb"
is "$("$BPFCTL" pe l | grep "^pid $pid ")" "$mine" "pe l is perf list"
run "$BPFCTL" --jsonl perf show
is "$(jq -c "select(.pid == $pid).fd" <<<"$out" | wc -l)" "$(wc -l <<<"$mine")" "--jsonl: one a line"

# The iterator sees processes that we may not look into; without it the list says that it lacks them.
if start_hidden; then
	if seen=$("${blinded[@]}" "$BPFCTL" perf show 2>/dev/null); then
		is "$(grep "^pid $pid " <<<"$seen")" "$mine" "without cap_sys_ptrace: the iterator sees all"
	else
		skip "without cap_sys_ptrace: the iterator sees all" "it cannot be used here"
	fi
	if mount --bind /dev/null /sys/kernel/btf/vmlinux 2>/dev/null; then
		run "${blinded[@]}" unshare -fp "$BPFCTL" -j perf show
		status 3 "without the iterator: partly done"
		json_is '.[-1].errno' EACCES "without the iterator: the list says so"
		run "${blinded[@]}" unshare -fp "$BPFCTL" -j attach list
		status 3 "attach list: partly done"
		json_is '[.[] | select((.error // "") | startswith("read the open files")).errno]' '["EACCES"]' \
			"attach list: says so"
		run "${blinded[@]}" unshare -fp "$BPFCTL" prog show
		status 3 "prog show: partly done"
		like "$err" "read the open files of [0-9]+ process(es)?" "prog show: says that some may lack"
		umount /sys/kernel/btf/vmlinux
	fi
else
	skip "processes that may not be looked into" "cannot make one"
fi

# Without /proc nobody is seen, which is not "nothing".
cat >"$T/no_proc" <<'EOF'
umount -l /proc || exit 77
"$@" perf show
echo "status $?"
"$@" attach list
echo "status $?"
"$@" ps
echo "status $?"
EOF
if out=$(unshare -m sh "$T/no_proc" "$BPFCTL" 2>"$T/no_proc.err"); then
	like "$out" "^status 1"$'\n'"(.*"$'\n'")?status 3"$'\n'"status 1$" \
		"no /proc: perf show and ps fail, attach list is partly done"
	like "$(<"$T/no_proc.err")" "perf events: /proc, which [a-z ]+, is not mounted.*list processes: /proc" "and why"
else
	skip "without /proc" "it cannot be unmounted here"
fi

if [ -n "$BPFTOOL" ]; then
	theirs=$("$BPFTOOL" perf show | grep "^pid $pid ")
	# Theirs leaves blanks at the end of lines, puts names as they are and says nothing of processes.
	is "$(sed 's/  comm [^/]*$//' <<<"$mine")" "$(sed 's/ *$//' <<<"$theirs")" "the lines are those of bpftool"
	theirs=$(sed 's/\(a \)"\(file\)"/\1\\"\2\\"/g' < <("$BPFTOOL" -j perf show))
	is "$(jq -c "[.[] | select(.pid == $pid) | del(.comm)]" <<<"$ours")" \
		"$(jq -c "[.[] | select(.pid == $pid)]" <<<"$theirs")" "and so is the JSON, but for comm"
else
	skip "as bpftool" "there is none"
fi

# An event that many processes hold is theirs, each; and only what may be a probe is asked about.
if command -v strace >/dev/null; then
	asked=$(strace -e trace=bpf "$BPFCTL" perf show 2>&1 >/dev/null | grep -c TASK_FD_QUERY)
	files=$(find /proc/[0-9]*/fd -type l 2>/dev/null | wc -l)
	ok "$asked questions for $files open files" [ "$asked" -lt $((files / 2 + 10)) ]
else
	skip "few questions" "no strace"
fi

exec 9>&-
wait $pid
is "$("$BPFCTL" -j perf show | jq "[.[] | select(.pid == $pid)] | length")" 0 "gone with their holder"

# Counters: the kernel's own question does not answer for these (bpftool lists none), an iterator does.
if ! gcc -O1 -o "$T/counters" "$TOP/tests/live/counters.c" -lbpf; then
	skip "programs on counters" "cannot compile"
elif ! mkfifo "$T/more" || ! { "$T/counters" <"$T/more" >"$T/counting" & } || ! exec 9>"$T/more" ||
	! wait_until eval '[ -s "$T/counting" ] || ! kill -0 $!' || [ ! -s "$T/counting" ]; then
	skip "programs on counters" "this kernel refuses"
elif [ "$("$BPFCTL" -j version | jq .features.skeletons)" != true ] ||
	! first_pids; then
	run "$BPFCTL" perf show
	like "$err" "([2-9]|[0-9]{2,}) perf events on hardware or software counters" "counters that cannot be told are mentioned"
else
	pid=$!
	read -r fd prog <"$T/counting"
	run "$BPFCTL" perf show
	like "$out" "pid $pid  fd $fd: prog_id $prog  perf_event  software:context-switches  comm counters" "a program on a counter"
	is "$(grep -c "^pid $pid " <<<"$out")" 2 "both"
	run "$BPFCTL" -j perf show
	json_is ".[] | select(.pid == $pid and .fd == $fd)" "{\"pid\":$pid,\"fd\":$fd,\"prog_id\":$prog,\"fd_type\":\"perf_event\",\"event_type\":\"software\",\"event_config\":\"context-switches\",\"comm\":\"counters\"}" "in JSON"
fi
exec 9>&-

for j in '' -j; do
	# shellcheck disable=SC2086
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$BPFCTL" $j perf show
	status 1 "no privileges: status 1 ${j:-plain}"
	like "$out$err" "Operation not permitted" "says so"
	like "$out$err" "cap_sys_admin" "names what is missing"
	[ -n "$j" ] && json_ok "no privileges: one document, nothing on stderr"
done
done_testing
