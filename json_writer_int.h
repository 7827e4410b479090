/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by json_writer.c (containers, commits, scopes) and json_items.c (single data) only. */
#ifndef JSON_WRITER_INT_H
#define JSON_WRITER_INT_H

#include "cli/buf.h"
#include "cli/err.h"
#include "json_writer.h"

#define DEPTH_MAX 128
#define SEP_MAX 32

#define FORM_PIECES_MAX 24
#define FORMS_MAX 4

enum frame_kind { F_SCOPE, F_TREE, F_LIST, F_REC, F_FORM };

struct frame {
	uint8_t kind;
	bool used;		/* not empty: the next element needs a separator */
	bool stream;		/* each element is released when complete */
	bool passes;		/* a list inside may stream: everything around it can be closed */
	bool lines;		/* --jsonl: elements are lines */
	bool bare;		/* no own brackets (--jsonl) */
	bool block;		/* text: a record with its own lines */
	bool joined;		/* text: elements of a labelled list, on one line */
	bool no_sep;		/* text: items have their own separators */
};

/* The items of a form in order of arrival, in the buffer from at on, until they are combined. */
struct form {
	const char *text;		/* the caller's */
	char sep[SEP_MAX];		/* the separator due before it */
	size_t at;
	unsigned int n;
	struct {
		const char *key;
		size_t at;
	} pieces[FORM_PIECES_MAX];
};

/* The state of the composition; saved and restored as a whole. */
struct state {
	size_t len;
	unsigned int depth;		/* index of the innermost frame */
	unsigned int brackets;		/* open JSON containers: the depth of the pretty layout */
	unsigned int tree, forms;	/* number of open forms */
	unsigned int too_deep;		/* containers beyond DEPTH_MAX: counted, not stored */
	bool after_key;
	bool raw;			/* text: no newline at the end of this */
	char sep[SEP_MAX];		/* text: precedes the next item */
};

/* An error reported where no element is possible: in a record, or before there is any data. */
struct late_error {
	struct late_error *next;
	unsigned int depth;		/* of the container that gets it */
	struct err e;			/* without its log */
};

struct out {
	int fd;
	int err;
	enum out_mode mode;
	struct buf buf;
	struct state now, kept;
	char last;			/* text: the last flushed byte */
	struct late_error *late;	/* owned; JSON only */
	struct late_error spare;	/* one of them, for when memory is out */
	bool spare_used;
	bool plain;			/* text: not escaped */
	struct form forms[FORMS_MAX];	/* text: of the F_FORM frames, outermost first */
	struct buf items, whole;	/* room for composing them */
	struct frame st[DEPTH_MAX], kept_st[DEPTH_MAX];
};

static inline bool is_json(const struct out *o)
{
	return o->mode != OUT_TEXT;
}

/* Containers and out_json_* are visible: JSON, or a tree in text. */
static inline bool shows_json(const struct out *o)
{
	return o->mode != OUT_TEXT || o->now.tree;
}

static inline bool is_pretty(const struct out *o)
{
	return o->mode == OUT_PRETTY || o->mode == OUT_TEXT;
}

static inline struct frame *top(struct out *o)
{
	return &o->st[o->now.depth];
}

static inline struct form *form_of(struct out *o)
{
	return &o->forms[o->now.forms - 1];
}

static inline bool at_line_start(const struct out *o)
{
	return o->now.raw || (o->buf.len ? o->buf.data[o->buf.len - 1] : o->last) == '\n';
}

static inline void copy_sep(char *to, const char *sep, size_t size)
{
	size_t len;

	for (len = 0; len + 1 < size && sep[len]; len++)
		to[len] = sep[len];
	to[len] = '\0';
}

static inline void set_sep(struct out *o, const char *sep)
{
	copy_sep(o->now.sep, sep, sizeof(o->now.sep));
}

static inline void new_line(struct out *o, unsigned int depth)
{
	buf_putc(&o->buf, '\n');
	buf_fill(&o->buf, ' ', depth * 4);
}

/* json_writer.c: before and after a JSON value; before an item of text (its key, for forms). */
void json_before(struct out *o, const char *key);
void json_after(struct out *o);
void text_before(struct out *o, const char *key);
/* The same: a container more, or one less. */
struct frame *push_frame(struct out *o, enum frame_kind kind);
void pop_frame(struct out *o);
/* json_items.c: the text that follows is the item key (or NULL) of the open form. */
void form_piece(struct out *o, const char *key);

#endif
