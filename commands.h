/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The command groups, one table each; main.c hangs them into the tree. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/cmd.h"
#include "metrics.h"
#include "ps.h"
#include "top/top.h"

extern const struct cmd batch_cmds[], prog_cmds[], map_cmds[], link_cmds[], net_cmds[],
	perf_cmds[], btf_cmds[], gen_cmds[], cgroup_cmds[], struct_ops_cmds[],
	iter_cmds[], token_cmds[], attach_cmds[], trace_cmds[], feature_cmds[], obj_cmds[];

#endif
