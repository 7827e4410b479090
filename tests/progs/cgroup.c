// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Programs for cgroups; two of them allow everything, with names of the maximum length. */
#include "prelude.h"

SEC("cgroup_skb/ingress") int NAME(_in)(void *ctx)
{
	return 1;
}

SEC("cgroup_skb/egress") int NAME(_out)(void *ctx)
{
	return 1;
}

SEC("cgroup/dev") int NAME(_dev)(void *ctx)
{
	return 1;
}

SEC("cgroup/sock_create") int NAME(_a_name_that_is_longer_than_a_column)(void *ctx)
{
	return 1;
}

char _license[] SEC("license") = "GPL";
