// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Commands that run until interrupted: poll(2) does not wait, but advances the clock. "later N
 * LINE" takes effect at the Nth poll, "stop N" is Ctrl-C at it. Ring buffers and perf events are
 * memory filled before.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "fake.h"

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define MAX_FD 4096
#define PAGE 4096

static uint64_t passed_ms;
static int perf_cpus[MAX_FD];		/* by fd: 1 + the CPU of a perf event, 0: none */

uint64_t fake_passed_ms(void)
{
	return passed_ms;
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	static int polls;
	const struct fixture *fx = fixture();

	if (!fx->stop_at)
		return REAL(poll)(fds, n, timeout);
	polls++;
	passed_ms += timeout > 0 ? (uint64_t)timeout : 0;
	fixture_later(polls);
	if (polls >= fx->stop_at)
		raise(SIGINT);
	return REAL(poll)(fds, n, 0);
}

/* Memory of a ring buffer: the consumer's page, the producer's, the records twice. */
static void *map_ring(const struct object *o, off_t at, size_t len, int prot)
{
	size_t size = o->info.map.max_entries;
	uint8_t *all = mmap64(NULL, 2 * PAGE + 2 * size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t end = 0;

	(void)len;
	(void)prot;
	if (all == MAP_FAILED || !at)
		return all;
	for (size_t i = 0; i < o->n_entries; i++) {
		uint32_t head[2] = { (uint32_t)o->entries[i].value.len, 0 };

		if (end + 8 + head[0] > size)
			break;
		memcpy(all + PAGE + end, head, sizeof(head));
		memcpy(all + PAGE + end + 8, o->entries[i].value.data, head[0]);
		end += (8 + head[0] + 7) / 8 * 8;
	}
	memcpy(all, &end, sizeof(end));
	return all;
}

/* For a perf event: a page that describes it, and the records of its CPU. */
static void *map_perf(int cpu, size_t len)
{
	const struct fixture *fx = fixture();
	struct perf_event_mmap_page *page;
	uint64_t at = 0;

	page = mmap64(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return page;
	for (size_t i = 0; i < fx->n_perf; i++) {
		const struct bytes *data = &fx->perf[i].data;
		uint32_t raw = (uint32_t)data->len;
		struct perf_event_header head = { .type = fx->perf[i].type };
		uint8_t *to = (uint8_t *)page + PAGE + at;

		if (fx->perf[i].cpu != cpu)
			continue;
		if (head.type == PERF_RECORD_SAMPLE) {
			uint64_t time = 1000000000;

			head.size = (uint16_t)((sizeof(head) + 8 + 4 + raw + 7) / 8 * 8);
			memcpy(to + sizeof(head), &time, 8);
			memcpy(to + sizeof(head) + 8, &raw, 4);
			memcpy(to + sizeof(head) + 12, data->data, raw);
		} else {
			head.size = (uint16_t)((sizeof(head) + raw + 7) / 8 * 8);
			memcpy(to + sizeof(head), data->data, raw);
		}
		memcpy(to, &head, sizeof(head));
		at += head.size;
	}
	page->data_head = at;
	return page;
}

static void *map_any(void *addr, size_t len, int prot, int flags, int fd, off_t at)
{
	const struct object *o = object_of_fd(fd);

	if (fd >= 0 && fd < MAX_FD && perf_cpus[fd])
		return map_perf(perf_cpus[fd] - 1, len);
	if (o && o->kind == K_MAP && o->info.map.type == BPF_MAP_TYPE_RINGBUF)
		return map_ring(o, at, len, prot);
	return REAL(mmap64)(addr, len, prot, flags, fd, at);
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t at)
{
	return map_any(addr, len, prot, flags, fd, at);
}

void *mmap64(void *addr, size_t len, int prot, int flags, int fd, off64_t at)
{
	return map_any(addr, len, prot, flags, fd, at);
}

long fake_perf_open(void *attr, int cpu)
{
	int fd;

	(void)attr;
	if (!fixture()->n_perf)
		return refuse(EACCES);
	if (cpu >= FAKE_CPUS)
		return refuse(ENODEV);
	fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd >= 0 && fd < MAX_FD)
		perf_cpus[fd] = 1 + (cpu < 0 ? 0 : cpu);
	return fd;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	return fd >= 0 && fd < MAX_FD && perf_cpus[fd] ? 0 : REAL(ioctl)(fd, request, arg);
}
