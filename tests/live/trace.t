#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# trace show, trace reset on the real tracefs. It is the whole machine's: only what carries our prefix is touched,
# and what is global (tracing_on) is tried in an instance.
. "$(dirname "$0")/../lib.sh"
live
need jq
tracing=/sys/kernel/tracing
[ -d $tracing ] || skip_all "this kernel has no tracefs"
alone tracefs
umount -l $tracing 2>/dev/null
grep -Eq -- '- (tracefs|debugfs) ' /proc/self/mountinfo && skip_all "tracefs is mounted elsewhere, too"

# --- the mount ---
run "$BPFCTL" -n trace show
status 1 "with -n nothing is mounted"
like "$err" "mount -t tracefs" "but it is said how"
run "$BPFCTL" -n -j trace show
json_ok "the same as JSON"
run "$BPFCTL" trace show
# Some machines let nobody read what ftrace's filters are: then every answer is complete but for these.
whole=0 n_denied=0
for file in $tracing/set_ftrace_*; do
	[ ! -e "$file" ] || cat "$file" >/dev/null 2>&1 || whole=3 n_denied=$((n_denied + 1))
done
status $whole "without -n it is"
if [ $whole = 0 ]; then
	is "$err" '' "nothing is missing"
else
	like "$err" "read [0-9]+ files? of tracefs .*: \[EPERM\]" "what may not be read is reported"
fi
is "$(findmnt -no FSTYPE $tracing)" tracefs "at its place"
run "$BPFCTL" -n trace show
status $whole "then -n is content"
[ -e $tracing/uprobe_events ] || skip_all "this kernel has no uprobe events"

# --- things of ours ---
shell=$(realpath /bin/true)
dead=$(bash -c 'echo $$')
probes=("${PFX}_g:plain" "uprobes:p_${PFX}_bcc_$dead" "uprobes:libbpf_$$_${PFX}_0x10" "${PFX}_g:busy")
remove()
{
	local p

	echo 0 >$tracing/events/${PFX}_g/enable
	rmdir "$tracing/instances/$PFX" "$tracing/instances/${PFX}b"
	for p in "${probes[@]}"; do
		echo "-:${p/:/\/}" >>$tracing/uprobe_events
	done
}
at_exit remove
for p in "${probes[@]}"; do
	echo "p:${p/:/\/} $shell:0x1000" >>$tracing/uprobe_events || skip_all "cannot make uprobe events"
done
plain=$tracing/events/${PFX}_g/plain
echo 1 >$plain/enable
echo "common_pid == 1" >$plain/filter
echo "traceoff:3" >$plain/trigger
mkdir $tracing/instances/"$PFX" $tracing/instances/"${PFX}b"
echo 1 >$tracing/instances/"${PFX}b"/events/${PFX}_g/busy/enable
i=$tracing/instances/$PFX
echo 0 >$i/tracing_on
echo 7 8 >$i/set_event_pid
echo mono >$i/trace_clock
echo 1 >$i/tracing_cpumask
echo sched:sched_switch >$i/set_event
sleep 300 7<$plain/id 8<$i/trace_pipe &
reader=$!
at_exit kill $reader

# --- show ---
run "$BPFCTL" -j trace show only "*$PFX*"
status $whole "trace show"
json_ok "is one document"
json_is ".tracefs" $tracing "with the mount"
name="p_${PFX}_bcc_$dead"
json_is ".items[] | select(.name == \"uprobes:$name\") | [.file, .tool, .enabled, .in_use, .owners[0].pid, .owners[0].alive]" \
	"[\"uprobe_events\",\"bcc\",false,$(first_pids && echo false || echo true),$dead,false]" "a probe whose process is gone"
json_is ".items[] | select(.name == \"uprobes:libbpf_$$_${PFX}_0x10\") | [.tool, .in_use, .owners[0]]" \
	"[\"libbpf\",true,{\"pid\":$$,\"comm\":\"$(</proc/$$/comm)\",\"claim\":\"name\",\"alive\":true}]" "one of a living process"
json_is ".items[] | select(.name == \"${PFX}_g:plain\" and .file == \"uprobe_events\") | .enabled" true "one that is on"
json_is "[.items[] | select(.name == \"${PFX}_g:plain\" and .instance == null) | .file] | sort" \
	"[\"events/${PFX}_g/plain/filter\",\"events/${PFX}_g/plain/trigger\",\"set_event\",\"uprobe_events\"]" \
	"with its filter and its trigger"
json_is "[.items[] | select(.instance == \"$PFX\") | .file] | sort" \
	'["set_event","set_event_pid","trace_clock","tracing_cpumask","tracing_on"]' "what differs in an instance"
json_is "[.items[] | select(.instance == \"$PFX\") | .owners[].pid] | unique" "[$reader]" "who reads it"
json_is ".items[] | select(.file == \"trace_clock\" and .instance == \"$PFX\") | [.value, .idle]" '["mono","local"]' "value and idle value"
unlike "$out" '"bpf_trace:bpf_trace_printk"' "the kernel's own event is no difference"
run "$BPFCTL" trace show only "*$PFX*"
like "$out" "p_${PFX}_bcc_$dead .*pid $dead gone" "in text"
like "$out" "sleep\\($reader\\)" "with the names of processes"
run "$BPFCTL" trace show instance "$PFX"
unlike "$out" uprobe_events "one instance only"
run "$BPFCTL" -j trace show instance "${PFX}none"
status 1 "an instance that is not there"
json_ok "is an error"
echo "common_pid == 2" >$tracing/events/${PFX}_g/busy/filter
echo 0 >$tracing/instances/"${PFX}b"/events/${PFX}_g/busy/enable
echo "common_pid == 2" >$tracing/instances/"${PFX}b"/events/${PFX}_g/busy/filter
run "$BPFCTL" trace show instance "${PFX}b"
unlike "$out" "filter" "an event that is off is not looked at"
run "$BPFCTL" trace show instance "${PFX}b" verbose
like "$out" "filter +${PFX}_g:busy +common_pid == 2" "with verbose it is"
echo 0 >$tracing/instances/"${PFX}b"/events/${PFX}_g/busy/filter
echo 1 >$tracing/instances/"${PFX}b"/events/${PFX}_g/busy/enable

# A user may be one of those that we may not look into.
if start_hidden; then
	run "${blinded[@]}" "$BPFCTL" -j trace show only "*$name"
	json_is '.items[].in_use' true "out of sight: everything counts as in use"
else
	skip "out of sight: everything counts as in use" "cannot make a process that is hidden"
fi

# --- reset ---
# Somebody on this machine may be reading the trace just now: then everything global is theirs.
unused()
{
	"$BPFCTL" -j trace show only "${PFX}_g:plain" | jq -e 'any(.items[]; .in_use) | not'
}
if ! wait_until unused; then
	skip "reset" "somebody else reads the trace of this machine all the time"
	kill $reader
	wait $reader 2>/dev/null
	remove 2>/dev/null
	done_testing
fi
before=$(cat $tracing/uprobe_events $tracing/set_event)
run "$BPFCTL" -j trace reset --dry-run only "*$PFX*"
status $whole "a dry run"
json_ok "is one document"
json_is '[.actions[].action] | unique' '["left","would_reset"]' "says what it would do"
is "$(cat $tracing/uprobe_events $tracing/set_event)" "$before" "and changes nothing"
run "$BPFCTL" trace reset dry_run all verbose only "*$PFX*"
like "$out" "echo '-:uprobes/$name' >>$tracing/uprobe_events" "verbose names each file"
like "$out" "rmdir $tracing/instances/$PFX" "and each directory"
mkdir "$tracing/instances/$PFX o'; x"
echo 0 >"$tracing/instances/$PFX o'; x/tracing_on"
run "$BPFCTL" trace reset dry_run verbose instance "$PFX o'; x"
is "$(sed -n "s/.* rmdir /rmdir /p" <<<"$out")" "rmdir '$tracing/instances/$PFX o'\\''; x'" "as a shell reads it"
eval "$(sed -n "s/.* echo '1' >/echo 1 >/p; s/.* rmdir /rmdir /p" <<<"$out")"
[ ! -e "$tracing/instances/$PFX o'; x" ]
is $? 0 "which does what it says" || rmdir "$tracing/instances/$PFX o'; x"
run "$BPFCTL" trace reset verbose only "*$PFX*"
status 3 "what the kernel refuses is an error"
like "$out" "failed .*${PFX}_g:busy .*EBUSY" "with the kernel's word"
like "$out" "reset +uprobe_events +uprobes:$name" "a dead process's probe goes"
like "$out" "left +uprobe_events +uprobes:libbpf_$$_.*in use: " "a living one's stays"
unlike "$(<$tracing/uprobe_events)" "$name|${PFX}_g/plain" "they are gone"
like "$(<$tracing/uprobe_events)" "libbpf_$$_${PFX}_0x10" "or still there"
like "$(cat $i/tracing_on $i/set_event_pid)" "0.7.8" "instances are left alone"
[ ! -e $plain ]
is $? 0 "a probe that was on is gone"
run "$BPFCTL" trace reset instance "$PFX"
status $whole "by its name an instance is, too, when somebody reads it"
like "$(<$i/tracing_on)" 0 "as it says"
run "$BPFCTL" trace reset instance "$PFX" all
status 3 "with all its state goes"
like "$out" "failed +instances +$PFX .*EBUSY.*sleep\\($reader\\)" "but not the directory, whose files are open"
is "$(cat $i/tracing_on $i/set_event_pid $i/set_event)" 1 "all is as it was"
like "$(<$i/trace_clock)" "\\[local\\]" "the clock, too"
kill $reader
wait $reader 2>/dev/null
run "$BPFCTL" -j trace reset instance "$PFX"
json_is '[.actions[] | [.action, .file, .name, .path]]' "[[\"reset\",\"instances\",\"$PFX\",\"instances/$PFX\"]]" \
	"when nobody reads it the instance goes"
[ ! -e $i ]
is $? 0 "it is gone"
run "$BPFCTL" trace reset all only "*$PFX*"
status $whole "with all and nobody in the way everything goes"
is "$(grep -h "$PFX" $tracing/uprobe_events $tracing/set_event; ls $tracing/instances | grep "$PFX")" "" "nothing is left"
run "$BPFCTL" trace reset all only "*$PFX*"
is "$status$out" $whole "then there is nothing to do"

# --- a program on the place of a probe ---
if gcc -O1 -o "$T/hold" "$TOP/tests/live/hold_probes.c" -lbpf 2>/dev/null; then
	cp "$shell" "$T/target"
	mkfifo "$T/end"
	"$T/hold" "$T/target" <"$T/end" >"$T/made" 2>/dev/null &
	holder=$!
	exec 9>"$T/end"
	wait_until eval "grep -qx . '$T/made' || ! kill -0 $holder"
	probes=("${PFX}_g:perf")
	echo "p:${PFX}_g/perf $T/target:0x1000" >>$tracing/uprobe_events
	run "$BPFCTL" -j trace show only "${PFX}_g:*"
	if grep -q uprobe "$T/made"; then
		json_is '[.items[] | .in_use, .owners[].pid, .owners[].claim]' "[true,$holder,\"perf\"]" \
			"who has a program there"
		run "$BPFCTL" trace reset only "${PFX}_g:*"
		like "$out" "left .*in use: .*\\($holder\\)" "is respected"
	else
		skip "who has a program there" "no uprobes by perf events here"
	fi
	exec 9>&-
	wait $holder
	run "$BPFCTL" trace reset only "${PFX}_g:*"
	like "$out" "reset +uprobe_events +${PFX}_g:perf" "once it has ended the probe is nobody's"
fi
done_testing
