// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl net: programs on network devices. */
#include "commands.h"

/* Exported by files in net/. */
extern const struct cmd net_attach_cmd;
extern const struct cmd net_detach_cmd;
extern const struct cmd net_show_cmd;

static const struct cmd *const net_cmds[] = {
	&net_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&net_attach_cmd,
	&net_detach_cmd,
	&(const struct cmd){ .name = "help" },
	NULL
};

const struct cmd net_cmd = {
	.name = "net", .help = "programs on network devices",
	.sub = net_cmds,
};
