/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Expressions of C in a line of source, found by a column. No parser: names, members, brackets. */
#ifndef DECODE_VERIFIER_EXPR_H
#define DECODE_VERIFIER_EXPR_H

#include "decode/verifier/text.h"

/*
 * The expression that contains the column (from 1; 0: not known): "ip->protocol" if the column is
 * that of "protocol". For an assignment or a declaration its left side, for "return" what is
 * returned. Without a column, or if there is no expression: the whole line without its margins.
 */
struct span expr_at(struct span line, uint32_t column);

/* The condition of the line's "if" or "while"; of several joined by && or || the column's. */
struct span expr_condition(struct span line, uint32_t column);

/*
 * What is dereferenced in an expression: "ip" of "ip->protocol", "v" of "*v", "p->buf" of
 * "p->buf[i]"; none if nothing is.
 */
struct span expr_pointer(struct span expr);
/* "i" of "p->buf[i]", of the last brackets; or none. */
struct span expr_index(struct span expr);
/* Argument n (from 1) of the call of name in the line, or none. */
struct span expr_argument(struct span line, struct span name, unsigned int n);
/*
 * The variable that the line sets or declares: "v" of "struct val *v = lookup(...);", or none. Of
 * several the one whose new value contains the column.
 */
struct span expr_assigned(struct span line, uint32_t column);
/* A single name, or members of one: nothing that must be put in parentheses. */
bool expr_is_plain(struct span expr);

#endif
