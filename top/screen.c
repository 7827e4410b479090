// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl top on a terminal: the list, and the history of one program. Drawn by ncurses, with
 * characters that every terminal has. The library is loaded only here: it would make other commands
 * start slower by a fifth.
 */
#include <errno.h>
#include <time.h>

#include "cli/library.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/stop.h"
#include "top/top.h"
#include "view/owner.h"

#define HISTORY 240
#define FILTER_MAX 64
#define LINE_MAX_ 512

/* From ncurses 6, whose ABI includes these numbers (its manual pages attr(3X), getch(3X)). */
enum {
	ATTR_NORMAL,
	ATTR_STANDOUT = 1 << 16,
	ATTR_REVERSE = 1 << 18,
	ATTR_DIM = 1 << 20,
	ATTR_BOLD = 1 << 21
};
enum {
	KEY_NONE = -1,
	KEY_ESC = 27,
	KEY_DOWN = 0402,
	KEY_UP = 0403,
	KEY_BACKSPACE = 0407,
	KEY_ENTER = 0527
};

struct curses {
	void *lib;
	void **win;			/* stdscr */
	int *lines, *cols;
	void *(*newterm)(const char *type, FILE *out, FILE *in);
	void (*delscreen)(void *screen);
	int (*endwin)(void);
	int (*cbreak)(void);
	int (*noecho)(void);
	int (*keypad)(void *win, bool on);
	int (*set_escdelay)(int ms);
	int (*curs_set)(int how);
	void (*wtimeout)(void *win, int ms);
	int (*wgetch)(void *win);
	int (*werase)(void *win);
	int (*wrefresh)(void *win);
	int (*wattrset)(void *win, int attr);
	int (*wmove)(void *win, int y, int x);
	int (*waddnstr)(void *win, const char *text, int n);
};

static int load_curses(struct ctx *ctx, struct curses *ret)
{
	static const char *const sonames[] = { "libncursesw.so.6", NULL };
	const struct library_symbol symbols[] = {
		{ "stdscr", &ret->win, 0 }, { "LINES", &ret->lines, 0 },
		{ "COLS", &ret->cols, 0 }, { "newterm", &ret->newterm, 0 },
		{ "delscreen", &ret->delscreen, 0 }, { "endwin", &ret->endwin, 0 },
		{ "cbreak", &ret->cbreak, 0 }, { "noecho", &ret->noecho, 0 },
		{ "keypad", &ret->keypad, 0 }, { "set_escdelay", &ret->set_escdelay, 0 },
		{ "curs_set", &ret->curs_set, 0 }, { "wtimeout", &ret->wtimeout, 0 },
		{ "wgetch", &ret->wgetch, 0 }, { "werase", &ret->werase, 0 },
		{ "wrefresh", &ret->wrefresh, 0 }, { "wattrset", &ret->wattrset, 0 },
		{ "wmove", &ret->wmove, 0 }, { "waddnstr", &ret->waddnstr, 0 }, { 0 },
	};
	char why[LIBRARY_WHY_MAX];

	if (!library_open(sonames, symbols, &ret->lib, why))
		return 0;
	fail_msg(ctx->err, -ELIBACC, "the screen needs ncurses: %s", why);
	err_hint(ctx->err,
		 "install libncursesw6 (ncurses-libs); '%s top samples 1' prints without it",
		 ctx->progname);
	return -ELIBACC;
}

struct screen {
	struct ctx *ctx;
	struct curses c;
	struct top_args args;
	struct top_sample sample;
	char filter[FILTER_MAX];
	bool typing, paused, ended, graph;
	size_t chosen;			/* row under the cursor */
	uint32_t id;			/* of the program in the graph */
	double history[HISTORY];	/* CPU percent, the newest last */
	unsigned int n_history;
	struct timespec next;		/* when the next sample is due */
};

static double seconds_until(const struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(t->tv_sec - now.tv_sec) + (double)(t->tv_nsec - now.tv_nsec) / 1e9;
}

/* Untrusted text, truncated at the right edge. */
static void put_line(const struct screen *s, int y, const char *text, int attr)
{
	char clean[LINE_MAX_];

	out_escape(clean, sizeof(clean), text);
	s->c.wattrset(*s->c.win, attr);
	s->c.wmove(*s->c.win, y, 0);
	s->c.waddnstr(*s->c.win, clean, *s->c.cols);
	s->c.wattrset(*s->c.win, ATTR_NORMAL);
}

static void draw_head(const struct screen *s)
{
	char text[LINE_MAX_];

	snprintf(text, sizeof(text), "bpfctl top  %zu program%s  every %u s  by %s%s%s%s",
		 s->sample.n, plural(s->sample.n, "", "s"), s->args.interval,
		 top_sort_words[s->args.sort], s->paused ? "  PAUSED" : "",
		 s->filter[0] || s->typing ? "  filter: " : "", s->filter);
	put_line(s, 0, text, ATTR_BOLD);
	snprintf(text, sizeof(text), "%8s %-16s %-24s %8s %10s %10s %10s  %s", "ID", "TYPE", "NAME",
		 "CPU%", "RUNS/S", "AVG_NS", "TOTAL_AVG", "PIDS");
	put_line(s, 1, text, ATTR_REVERSE);
}

/* Text that does not fit on a line, which is len bytes long as a whole, ends with a mark. */
static void mark_cut(char *text, int len, int cols)
{
	size_t room = cols > 0 && cols < LINE_MAX_ ? (size_t)cols : LINE_MAX_ - 1;

	if (len > 0 && (size_t)len > room && room > 3)
		memcpy(text + room - 3, "...", 4);
}

static void draw_rows(const struct screen *s)
{
	size_t room = *s->c.lines > 4 ? (size_t)*s->c.lines - 3 : 1;
	size_t first = s->chosen >= room ? s->chosen - room + 1 : 0;

	for (size_t i = first; i < s->sample.n && i - first < room; i++) {
		const struct top_row *r = &s->sample.rows[i];
		const char *type = name_of(s->ctx, NAMES_PROG_TYPE, r->stat->type);
		struct buf pids = {};
		size_t n;
		const struct owner *owners = owners_of(s->sample.owners, r->stat->id, &n);
		char text[LINE_MAX_];
		int len;

		len = snprintf(text, sizeof(text),
			       "%8u %-16.16s %-24.24s %8.2f %10.0f %10.0f %10.0f  %s", r->stat->id,
			       type ? type : "?", r->stat->name, r->cpu_percent, r->per_second,
			       r->average_ns, r->total_average_ns, owners_text(&pids, owners, n));
		buf_free(&pids);
		mark_cut(text, len, *s->c.cols);
		put_line(s, (int)(i - first) + 2, text,
			 i == s->chosen ? ATTR_STANDOUT : ATTR_NORMAL);
	}
}

/* Columns of the latest values, the highest as tall as the screen allows. */
static void draw_graph(const struct screen *s)
{
	int lines = *s->c.lines, height = lines > 7 ? lines - 5 : 2;
	unsigned int cols = (unsigned int)*s->c.cols,
		     shown = s->n_history < cols ? s->n_history : cols;
	const double *values = s->history + HISTORY - shown;
	char text[LINE_MAX_];
	double max = 0.01;

	for (unsigned int x = 0; x < shown; x++)
		max = values[x] > max ? values[x] : max;
	snprintf(text, sizeof(text), "program %u: CPU%% over time, top line = %.2f%%, now %.2f%%",
		 s->id, max, shown ? values[shown - 1] : 0);
	put_line(s, 2, text, ATTR_BOLD);
	for (unsigned int x = 0; x < shown; x++) {
		int tall = (int)(values[x] / max * height + 0.5);

		for (int y = 0; y < tall; y++) {
			s->c.wmove(*s->c.win, lines - 2 - y, (int)x);
			s->c.waddnstr(*s->c.win, "#", 1);
		}
	}
}

static void draw(const struct screen *s)
{
	s->c.werase(*s->c.win);
	draw_head(s);
	if (s->graph)
		draw_graph(s);
	else
		draw_rows(s);
	put_line(s, *s->c.lines - 1,
		 s->typing ? "type a part of the name, Enter ends, Esc clears"
			   : "q quit  p pause  s sort  / filter  up/down choose  Enter graph of "
			     "one program  +/- interval",
		 ATTR_DIM);
	s->c.wrefresh(*s->c.win);
}

static void remember(struct screen *s)
{
	double v = 0;

	for (size_t i = 0; i < s->sample.n; i++)
		if (s->sample.rows[i].stat->id == s->id)
			v = s->sample.rows[i].cpu_percent;
	memmove(s->history, s->history + 1, sizeof(s->history) - sizeof(s->history[0]));
	s->history[HISTORY - 1] = v;
	if (s->n_history < HISTORY)
		s->n_history++;
}

static int sample(struct screen *s)
{
	int err;

	s->args.name = s->filter[0] ? s->filter : NULL;
	err = top_take(s->ctx, &s->args, &s->sample);
	clock_gettime(CLOCK_MONOTONIC, &s->next);
	s->next.tv_sec += s->args.interval;
	if (err)
		return err;
	if (s->chosen >= s->sample.n)
		s->chosen = s->sample.n ? s->sample.n - 1 : 0;
	if (s->graph)
		remember(s);
	return 0;
}

static void type_filter(struct screen *s, int key)
{
	size_t len = strlen(s->filter);

	if (key == '\n' || key == KEY_ENTER) {
		s->typing = false;
	} else if (key == KEY_ESC) {
		s->filter[0] = '\0';
		s->typing = false;
	} else if ((key == KEY_BACKSPACE || key == 127 || key == '\b') && len) {
		s->filter[len - 1] = '\0';
	} else if (key >= ' ' && key < 127 && len + 1 < sizeof(s->filter)) {
		s->filter[len] = (char)key;
		s->filter[len + 1] = '\0';
	}
}

static void toggle_graph(struct screen *s)
{
	if (!s->graph && s->chosen >= s->sample.n)
		return;
	s->graph = !s->graph;
	if (!s->graph)
		return;
	if (s->id != s->sample.rows[s->chosen].stat->id)
		s->n_history = 0;
	s->id = s->sample.rows[s->chosen].stat->id;
}

static void press(struct screen *s, int key)
{
	if (s->typing) {
		type_filter(s, key);
		return;
	}
	switch (key) {
	case 'q':
		s->ended = true;
		break;
	case 'p':
	case ' ':
		s->paused = !s->paused;
		break;
	case 's':
		s->args.sort = (s->args.sort + 1) % TOP_SORTS;
		top_sort_rows(&s->sample, (enum top_sort)s->args.sort);
		break;
	case '/':
		s->typing = true;
		break;
	case KEY_DOWN:
	case 'j':
		s->chosen += s->chosen + 1 < s->sample.n;
		break;
	case KEY_UP:
	case 'k':
		s->chosen -= s->chosen > 0;
		break;
	case '\n':
	case KEY_ENTER:
		toggle_graph(s);
		break;
	case '+':
		s->args.interval++;
		break;
	case '-':
		s->args.interval -= s->args.interval > 1;
		break;
	}
}

/* Signals are checked between two keys, so that the terminal is always restored. */
static int loop(struct screen *s, const struct stop *stop)
{
	int err = sample(s);

	while (!err && !s->ended && stop_wait(stop, NULL, 0, 0) == STOP_TIME) {
		double left = s->paused ? 1 : seconds_until(&s->next);
		int key;

		draw(s);
		s->c.wtimeout(*s->c.win, left > 0.2 ? 200 : left > 0 ? (int)(left * 1000) + 1 : 0);
		key = s->c.wgetch(*s->c.win);
		if (key != KEY_NONE)
			press(s, key);
		if (!s->paused && seconds_until(&s->next) <= 0)
			err = sample(s);
	}
	return err;
}

static int run_screen(struct screen *s, const struct stop *stop)
{
	void *screen = s->c.newterm(NULL, stdout, stdin);
	const char *term = getenv("TERM");
	int err;

	if (!screen) {
		fail_msg(s->ctx->err, -ENOTTY, "this terminal is not supported (TERM=%s)",
			 term ? term : "");
		err_hint(s->ctx->err, "'%s top samples 1' prints instead", s->ctx->progname);
		return -ENOTTY;
	}
	s->c.cbreak();
	s->c.noecho();
	s->c.keypad(*s->c.win, true);
	s->c.set_escdelay(25);
	s->c.curs_set(0);
	err = loop(s, stop);
	s->c.endwin();
	s->c.delscreen(screen);
	return err;
}

int top_screen(struct ctx *ctx, const struct top_args *a)
{
	struct screen s = { .ctx = ctx, .args = *a, .sample.reported = true };
	auto_stop struct stop stop = { .fd = -1 };
	int err = load_curses(ctx, &s.c);

	if (err)
		return err;
	if (a->name)
		snprintf(s.filter, sizeof(s.filter), "%s", a->name);
	err = stop_open(ctx, &stop);
	if (!err)
		err = run_screen(&s, &stop);
	top_sample_free(&s.sample);
	library_close(s.c.lib);
	return err;
}
