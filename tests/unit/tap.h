/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Tests that say what they test: each check prints a TAP line; tap_done() prints the plan and gives
 * the exit status.
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int tap_n, tap_failed;

__attribute__((format(printf, 2, 3), unused)) static int ok(int good, const char *fmt, ...)
{
	va_list ap;

	tap_n++;
	tap_failed += !good;
	printf("%sok %d - ", good ? "" : "not ", tap_n);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return good;
}

__attribute__((unused)) static int is_str(const char *got, const char *want, const char *what)
{
	int good = got && want ? !strcmp(got, want) : got == want;

	ok(good, "%s", what);
	if (!good)
		printf("#  got: %s\n# want: %s\n", got ? got : "(null)", want ? want : "(null)");
	return good;
}

__attribute__((unused)) static int is_int(long long got, long long want, const char *what)
{
	int good = got == want;

	ok(good, "%s", what);
	if (!good)
		printf("#  got: %lld\n# want: %lld\n", got, want);
	return good;
}

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_n);
	return tap_failed ? 1 : 0;
}

#endif
