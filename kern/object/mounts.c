// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * /proc/self/mountinfo:
 * "36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
 */
#include <ctype.h>
#include <errno.h>

#include "kern/object/mounts.h"

/* Decodes the kernel's escapes such as \040 in place. */
static void decode_octal(char *text)
{
	char *to = text;

	for (const char *c = text; *c; c++) {
		if (c[0] == '\\' && isdigit((unsigned char)c[1]) && isdigit((unsigned char)c[2]) &&
		    isdigit((unsigned char)c[3])) {
			*to++ = (c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0');
			c += 3;
		} else {
			*to++ = *c;
		}
	}
	*to = '\0';
}

static bool parse_line(char *line, struct mount *ret)
{
	char *fields[6], *rest = line, *tail, *root, *point, *type;

	line[strcspn(line, "\n")] = '\0';
	tail = strstr(line, " - ");
	if (!tail)
		return false;
	*tail = '\0';
	tail += strlen(" - ");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		fields[i] = strsep(&rest, " ");
	root = fields[3];
	point = fields[4];
	type = strsep(&tail, " ");
	strsep(&tail, " ");
	if (!point || !tail)
		return false;
	decode_octal(root);
	decode_octal(point);
	*ret = (struct mount){ .point = point, .root = root, .type = type, .options = tail };
	return true;
}

int mounts_each(int (*fn)(const struct mount *m, void *data), void *data)
{
	auto_fclose FILE *f = fopen("/proc/self/mountinfo", "re");
	auto_free char *line = NULL;
	size_t size = 0;
	int err = 0;

	if (!f)
		return -errno;
	errno = 0;
	while (!err && getline(&line, &size, f) > 0) {
		struct mount m;

		if (parse_line(line, &m))
			err = fn(&m, data);
	}
	/* Also if out of memory for a line, which ferror() does not report. */
	if (!err && !feof(f))
		err = errno ? -errno : -EIO;
	return err;
}

struct search {
	const char *type;
	char *point;
};

static int take_first(const struct mount *m, void *data)
{
	struct search *s = data;

	if (!streq(m->type, s->type))
		return 0;
	s->point = strdup(m->point);
	return s->point ? 1 : -ENOMEM;
}

int mounts_find(const char *type, char **ret_point)
{
	struct search s = { .type = type };
	int err = mounts_each(take_first, &s);

	if (err < 0)
		return err;
	*ret_point = s.point;
	return err ? 0 : -ENOENT;
}
