// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The shell that created the environment (our parent, by pipes), and the environment as text that
 * can be compared.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "torture.h"

static FILE *state;
static bool with_contents;

/* The answer: its text, a zero byte, its status, a newline. */
char *shell(const char *code, int *ret_status)
{
	size_t size = 0;
	char *text = NULL;
	int c;
	FILE *to = open_memstream(&text, &size);

	printf("%s\n", code);
	fflush(stdout);
	while ((c = getchar()) != EOF && c)
		fputc(c, to);
	fclose(to);
	if (c == EOF || scanf("%d", ret_status) != 1 || getchar() != '\n') {
		fprintf(stderr, "the shell of the world is gone\n");
		exit(1);
	}
	return text;
}

static unsigned long hash_file(const char *path)
{
	unsigned char buf[65536];
	unsigned long h = 14695981039346656037UL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n, i;

	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		for (i = 0; i < n; i++)
			h = (h ^ buf[i]) * 1099511628211UL;
	if (fd >= 0)
		close(fd);
	return h;
}

static int note_file(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)flag;
	(void)ftw;
	fprintf(state, "%s %o", path, st->st_mode);
	if (with_contents && S_ISREG(st->st_mode) && !strncmp(path, work, strlen(work)))
		fprintf(state, " %ld %lx", (long)st->st_size, hash_file(path));
	fputc('\n', state);
	return 0;
}

static void note_mounts(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096];

	while (f && fgets(line, sizeof(line), f))
		fputs(line, state);
	if (f)
		fclose(f);
}

/* The number of our objects: those neither pinned nor attached are freed with the command. */
static void note_objects(void)
{
	unsigned int id = 0, n_progs = 0, n_maps = 0;

	while (!bpf_prog_get_next_id(id, &id)) {
		struct bpf_prog_info info = { };
		unsigned int len = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		n_progs += fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) &&
			   strstr(info.name, prefix);
		if (fd >= 0)
			close(fd);
	}
	for (id = 0; !bpf_map_get_next_id(id, &id); ) {
		struct bpf_map_info info = { };
		unsigned int len = sizeof(info);
		int fd = bpf_map_get_fd_by_id(id);

		n_maps += fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) &&
			  strstr(info.name, prefix);
		if (fd >= 0)
			close(fd);
	}
	fprintf(state, "%u programs %u maps\n", n_progs, n_maps);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Directories list newly created entries in another order. */
static char *sorted(char *text)
{
	size_t n = 0, i, len = strlen(text);
	char *ret = calloc(1, len + 2), *to = ret, *p, *rest = text, **lines;

	lines = calloc(len + 1, sizeof(*lines));
	while ((p = strsep(&rest, "\n")))
		lines[n++] = p;
	qsort(lines, n, sizeof(*lines), by_text);
	for (i = 0; i < n; i++)
		to += sprintf(to, i ? "\n%s" : "%s", lines[i]);
	free(lines);
	free(text);
	return ret;
}

char *world_state(const struct command *c)
{
	char *text = NULL;
	size_t size;
	int status;

	state = open_memstream(&text, &size);
	/* What differs from run to run does so in a file, too. */
	with_contents = !c->any;
	nftw(bpffs, note_file, 20, FTW_PHYS);
	nftw(work, note_file, 20, FTW_PHYS);
	note_mounts();
	note_objects();
	if (c->probe[0]) {
		char *out = shell(c->probe, &status);

		fprintf(state, "%s", out);
		free(out);
	}
	fclose(state);
	return sorted(text);
}
