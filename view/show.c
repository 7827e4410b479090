// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Lines shared by several listings. Lines for only one kind of object are in that kind's module. */
#include <errno.h>
#include <net/if.h>
#include <sys/stat.h>

#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/attach/perf_names.h"
#include "kern/attach/perf_event.h"
#include "view/show.h"

void listing_open(struct ctx *ctx, const struct obj_kind *kind, struct listing *ret)
{
	*ret = (struct listing){ .n_expected = obj_count(kind, OWNERS_MANY) };
	/* Without pins and owners the listing is still useful. */
	if (ctx->opts->bpffs)
		listing_pins(ctx, kind, &ret->pins);
	if (ret->n_expected)
		ret->owners = listing_owners(ctx, kind, ret->n_expected, true);
}

void listing_pins(struct ctx *ctx, const struct obj_kind *kind, struct pins **ret)
{
	*ret = NULL;
	if (pins_collect(ctx, kind, ret))
		report_and_skip(ctx);
	else
		pins_partly(ctx, *ret);
}

struct owners *listing_owners(struct ctx *ctx, const struct obj_kind *kind, size_t n_expected,
			      bool report)
{
	struct owners *owners = NULL;
	int err = owners_collect(ctx, kind, n_expected, &owners);

	/* bpftool shows owners if it can, and users expect no more. */
	if (!report || ctx_is_bpftool(ctx))
		return owners;
	if (err)
		owners_unread(ctx, kind, err);
	else
		owners_partly(ctx, owners);
	return owners;
}

void listing_close(struct listing *l)
{
	pins_free(take_ptr(l->pins));
	owners_free(take_ptr(l->owners));
}

struct show_call {
	int (*fn)(struct ctx *ctx, int fd, const void *data);
	int (*end)(struct ctx *ctx, const void *data);	/* NULL: nothing to do */
	const void *data;
};

int show_ended(struct ctx *ctx, int err)
{
	if (!err)
		return out_failed(ctx->out) ? fail(ctx->err, out_failed(ctx->out), "write") : 0;
	out_rollback(ctx->out);
	if (err == -ENOENT)
		err_clear(ctx->err);	/* it was freed meanwhile */
	else
		report_and_skip(ctx);
	return 0;
}

static int show_one(struct ctx *ctx, int fd, const void *data)
{
	const struct show_call *call = data;

	return show_ended(ctx, call->fn(ctx, fd, call->data));
}

static int show_all(struct ctx *ctx, const struct obj_kind *kind, unsigned int flags,
		    const struct show_call *call)
{
	int err;

	out_stream(ctx->out, NULL);
	err = obj_each(ctx, kind, flags, show_one, call);
	if (!err && call->end)
		err = call->end(ctx, call->data);
	if (!err)
		out_stream_end(ctx->out);
	return err;
}

bool show_as_table(const struct ctx *ctx)
{
	return !out_is_json(ctx->out) && !ctx_is_bpftool(ctx);
}

static int show_found(struct ctx *ctx, const int *fds, size_t n, const struct show_call *call)
{
	int err = 0;

	out_stream(ctx->out, NULL);
	for (size_t i = 0; i < n && !err; i++)
		err = show_one(ctx, fds[i], call);
	if (!err && call->end)
		err = call->end(ctx, call->data);
	if (!err)
		out_stream_end(ctx->out);
	return err;
}

int show_objs(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	      unsigned int flags, const struct show_how *how, const void *data)
{
	bool table = how->row && show_as_table(ctx);
	const struct show_call call = { .fn = table ? how->row : how->record,
					.end = table ? how->end : NULL, .data = data };
	int *fds = NULL;
	size_t n = 0;
	int err;

	if (ref->how == REF_NONE)
		return show_all(ctx, kind, flags, &call);
	err = obj_find(ctx, kind, ref, flags, &fds, &n);
	if (err)
		return err;
	if (n == 1 && !ref_is_list(ref))
		err = how->record(ctx, fds[0], data);
	else
		err = show_found(ctx, fds, n, &call);
	obj_close_all(fds, n);
	return err;
}

int fail_read(struct ctx *ctx, const struct obj_kind *kind, int fd, int err)
{
	uint64_t id;

	if (obj_fdinfo(fd, kind->fdinfo_key, &id))
		return fail(ctx->err, err, "read %s", kind->noun);
	return fail(ctx->err, err, "read %s %u", kind->noun, (uint32_t)id);
}

void show_memlock(struct ctx *ctx, const struct obj_kind *kind, int fd, uint32_t id)
{
	uint64_t memlock;
	int err = obj_fdinfo(fd, "memlock", &memlock);

	if (!err)
		out_uint(ctx->out, "bytes_memlock", "memlock %lluB", memlock);
	else if (err != -ENODATA)
		unread(ctx, err, NULL, "read the memory of %s %u from /proc/self/fdinfo",
		       kind->noun, id);
}

void show_pins(struct ctx *ctx, const struct listing *l, uint32_t id)
{
	size_t n;
	const char *const *paths = pins_of(l->pins, id, &n);

	if (!pins_any(l->pins))
		return;
	out_list(ctx->out, "pinned", NULL);
	for (size_t i = 0; i < n; i++) {
		out_line(ctx->out);
		out_str(ctx->out, NULL, "pinned %s", paths[i]);
	}
	out_list_end(ctx->out);
}

void show_pins_and_btf(struct ctx *ctx, const struct listing *l, uint32_t id, uint32_t btf_id)
{
	struct out *o = ctx->out;

	if (btf_id)
		out_json_uint(o, "btf_id", btf_id);
	show_pins(ctx, l, id);
	if (!btf_id)
		return;
	out_line(o);
	out_item(o, "btf_id %u", btf_id);
}

/* An interface index is only valid in its network namespace. */
static const char *find_ifname(uint32_t ifindex, uint64_t ns_dev, uint64_t ns_ino,
			       char buf[static IF_NAMESIZE])
{
	struct stat st;

	if (stat("/proc/self/ns/net", &st) < 0 || st.st_ino != ns_ino || st.st_dev != ns_dev)
		return NULL;
	return if_indextoname(ifindex, buf);
}

void show_dev(struct ctx *ctx, uint32_t ifindex, uint64_t ns_dev, uint64_t ns_ino)
{
	struct out *o = ctx->out;
	char buf[IF_NAMESIZE];
	const char *ifname;

	if (!ifindex)
		return;
	ifname = find_ifname(ifindex, ns_dev, ns_ino, buf);
	out_rec(o, "dev");
	out_form(o, ifname ? "offloaded_to {ifname}"
			   : "offloaded_to {ifindex} {ns_dev} {ns_inode}");
	out_uint(o, "ifindex", "ifindex %llu", ifindex);
	out_uint(o, "ns_dev", "ns_dev %llu", ns_dev);
	out_uint(o, "ns_inode", "ns_ino %llu", ns_ino);
	if (ifname)
		out_str(o, "ifname", "%s", ifname);
	out_form_end(o);
	out_rec_end(o);
}

static void show_tag(struct out *o, const uint8_t tag[static BPF_TAG_SIZE])
{
	char hex[2 * BPF_TAG_SIZE + 1];

	for (size_t i = 0; i < BPF_TAG_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", tag[i]);
	out_str(o, "tag", "tag %s", hex);
}

static void show_run_stats(struct out *o, const struct bpf_prog_info *info)
{
	if (info->run_time_ns) {
		out_uint(o, "run_time_ns", " run_time_ns %llu", info->run_time_ns);
		out_uint(o, "run_cnt", " run_cnt %llu", info->run_cnt);
	}
	if (info->recursion_misses)
		out_uint(o, "recursion_misses", " recursion_misses %llu", info->recursion_misses);
}

void show_prog_head(struct ctx *ctx, int fd, const struct bpf_prog_info *info)
{
	struct out *o = ctx->out;
	char name[OBJ_NAME_MAX];

	int err = obj_prog_name(fd, info, name);

	if (err)
		unread(ctx, err, "cap_sys_admin", "read the whole name of program %u", info->id);
	out_id(o, "id", info->id);
	out_enum(o, "type", "%s", name_of(ctx, NAMES_PROG_TYPE, info->type), info->type);
	if (*name)
		out_str(o, "name", "name %s", name);
	/* The device precedes "gpl" in text, and follows the statistics in JSON. */
	out_form(o, "{tag}{  dev}{gpl_compatible}{run_time_ns}{run_cnt}{recursion_misses}");
	show_tag(o, info->tag);
	out_flag(o, "gpl_compatible", "  gpl", info->gpl_compatible);
	show_run_stats(o, info);
	show_dev(ctx, info->ifindex, info->netns_dev, info->netns_ino);
	out_form_end(o);
}

void show_map_head(struct ctx *ctx, const struct bpf_map_info *info)
{
	struct out *o = ctx->out;
	char name[BPF_OBJ_NAME_LEN];

	snprintf(name, sizeof(name), "%.*s", BPF_OBJ_NAME_LEN - 1, info->name);
	out_id(o, "id", info->id);
	out_enum(o, "type", "%s", name_of(ctx, NAMES_MAP_TYPE, info->type), info->type);
	if (*name)
		out_str(o, "name", "name %s", name);
	out_uint(o, "flags", "flags 0x%llx", info->map_flags);
	show_dev(ctx, info->ifindex, info->netns_dev, info->netns_ino);
}

void show_perf_place(struct out *o, const struct perf_probe *p, bool brief)
{
	switch (p->place) {
	case PERF_RAW_TRACEPOINT:
	case PERF_TRACEPOINT:
		out_str(o, "tracepoint", "%s", p->name);
		break;
	case PERF_UPROBE:
	case PERF_URETPROBE:
		out_str(o, "filename", brief ? "%s" : "filename %s", p->name);
		out_uint(o, "offset", brief ? "+0x%llx" : "offset %llu", p->offset);
		break;
	default:
		if (!p->name[0]) {
			out_uint(o, "addr", brief ? "0x%llx" : "addr %llu", p->addr);
			break;
		}
		out_str(o, "func", brief ? "%s" : "func %s", p->name);
		out_uint(o, "offset", brief ? "+0x%llx" : "offset %llu", p->offset);
	}
}

void show_perf_config(struct out *o, const char *label, uint32_t type, uint64_t config)
{
	char buf[PERF_CONFIG_MAX];
	const char *name = perf_config_name(type, config, buf);

	if (*label) {
		out_item(o, "%s", label);
		out_sep(o, " ");
	}
	if (perf_type_name(type))
		out_str(o, "event_type", "%s", perf_type_name(type));
	else
		out_uint(o, "event_type", "%llu", type);
	out_sep(o, ":");
	if (name)
		out_str(o, "event_config", "%s", name);
	else
		out_uint(o, "event_config", "%llu", config);
}
