/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Quantities as people read them. JSON has the exact numbers. */
#ifndef VIEW_UNITS_H
#define VIEW_UNITS_H

#include "cli/defs.h"

#define UNITS_TEXT_MAX 32

/* "512 B", "4 KiB", "1.5 MiB": one decimal below 10, no unit beyond EiB. Returns buf. */
const char *size_text(char buf[static UNITS_TEXT_MAX], uint64_t bytes);
/* "45s", "19m", "7h", "3d", of seconds: the largest unit that is at least 1. Returns buf. */
const char *age_text(char buf[static UNITS_TEXT_MAX], uint64_t seconds);
/* "310 ns", "1.5 us", "20 ms", "3.0 s", of nanoseconds. Returns buf. */
const char *duration_text(char buf[static UNITS_TEXT_MAX], uint64_t ns);

/*
 * Columns of text that fit: $COLUMNS, else the width of the terminal on stdout or stderr, else 80.
 */
unsigned int screen_width(void);

#endif
