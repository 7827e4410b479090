// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Sections have a name at the start of a line; their text is indented and wrapped. A place is
 * "func @ file:line:col" or "insn N"; below it, at the line marked >>>, is the source, and
 * "^-- label: text" says what happened there.
 */
#include "decode/verifier/report.h"
#include "decode/verifier/step.h"

#define LEAD "Verification failed: "

static struct span next_line(struct span *text)
{
	struct span line = span_line(*text);

	*text = span_skip(*text, line.len + 1);
	return line;
}

/* The text of a section, its lines joined by blanks. */
static void join(char *buf, size_t size, struct span line)
{
	size_t len = strlen(buf);

	line = span_trim(line);
	if (line.len && len + 1 < size)
		snprintf(buf + len, size - len, "%s" SPAN_FMT, len ? " " : "", SPAN_ARG(line));
}

static bool is_new_place(struct span line, struct place *ret)
{
	struct match m;

	if (text_match("insn %d", line, &m) && m.number[0] >= 0) {
		*ret = (struct place){ .known = true,
				       .step = VLOG_NONE,
				       .insn = (uint32_t)m.number[0] };
		return true;
	}
	if (!text_match("%s @ %s:%d:%d", line, &m))
		return false;
	*ret = (struct place){ .known = true, .step = VLOG_NONE };
	snprintf(ret->source.function, sizeof(ret->source.function), SPAN_FMT, SPAN_ARG(m.text[0]));
	snprintf(ret->source.file, sizeof(ret->source.file), SPAN_FMT, SPAN_ARG(m.text[1]));
	ret->source.line = (uint32_t)m.number[2];
	ret->source.column = (uint32_t)m.number[3];
	return true;
}

/* ">>> 15 |  if (ip->protocol == 17)" */
static void read_source(struct span line, struct place *p)
{
	struct span bar = span_find(line, "| ");

	line = bar.len ? span_skip(bar, 2) : span_skip(line, 3);
	snprintf(p->source.text, sizeof(p->source.text), SPAN_FMT, SPAN_ARG(line));
}

struct place_reader {
	struct refusal *r;
	struct place now;
	bool on_path; /* in "Causal path:", else in "At:" */
};

static void end_place(struct place_reader *pr)
{
	struct refusal *r = pr->r;

	if (!pr->now.known)
		return;
	if (!pr->on_path)
		r->at = pr->now;
	else if (r->n_path < REFUSAL_PATH_MAX)
		r->path[r->n_path++] = pr->now;
	pr->now.known = false;
}

static void read_place_line(struct place_reader *pr, struct span line)
{
	struct span label = span_find(line, "^-- ");
	struct place p;

	line = span_trim(line);
	if (is_new_place(line, &p)) {
		end_place(pr);
		pr->now = p;
	} else if (pr->now.known && span_starts(line, ">>>")) {
		read_source(line, &pr->now);
	} else if (pr->now.known && label.len) {
		label = span_trim(span_skip(label, 4));
		snprintf(pr->now.label, sizeof(pr->now.label), SPAN_FMT, SPAN_ARG(label));
	}
}

/* The lead may be wrapped: it lasts until the first section. */
static bool read_lead(const char *lead, struct refusal *r)
{
	struct span line = span_skip(span_of(lead), strlen(LEAD)), colon;
	enum refusal_category c;

	colon = span_find(line, ": ");
	c = category_of((struct span){ line.at, line.len - colon.len });
	if (!colon.len || c == CATEGORIES)
		return false;
	r->category = category_name(c);
	snprintf(r->problem, sizeof(r->problem), SPAN_FMT, SPAN_ARG(span_skip(colon, 2)));
	r->kind = r->kind ?: class_name(CLASS_SOURCE);
	r->known = true;
	return true;
}

/* The first event of the path is where it began. */
static void settle_cause(struct refusal *r)
{
	static const char *const lost[] = { "update", "invalidated", "branch", "acquired" };
	unsigned int i;
	size_t k;

	for (i = r->n_path; i--;)
		for (k = 0; k < ARRAY_SIZE(lost); k++)
			if (span_starts(span_of(r->path[i].label), lost[k])) {
				r->cause = r->path[i];
				return;
			}
	if (r->n_path)
		r->cause = r->path[0];
	else if (r->at.known)
		r->cause = r->at;
}

static bool is_section(struct span line)
{
	static const char *const names[] = { "Reason:", "At:", "Causal path:", "Active lock:",
					     "Suggestion:" };
	size_t i;

	line = span_trim(line);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (span_is(line, names[i]))
			return true;
	return false;
}

static bool is_end(struct span line)
{
	return span_starts(line, "processed ") || span_starts(line, "verification time ") ||
	       span_starts(line, "stack depth ") || span_starts(line, "-- END PROG");
}

struct report {
	char lead[320], reason[512], suggestion[400];
};

static void read_sections(struct span text, struct report *rep, struct place_reader *pr)
{
	struct span section = {};

	while (text.len) {
		struct span line = next_line(&text);

		if (is_end(line))
			break;
		if (is_section(line)) {
			end_place(pr);
			section = span_trim(line);
			pr->on_path = span_is(section, "Causal path:");
		} else if (!section.len) {
			join(rep->lead, sizeof(rep->lead), line);
		} else if (span_is(section, "Reason:")) {
			join(rep->reason, sizeof(rep->reason), line);
		} else if (span_is(section, "Suggestion:")) {
			join(rep->suggestion, sizeof(rep->suggestion), line);
		} else if (span_is(section, "At:") || pr->on_path) {
			read_place_line(pr, line);
		}
	}
	end_place(pr);
}

/* A report with a lead that is not known changes nothing. */
void report_read(struct span text, struct refusal *r)
{
	struct refusal read = *r;
	struct place_reader pr = { .r = &read };
	struct report rep = { .lead = "" };

	read.n_path = 0;
	read_sections(text, &rep, &pr);
	if (!read_lead(rep.lead, &read))
		return;
	if (rep.reason[0])
		snprintf(read.reason, sizeof(read.reason), "%s", rep.reason);
	if (rep.suggestion[0])
		snprintf(read.suggestion, sizeof(read.suggestion), "%s", rep.suggestion);
	if (!read.message[0])
		snprintf(read.message, sizeof(read.message), "%s", read.problem);
	settle_cause(&read);
	*r = read;
}
