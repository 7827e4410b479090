// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Captures of packets. Few runs need libpcap, so it is no part of the program's start: it is loaded
 * when a capture is opened, and what we call of it is declared here as its binary interface has been
 * since version 0.8.
 */
#include "pcap.h"

#include <dlfcn.h>
#include <errno.h>
#include <sys/time.h>

#include "../cli/err.h"

#define LINK_ETHERNET 1
#define ERROR_SIZE 256			/* what the library may write of an error */
#define SNAPLEN 262144

typedef struct pcap pcap_t;
typedef struct pcap_dumper pcap_dumper_t;

struct pcap_header {
	struct timeval ts;
	uint32_t caplen, len;
};

struct library {
	void *handle;
	pcap_t *(*open_offline)(const char *path, char *error);
	pcap_t *(*open_dead)(int linktype, int snaplen);
	int (*datalink)(pcap_t *p);
	int (*next_ex)(pcap_t *p, struct pcap_header **header, const uint8_t **data);
	char *(*geterr)(pcap_t *p);
	void (*close)(pcap_t *p);
	pcap_dumper_t *(*dump_open)(pcap_t *p, const char *path);
	void (*dump)(uint8_t *dumper, const struct pcap_header *header, const uint8_t *data);
	int (*dump_flush)(pcap_dumper_t *d);
	void (*dump_close)(pcap_dumper_t *d);
};

struct pcap_in {
	struct library lib;
	pcap_t *file;
	const char *path;
	uint64_t n;
};

struct pcap_out {
	struct library lib;		/* a handle of its own: either may be closed first */
	pcap_t *form;
	pcap_dumper_t *file;
	const char *path;
};

static int find_calls(struct library *lib)
{
	const struct {
		const char *name;
		void *at;
	} calls[] = {
		{ "pcap_open_offline", &lib->open_offline },
		{ "pcap_open_dead", &lib->open_dead },
		{ "pcap_datalink", &lib->datalink },
		{ "pcap_next_ex", &lib->next_ex },
		{ "pcap_geterr", &lib->geterr },
		{ "pcap_close", &lib->close },
		{ "pcap_dump_open", &lib->dump_open },
		{ "pcap_dump", &lib->dump },
		{ "pcap_dump_flush", &lib->dump_flush },
		{ "pcap_dump_close", &lib->dump_close },
	};

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		void *call = dlsym(lib->handle, calls[i].name);

		if (!call)
			return -ENOSYS;
		memcpy(calls[i].at, &call, sizeof(call));
	}
	return 0;
}

static int load(struct err *e, struct library *lib)
{
	static const char *const names[] = { "libpcap.so.0.8", "libpcap.so.1", "libpcap.so" };
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !lib->handle; i++)
		lib->handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	if (!lib->handle) {
		fail_msg(e, -ELIBACC, "captures are read with libpcap, which is not installed");
		err_hint(e, "install libpcap0.8 (Debian, Ubuntu) or libpcap (Fedora)");
		return -ELIBACC;
	}
	err = find_calls(lib);
	return err ? fail_msg(e, err, "this libpcap lacks a call that was there since 0.8") : 0;
}

static void unload(struct library *lib)
{
	if (lib->handle)
		dlclose(lib->handle);
}

int pcap_in_open(struct err *e, const char *path, struct pcap_in **ret)
{
	struct pcap_in *p = calloc(1, sizeof(*p));
	char text[ERROR_SIZE] = "";
	int err;

	if (!p)
		return fail(e, -ENOMEM, "open '%s'", path);
	p->path = path;
	err = load(e, &p->lib);
	if (!err) {
		p->file = p->lib.open_offline(path, text);
		if (!p->file)
			err = fail_msg(e, -EINVAL, "open capture '%s': %s", path, text);
	}
	if (!err && p->lib.datalink(p->file) != LINK_ETHERNET)
		err = fail_msg(e, -EINVAL, "capture '%s' holds no Ethernet frames (link type %d)", path,
			       p->lib.datalink(p->file));
	if (err) {
		pcap_in_close(p);
		return err;
	}
	*ret = p;
	return 0;
}

int pcap_in_next(struct err *e, struct pcap_in *p, struct pcap_packet *ret)
{
	struct pcap_header *header;
	const uint8_t *data;
	int got = p->lib.next_ex(p->file, &header, &data);

	if (got == -2)		/* the library's word for the end */
		return 0;
	if (got != 1)
		return fail_msg(e, -EIO, "read capture '%s' after packet %llu: %s", p->path,
				(unsigned long long)p->n, p->lib.geterr(p->file));
	p->n++;
	*ret = (struct pcap_packet){ .data = data, .len = header->caplen, .wire_len = header->len,
				     .sec = header->ts.tv_sec, .usec = header->ts.tv_usec };
	return 1;
}

void pcap_in_close(struct pcap_in *p)
{
	if (!p)
		return;
	if (p->file)
		p->lib.close(p->file);
	unload(&p->lib);
	free(p);
}

/* Nobody else's file is overwritten before the first packet: the library truncates at once, as cp does. */
int pcap_out_open(struct err *e, const char *path, const struct pcap_in *in, struct pcap_out **ret)
{
	struct pcap_out *p;
	int err;

	*ret = NULL;
	if (!path)
		return 0;
	if (streq(path, in->path))
		return fail_usage(e, "pcap and pcap_out are the same file");
	p = calloc(1, sizeof(*p));
	if (!p)
		return fail(e, -ENOMEM, "open '%s'", path);
	p->path = path;
	err = load(e, &p->lib);
	if (!err) {
		p->form = p->lib.open_dead(LINK_ETHERNET, SNAPLEN);
		p->file = p->form ? p->lib.dump_open(p->form, path) : NULL;
		if (!p->file)
			err = fail_msg(e, -EIO, "write capture: %s",
				       p->form ? p->lib.geterr(p->form) : "out of memory");
	}
	*ret = p;
	return err;
}

void pcap_out_put(struct pcap_out *p, const struct pcap_packet *like, const uint8_t *data, uint32_t len)
{
	struct pcap_header header = { .caplen = len, .len = len };

	header.ts.tv_sec = like->sec;
	header.ts.tv_usec = like->usec;
	p->lib.dump((uint8_t *)p->file, &header, data);
}

int pcap_out_close(struct err *e, struct pcap_out *p)
{
	int err = 0;

	if (!p)
		return 0;
	if (p->file && p->lib.dump_flush(p->file))
		err = fail(e, -errno, "write '%s'", p->path);
	if (p->file)
		p->lib.dump_close(p->file);
	if (p->form)
		p->lib.close(p->form);
	unload(&p->lib);
	free(p);
	return err;
}
