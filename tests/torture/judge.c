// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Is the behavior of a command with a fault correct? It may do the same as without one, or fail
 * with an error; it may not crash, hang, be silent, or leave anything behind.
 */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <jansson.h>

#include "torture.h"

/* From a list of all objects of the machine only ours: the others change. */
static char *own_json(json_t *doc)
{
	json_t *kept = json_array(), *item;
	char *text;
	size_t i;

	json_array_foreach(doc, i, item) {
		text = json_dumps(item, JSON_ENCODE_ANY);
		if (text && (strstr(text, prefix) || strstr(text, "\"error\"")))
			json_array_append(kept, item);
		free(text);
	}
	text = json_dumps(kept, JSON_INDENT(1));
	json_decref(kept);
	return text;
}

/* Blocks start in the first column. */
static char *own_blocks(const char *out, size_t len)
{
	char *kept = calloc(1, len + 1), *to = kept;
	const char *p = out, *end = out + len;

	while (p < end) {
		const char *q = p;

		do {
			const char *eol = memchr(q, '\n', end - q);

			q = eol ? eol + 1 : end;
		} while (q < end && isspace((unsigned char)*q));
		if (memmem(p, q - p, prefix, strlen(prefix)))
			to = mempcpy(to, p, q - p);
		p = q;
	}
	return kept;
}

static json_t *parse(const char *text, size_t len)
{
	return json_loadb(text, len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL,
			  NULL);
}

char *prepared(const struct command *c, enum mode mode, const char *out, size_t len)
{
	char *text = NULL;
	size_t i;

	if (c->list && mode == TEXT) {
		text = own_blocks(out, len);
	} else if (c->list) {
		json_t *doc = parse(out, len);

		if (json_is_array(doc))
			text = own_json(doc);
		json_decref(doc);
	}
	if (!text) {
		text = malloc(len + 1);
		for (i = 0; i < len; i++)
			text[i] = out[i] ? out[i] : '.';
		text[len] = '\0';
	}
	return text;
}

static size_t token(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n ? n : *p != '\0';
}

/* Word by word; words that differ between runs without a fault are ignored. */
bool same_output(const struct expected *e, const char *out)
{
	const char *a = e->out[0], *b = e->out[1], *c = e->out[2], *x = out;

	while (*a) {
		size_t na = token(a), nb = token(b), nc = token(c), nx = token(x);
		bool fixed = na == nb && na == nc && !memcmp(a, b, na) && !memcmp(a, c, na);

		if (!nb || !nc || !nx)
			return false;
		if (fixed && (na != nx || memcmp(a, x, na)))
			return false;
		a += na;
		b += nb;
		c += nc;
		x += nx;
	}
	return !*b && !*c && !*x;
}

static bool has_error(const struct run *r)
{
	return memmem(r->out, r->out_len, "\"error", 6) != NULL;
}

/* Did it report that it could not do what was requested? */
static bool brief(const struct fault *f, const struct run *r)
{
	return f->mode == TEXT ? r->err_len > 0 : has_error(r) || r->err_len > 0;
}

static const char *judge_json(const struct run *r)
{
	json_t *doc;

	if (r->hit_stdout)
		return NULL;	/* truncated, and this can be reported on stderr only */
	doc = parse(r->out, r->out_len);
	if (!doc)
		return "no valid JSON document";
	json_decref(doc);
	return r->err_len ? "words on stderr beside JSON" : NULL;
}

/* Are the same files there, whatever their contents? */
static bool same_names(const char *a, const char *b)
{
	while (*a && *b) {
		size_t na = strcspn(a, "\n"), nb = strcspn(b, "\n");
		size_t name_a = strcspn(a, " \n"), name_b = strcspn(b, " \n");
		bool is_file = !strncmp(a, work, strlen(work));

		if (is_file ? name_a != name_b || memcmp(a, b, name_a)
			    : na != nb || memcmp(a, b, na))
			return false;
		a += na + (a[na] == '\n');
		b += nb + (b[nb] == '\n');
	}
	return !*a && !*b;
}

static const char *judge_state(const struct command *c, const struct run *r,
			       const struct expected *e, const char *now)
{
	bool done = !strcmp(now, e->after), undone = !strcmp(now, e->before);

	if (WIFEXITED(r->status) && WEXITSTATUS(r->status) == e->status)
		return done || (c->partial && e->status) ? NULL : "status 0, and not done";
	if (undone || done || c->partial)
		return NULL;
	if (WIFEXITED(r->status) && WEXITSTATUS(r->status) == 3 && same_names(now, e->after))
		return NULL;		/* partial success, as its status says */
	return "neither done nor undone";
}

/* The kernel frees objects asynchronously. */
static const char *wait_for_state(const struct command *c, const struct run *r,
				  const struct expected *e)
{
	const char *bad = NULL;
	unsigned int i;

	for (i = 0; i < 60; i++) {
		char *now = world_state(c);

		bad = judge_state(c, r, e, now);
		free(now);
		if (!bad)
			return NULL;
		usleep(i < 10 ? 5000 : 50000);
	}
	return bad;
}

/* The status is the same as without a fault. */
static const char *judge_output(const struct command *c, const struct fault *f, const struct run *r,
				const struct expected *e)
{
	bool same, is_lost = r->hit_stdout && !r->out_len && e->out[0][0];
	char *out;

	if (e->status && r->hit_stdout)
		return brief(f, r) || r->hit_stderr || !is_lost ? NULL : "failed without a word";
	if (is_lost)
		return "status 0, and its output could not be written";
	if (c->any || (e->status && brief(f, r)))
		return NULL;		/* it may fail for another reason */
	out = prepared(c, f->mode, r->out, r->out_len);
	same = same_output(e, out);
	free(out);
	return same	     ? NULL
	       : brief(f, r) ? "status 0, other output, but a word on it"
			     : "status 0, and other output";
}

static const char *judge_exit(const struct command *c, const struct fault *f, const struct run *r,
			      const struct expected *e)
{
	if (WIFSIGNALED(r->status))
		return f->kind == SIGNAL && WTERMSIG(r->status) == f->arg ? NULL
									  : "killed by a signal";
	if (f->kind == SIGNAL && (WEXITSTATUS(r->status) || c->follow))
		return NULL;
	if (WEXITSTATUS(r->status) > 3)
		return "an exit status that is none of ours";
	if (WEXITSTATUS(r->status) != e->status) {
		if (!brief(f, r) && !r->hit_stderr && !r->hit_stdout)
			return "failed without a word";
		return NULL;
	}
	return judge_output(c, f, r, e);
}

const char *judge(const struct command *c, const struct fault *f, const struct run *r,
		  const struct expected *e)
{
	const char *bad = NULL;

	if (r->timeout)
		return "hangs";
	if (r->crashed)
		return "crashed";
	bad = judge_exit(c, f, r, e);
	if (!bad && f->mode != TEXT && !WIFSIGNALED(r->status))
		bad = judge_json(r);
	return bad ? bad : wait_for_state(c, r, e);
}
