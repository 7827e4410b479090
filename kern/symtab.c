// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* All of /proc/kallsyms: read at once, split in place, sorted by address. */
#include "kern/symtab.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cli/array.h"
#include "cli/buf.h"
#include "cli/file.h"

#define FILE_MAX (256 << 20)
#define FAR_MAX (1 << 20)	/* no function is longer */
#define TAG_DIGITS 16

/* "addr type name[\t[module]]" */
static int add_line(struct symtab *t, char *line)
{
	char *end, *name, *tab;
	uint64_t addr = strtoull(line, &end, 16);
	struct symbol *all;

	if (*end != ' ' || !end[1] || end[2] != ' ')
		return 0;
	all = array_room(t->all, t->n, &t->max, sizeof(*all));
	if (!all)
		return -ENOMEM;
	t->all = all;
	name = end + 3;
	tab = strchr(name, '\t');
	if (tab) {
		*tab++ = '\0';
		tab[strcspn(tab, "]")] = '\0';
		tab += *tab == '[';
	}
	t->all[t->n++] = (struct symbol){ .addr = addr, .name = name, .module = tab ? tab : "" };
	return 0;
}

/* The names of one address stay in the order of the file: they are in one block of text. */
static int by_addr(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static int split(struct symtab *t)
{
	bool any = false;
	char *save = NULL;
	int err = 0;

	for (char *line = strtok_r(t->text, "\n", &save); line && !err;
	     line = strtok_r(NULL, "\n", &save))
		err = add_line(t, line);
	for (size_t i = 0; i < t->n && !any; i++)
		any = t->all[i].addr;
	if (!err && !any)
		return -EACCES;
	if (!err)
		qsort(t->all, t->n, sizeof(*t->all), by_addr);
	return err;
}

int symtab_load(struct symtab *t, int fd)
{
	auto_close int own = fd < 0 ? open("/proc/kallsyms", O_RDONLY | O_CLOEXEC) : -1;
	struct buf b = {};
	int err;

	*t = (struct symtab){};
	if (fd < 0 && own < 0)
		return -errno;
	err = file_read_fd(fd < 0 ? own : fd, FILE_MAX, &b);
	buf_putc(&b, '\0');
	if (!err)
		err = b.err;
	t->text = (char *)b.data;
	return err ? err : split(t);
}

void symtab_free(struct symtab *t)
{
	free(t->all);
	free(t->text);
	*t = (struct symtab){};
}

const struct symbol *symtab_at(const struct symtab *t, uint64_t addr)
{
	size_t n = count_before(t->all, t->n, s, s->addr <= addr);

	if (!n || addr - t->all[n - 1].addr >= FAR_MAX)
		return NULL;
	while (n > 1 && t->all[n - 2].addr == t->all[n - 1].addr)
		n--;
	return &t->all[n - 1];
}

const char *symbol_bpf_name(const struct symbol *s)
{
	static const char lead[] = "bpf_prog_";
	const char *tag = s->name + strlen(lead);

	if (!has_prefix(s->name, lead) || strspn(tag, "0123456789abcdef") < TAG_DIGITS)
		return NULL;
	return tag[TAG_DIGITS] == '_' && tag[TAG_DIGITS + 1] ? tag + TAG_DIGITS + 1 : NULL;
}
