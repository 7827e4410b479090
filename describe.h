/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* bpfctl's description of itself. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "cli/cmd.h"

/* "version": the version of bpftool's interface, libbpf's version, compiled-in features. */
extern const struct cmd version_cmd;

/* The command tree, options and parameters as one JSON object (the writer must be in a JSON mode).
 */
void describe_cli(struct ctx *ctx);

#endif
