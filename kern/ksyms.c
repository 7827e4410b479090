// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Names of a few kernel addresses from the 5 MB of /proc/kallsyms. The kernel formats the file line
 * by line while it is read, so the cost is reading it (0.3 us per line): reading ends at the last
 * wanted address, and text is kept only while the base that calls are relative to is still unknown.
 */
#include "kern/ksyms.h"

#include <errno.h>
#include <fcntl.h>

#include "cli/array.h"

#define CALL_BASE " __bpf_call_base\n"
#define NEAR_MAX 4096

struct want {
	uint64_t addr;		/* is_call, before the base is known: the distance from it */
	bool is_call;
	char *name;		/* owned; the module follows after its NUL */
	char *below_name; /* owned: a symbol between this and the previous wanted address */
	uint64_t below;
};

struct ksyms {
	struct want *wants;	/* sorted by address once the base is known */
	size_t n_wants, max_wants, n_found;
	bool wants_base, has_addrs, near;
	uint64_t base;
};

/* Data that was read and not yet matched. */
struct text {
	int fd;
	char *data;
	size_t len, max;
	bool at_end;
};

struct ksyms *ksyms_new(void)
{
	return calloc(1, sizeof(struct ksyms));
}

void ksyms_free(struct ksyms *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->n_wants; i++) {
		free(k->wants[i].name);
		free(k->wants[i].below_name);
	}
	free(k->wants);
	free(k);
}

static int add_want(struct ksyms *k, uint64_t addr, bool is_call)
{
	struct want *wants = array_room(k->wants, k->n_wants, &k->max_wants, sizeof(*wants));

	if (!wants)
		return -ENOMEM;
	k->wants = wants;
	k->wants[k->n_wants++] = (struct want){ .addr = addr, .is_call = is_call };
	k->wants_base |= is_call;
	return 0;
}

int ksyms_want(struct ksyms *k, uint64_t addr)
{
	return add_want(k, addr, false);
}

int ksyms_want_call(struct ksyms *k, int32_t imm)
{
	return add_want(k, (uint64_t)(int64_t)imm, true);
}

void ksyms_accept_near(struct ksyms *k)
{
	k->near = true;
}

uint64_t ksyms_call_base(const struct ksyms *k)
{
	return k->base;
}

static int by_addr(const void *a, const void *b)
{
	const struct want *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static struct want *find_want(const struct ksyms *k, uint64_t addr)
{
	const struct want key = { .addr = addr };

	return bsearch(&key, k->wants, k->n_wants, sizeof(key), by_addr);
}

/*
 * Called when the base is known: distances become addresses, duplicates are removed. Without a base
 * the calls have no address (small numbers would match the per-CPU symbols there).
 */
static void settle_wants(struct ksyms *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n_wants; i++) {
		if (k->wants[i].is_call && !k->base)
			continue;
		if (k->wants[i].is_call)
			k->wants[i].addr += k->base;
		k->wants[i].is_call = false;
		k->wants[n++] = k->wants[i];
	}
	k->n_wants = n;
	n = 0;
	qsort(k->wants, k->n_wants, sizeof(*k->wants), by_addr);
	for (size_t i = 0; i < k->n_wants; i++)
		if (!n || k->wants[n - 1].addr != k->wants[i].addr)
			k->wants[n++] = k->wants[i];
	k->n_wants = n;
}

/* Another read. The kernel returns a page at a time, whatever the size. */
static int read_more(struct text *t)
{
	ssize_t n;

	if (t->max - t->len < 8192) {
		size_t max = t->max ? 2 * t->max : 65536;
		char *data = realloc(t->data, max);

		if (!data)
			return -ENOMEM;
		t->data = data;
		t->max = max;
	}
	do {
		n = read(t->fd, t->data + t->len, t->max - t->len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	t->at_end = n == 0;
	t->len += n;
	return 0;
}

/* "ffffffff814cc810 T " : the address at the start of a line; NULL if it is not a valid line. */
static const char *parse_addr(const char *line, const char *end, uint64_t *ret_addr)
{
	uint64_t addr = 0;

	while (line < end && *line != ' ') {
		unsigned char c = *line++;

		if (c >= '0' && c <= '9')
			addr = addr << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			addr = addr << 4 | (c - 'a' + 10);
		else
			return NULL;
	}
	*ret_addr = addr;
	return end - line > 3 ? line + 3 : NULL;
}

/* Reads, and keeps, until the line of the base was read. Returns 0 also if there is none. */
static int find_base(struct ksyms *k, struct text *t)
{
	size_t seen = 0;

	while (!t->at_end) {
		const char *hit, *line;
		int err = read_more(t);

		if (err)
			return err;
		hit = memmem(t->data + seen, t->len - seen, CALL_BASE, strlen(CALL_BASE));
		if (hit) {
			line = memrchr(t->data, '\n', hit - t->data);
			parse_addr(line ? line + 1 : t->data, hit + strlen(CALL_BASE), &k->base);
			return k->base ? 0 : -EACCES;
		}
		seen = t->len > strlen(CALL_BASE) ? t->len - strlen(CALL_BASE) : 0;
	}
	return 0;
}

/* "name" or "name\t[module]": kept as "name\0module\0". */
static char *copy_name(const char *name, const char *end)
{
	const char *tab = memchr(name, '\t', end - name);
	size_t name_len = (tab ? tab : end) - name;
	size_t module_len = tab && end - tab > 3 ? end - tab - 3 : 0;
	char *copy = calloc(1, name_len + module_len + 2);

	if (!copy)
		return NULL;
	memcpy(copy, name, name_len);
	if (module_len)
		memcpy(copy + name_len + 1, tab + 2, module_len);
	return copy;
}

static int keep_name(struct ksyms *k, struct want *w, const char *name, const char *end)
{
	w->name = copy_name(name, end);
	if (!w->name)
		return -ENOMEM;
	k->n_found++;
	return 0;
}

/* The first wanted address above addr, if it is near. */
static struct want *find_above(const struct ksyms *k, uint64_t addr)
{
	size_t i;

	if (k->wants[0].addr > addr + NEAR_MAX || k->wants[k->n_wants - 1].addr <= addr)
		return NULL;
	i = count_before(k->wants, k->n_wants, w, w->addr <= addr);
	return k->wants[i].addr - addr < NEAR_MAX ? &k->wants[i] : NULL;
}

static int keep_near(struct ksyms *k, uint64_t addr, const char *name, const char *end)
{
	struct want *w = find_above(k, addr);

	if (!w || w->name || (w->below_name && w->below >= addr))
		return 0;
	free(w->below_name);
	w->below_name = copy_name(name, end);
	w->below = addr;
	return w->below_name ? 0 : -ENOMEM;
}

/* Matches the complete lines, and drops them. */
static int match_lines(struct ksyms *k, struct text *t)
{
	const char *line = t->data, *stop = t->data + t->len, *end;
	int err = 0;

	while (!err && k->n_found < k->n_wants && (end = memchr(line, '\n', stop - line))) {
		uint64_t addr = 0;
		const char *name = parse_addr(line, end, &addr);
		struct want *w = NULL;

		k->has_addrs |= addr != 0;
		if (name && addr >= k->wants[0].addr && addr <= k->wants[k->n_wants - 1].addr)
			w = find_want(k, addr);
		if (w && !w->name)	/* the first of several names for an address */
			err = keep_name(k, w, name, end);
		else if (name && addr && k->near)
			err = keep_near(k, addr, name, end);
		line = end + 1;
	}
	t->len = stop - line;
	memmove(t->data, line, t->len);
	return err;
}

int ksyms_read(struct ksyms *k, int fd)
{
	struct text t = { .fd = fd };
	int err = k->wants_base ? find_base(k, &t) : 0;

	if (!err)
		settle_wants(k);
	if (!err && t.len)
		err = match_lines(k, &t);
	while (!err && !t.at_end && k->n_found < k->n_wants) {
		err = read_more(&t);
		if (!err)
			err = match_lines(k, &t);
	}
	free(t.data);
	if (!err && t.at_end && !k->has_addrs)
		return -EACCES;
	return err;
}

int ksyms_load(struct ksyms *k)
{
	auto_close int fd = -1;

	if (!k->n_wants)
		return 0;
	fd = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return ksyms_read(k, fd);
}

const char *ksyms_name(const struct ksyms *k, uint64_t addr, const char **ret_module)
{
	const struct want *w = k->n_wants ? find_want(k, addr) : NULL;

	if (!w || !w->name)
		return NULL;
	if (ret_module)
		*ret_module = w->name + strlen(w->name) + 1;
	return w->name;
}

const char *ksyms_near_name(const struct ksyms *k, uint64_t addr, uint64_t *ret_off)
{
	const struct want *w = k->n_wants ? find_want(k, addr) : NULL;

	for (; w && addr - w->addr < NEAR_MAX; w--) {
		if (w->name || (w->below_name && addr - w->below < NEAR_MAX)) {
			*ret_off = addr - (w->name ? w->addr : w->below);
			return w->name ? w->name : w->below_name;
		}
		if (w == k->wants)
			break;
	}
	return NULL;
}
