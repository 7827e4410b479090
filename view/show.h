/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Lines shared by several listings: pins, owners, devices, and the listing itself. Between kern/
 * and the command modules.
 */
#ifndef VIEW_SHOW_H
#define VIEW_SHOW_H

#include "kern/object/bpffs.h"
#include "kern/object/obj.h"
#include "view/owner.h"

struct attachments;		/* kern/attach/attachments.h */
struct perf_probe;		/* kern/attach/perf_event.h */
struct table;			/* view/table.h */
struct table_col;

/* What a listing of one kind needs besides the object: filled according to the options. */
struct listing {
	struct pins *pins;		/* NULL without -f */
	struct owners *owners;		/* NULL if not known */
	size_t n_expected;		/* number of objects, at most OWNERS_MANY */
};

/* Data that cannot be collected is reported (report_and_skip()) and missing. */
void listing_open(struct ctx *ctx, const struct obj_kind *kind, struct listing *ret);
void listing_close(struct listing *l);
/* The two separately, for other listings. Owned; NULL if there is nothing. */
void listing_pins(struct ctx *ctx, const struct obj_kind *kind, struct pins **ret);
/*
 * report: report processes that are not accessible. Not used by listings that query twice and
 * reported it the first time.
 */
struct owners *listing_owners(struct ctx *ctx, const struct obj_kind *kind, size_t n_expected,
			      bool report);

/*
 * How one kind of object is shown. A function that fails leaves no trace: it is reported
 * (report_and_skip()) and the listing continues. -ENOENT: the object was freed meanwhile, silently
 * skipped.
 */
struct show_how {
	int (*record)(struct ctx *ctx, int fd, const void *data);
	/* Text for people, of several objects; NULL: records. end is called after the last row. */
	int (*row)(struct ctx *ctx, int fd, const void *data);
	int (*end)(struct ctx *ctx, const void *data);
};

/*
 * "show": without a reference a list of all objects, with one that matches several a list of these,
 * with one match a single record, whose error is the command's.
 */
int show_objs(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	      unsigned int flags, const struct show_how *how, const void *data);

/*
 * A table of objects for people: what every row needs, collected before the first one, and what the
 * last line says. Text only.
 */
struct show_table {
	const struct obj_kind *kind;
	const struct listing *listing;
	const struct table_col *cols;
	size_t n_cols;
	unsigned int attached;		/* enum att_sources: where attachments come from; 0: none */
	bool wide;			/* nothing is cut */

	struct table *table;		/* NULL: there is no row yet */
	struct pins *pins;		/* if the listing has none */
	struct attachments *attachments;
	const char *note;		/* after the totals; NULL: none */
	size_t n, n_alone;		/* objects; of these held by no process */
	uint64_t bytes;
};

/* A new row; collects before the first one. Returns 0, or an error. */
int show_table_row(struct ctx *ctx, struct show_table *t);
/* Cells: what keeps the object alive, "bash(812), pin /sys/fs/bpf/x"; its memory. */
int show_table_holders(struct show_table *t, size_t col, uint32_t id);
void show_table_memory(struct ctx *ctx, struct show_table *t, size_t col, int fd, uint32_t id);
/* Where a program, or a link with this id (0: any), is attached: "eth0 driver", and "+2". */
int show_table_attached(struct ctx *ctx, struct show_table *t, size_t col, uint32_t prog_id,
			uint32_t link_id);
/* The rows, and "34 programs, 8 KiB"; nothing without a row. */
int show_table_end(struct ctx *ctx, struct show_table *t);
void show_table_free(struct show_table *t);

/* Is a listing a table, as people want it? Not in JSON, not as bpftool. */
bool show_as_table(const struct ctx *ctx);

/*
 * For a list that is composed in another way: the record of one of many objects was written, or
 * failed with err, which is reported in its place while the listing continues. Nonzero: the output
 * failed, stop.
 */
int show_ended(struct ctx *ctx, int err);

/*
 * For fn: obj_info() failed with err; the error names the object as far as fdinfo does. Returns
 * err.
 */
int fail_read(struct ctx *ctx, const struct obj_kind *kind, int fd, int err);

/* "memlock 4096B", if the kernel reports it; a read error is reported. */
void show_memlock(struct ctx *ctx, const struct obj_kind *kind, int fd, uint32_t id);
/* "pinned" lines: in JSON an array (only with -f and if anything of the kind is pinned). */
void show_pins(struct ctx *ctx, const struct listing *l, uint32_t id);
/*
 * The same and the BTF id (0: none), in the order that each rendition has always had: JSON the id
 * first, text the paths. In text, one more item may follow on the line.
 */
void show_pins_and_btf(struct ctx *ctx, const struct listing *l, uint32_t id, uint32_t btf_id);
/* offloaded_to / "dev": nothing if ifindex is 0. */
void show_dev(struct ctx *ctx, uint32_t ifindex, uint64_t ns_dev, uint64_t ns_ino);
/* "11385: xdp  name x  tag 27ef...  gpl": the first line of prog show, also before dumps. */
void show_prog_head(struct ctx *ctx, int fd, const struct bpf_prog_info *info);
/*
 * tracepoint, file and offset, or function and offset, depending on the kind. brief: text without
 * the words, "+0x1f".
 */
void show_perf_place(struct out *o, const struct perf_probe *p, bool brief);
/* "software:cpu-clock", after label and a blank if there is one. */
void show_perf_config(struct out *o, const char *label, uint32_t type, uint64_t config);
/* "6556: hash  name x  flags 0x0": the first line of map show, also before dumps. */
void show_map_head(struct ctx *ctx, const struct bpf_map_info *info);

#endif
