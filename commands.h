/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The command groups, each with its list of commands; main.c adds them to the tree. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/cmd.h"

extern const struct cmd batch_cmd, prog_cmd, map_cmd, link_cmd, net_cmd, perf_cmd, btf_cmd, gen_cmd,
	cgroup_cmd, struct_ops_cmd, iter_cmd, token_cmd, attach_cmd, trace_cmd, feature_cmd,
	obj_cmd, ps_cmd, top_cmd, metrics_cmd, pin_cmd, sym_cmd, completion_cmd;

#endif
