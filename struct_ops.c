// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl struct_ops: tables of kernel functions written in BPF. Such a table is a map with one
 * value; it is in effect as long as the map is registered: by its value, or, for maps with
 * BPF_F_LINK, by a link.
 */
#include "commands.h"
#include "json_writer.h"
#include "struct_ops/struct_ops.h"

static int struct_ops_show(struct ctx *ctx, const void *args)
{
	const struct struct_ops_args *a = args;
	auto_struct_ops struct struct_ops_list list = {};
	struct out *o = ctx->out;
	int err = struct_ops_find(ctx, &a->map, &list);

	if (err)
		return err;
	out_list(o, NULL, NULL);
	for (size_t i = 0; i < list.n; i++) {
		out_rec(o, NULL);
		out_id(o, "id", list.all[i].info.id);
		out_str(o, "name", "%-15s", list.all[i].info.name);
		out_sep(o, " ");
		out_str(o, "kernel_struct_ops", "%s", struct_ops_type(&list.all[i]));
		out_rec_end(o);
	}
	out_list_end(o);
	return 0;
}

static const struct param show_params[] = { PARAM_STRUCT_OPS("only these", .flags = PF_REPEAT),
					    {} };

static const struct cmd struct_ops_show_cmd = {
	.name = "show", .help = "list struct_ops maps",
	.params = show_params, .args_size = sizeof(struct struct_ops_args),
	.run = struct_ops_show, .flags = CMD_DEFAULT,
};

/* Exported by files in struct_ops/. */
extern const struct cmd struct_ops_dump_cmd;
extern const struct cmd struct_ops_register_cmd;
extern const struct cmd struct_ops_unregister_cmd;

static const struct cmd *const struct_ops_cmds[] = {
	&struct_ops_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&struct_ops_register_cmd,
	&struct_ops_unregister_cmd,
	&struct_ops_dump_cmd,
	NULL
};

const struct cmd struct_ops_cmd = {
	.name = "struct_ops", .help = "kernel operations in BPF: list, register",
	.sub = struct_ops_cmds,
};
