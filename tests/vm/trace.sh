# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=sh
# Sourced by guest.sh: a bit of everything that tracers leave behind, and putting it back.
tracing=/sys/kernel/tracing

leave_behind()
{
	cd $tracing || return
	echo 'p:kprobes/p_vfs_read_bcc_99999 vfs_read' >>kprobe_events
	echo 'r4:kprobes/libbpf_1_vfs_read_0x0 vfs_read' >>kprobe_events
	echo 'p:mine/open do_sys_openat2' >>kprobe_events
	echo 'p:mine/busy do_sys_openat2' >>kprobe_events
	echo 'wake u64 a; int b;' >>synthetic_events
	echo 1 >events/mine/open/enable
	echo 'common_pid == 1' >events/mine/open/filter
	echo 'stacktrace:5' >events/mine/open/trigger
	echo 'hist:keys=common_pid' >events/sched/sched_switch/trigger
	echo 'enable_event:sched:sched_wakeup:3' >events/sched/sched_waking/trigger
	echo 'sched:sched_process_exit' >>set_event
	echo 1 >instances/../set_event_pid
	mkdir instances/i
	echo 1 >instances/i/events/mine/busy/enable
	echo 1 >set_ftrace_pid
	echo vfs_read >set_ftrace_filter
	echo 'vfs_open:traceoff:3' >>set_ftrace_filter
	echo vfs_write >set_ftrace_notrace
	echo vfs_read >set_graph_function
	echo function >current_tracer
	echo 1 >function_profile_enabled
	echo mono >trace_clock
	echo 1 >tracing_cpumask
	echo 0 >tracing_on
	cd / || return
}

block trace_idle bpfctl -j trace show verbose
block trace_fill leave_behind
block trace bpfctl -j trace show
block trace_text bpfctl trace show
block trace_reset bpfctl -j trace reset
block trace_all bpfctl -j trace reset all
block trace_after bpfctl -j trace show verbose
