// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog run ... pcap FILE: runs a program on every packet of a capture, prints a row with the
 * result of each, and the number of each result.
 */
#include <errno.h>

#include "decode/pcap.h"
#include "json_writer.h"
#include "kern/object/prog_types.h"
#include "prog/run.h"
#include "view/table.h"

#define PACKET_MAX (256 * 1024)		/* no capture has larger ones */
#define ROWS_AT_ONCE 512		/* in text: captures may be long, or come from a pipe */

enum { COL_N, COL_TIME, COL_LEN, COL_VERDICT, COL_RETVAL, COL_LEN_OUT, COL_DURATION, N_COLS };

static const struct table_col cols[N_COLS] = {
	[COL_N] = { .key = "n", .title = "packet" },
	[COL_TIME] = { .title = "time" },
	[COL_LEN] = { .key = "len", .title = "bytes" },
	[COL_VERDICT] = { .key = "verdict", .title = "verdict" },
	[COL_RETVAL] = { .key = "retval" },
	[COL_LEN_OUT] = { .key = "len_out", .title = "bytes out" },
	[COL_DURATION] = { .key = "duration", .title = "ns" },
};

struct replay {
	struct test_run *run;
	const struct prog_verdicts *verdicts;
	struct table *table;
	struct pcap_out *out;
	uint64_t n, n_let, n_cut, counts[VERDICTS_MAX + 1];	/* the last one: all other values */
};

static void show_packet(struct out *o, struct replay *r, const struct pcap_packet *p,
			const char *verdict)
{
	struct table *t = r->table;
	char time[64];

	if (p->nsec % 1000)
		snprintf(time, sizeof(time), "%lld.%09u", (long long)p->sec, p->nsec);
	else
		snprintf(time, sizeof(time), "%lld.%06u", (long long)p->sec, p->nsec / 1000);
	table_row(t);
	table_uint(t, COL_N, r->n);
	table_text(t, COL_TIME, "%s", time);
	out_json_raw(o, "time", time);
	table_uint(t, COL_LEN, p->len);
	table_enum(t, COL_VERDICT, verdict, r->run->retval);
	table_uint(t, COL_RETVAL, r->run->retval);
	table_uint(t, COL_LEN_OUT, r->run->data_out.len);
	table_uint(t, COL_DURATION, r->run->duration);
	table_row_end(t);
}

static int run_packet(struct ctx *ctx, struct replay *r, const struct pcap_packet *p)
{
	struct test_run *t = r->run;
	size_t place;
	bool dropped;
	int err;

	r->n++;
	r->n_cut += p->len < p->wire_len;
	t->data.len = 0;
	buf_put(&t->data, p->data, p->len);
	if (t->data.err)
		return fail(ctx->err, t->data.err, "run packet %llu", (unsigned long long)r->n);
	t->packet = r->n;
	err = test_run_once(ctx, t);
	if (err)
		return err;
	place = prog_verdict_place(r->verdicts, t->retval);
	dropped = place < VERDICTS_MAX ? r->verdicts->dropped >> place & 1
				       : r->verdicts->drops_others;
	r->counts[place]++;
	r->n_let += !dropped;
	if (r->out && !dropped)
		pcap_out_put(r->out, p, t->data_out.data, t->data_out.len);
	show_packet(ctx->out, r, p, place < VERDICTS_MAX ? r->verdicts->words[place] : NULL);
	return 0;
}

/* In text: the rows so far, as a block that is written at once. */
static int show_rows(struct ctx *ctx, struct replay *r)
{
	int err = 0;

	if (out_is_json(ctx->out))
		return 0;
	out_rec(ctx->out, NULL);
	err = table_flush(r->table);
	out_rec_end(ctx->out);
	return err ? fail(ctx->err, err, "show packets") : 0;
}

static int run_all(struct ctx *ctx, struct replay *r, struct pcap_in *in)
{
	struct pcap_packet p;
	int got;

	while ((got = pcap_in_next(ctx->err, in, &p)) > 0) {
		int err = run_packet(ctx, r, &p);

		if (!err && r->n % ROWS_AT_ONCE == 0) {
			err = show_rows(ctx, r);
			if (err)
				return err;
		}
		if (!err)
			continue;
		/*
		 * Packets that are too short or too long for the kernel are reported and skipped.
		 */
		if (err != -EINVAL && err != -ENOSPC)
			return err;
		report_and_skip(ctx);
	}
	return got;
}

static void show_counts(struct out *o, const struct replay *r)
{
	out_form(o, "{n_packets}{verdicts}\n");
	out_rec(o, "verdicts");
	for (size_t i = 0; i <= VERDICTS_MAX; i++) {
		const char *word = i < VERDICTS_MAX ? r->verdicts->words[i] : "other";

		if (!word && i < VERDICTS_MAX)
			i = VERDICTS_MAX - 1;
		else if (r->counts[i]) {
			out_text(o, ", %s", word);
			out_uint(o, word, " %llu", r->counts[i]);
		}
	}
	out_rec_end(o);
	out_count(o, "n_packets", "%llu packet", "%llu packets", r->n);
	out_uint(o, "n_let_through", "%llu", r->n_let);
	out_form_end(o);
}

static int replay(struct ctx *ctx, struct replay *r, struct pcap_in *in)
{
	auto_table struct table *t = table_new(ctx->out, cols, N_COLS);
	struct out *o = ctx->out;
	int err, rows_err;

	if (!t)
		return fail(ctx->err, -ENOMEM, "show packets");
	r->table = t;
	out_rec(o, NULL);
	out_stream(o, "packets");
	err = run_all(ctx, r, in);
	rows_err = show_rows(ctx, r);		/* what was seen before an error, too */
	if (err || rows_err)
		return err ? err : rows_err;
	out_stream_end(o);
	if (!ctx->opts->jsonl)		/* with it each packet is a document, and nothing else is */
		show_counts(o, r);
	out_rec_end(o);
	if (r->n_cut)
		notice(ctx, "%llu %s truncated in the capture", (unsigned long long)r->n_cut,
		       plural(r->n_cut, "packet is", "packets are"));
	return 0;
}

int prog_run_pcap(struct ctx *ctx, const struct prog_run_args *a, struct test_run *t)
{
	struct replay r = { .run = t, .verdicts = t->kind->verdicts };
	struct pcap_in *in = NULL;
	int err;

	if (!r.verdicts)
		return fail_msg(ctx->err, -EINVAL, "pcap: program %u does not return verdicts on "
						   "packets", t->id);
	err = run_room_make(ctx, a->data_size_out, PACKET_MAX, &t->data_out);
	if (!err)
		err = pcap_in_open(ctx->err, a->pcap, &in);
	if (!err)
		err = pcap_out_open(ctx->err, a->pcap_out, in, &r.out);
	t->has_data = true;
	if (!err)
		err = replay(ctx, &r, in);
	if (!err)
		err = pcap_out_finish(ctx->err, r.out);
	pcap_out_free(r.out);
	pcap_in_close(in);
	return err;
}
