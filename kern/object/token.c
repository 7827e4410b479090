// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpf(2) with tokens. */
#include "kern/object/token.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/vfs.h>

#include "kern/object/obj.h"
#include "kern/sys_bpf.h"

#define BPF_FS_MAGIC_NUMBER 0xcafe4a11

static int fail_token(struct ctx *ctx, const char *path, int err)
{
	fail(ctx->err, err, "create a token from '%s'", path);
	if (err == -EINVAL)
		err_hint(ctx->err,
			 "tokens came with Linux 6.9, and '%s' must be where a BPF file system is "
			 "mounted",
			 path);
	if (err == -EOPNOTSUPP)
		err_hint(ctx->err, "tokens are for user namespaces: this file system belongs to "
				   "none");
	if (err == -ENOENT)
		err_hint(ctx->err, "nothing is delegated; see 'token show'");
	if (err == -EPERM)
		err_hint(ctx->err, "create it inside the user namespace that owns the file system, "
				   "with CAP_BPF there");
	return err;
}

int token_open(struct ctx *ctx, const char *path, int *ret)
{
	auto_close int dir = open(path, O_DIRECTORY | O_CLOEXEC);
	struct abi_token_create attr = { .bpffs_fd = (uint32_t)dir };
	struct statfs fs;
	int fd;

	if (dir < 0 || fstatfs(dir, &fs))
		return fail(ctx->err, -errno, "open '%s'", path);
	if ((unsigned long)fs.f_type != BPF_FS_MAGIC_NUMBER)
		return fail_msg(ctx->err, -EINVAL, "token: '%s' is not on a BPF file system", path);
	fd = sys_bpf(ABI_TOKEN_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		return fail_token(ctx, path, fd);
	*ret = fd;
	return 0;
}

static void use_token(struct abi_map_create *attr, int token_fd)
{
	if (token_fd < 0)
		return;
	attr->map_flags |= ABI_F_TOKEN_FD;
	attr->map_token_fd = token_fd;
}

int token_map_create(struct abi_map_create *attr, int token_fd)
{
	use_token(attr, token_fd);
	return sys_bpf(BPF_MAP_CREATE, attr, sizeof(*attr));
}

void token_map_reason(struct abi_map_create *attr, int token_fd, char *log, size_t size)
{
	struct abi_common_attrs common = { .log_buf = ptr_to_u64(log), .log_size = (uint32_t)size,
					   .log_level = 1 };
	auto_close int fd = -1;

	memset(log, 0, size);
	use_token(attr, token_fd);
	fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE | ABI_COMMON_ATTRS, attr, sizeof(*attr), &common,
			  sizeof(common));
	log[fd < 0 ? size - 1 : 0] = '\0';
	log[strcspn(log, "\n")] = '\0';
}

int token_btf_load(const void *data, uint32_t len, int token_fd)
{
	struct abi_btf_load attr = { .btf = ptr_to_u64(data), .btf_size = len };

	if (token_fd >= 0) {
		attr.btf_flags = ABI_F_TOKEN_FD;
		attr.btf_token_fd = token_fd;
	}
	return sys_bpf(BPF_BTF_LOAD, &attr, sizeof(attr));
}
