// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl feature: what the kernel and this program know. The verbs; their work is in feature_*.c, the
 * tries are in kern/probe/probe.h.
 */
#include "commands.h"
#include "feature/feature.h"
#include "json_writer.h"
#include "kern/object/names.h"

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
		out_json_str(ctx->out, NULL, names[i]);
		out_text(ctx->out, "%s\n", names[i]);
	}
	out_list_end(ctx->out);
	return 0;
}

static const struct param probe_params[] = {
	PARAM_FLAG(struct feature_probe_args, kernel, "kernel", "the running kernel (what is probed anyway)",
		   .group = 1),
	PARAM_IFACE(struct feature_probe_args, dev, "dev", "IF", "what this device runs itself (offload)",
		    .group = 1),
	PARAM_FLAG(struct feature_probe_args, full, "full", "also helpers that leave words in the kernel's log"),
	PARAM_FLAG(struct feature_probe_args, unprivileged, "unprivileged", "as a user without capabilities"),
	PARAM_FLAG(struct feature_probe_args, macros, "macros", "as macros for a C compiler"),
	PARAM_WORD(struct feature_probe_args, prefix, "prefix", "P", NULL, "what names of macros begin with"),
	{ }
};

static const struct param builtins_params[] = {
	PARAM_CHOICE(struct builtins_args, group, "", "GROUP", group_words, "which names",
		     .flags = PF_REQUIRED),
	{ }
};

static const struct param kfuncs_params[] = {
	PARAM_WORD(struct feature_kfuncs_args, type, "type", "T", prog_type_words, "only for programs of this type"),
	PARAM_WORD(struct feature_kfuncs_args, name, "", "NAME", NULL, "only this function"),
	{ }
};

static const struct param check_params[] = {
	PARAM_TAIL(struct feature_check_args, items, "ITEM[,ITEM]...", "what must be there"),
	{ }
};

/* The order is interface: l is list_builtins, p is probe. */
const struct cmd feature_cmds[] = {
	{ .name = "probe", .help = "try what the kernel can do", .params = probe_params,
	  .args_size = sizeof(struct feature_probe_args), .run = feature_probe, .flags = CMD_DEFAULT },
	{ .name = "list_builtins", .help = "names that are known without a kernel", .params = builtins_params,
	  .args_size = sizeof(struct builtins_args), .run = list_builtins },
	{ .name = "help" },
	{ .name = "kfuncs", .help = "kernel functions that programs may call", .params = kfuncs_params,
	  .args_size = sizeof(struct feature_kfuncs_args), .run = feature_kfuncs },
	{ .name = "check", .help = "report what is available; exit status 0 if all is", .params = check_params,
	  .args_size = sizeof(struct feature_check_args), .run = feature_check },
	{ }
};
