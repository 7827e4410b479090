/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What bpfctl says about itself. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "cli/cmd.h"

/* "version": the level of bpftool's interface we offer, libbpf's version, what is compiled in. */
extern const struct cmd version_cmd;

/* The command tree, options and parameters as one JSON object (the writer must be in a JSON mode).
 */
void describe_cli(struct ctx *ctx);

#endif
