// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Lines for an ambiguous reference: enough of each object to choose one. */
#include <time.h>

#include "cli/buf.h"
#include "kern/abi.h"
#include "kern/object/bpffs.h"
#include "kern/object/candidates.h"
#include "kern/object/names.h"
#include "kern/object/owners.h"

#define N_CANDIDATES_MAX 20	/* more are counted */

/* Where to look up what keeps an object; either may be NULL. */
struct keepers {
	const struct obj_kind *kind;
	struct owners *owners;
	struct pins *pins;
};

/* "12s", "19m", "3h", "40d" */
static const char *age_word(uint64_t seconds, char buf[static 24])
{
	static const struct {
		uint64_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(units) && seconds < 2 * units[i].seconds)
		i++;
	snprintf(buf, 24, "%llu%c", (unsigned long long)(seconds / units[i].seconds),
		 units[i].unit);
	return buf;
}

static void put_type(struct ctx *ctx, struct buf *b, enum name_set set, uint32_t type)
{
	const char *word = name_of(ctx, set, type);

	if (word)
		buf_fmt(b, "  %s", word);
	else
		buf_fmt(b, "  type %u", type);
}

static void put_age(struct buf *b, uint64_t load_time_ns)
{
	struct timespec now = {};
	uint64_t loaded = load_time_ns / 1000000000;
	char age[24];

	clock_gettime(CLOCK_BOOTTIME, &now);
	if (load_time_ns && loaded <= (uint64_t)now.tv_sec)
		buf_fmt(b, "  loaded %s ago", age_word((uint64_t)now.tv_sec - loaded, age));
}

static void put_kind(struct ctx *ctx, struct buf *b, const struct obj_kind *kind, int fd)
{
	struct abi_link_info link = {};
	struct bpf_prog_info prog = {};
	struct bpf_map_info map = {};

	if (kind == &obj_prog && !obj_info(fd, &prog, sizeof(prog))) {
		put_type(ctx, b, NAMES_PROG_TYPE, prog.type);
		put_age(b, prog.load_time);
	} else if (kind == &obj_map && !obj_info(fd, &map, sizeof(map))) {
		put_type(ctx, b, NAMES_MAP_TYPE, map.type);
	} else if (kind == &obj_link && !obj_info(fd, &link, sizeof(link))) {
		put_type(ctx, b, NAMES_LINK_TYPE, link.type);
		buf_fmt(b, "  prog %u", link.prog_id);
	}
}

static void put_keepers(struct buf *b, const struct keepers *k, uint32_t id)
{
	size_t n_owners = 0, n_pins = 0;
	const struct owner *owners = owners_of(k->owners, id, &n_owners);
	const char *const *paths = pins_of(k->pins, id, &n_pins);

	for (size_t i = 0; i < n_owners; i++)
		buf_fmt(b, "%s%s(%u)", i ? ", " : "  held by ", owners[i].comm, owners[i].pid);
	for (size_t i = 0; i < n_pins; i++)
		buf_fmt(b, "%s%s", i ? ", " : "  pinned ", paths[i]);
	if (!n_owners && !n_pins && k->owners && k->pins)
		buf_puts(b, "  held by no process");
}

static void log_one(struct ctx *ctx, const struct keepers *k, int fd)
{
	struct obj_label label = {};
	struct buf b = {};

	if (obj_full_label(k->kind, fd, &label))
		return;
	buf_fmt(&b, "  id %u", label.id);
	put_kind(ctx, &b, k->kind, fd);
	put_keepers(&b, k, label.id);
	buf_putc(&b, '\0');
	if (!b.err)
		err_log(ctx->err, b.data);
	buf_free(&b);
}

void candidates_log(struct ctx *ctx, const struct obj_kind *kind, const int *fds, size_t n)
{
	struct keepers k = { .kind = kind };
	struct err kept = *ctx->err;
	char more[48];

	/* The walks report into ctx->err: the error that is there must survive. */
	*ctx->err = (struct err){};
	owners_collect(ctx, kind, n, &k.owners);
	pins_collect(ctx, kind, &k.pins);
	err_clear(ctx->err);
	*ctx->err = kept;
	for (size_t i = 0; i < n && i < N_CANDIDATES_MAX; i++)
		log_one(ctx, &k, fds[i]);
	snprintf(more, sizeof(more), "  and %zu more", n - N_CANDIDATES_MAX);
	if (n > N_CANDIDATES_MAX)
		err_log(ctx->err, more);
	owners_free(k.owners);
	pins_free(k.pins);
}
