/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Captures of packets, read and written by libpcap, which is loaded when the first one is opened.
 */
#ifndef DECODE_PCAP_H
#define DECODE_PCAP_H

#include "cli/defs.h"

struct err;
struct pcap_in;
struct pcap_out;

struct pcap_packet {
	const uint8_t *data;		/* libpcap's, until the next packet is read */
	uint32_t len;			/* bytes captured */
	uint32_t wire_len;		/* length on the wire */
	int64_t sec;
	uint32_t nsec;			/* whole microseconds without finer timestamps */
};

/* A capture of Ethernet frames ("-" for stdin). Returns 0, or the error is stored. */
int pcap_in_open(struct err *e, const char *path, struct pcap_in **ret);
/* Returns 1 and a packet, 0 at the end, or the error is stored. */
int pcap_in_next(struct err *e, struct pcap_in *p, struct pcap_packet *ret);
void pcap_in_close(struct pcap_in *p);

/*
 * A new capture of the same kind of frames as in, or NULL in *ret if path is NULL.
 * pcap_out_finish() replaces an old file. Returns 0, or the error is stored.
 */
int pcap_out_open(struct err *e, const char *path, const struct pcap_in *in, struct pcap_out **ret);
/* With the timestamp of like, and other bytes. */
void pcap_out_put(struct pcap_out *p, const struct pcap_packet *like, const uint8_t *data,
		  uint32_t len);
/*
 * Completes the file. Returns 0, or the error is stored and the old file is unchanged. NULL is
 * allowed.
 */
int pcap_out_finish(struct err *e, struct pcap_out *p);
/* Removes a file that was not finished. NULL is allowed. */
void pcap_out_free(struct pcap_out *p);

#endif
