// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map unpin. */
#include "cli/cmd.h"
#include "view/unpin.h"

static int map_unpin(struct ctx *ctx, const void *args)
{
	return unpin(ctx, &obj_map, args);
}

static const struct param unpin_params[] = {
	PARAM_REF(struct unpin_args, ref, "", "MAP", ref_words_map, "all pins of this map",
		  .group = 1, .flags = PF_REPEAT, .complete = obj_complete_map),
	PARAM_PATH(struct unpin_args, path, "", "FILE", "this pin of a map", .group = 1,
		   .flags = PF_REQUIRED),
	{}
};

const struct cmd map_unpin_cmd = {
	.name = "unpin", .help = "remove pins of a map",
	.params = unpin_params, .args_size = sizeof(struct unpin_args),
	.run = map_unpin,
};
