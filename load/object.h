/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Object files on their way into the kernel, for all commands that load some. All functions report
 * their errors in ctx->err, with the messages of libbpf and the verifier.
 */
#ifndef LOAD_OBJECT_H
#define LOAD_OBJECT_H

#include "cli/ctx.h"
#include "kern/object/undo.h"
#include "load/log_buffer.h"

struct bpf_link;
struct bpf_map;
struct bpf_object;
struct bpf_program;
struct file_kind;
struct settled_file;

/* ELF, of at most 512 MB. */
extern const struct file_kind object_file_kind;

/*
 * Opens the file: legacy maps converted, everything checked that libbpf would trust. kernel_btf:
 * for CO-RE, instead of the running kernel's (NULL). Owned: bpf_object__close(). Call
 * err_log_clear() before.
 */
int object_open(struct ctx *ctx, const char *path, const char *kernel_btf, struct bpf_object **ret);

/*
 * The same with a name given by the caller, which the names of internal maps start with
 * (NAME.data), and the bytes that another program can pass to libbpf: those of the file, or, if
 * libbpf rejects these (legacy maps), the converted ones. image->data is owned: free(). On failure
 * neither result is changed.
 */
struct object_image {
	void *data;
	size_t len;
};
int object_open_image(struct ctx *ctx, const char *path, const char *name, struct bpf_object **ret,
		      struct object_image *image);
/* The bytes of an ELF file. Returns 0 and owned bytes, or the error is stored. */
int object_read(struct ctx *ctx, const char *path, void **ret, size_t *ret_len);

/*
 * Is the file an object for libbpf's linker, alone or (joins) with others? Returns 0, or an error
 * that says what is wrong with it, with the name given by the user. The file becomes a changed copy
 * if this libbpf cannot read its BTF.
 */
int objfile_check_input(struct ctx *ctx, struct settled_file *file, const char *name, bool joins);

/*
 * -L and -S are rejected (and reported) if libbpf loads the object, as no loader is generated then.
 */
int object_check_loader(struct ctx *ctx);

/*
 * Loads it; call object_check_loader() first. The maps that it pins by name are recorded in u: a
 * later failure removes them. dev: the device it is offloaded to, for hints; or NULL.
 */
struct object_load {
	const char *path, *dev;
	struct log_wish log;		/* the verifier's logs */
};
int object_load(struct ctx *ctx, const struct object_load *what, struct bpf_object *obj,
		struct undo *u);

/* Pins the link and releases it; it is destroyed if it cannot be pinned. */
int object_pin_link(struct ctx *ctx, struct undo *u, struct bpf_link *link, const char *path);

/* The program could not be attached: reports why. Returns err. */
int object_fail_attach(struct ctx *ctx, const struct bpf_program *prog, int err);

/*
 * Can the map fd be used in place of this one? Changes that the kernel itself makes when a map is
 * created are ignored. Returns 0, or an error with both definitions in ctx->err.
 */
int object_check_reuse(struct ctx *ctx, const struct bpf_map *map, int fd);

#endif
