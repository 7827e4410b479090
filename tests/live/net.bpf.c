// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Programs that pass everything, to be attached to devices. -DXDP=... and so on are their names. */
#define SEC(name) __attribute__((section(name), used))

SEC("xdp") int XDP(void *ctx)
{
	(void)ctx;
	return 2;
}

SEC("xdp") int XDP2(void *ctx)
{
	(void)ctx;
	return 2;
}

SEC("tc") int TC(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("tc") int TC2(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("flow_dissector") int DISSECT(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("action") int ACT(void *ctx)
{
	(void)ctx;
	return 0;
}

char _license[] SEC("license") = "GPL";
