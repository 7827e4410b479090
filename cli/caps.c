// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Capabilities of this process. Only the effective set is touched, so that capabilities dropped for
 * one command of a batch are available again for the next.
 */
#include <errno.h>
#include <ctype.h>
#include <sys/stat.h>

#include <sys/capability.h>

#include "cli/caps.h"
#include "cli/nearest.h"

#define CAPS_MAX 16
#define INITIAL_USERNS 0xEFFFFFFDU	/* its inode, since 3.8 (PROC_USER_INIT_INO) */

/* The numbers of a list; those unknown to libcap are left out. */
static int parse_caps(const char *need, cap_value_t ret[CAPS_MAX])
{
	char copy[256], *rest = copy, *word;
	int n = 0;

	snprintf(copy, sizeof(copy), "%s", need);
	while ((word = strsep(&rest, ",")) && n < CAPS_MAX)
		if (!cap_from_name(word, &ret[n]))
			n++;
	return n;
}

static void add_name(cap_value_t cap, char *buf, size_t size)
{
	size_t len = strlen(buf);
	char *name = cap_to_name(cap);

	add_word(buf, size, "%s", name ? name : "?");
	for (char *c = buf + len; *c; c++)
		*c = toupper((unsigned char)*c);
	cap_free(name);
}

void caps_missing(const char *need, char *buf, size_t size)
{
	cap_value_t wanted[CAPS_MAX];
	int n = parse_caps(need, wanted);
	cap_t caps = cap_get_proc();

	buf[0] = 0;
	for (int i = 0; caps && i < n; i++) {
		cap_flag_value_t have = CAP_CLEAR;

		cap_get_flag(caps, wanted[i], CAP_EFFECTIVE, &have);
		if (have == CAP_CLEAR)
			add_name(wanted[i], buf, size);
	}
	cap_free(caps);
}

bool caps_of_user_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) == 0 && st.st_ino != INITIAL_USERNS;
}

int caps_drop(const char *need, void **ret_saved)
{
	cap_value_t gone[CAPS_MAX];
	int n = parse_caps(need, gone), err = 0;
	cap_t saved = cap_get_proc(), caps = saved ? cap_dup(saved) : NULL;

	if (!caps || cap_set_flag(caps, CAP_EFFECTIVE, n, gone, CAP_CLEAR) || cap_set_proc(caps))
		err = -errno;
	cap_free(caps);
	if (!err)
		*ret_saved = take_ptr(saved);
	cap_free(saved);
	return err;
}

int caps_restore(void *saved)
{
	int err = saved && cap_set_proc(saved) ? -errno : 0;

	cap_free(saved);
	return err;
}
