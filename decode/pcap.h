/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Captures of packets, read and written by libpcap, which is loaded when the first one is opened.
 */
#ifndef DECODE_PCAP_H
#define DECODE_PCAP_H

#include "cli/defs.h"

struct err;
struct pcap_in;
struct pcap_out;

struct pcap_packet {
	const uint8_t *data;		/* the library's, until the next packet is asked for */
	uint32_t len;			/* bytes captured */
	uint32_t wire_len;		/* bytes it had on the wire */
	int64_t sec;
	uint32_t nsec;			/* whole microseconds where the capture has no finer time */
};

/* A capture of Ethernet frames ("-" for stdin). 0, or the error is stored. */
int pcap_in_open(struct err *e, const char *path, struct pcap_in **ret);
/* 1 and a packet, 0 at the end, or the error is stored. */
int pcap_in_next(struct err *e, struct pcap_in *p, struct pcap_packet *ret);
void pcap_in_close(struct pcap_in *p);

/*
 * A new capture of the same kind of frames as in, or NULL in *ret if path is. It takes the place of
 * what was there with pcap_out_finish(). 0, or the error is stored.
 */
int pcap_out_open(struct err *e, const char *path, const struct pcap_in *in, struct pcap_out **ret);
/* The same time as like, other bytes. */
void pcap_out_put(struct pcap_out *p, const struct pcap_packet *like, const uint8_t *data,
		  uint32_t len);
/* What was put is in the file. 0, or the error is stored and the old file is left. NULL is fine. */
int pcap_out_finish(struct err *e, struct pcap_out *p);
/* Whatever was not finished is gone. NULL is fine. */
void pcap_out_free(struct pcap_out *p);

#endif
