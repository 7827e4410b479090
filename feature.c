// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl feature: what the kernel and this program support. Here are the list of verbs and
 * list_builtins; the other verbs are in feature/, probing is in kern/probe/probe.h.
 */
#include "commands.h"
#include "feature/feature.h"
#include "json_writer.h"
#include "kern/object/helper_names.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"

struct builtins_args {
	int group;
};

static const char *const group_words[] = {
	"prog_types", "map_types", "attach_types", "link_types", "helpers", NULL,
};

static const char *const *names_of_group(int group)
{
	const char *const *const lists[] = {
		prog_type_words, map_type_words, attach_type_words, link_type_words, helper_words,
	};

	return lists[group];
}

static int list_builtins(struct ctx *ctx, const void *args)
{
	const struct builtins_args *a = args;
	const char *const *names = names_of_group(a->group);

	out_list(ctx->out, NULL, NULL);
	for (size_t i = 0; names[i]; i++) {
		out_str(ctx->out, NULL, "%s\n", names[i]);
	}
	out_list_end(ctx->out);
	return 0;
}

static const struct param builtins_params[] = {
	PARAM_CHOICE(struct builtins_args, group, "", "GROUP", group_words, "which names",
		     .flags = PF_REQUIRED),
	{ }
};

static const struct cmd feature_list_builtins_cmd = {
	.name = "list_builtins", .help = "list known names without probing",
	.params = builtins_params, .args_size = sizeof(struct builtins_args),
	.run = list_builtins,
};

/* Exported by files in feature/. */
extern const struct cmd feature_probe_cmd;
extern const struct cmd feature_kfuncs_cmd;
extern const struct cmd feature_check_cmd;

/* The order is part of the interface: l is list_builtins, p is probe. */
static const struct cmd *const feature_cmds[] = {
	&feature_probe_cmd,
	&feature_list_builtins_cmd,
	&(const struct cmd){ .name = "help" },
	&feature_kfuncs_cmd,
	&feature_check_cmd,
	NULL
};

const struct cmd feature_cmd = {
	.name = "feature", .help = "kernel features: probe, list, check",
	.sub = feature_cmds,
};
