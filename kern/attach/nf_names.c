// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Netfilter families (NFPROTO_*) and hooks (NF_INET_*, NF_ARP_*) as words. */
#include "kern/attach/nf_names.h"

enum { PF_INET_ANY = 1, PF_IPV4 = 2, PF_ARP_ = 3, PF_NETDEV_ = 5, PF_BRIDGE_ = 7, PF_IPV6 = 10 };

const char *nf_family_name(uint32_t pf)
{
	static const char *const names[] = {
		[PF_INET_ANY] = "inet", [PF_IPV4] = "ip", [PF_ARP_] = "arp",
		[PF_NETDEV_] = "netdev", [PF_BRIDGE_] = "bridge", [PF_IPV6] = "ip6",
	};

	return pf < ARRAY_SIZE(names) ? names[pf] : NULL;
}

const char *nf_hook_name(uint32_t pf, uint32_t hook)
{
	static const char *const inet[] = { "prerouting", "input", "forward", "output",
					    "postrouting" };
	static const char *const arp[] = { "input", "output" };

	if (pf == PF_ARP_)
		return hook < ARRAY_SIZE(arp) ? arp[hook] : NULL;
	if (pf != PF_INET_ANY && pf != PF_IPV4 && pf != PF_BRIDGE_ && pf != PF_IPV6)
		return NULL;
	return hook < ARRAY_SIZE(inet) ? inet[hook] : NULL;
}
