// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Sizes, ages, durations, and the width they have to fit in. */
#include <errno.h>
#include <sys/ioctl.h>

#include "view/units.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 20
#define WIDTH_MAX 10000

/* One decimal below ten, if it is not 0. */
static const char *scaled(char buf[static UNITS_TEXT_MAX], double v, const char *unit)
{
	unsigned int tenths = v < 10 ? (unsigned int)(v * 10 + 0.5) : 0;

	snprintf(buf, UNITS_TEXT_MAX, "%.*f %s", tenths % 10 && tenths < 100 ? 1 : 0, v, unit);
	return buf;
}

const char *size_text(char buf[static UNITS_TEXT_MAX], uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double v = (double)bytes;
	size_t i = 0;

	for (; v >= 1023.5 && i + 1 < ARRAY_SIZE(units); i++)
		v /= 1024;
	return scaled(buf, v, units[i]);
}

const char *duration_text(char buf[static UNITS_TEXT_MAX], uint64_t ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double v = (double)ns;
	size_t i = 0;

	for (; v >= 999.5 && i + 1 < ARRAY_SIZE(units); i++)
		v /= 1000;
	return scaled(buf, v, units[i]);
}

const char *age_text(char buf[static UNITS_TEXT_MAX], uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(units) && seconds < units[i].seconds)
		i++;
	snprintf(buf, UNITS_TEXT_MAX, "%llu%c",
		 (unsigned long long)(seconds / units[i].seconds), units[i].unit);
	return buf;
}

static unsigned int valid_width(unsigned long width)
{
	return width < WIDTH_MIN ? 0 : width > WIDTH_MAX ? WIDTH_MAX : (unsigned int)width;
}

static unsigned int width_of(int fd)
{
	struct winsize size = {};

	return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : valid_width(size.ws_col);
}

unsigned int screen_width(void)
{
	const char *columns = getenv("COLUMNS");
	char *end = NULL;
	unsigned int width = 0;

	if (columns && *columns >= '0' && *columns <= '9') {
		unsigned long v = strtoul(columns, &end, 10);

		width = *end ? 0 : valid_width(v);
	}
	if (!width)
		width = width_of(STDOUT_FILENO);
	if (!width)
		width = width_of(STDERR_FILENO);
	return width ? width : WIDTH_DEFAULT;
}
