/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Kernel objects by reference: open, enumerate, describe programs, maps, links and BTF. The only
 * place that walks object ids.
 */
#ifndef KERN_OBJECT_OBJ_H
#define KERN_OBJECT_OBJ_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cli/args.h"
#include "cli/ctx.h"
#include "decode/btf/abi.h"

/* Owned libbpf objects, freed at the end of the block. take_ptr() transfers them. */
#define auto_object __attribute__((cleanup(cleanup_object)))

static inline void cleanup_object(struct bpf_object **o)
{
	bpf_object__close(*o);
}

#define OBJ_NAME_MAX 128	/* full program names with NUL */
#define KERNEL_NAME_MAX (BPF_OBJ_NAME_LEN - 1) /* what the kernel keeps of a name */

enum obj_type { OBJ_PROG, OBJ_MAP, OBJ_LINK, OBJ_BTF };

struct obj_label {
	uint32_t id;
	bool has_tag, cut; /* cut: the kernel kept 15 characters of the name, see below */
	uint8_t tag[REF_TAG_SIZE];
	char name[OBJ_NAME_MAX];	/* may be "" */
};

/* One kind of object: the calls that differ. All return 0/fd or a negative errno. */
struct obj_kind {
	enum obj_type type;
	const char *noun, *nouns;	/* "program", "programs" */
	const char *group;		/* its command group: "prog" */
	const char *anon_name;		/* its name in /proc/self/fd/N: "bpf-prog" */
	const char *fdinfo_key; /* the key of its id in /proc/self/fdinfo/N: "prog_id" */
	int (*next_id)(uint32_t start, uint32_t *ret_id);
	int (*open_id)(uint32_t id, unsigned int open_flags);
	/* What references match against. */
	int (*read_label)(int fd, struct obj_label *ret);
};

extern const struct obj_kind obj_prog, obj_map, obj_link, obj_btf;

enum obj_flags {
	OBJ_RDONLY = 1 << 0,	/* maps: BPF_F_RDONLY; the others have no such mode */
};

/*
 * Exactly one object: an owned fd in *ret_fd. Several or no matches are errors with text that lists
 * what was found.
 */
int obj_open(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	     unsigned int flags, int *ret_fd);

/*
 * All matching objects, each once: at least one; those of one reference in id order. *ret_fds is
 * owned, and so is each fd: obj_close_all(). Of several references (ref->next), one without a match
 * is reported (report_and_skip()), unless all are.
 */
int obj_find(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	     unsigned int flags, int **ret_fds, size_t *ret_n);
void obj_close_all(int *fds, size_t n);

/*
 * Calls fn for every object of the kind, in id order; fd is closed afterwards. Objects that are
 * freed between id and fd are skipped. Stops if fn returns nonzero and returns that.
 */
int obj_each(struct ctx *ctx, const struct obj_kind *kind, unsigned int flags,
	     int (*fn)(struct ctx *ctx, int fd, const void *data), const void *data);

/* The error of a walk over all objects of the kind; returns err. */
int obj_fail_list(struct ctx *ctx, const struct obj_kind *kind, int err);

/*
 * The next object of the kind after *id: returns 0, its id and an owned fd; -ENOENT: there are no
 * more. Reports nothing: for listings that cannot use obj_each(), and for completion.
 */
int obj_next(const struct obj_kind *kind, unsigned int flags, uint32_t *id, int *ret_fd);

/* The number of objects of the kind, but at most max: ids only, nothing is opened. */
size_t obj_count(const struct obj_kind *kind, size_t max);

/*
 * BPF_OBJ_GET_INFO_BY_FD. info is zeroed beyond what the kernel filled; arrays that the caller set
 * in info before the call are filled. Returns 0 or a negative errno; needs no ctx, reports nothing.
 */
int obj_info(int fd, void *info, size_t len);

/*
 * The kind of an fd's object (from /proc/self/fd): returns 0 and the kind, NULL if it is not a BPF
 * object; or the negative errno if that cannot be read. Reports nothing.
 */
int obj_kind_of(int fd, const struct obj_kind **ret);

/* The kind for a link "anon_inode:bpf-prog" in /proc/<pid>/fd; NULL if it is not a BPF object. */
const struct obj_kind *obj_kind_by_link(const char *link_text);

/*
 * The name of a program: the kernel's, or, if that was cut at 15 characters and the program has
 * BTF, the name of the function at instruction offset 0. buf may be "". Costs three system calls
 * for a long name, none for others. Returns 0, or a negative errno that says why a truncated name
 * could not be completed.
 */
int obj_prog_name(int fd, const struct bpf_prog_info *info, char buf[static OBJ_NAME_MAX]);

/* kind->read_label() with the full name, at that cost. */
int obj_full_label(const struct obj_kind *kind, int fd, struct obj_label *ret);

/* The same; a link, which has no name, gets that of its program, by which references find it. */
int obj_read_names(const struct obj_kind *kind, int fd, struct obj_label *ret);

/*
 * One key of /proc/self/fdinfo/<fd> ("memlock", "frozen", "owner_prog_type"): returns 0 and the
 * number, -ENODATA if there is none, or why it cannot be read. _text: its text, truncated at size.
 */
int obj_fdinfo(int fd, const char *key, uint64_t *ret);
int obj_fdinfo_text(int fd, const char *key, char *buf, size_t size);

/*
 * For a program whose info returns ENODEV (its device was removed): the values in fdinfo, which are
 * id, type and tag. Returns 0 or -ENODEV.
 */
int obj_orphan_info(int fd, struct bpf_prog_info *ret);

/* Boot time by the wall clock, in ns: a program's load_time is relative to it. */
int64_t boot_time_ns(void);

/* Capabilities that commands on this kind need, for err_hint_denied(). */
extern const char obj_caps[];

/* Live completion for P_REF rows. */
void obj_complete_prog(struct ctx *ctx, const char *selector, const char *typed);
void obj_complete_map(struct ctx *ctx, const char *selector, const char *typed);
void obj_complete_link(struct ctx *ctx, const char *selector, const char *typed);
void obj_complete_btf(struct ctx *ctx, const char *selector, const char *typed);

#endif
