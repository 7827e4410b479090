// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Options of the kernel's configuration; capabilities that are dropped and restored; shapes of
 * probes.
 */
#include "cli/caps.h"
#include "feature/feature.h"
#include "tap.h"

static const char config[] =
	"#\n# Automatically generated file; DO NOT EDIT.\n"
	"CONFIG_BPF_JIT=y\nCONFIG_BPF=m\n# CONFIG_NET is not set\nCONFIG_HZ=250\nCONFIG_X=\"a=b\"\n"
	"CONFIG_LAST=y";

static void test_values(void)
{
	char v[16] = "", small[3];

	ok(kconfig_value(config, "CONFIG_BPF", v, sizeof(v)) && !strcmp(v, "m"),
	   "not the longer name before it");
	ok(kconfig_value(config, "CONFIG_HZ", v, sizeof(v)) && !strcmp(v, "250"), "a number");
	ok(kconfig_value(config, "CONFIG_X", v, sizeof(v)) && !strcmp(v, "\"a=b\""),
	   "text with an equals sign");
	ok(kconfig_value(config, "CONFIG_LAST", v, sizeof(v)) && !strcmp(v, "y"),
	   "the last line without its end");
	ok(!kconfig_value(config, "CONFIG_NET", v, sizeof(v)), "not set");
	ok(!kconfig_value(config, "CONFIG_B", v, sizeof(v)), "not a part of a name");
	ok(!kconfig_value("", "CONFIG_B", v, sizeof(v)), "nothing");
	ok(kconfig_value(config, "CONFIG_HZ", small, sizeof(small)) && !strcmp(small, "25"),
	   "cut, not overrun");
}

static void test_caps(void)
{
	char before[256], during[256], after[256];
	void *saved = NULL;

	caps_missing("cap_bpf,cap_net_admin", before, sizeof(before));
	ok(!caps_drop("cap_bpf,cap_net_admin", &saved), "dropped");
	caps_missing("cap_bpf,cap_net_admin", during, sizeof(during));
	ok(!strcmp(during, "CAP_BPF, CAP_NET_ADMIN"), "both are missing");
	ok(!caps_restore(saved), "restored");
	caps_missing("cap_bpf,cap_net_admin", after, sizeof(after));
	ok(!strcmp(before, after), "as before");
	caps_missing("", after, sizeof(after));
	ok(!after[0], "none are needed");
}

static void test_shapes(void)
{
	const struct probe nothing = { .btf_fd = -1, .target_fd = -1 };
	const struct probe p = { .btf_fd = -1,
				 .target_fd = 7,
				 .tp_id = 11,
				 .iter_id = 12,
				 .func_id = 13,
				 .lsm_id = 14 };
	struct probe_shape s[PROBE_SHAPES_MAX];

	ok(probe_shapes(&nothing, 6, s) == 1 && !s[0].attach && !s[0].btf_id, "XDP needs nothing");
	ok(!probe_shapes(&nothing, 26, s), "tracing needs the kernel's types");
	ok(probe_shapes(&p, 26, s) == 3 && s[0].btf_id == 11 && s[1].btf_id == 12 &&
		   s[2].btf_id == 13,
	   "and has three ways with them");
	ok(!probe_shapes(&nothing, 28, s), "an extension needs a target");
	ok(probe_shapes(&p, 28, s) == 1 && s[0].target_fd == 7, "and takes it");
	ok(probe_shapes(&p, 29, s) == 2 && s[1].flags && !s[0].flags,
	   "LSM: ordinary and sleepable");
}

int main(void)
{
	test_values();
	test_caps();
	test_shapes();
	return tap_done();
}
