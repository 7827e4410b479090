// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Quantities as people read them: where a unit begins, when a decimal is shown. */
#include <stdlib.h>

#include "view/units.h"
#include "tap.h"

static void sizes(void)
{
	char buf[UNITS_TEXT_MAX];

	is_str(size_text(buf, 0), "0 B", "nothing");
	is_str(size_text(buf, 1023), "1023 B", "the last number without a unit");
	is_str(size_text(buf, 1024), "1 KiB", "the first with one");
	is_str(size_text(buf, 1536), "1.5 KiB", "one decimal below ten");
	is_str(size_text(buf, 15 * 1024 + 512), "16 KiB", "none above");
	is_str(size_text(buf, 1024 * 1024 - 1), "1 MiB", "rounded up, not 1024 KiB");
	is_str(size_text(buf, UINT64_MAX), "16 EiB", "the largest number");
}

static void durations(void)
{
	char buf[UNITS_TEXT_MAX];

	is_str(duration_text(buf, 64), "64 ns", "nanoseconds");
	is_str(duration_text(buf, 1500), "1.5 us", "microseconds");
	is_str(duration_text(buf, 999999), "1 ms", "rounded up, not 1000 us");
	is_str(duration_text(buf, 7200000000000), "7200 s", "nothing above seconds");
}

static void ages(void)
{
	char buf[UNITS_TEXT_MAX];

	is_str(age_text(buf, 0), "0s", "now");
	is_str(age_text(buf, 59), "59s", "seconds");
	is_str(age_text(buf, 60), "1m", "minutes");
	is_str(age_text(buf, 86399), "23h", "hours");
	is_str(age_text(buf, 86400 * 400), "400d", "days");
}

static void widths(void)
{
	setenv("COLUMNS", "123", 1);
	is_int(screen_width(), 123, "the environment has the width");
	setenv("COLUMNS", "99999999", 1);
	is_int(screen_width(), 10000, "within limits");
	setenv("COLUMNS", "0", 1);
	ok(screen_width() >= 20, "no width is not a width");
	setenv("COLUMNS", "80x", 1);
	ok(screen_width() >= 20, "nor is a word");
}

int main(void)
{
	sizes();
	durations();
	ages();
	widths();
	return tap_done();
}
