// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Captures of packets. Few runs need libpcap, so it is not loaded at the start but when a capture
 * is opened, and the functions used are declared here with the ABI they have had since version 0.9;
 * nanoseconds came with 1.5.
 */
#include "decode/pcap.h"

#include <errno.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/err.h"
#include "cli/file.h"
#include "cli/library.h"

#define LINK_ETHERNET 1
#define ERROR_SIZE 256			/* maximum length of a libpcap error */
#define SNAPLEN 262144
#define PRECISION_NANO 1
/*
 * The start of the most common captures: little-endian, microseconds. All others may have a finer
 * resolution.
 */
#define FIRST_BYTE_MICRO 0xd4

typedef struct pcap pcap_t;
typedef struct pcap_dumper pcap_dumper_t;

struct pcap_header {
	struct timeval ts;
	uint32_t caplen, len;
};

struct library {
	void *handle;
	pcap_t *(*open)(FILE *f, char *error);
	pcap_t *(*open_nano)(FILE *f, unsigned int precision, char *error);
	pcap_t *(*open_dead)(int linktype, int snaplen);
	pcap_t *(*open_dead_nano)(int linktype, int snaplen, unsigned int precision);
	int (*datalink)(pcap_t *p);
	int (*next_ex)(pcap_t *p, struct pcap_header **header, const uint8_t **data);
	char *(*geterr)(pcap_t *p);
	void (*close)(pcap_t *p);
	pcap_dumper_t *(*dump_open)(pcap_t *p, FILE *f);
	void (*dump)(uint8_t *dumper, const struct pcap_header *header, const uint8_t *data);
	int (*dump_flush)(pcap_dumper_t *d);
	void (*dump_close)(pcap_dumper_t *d);
};

struct pcap_in {
	struct library lib;
	pcap_t *file;
	const char *path;
	uint64_t n;
	bool nano; /* libpcap returns nanoseconds instead of microseconds */
};

struct pcap_out {
	struct library lib;		/* separate handle: either may be closed first */
	pcap_t *form;
	FILE *stream;			/* the dumper's */
	pcap_dumper_t *file;
	struct new_file to;
	bool nano;
};

static int load(struct err *e, struct library *lib)
{
	static const char *const names[] = { "libpcap.so.0.8", "libpcap.so.1", "libpcap.so", NULL };
	const struct library_symbol calls[] = {
		{ "pcap_fopen_offline", &lib->open, 0 },
		{ "pcap_open_dead", &lib->open_dead, 0 },
		{ "pcap_datalink", &lib->datalink, 0 },
		{ "pcap_next_ex", &lib->next_ex, 0 },
		{ "pcap_geterr", &lib->geterr, 0 },
		{ "pcap_close", &lib->close, 0 },
		{ "pcap_dump_fopen", &lib->dump_open, 0 },
		{ "pcap_dump", &lib->dump, 0 },
		{ "pcap_dump_flush", &lib->dump_flush, 0 },
		{ "pcap_dump_close", &lib->dump_close, 0 },
		{ "pcap_fopen_offline_with_tstamp_precision", &lib->open_nano, 1 },
		{ "pcap_open_dead_with_tstamp_precision", &lib->open_dead_nano, 1 },
		{ 0 },
	};
	char why[LIBRARY_WHY_MAX];
	int err = library_open(names, calls, &lib->handle, why);

	/* Both or none: nanoseconds are written if nanoseconds are read. */
	if (!lib->open_nano || !lib->open_dead_nano)
		lib->open_nano = NULL;
	if (!err)
		return 0;
	if (err == -ENOSYS)
		return fail_msg(e, err, "libpcap is older than 0.9");
	if (err == -ENOENT)
		fail_msg(e, -ELIBACC, "reading captures requires libpcap, which is not installed");
	else
		fail_msg(e, -ELIBACC, "reading captures requires libpcap: %s", why);
	err_hint(e, "install libpcap0.8 (Debian, Ubuntu) or libpcap (Fedora)");
	return -ELIBACC;
}

static void unload(struct library *lib)
{
	library_close(lib->handle);
}

static int open_file(struct err *e, struct pcap_in *p)
{
	FILE *f = streq(p->path, "-") ? stdin : fopen(p->path, "rbe");
	char text[ERROR_SIZE] = "";
	int first;

	if (!f)
		return fail(e, -errno, "open capture '%s'", p->path);
	first = fgetc(f);
	if (first != EOF)
		ungetc(first, f);
	p->nano = p->lib.open_nano && first != FIRST_BYTE_MICRO;
	p->file = p->nano ? p->lib.open_nano(f, PRECISION_NANO, text) : p->lib.open(f, text);
	if (p->file)
		return 0;
	if (f != stdin)
		fclose(f);
	return fail_msg(e, -EINVAL, "open capture '%s': %s", p->path, text);
}

int pcap_in_open(struct err *e, const char *path, struct pcap_in **ret)
{
	struct pcap_in *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return fail(e, -ENOMEM, "open '%s'", path);
	p->path = path;
	err = load(e, &p->lib);
	if (!err)
		err = open_file(e, p);
	if (!err && p->lib.datalink(p->file) != LINK_ETHERNET)
		err = fail_msg(e, -EINVAL, "capture '%s' does not contain Ethernet frames (link "
					   "type %d)", path,
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

	if (got == -2)		/* libpcap's return value for the end */
		return 0;
	if (got != 1)
		return fail_msg(e, -EIO, "read capture '%s' after packet %llu: %s", p->path,
				(unsigned long long)p->n, p->lib.geterr(p->file));
	p->n++;
	*ret = (struct pcap_packet){ .data = data, .len = header->caplen, .wire_len = header->len,
				     .sec = header->ts.tv_sec,
				     .nsec = (uint32_t)header->ts.tv_usec * (p->nano ? 1 : 1000) };
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

static int open_dumper(struct err *e, struct pcap_out *p)
{
	int fd = dup(p->to.fd);

	p->stream = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!p->stream) {
		cleanup_close(&fd);
		return fail(e, -errno, "write '%s'", p->to.path);
	}
	p->form = p->nano ? p->lib.open_dead_nano(LINK_ETHERNET, SNAPLEN, PRECISION_NANO) :
			    p->lib.open_dead(LINK_ETHERNET, SNAPLEN);
	p->file = p->form ? p->lib.dump_open(p->form, p->stream) : NULL;
	if (p->file)
		return 0;
	fclose(take_ptr(p->stream));
	return fail_msg(e, -EIO, "write capture '%s': %s", p->to.path,
			p->form ? p->lib.geterr(p->form) : "out of memory");
}

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
	*p = (struct pcap_out){ .to.fd = -1, .nano = in->nano };
	err = load(e, &p->lib);
	if (!err)
		err = file_begin(e, path, FILE_MODE_USUAL, &p->to);
	if (!err)
		err = open_dumper(e, p);
	*ret = p;
	return err;
}

void pcap_out_put(struct pcap_out *p, const struct pcap_packet *like, const uint8_t *data,
		  uint32_t len)
{
	struct pcap_header header = { .caplen = len, .len = len };

	header.ts.tv_sec = like->sec;
	header.ts.tv_usec = like->nsec / (p->nano ? 1 : 1000);
	p->lib.dump((uint8_t *)p->file, &header, data);
}

int pcap_out_finish(struct err *e, struct pcap_out *p)
{
	if (!p)
		return 0;
	/* Writing packets returns no error: the stream remembers that one could not be written. */
	if (p->lib.dump_flush(p->file) || ferror(p->stream))
		return fail(e, errno ? -errno : -EIO, "write '%s'", p->to.path);
	return file_finish(e, &p->to);
}

void pcap_out_free(struct pcap_out *p)
{
	if (!p)
		return;
	if (p->file)
		p->lib.dump_close(p->file);
	if (p->form)
		p->lib.close(p->form);
	file_abandon(&p->to);
	unload(&p->lib);
	free(p);
}
