// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: the loop ends by a length of the packet, not at data_end. */
#include "refused.h"

SEC("xdp") int checksum(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct udphdr *udp = data + ETH_HLEN + sizeof(struct iphdr);
	__u8 *payload = (void *)(udp + 1);
	__u32 len, sum = 0, i;

	if ((void *)(udp + 1) > data_end)
		return XDP_PASS;
	len = bpf_ntohs(udp->len);
	for (i = 0; i < 64; i++) {
		if (i >= len)	/* CAUSE */
			break;
		sum += payload[i];	/* REFUSED */
	}
	return sum == 0x55 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
