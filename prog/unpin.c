// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl prog unpin. */
#include "cli/cmd.h"
#include "view/unpin.h"

static int prog_unpin(struct ctx *ctx, const void *args)
{
	return unpin(ctx, &obj_prog, args);
}

static const struct param unpin_params[] = {
	PARAM_REF(struct unpin_args, ref, "", "PROG", ref_words_prog, "all pins of this program",
		  .group = 1, .flags = PF_REPEAT, .complete = obj_complete_prog),
	PARAM_PATH(struct unpin_args, path, "", "FILE", "this pin of a program", .group = 1,
		   .flags = PF_REQUIRED),
	{}
};

const struct cmd prog_unpin_cmd = {
	.name = "unpin", .help = "remove pins of a program",
	.params = unpin_params, .args_size = sizeof(struct unpin_args),
	.run = prog_unpin,
};
