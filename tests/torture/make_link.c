// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* make_link PATH IFACE PROG: a link of a pinned program at tcx's ingress, pinned. */
#include <net/if.h>
#include <stdio.h>

#include <bpf/bpf.h>

#include "../../kern/abi.h"

int main(int argc, char **argv)
{
	int prog, link;

	if (argc != 4)
		return 2;
	prog = bpf_obj_get(argv[3]);
	link = bpf_link_create(prog, if_nametoindex(argv[2]),
			       (enum bpf_attach_type)ABI_ATTACH_TCX_INGRESS, NULL);
	if (prog < 0 || link < 0 || bpf_obj_pin(link, argv[1])) {
		perror("make_link");
		return 1;
	}
	return 0;
}
