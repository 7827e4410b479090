#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# ps: a process of ours that holds one of each, beside what /proc says of it.
. "$(dirname "$0")/../lib.sh"
live
need jq
need gcc
gcc -O1 -o "$T/hold" "$TOP/tests/live/hold_probes.c" -lbpf || exit 1
gcc -O1 -o "$T/many" "$TOP/tests/bench/many.c" -lbpf || exit 1
[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
cp "$(realpath /bin/true)" "$T/target"

# start VAR CMD...: in the background until the fifo's end is closed
start()
{
	local fifo=$T/end.$1

	mkfifo "$fifo"
	"${@:2}" <"$fifo" >"$T/$1.out" 2>"$T/$1.err" &
	printf -v "$1" %s $!
	at_exit kill $!
	eval "exec {fd_$1}>'$fifo'"
	wait_until eval "grep -Eqx 'ready|\.' '$T/$1.out' || ! kill -0 $!"
	grep -Eqx 'ready|\.' "$T/$1.out" || skip_all "cannot hold what is to be listed: $(tail -n 1 "$T/$1.err")"
}
start probes "$T/hold" "$T/target"
start objects "$T/many" "$PFX" 3

of()
{
	printf '%s\n' "$out" | jq -c ".[] | select(.pid == $1) | $2"
}

links()
{
	find "/proc/$1/fd" -lname "anon_inode:*$2*" | wc -l
}

# --- numbers ---
run "$BPFCTL" -j ps
hidden=$(jq 'map(select(.error)) | length' <<<"$out")	# a policy may hide processes from root, too
status $((hidden ? 3 : 0)) "ps"
json_ok "is one document"
is "$(of "$objects" '[.comm, .progs, .maps, .links, .btfs, .kprobes, .uprobes, .tracepoints, .perf_events]')" \
	'["many",3,3,0,0,0,0,0,0]' "programs and maps"
is "$(of "$probes" '[.comm, .progs, .links]')" \
	"[\"a \\\"name\\\"\\n\\u0001:\",$(links "$probes" bpf-prog),$(links "$probes" 'bpf[-_]link')]" \
	"programs and links, a name with everything"
is "$(of "$probes" '[.uprobes, .tracepoints, .kprobes]')" \
	"[$(grep -Ec '^u(ret)?probe ' "$T/probes.out"),$(grep -c '^tracepoint ' "$T/probes.out"),$(grep -Ec '^k(ret)?probe ' "$T/probes.out")]" \
	"probes"
is "$(of "$probes" '.uprobes + .tracepoints + .kprobes + .perf_events')" "$(links "$probes" perf_event)" \
	"every perf event is counted once"
is "$(of "$probes" '.probes, .objects')" $'null\nnull' "no more than that"
run "$BPFCTL" ps
like "$out" "PID +COMM +PROGS +MAPS" "text: titles"
like "$out" "$objects +many +3 +3" "a row"
like "$out" "$probes +a \"name\"\\\\x0a\\\\x01:" "what is not printable is escaped"
run "$BPFCTL" --jsonl ps
is "$(jq -c "select(.pid == $objects).progs" <<<"$out")" 3 "--jsonl: a line for each"
is "$("$BPFCTL" ps | awk -v p="$BASHPID" '$1 == p')" "" "who holds nothing is not listed"

# --- one process ---
run "$BPFCTL" -j ps pid "$objects"
json_is 'map(.pid)' "[$objects]" "pid N"
run "$BPFCTL" -j ps pid $$
json_is . '[]' "a process without anything"
run "$BPFCTL" -j ps pid 0
status 2 "nor is there a process 0"
run "$BPFCTL" -j ps pid 4194999
status 1 "a process that is not there"
json_ok "is an error"

# --- without the right to look into all ---
if start_hidden; then
	hidden=$!
	run "${blinded[@]}" "$BPFCTL" ps
	status 3 "not all processes can be seen: partly done"
	like "$err" "read the open files of [0-9]+ process(es)?: .EACCES.*cap_sys_ptrace" "is told, with what is missing"
	run "${blinded[@]}" "$BPFCTL" -j ps
	status 3 "in JSON, too"
	is "$err" '' "with nothing on stderr"
	json_is '.[-1] | [.errno, (.hint | contains("cap_sys_ptrace"))]' '["EACCES",true]' "but an element of the list"
	run "${blinded[@]}" "$BPFCTL" ps pid "$hidden"
	status 1 "one that may not be seen"
	like "$err" "process $hidden: .EACCES" "is an error"
	run "${blinded[@]}" "$BPFCTL" -j map top by owner
	status 3 "map top: maps that nobody seems to hold"
	json_is '.[-1].errno' EACCES "may be held out of sight"
	run "$BPFCTL" ps pid "$hidden"
	status 0 "with the right: all well"
else
	skip "not all processes can be seen" "cannot make one that is hidden"
fi
if unshare -Ur true 2>/dev/null && ! unshare -Ur ls -l /proc/1/fd >/dev/null 2>&1; then
	run unshare -Ur "$BPFCTL" -j ps
	status 3 "root of a user namespace"
	json_is '.[-1] | [.errno, (.hint | contains("user namespace"))] | @json' '["EACCES",true]' "is not root to the others"
else
	skip "root of a user namespace" "no user namespaces here"
fi
if strace -qq -o "$T/trace" -e trace=readlinkat true 2>/dev/null; then
	denied=(strace -qq -o "$T/trace" -P "/proc/$objects/fd" -e trace=readlinkat -e inject=readlinkat:error=EACCES)
	run "${denied[@]}" "$BPFCTL" -j ps
	status 3 "a process that is hidden from root"
	json_is '.[-1] | [.errno, (.hint | contains("security module"))] | @json' '["EACCES",true]' "is reported, with the reason"
	is "$(of "$objects" .pid)" '' "and not listed"
	run "${denied[@]}" "$BPFCTL" ps
	like "$status $err" "^3 .*read the open files of [0-9]+ process" "in text, too"
	fd=$(find "/proc/$objects/fd" -lname 'anon_inode:bpf-map' | head -n 1)
	run strace -qq -o "$T/trace" -P "/proc/$objects/fdinfo/${fd##*/}" -e trace=read -e inject=read:error=EIO "$BPFCTL" -j ps
	status 1 "which map a file is cannot be read"
	json_is '(.error? // .[-1].error)' "list processes: [EIO] Input/output error" "says so"
else
	skip "a process that is hidden from root" "strace cannot trace here"
fi

# --- depth ---
run "$BPFCTL" -j ps pid "$probes" verbose
json_is '.[].probes | map("\(.fd_type) \(.fd) \(.prog_id)") | .[]' \
	"$(grep -E '^(uprobe|uretprobe|kprobe|kretprobe|tracepoint) ' "$T/probes.out")" "verbose: the probes"
perf=$("$BPFCTL" -j perf show | jq -c "[.[] | select(.pid == $probes and .fd_type != \"raw_tracepoint\") | del(.pid, .comm)]")
json_is '.[].probes' "$perf" "as perf show has them"
run "$BPFCTL" ps pid "$probes" verbose
like "$out" "fd [0-9]+  prog [0-9]+  uprobe $T/target\\+0x1000|no uprobe" "in text"
run "$BPFCTL" -j ps pid "$objects" detail
progs=$("$BPFCTL" -j prog show | jq -c "[.[] | select(.name | startswith(\"${PFX:0:9}_\")?) | {kind: \"prog\", id, type, name}]")
maps=$("$BPFCTL" -j map show | jq -c "[.[] | select(.name | startswith(\"${PFX:0:9}_\")?) | {kind: \"map\", id, type, name}]")
json_is '.[].objects' "$(jq -nc "$progs + $maps")" "detail: each object"
is "$("$BPFCTL" -j ps pid "$objects" -vv)" "$out" "-vv is detail"
run "$BPFCTL" ps pid "$objects" detail
like "$out" "prog [0-9]+  socket_filter  name ${PFX:0:9}_0" "in text"
like "$out" "map [0-9]+  array  name ${PFX:0:9}_2" "maps, too"

# --- cgroups and containers ---
is "$("$BPFCTL" -j ps pid "$objects" | jq -r '.[].cgroup')" \
	"$(awk -F: '$1 == 0 && $3 != "/" { print $3; f = 1 } { if ($3 != "/" && !a) a = $3; if (!b) b = $3 }
		END { if (!f) print a ? a : b }' "/proc/$objects/cgroup")" "the cgroup is that of /proc"
cg2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
id=$(printf '%s' "$PFX" | sha256sum | cut -d' ' -f1)
if [ -n "$cg2" ] && mkdir "$cg2/$PFX-docker-$id.scope" 2>/dev/null; then
	at_exit rmdir "$cg2/$PFX-docker-$id.scope"
	was=$(sed -n 's/^0:://p' /proc/$objects/cgroup)
	echo "$objects" >"$cg2/$PFX-docker-$id.scope/cgroup.procs"
	run "$BPFCTL" -j ps pid "$objects"
	json_is '.[] | [.cgroup, .container]' "[\"/$PFX-docker-$id.scope\",\"$id\"]" "a container is known by its id"
	like "$("$BPFCTL" ps pid "$objects")" "CONTAINER +CGROUP.*${id:0:12} +/$PFX-docker-$id" "in text its beginning"
	echo "$objects" >"$cg2$was/cgroup.procs" || kill "$objects"
else
	skip "containers" "no cgroup2 to make one in"
fi

if [ "$(find /proc/[0-9]*/fd -type l 2>/dev/null | wc -l)" -gt 20 ] && command -v strace >/dev/null; then
	n=$(strace -e trace=openat "$BPFCTL" ps 2>&1 >/dev/null | grep -c fdinfo)
	held=$(find /proc/[0-9]*/fd -lname 'anon_inode:*b[pt]f*' 2>/dev/null | wc -l)
	ok "only BPF files are looked into: $n of $held" [ "$n" -le $((held + 20)) ]
else
	skip "only BPF files are looked into" "no strace"
fi
done_testing
