// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl link unpin. */
#include "cli/cmd.h"
#include "view/unpin.h"

static int link_unpin(struct ctx *ctx, const void *args)
{
	return unpin(ctx, &obj_link, args);
}

static const struct param unpin_params[] = {
	PARAM_REF(struct unpin_args, ref, "", "LINK", ref_words_link, "all pins of this link",
		  .group = 1, .flags = PF_REPEAT, .complete = obj_complete_link),
	PARAM_PATH(struct unpin_args, path, "", "FILE", "this pin of a link", .group = 1,
		   .flags = PF_REQUIRED),
	{}
};

const struct cmd link_unpin_cmd = {
	.name = "unpin", .help = "remove pins of a link",
	.params = unpin_params, .args_size = sizeof(struct unpin_args),
	.run = link_unpin,
};
