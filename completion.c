// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl completion: the script that a shell sources. The scripts are part of the program. */
#include "commands.h"
#include "json_writer.h"

/* Bytes of the files (see the Makefile). */
extern const char completion_bash_start[], completion_bash_end[];
extern const char completion_zsh_start[], completion_zsh_end[];
extern const char completion_fish_start[], completion_fish_end[];

struct completion_args {
	int shell;
};

static const char *const shells[] = { "bash", "zsh", "fish", NULL };

static int completion_run(struct ctx *ctx, const void *args)
{
	static const struct {
		const char *start, *end;
	} scripts[] = {
		{ completion_bash_start, completion_bash_end },
		{ completion_zsh_start, completion_zsh_end },
		{ completion_fish_start, completion_fish_end },
	};
	const struct completion_args *a = args;
	size_t len = (size_t)(scripts[a->shell].end - scripts[a->shell].start);
	struct out *o = ctx->out;

	out_rec(o, NULL);
	out_text(o, "%.*s", (int)len - 1, scripts[a->shell].start); /* the record ends the line */
	out_json_str(o, "shell", shells[a->shell]);
	out_json_strn(o, "script", scripts[a->shell].start, len);
	out_rec_end(o);
	return 0;
}

static const struct param completion_params[] = {
	PARAM_CHOICE(struct completion_args, shell, "", "SHELL", shells, "bash, zsh or fish",
		     .flags = PF_REQUIRED),
	{ }
};

const struct cmd completion_cmd = {
	.name = "completion", .help = "print the completion script of a shell",
	.params = completion_params, .args_size = sizeof(struct completion_args),
	.run = completion_run,
};
