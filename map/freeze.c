// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map freeze: makes a map read-only from user space. */
#include <errno.h>

#include "cli/cmd.h"
#include "kern/object/obj.h"

struct freeze_args {
	struct ref map;
};

static int map_freeze(struct ctx *ctx, const void *args)
{
	const struct freeze_args *a = args;
	auto_close int fd = -1;
	uint64_t frozen = 0;
	int err = obj_open(ctx, &obj_map, &a->map, 0, &fd);

	if (err)
		return err;
	err = bpf_map_freeze(fd);
	if (!err) {
		ctx_changed(ctx, "map %s is frozen", a->map.text);
		return 0;
	}
	fail(ctx->err, err, "freeze map '%s'", a->map.text);
	if (!obj_fdinfo(fd, "frozen", &frozen) && frozen)
		err_hint(ctx->err, "the map is already frozen");
	else if (err == -EBUSY)
		err_hint(ctx->err, "the map is mapped for writing, or is being written to");
	err_hint_denied(ctx->err, obj_caps);
	return err;
}

static const struct param freeze_params[] = {
	PARAM_REF(struct freeze_args, map, "", "MAP", ref_words_map, "the map",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	{}
};

const struct cmd map_freeze_cmd = {
	.name = "freeze", .help = "make a map read-only from user space",
	.params = freeze_params, .args_size = sizeof(struct freeze_args),
	.run = map_freeze,
};
