// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* link/probe.c: kinds of links that few kernels support, from manually filled structs. */
#include <fcntl.h>

#include <linux/perf_event.h>

#include "decode/btf/abi.h"
#include "decode/btf/find.h"
#include "json_writer.h"
#include "kern/attach/attachments.h"
#include "kern/kernel.h"
#include "link/link.h"
#include "tap.h"

/* The record composed by show(), as one string in buf. */
static const char *shown(const struct link_view *view, const struct link *l, enum out_mode mode,
			 char buf[static 4096])
{
	struct err e = {};
	struct ctx ctx = { .err = &e };
	char path[] = "/tmp/bpfctl-t_link.XXXXXX";
	int fd = mkstemp(path);
	ssize_t n;

	unlink(path);
	ctx.out = out_open(fd, mode);
	out_begin(ctx.out);
	out_rec(ctx.out, NULL);
	out_id(ctx.out, "id", 5);
	view->show(&ctx, l);
	out_rec_end(ctx.out);
	out_end(ctx.out, NULL);
	out_close(ctx.out);
	kernel_free(ctx.kernel);
	n = pread(fd, buf, 4095, 0);
	buf[n > 0 ? n : 0] = '\0';
	close(fd);
	return buf;
}

static struct link perf_link(uint32_t type)
{
	return (struct link){ .info = { .type = ABI_LINK_TYPE_PERF_EVENT,
					.perf_event = { .type = type } } };
}

static void test_event(uint32_t type, uint64_t config, const char *want)
{
	struct link l = perf_link(ABI_PERF_EVENT_EVENT);
	char buf[4096], text[256];

	l.info.perf_event.event.type = type;
	l.info.perf_event.event.config = config;
	snprintf(text, sizeof(text), "5:\n\tevent %s\n", want);
	is_str(shown(&link_perf_event, &l, OUT_TEXT, buf), text, want);
}

static void test_events(void)
{
	struct link l = perf_link(ABI_PERF_EVENT_EVENT);
	char buf[4096];

	test_event(PERF_TYPE_HARDWARE, 0, "hardware:cpu-cycles");
	test_event(PERF_TYPE_HARDWARE, 9, "hardware:ref-cycles");
	test_event(PERF_TYPE_HARDWARE, 10, "hardware:10");
	test_event(PERF_TYPE_SOFTWARE, 11, "software:cgroup-switches");
	test_event(PERF_TYPE_HW_CACHE, 2 | 0 << 8 | 1 << 16, "hw-cache:LLC-load-misses");
	test_event(PERF_TYPE_HW_CACHE, 9 | 2 << 8 | 7 << 16, "hw-cache:9-prefetch-7");
	test_event(7, 1, "7:1");
	l.info.perf_event.event.type = 7;
	l.info.perf_event.event.config = 1;
	is_str(shown(&link_perf_event, &l, OUT_JSON, buf),
	       "{\"id\":5,\"event_type\":7,\"event_config\":1,\"cookie\":0}\n", "numbers in JSON");
	l = perf_link(99);
	is_str(shown(&link_perf_event, &l, OUT_JSON, buf), "{\"id\":5}\n", "a kind not known yet");
}

static void test_kprobe(void)
{
	struct link l = perf_link(ABI_PERF_EVENT_KRETPROBE);
	char name[] = "do_it\x1b", buf[4096];

	l.bufs.text = name;
	l.info.perf_event.kprobe.addr = 0xffffffff81000000;
	l.info.perf_event.kprobe.offset = 4;
	l.info.perf_event.kprobe.missed = 3;
	l.info.perf_event.kprobe.cookie = 9;
	is_str(shown(&link_perf_event, &l, OUT_TEXT, buf),
	       "5:\n\tkretprobe ffffffff81000000 do_it\\x1b+0x4  missed 3  cookie 9\n",
	       "kretprobe");
	is_str(shown(&link_perf_event, &l, OUT_JSON, buf),
	       "{\"id\":5,\"retprobe\":true,\"addr\":18446744071578845184,\"func\":\"do_"
	       "it\\u001b\","
	       "\"offset\":4,\"missed\":3,\"cookie\":9}\n",
	       "kretprobe: JSON");
}

static void test_uprobe(void)
{
	struct link l = perf_link(ABI_PERF_EVENT_UPROBE);
	char name[] = "/bin/x", buf[4096];

	l.bufs.text = name;
	l.info.perf_event.uprobe.offset = 0x10;
	l.info.perf_event.uprobe.ref_ctr_offset = 0x20;
	is_str(shown(&link_perf_event, &l, OUT_TEXT, buf),
	       "5:\n\tuprobe /bin/x+0x10  ref_ctr_offset 0x20\n", "uprobe");
}

static void test_multi(void)
{
	uint64_t addrs[] = { 0x2, 0x1 }, cookies[] = { 20, 10 };
	struct link l = { .info.type = ABI_LINK_TYPE_KPROBE_MULTI };
	char buf[4096];

	is_str(shown(&link_kprobe_multi, &l, OUT_TEXT, buf), "5:\n", "no function: nothing");
	is_str(shown(&link_kprobe_multi, &l, OUT_JSON, buf),
	       "{\"id\":5,\"retprobe\":false,\"func_cnt\":0,\"missed\":0,\"funcs\":[]}\n",
	       "no function: JSON");
	l.bufs = (struct link_bufs){ .addrs = addrs, .cookies = cookies, .n = 2 };
	l.info.kprobe_multi.count = 2;
	l.info.kprobe_multi.flags = ABI_F_MULTI_RETURN;
	is_str(shown(&link_kprobe_multi, &l, OUT_JSON, buf),
	       "{\"id\":5,\"retprobe\":true,\"func_cnt\":2,\"missed\":0,\"funcs\":["
	       "{\"addr\":1,\"func\":\"\",\"module\":null,\"cookie\":10},"
	       "{\"addr\":2,\"func\":\"\",\"module\":null,\"cookie\":20}]}\n",
	       "sorted by address, cookies with them");
	ok(!!strstr(shown(&link_kprobe_multi, &l, OUT_TEXT, buf),
		    "5:\n\tkretprobe.multi  func_cnt 2\n"
		    "\taddr             cookie           func [module]\n"
		    "\t0000000000000001 a                ?\n"), "the table in text");
	if (!strstr(buf, "kretprobe.multi"))
		printf("# %s\n", buf);
}

/*
 * A type without a row. All types of this kernel have one, so some are shown without it: the result
 * from BTF must be the known one.
 */
static void test_by_btf(void)
{
	struct link xdp = {
		.fd = -1, .info = { .id = 5, .type = ABI_LINK_TYPE_XDP, .dev = { .ifindex = 7 } }
	};
	struct link nf = { .fd = -1, .info = { .id = 5, .type = ABI_LINK_TYPE_NETFILTER,
			   .netfilter = { .pf = 2, .hooknum = 1, .priority = -50, .flags = 1 } } };
	struct link none = { .fd = -1, .info = { .type = 4711 } };
	struct err e = {};
	struct ctx ctx = { .err = &e };
	char buf[4096];

	if (!kernel_btf(&ctx, NULL)) {
		printf("ok %d # SKIP no BTF of the kernel\n", ++tap_n);
		return;
	}
	is_str(shown(&link_by_btf, &xdp, OUT_JSON, buf), "{\"id\":5,\"ifindex\":7}\n",
	       "xdp by BTF, JSON");
	is_str(shown(&link_by_btf, &xdp, OUT_TEXT, buf), "5:\n\tifindex 7\n", "xdp by BTF, text");
	is_str(shown(&link_by_btf, &none, OUT_TEXT, buf), "5:\n", "a type that nobody knows");
	if (btf_find(kernel_btf(&ctx, NULL), "bpf_nf_link", 1u << BTF_KIND_STRUCT)) {
		is_str(shown(&link_by_btf, &nf, OUT_JSON, buf),
		       "{\"id\":5,\"pf\":2,\"hooknum\":1,\"priority\":-50,\"flags\":1}\n",
		       "netfilter by BTF, JSON");
		is_str(shown(&link_by_btf, &nf, OUT_TEXT, buf),
		       "5:\n\tpf 2  hooknum 1  priority -50  flags 1\n", "netfilter by BTF, text");
	}
	kernel_free(ctx.kernel);
}

/* Linux 7.2 creates them; here they are filled in the same way. */
static void test_tracing_multi(void)
{
	uint64_t addrs[] = { 0xffffffff81000000, 2 }, cookies[] = { 0x20, 10 };
	uint32_t ids[] = { 7, 8 };
	struct link l = { .info = { .type = ABI_LINK_TYPE_TRACING_MULTI,
				    .id = 5,
				    .prog_id = 9,
				    .tracing_multi = { .attach_type = 4711,
						       .count = 2,
						       .btf_obj_id = 1u << 31 } } };
	struct attachment a;
	char buf[4096];

	is_str(shown(&link_tracing_multi, &l, OUT_JSON, buf),
	       "{\"id\":5,\"attach_type\":4711,\"func_cnt\":2,"
	       "\"btf_obj_id\":2147483648,\"funcs\":[]}\n",
	       "tracing_multi: a list that was not read");
	l.bufs = (struct link_bufs){ .ids = ids, .addrs = addrs, .cookies = cookies, .n = 2 };
	link_describe(&l.info, &l.bufs, &a);
	is_int(a.kind, ATT_TRACING, "tracing_multi is tracing");
	is_int(a.n_places, 2, "its functions are counted");
	is_int(a.target.btf_id, 0, "several have no one target");
	l.bufs.n = 1;
	link_describe(&l.info, &l.bufs, &a);
	is_int(a.target.btf_id, 7, "one function is the target");
	is_int(a.cookie, 0x20, "and has its cookie");
}

/* The functions' names, from the kernel's BTF: its object id is 1 unless it was unloaded. */
static void test_tracing_multi_names(void)
{
	uint64_t addrs[] = { 0xffffffff81000000 }, cookies[] = { 0x20 };
	struct link l = { .info = { .type = ABI_LINK_TYPE_TRACING_MULTI,
				    .tracing_multi = {
					    .attach_type = 4711, .count = 1, .btf_obj_id = 1 } } };
	auto_close int fd = bpf_btf_get_fd_by_id(1);
	struct err e = {};
	struct ctx ctx = { .err = &e };
	const struct btf_image *img = fd < 0 ? NULL : kernel_btf(&ctx, NULL);
	uint32_t ids[] = { img ? btf_find(img, "vfs_read", 1u << BTF_KIND_FUNC) : 0 };
	char buf[4096];

	l.bufs = (struct link_bufs){ .ids = ids, .addrs = addrs, .cookies = cookies, .n = 1 };
	if (ids[0])
		is_str(shown(&link_tracing_multi, &l, OUT_TEXT, buf),
		       "5:\n"
		       "\tattach_type 4711  func_cnt 1  btf_obj_id 1\n"
		       "\taddr             cookie           func\n"
		       "\tffffffff81000000 20               vfs_read\n",
		       "tracing_multi: names by BTF");
	else
		printf("ok %d # SKIP no BTF of the kernel, or no right to open it\n", ++tap_n);
	kernel_free(ctx.kernel);
}

static void test_types(void)
{
	struct abi_link_info info = { .type = 4711, .id = 5, .prog_id = 9 };
	struct link_bufs none = {};
	struct attachment a;

	link_describe(&info, &none, &a);
	ok(a.kind == ATT_UNKNOWN && a.link_id == 5 && a.prog_id == 9 &&
		   a.attach_type == ATT_NO_TYPE,
	   "of a type that nobody knows there is what all have");
	ok(link_type_can_detach(4711) && link_type_can_detach(ABI_LINK_TYPE_XDP),
	   "detaching it is tried");
	ok(!link_type_can_detach(ABI_LINK_TYPE_TRACING_MULTI), "tracing_multi cannot be detached");
	info = (struct abi_link_info){ .type = ABI_LINK_TYPE_UPROBE_MULTI,
				       .uprobe_multi.count = 3 };
	link_describe(&info, &none, &a);
	is_int(a.n_places, 3, "places that were not read are counted");
}

int main(void)
{
	test_types();
	test_tracing_multi();
	test_tracing_multi_names();
	test_by_btf();
	test_events();
	test_kprobe();
	test_uprobe();
	test_multi();
	return tap_done();
}
