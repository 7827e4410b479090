// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Finds the reason in a load log. libbpf encloses the verifier's log in "prog 'x': -- BEGIN PROG
 * LOAD LOG --" and an END line; the reason is the last line between them other than statistics.
 */
#include <ctype.h>

#include "cli/err.h"
#include "decode/code/verifier_log.h"

#define LIBBPF_LEAD "libbpf: "

/* The name between "lead'" and the next quote, if the line starts with lead. */
static bool read_quoted(const char *line, const char *lead, char *ret, size_t size)
{
	const char *from, *to;

	if (!has_prefix(line, lead))
		return false;
	from = line + strlen(lead);
	to = strchr(from, '\'');
	if (!to)
		return false;
	snprintf(ret, size, "%.*s", (int)(to - from), from);
	return true;
}

static bool is_statistics(const char *line)
{
	static const char *const leads[] = {
		"processed ", "verification time ", "stack depth ", "max_states", "mark_precise",
		"peak_states", "insns_state", "old_",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(leads); i++) {
		if (has_prefix(line, leads[i]))
			return true;
	}
	return false;
}

/* "12: (79) r0 = ..." and "; source line" are the position of the verifier, not its findings. */
static bool is_trace(const char *line)
{
	size_t digits = strspn(line, "0123456789");

	return line[0] == ';' || (digits && line[digits] == ':') || has_prefix(line, "from ") ||
	       has_prefix(line, "func#");
}

static const char *skip_blanks(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

static bool is_reason(const char *line)
{
	return *line && !is_statistics(line) && !is_trace(line);
}

static void read_libbpf_line(const char *line, struct load_failure *f)
{
	char name[sizeof(f->prog)];

	/* The first one named has failed; lines about others are consequences. */
	if (read_quoted(line, "prog '", name, sizeof(name)) && !f->prog[0])
		memcpy(f->prog, name, sizeof(name));
	if (read_quoted(line, "map '", name, sizeof(name)) && !f->map[0])
		memcpy(f->map, name, sizeof(name));
	if (!f->from_verifier && !has_prefix(line, "failed to load object"))
		snprintf(f->reason, sizeof(f->reason), "%s", line);
}

void load_failure_read(const struct err *e, struct load_failure *ret)
{
	struct load_failure f = { .from_verifier = false };
	bool inside = false;
	size_t i;

	for (i = 0; i < e->n_log; i++) {
		const char *line = e->log[i];

		if (strstr(line, "-- BEGIN PROG LOAD LOG --")) {
			inside = true;
			read_libbpf_line(has_prefix(line, LIBBPF_LEAD) ? line + strlen(LIBBPF_LEAD)
								       : line,
					 &f);
		} else if (strstr(line, "-- END PROG LOAD LOG --")) {
			inside = false;
		} else if (inside) {
			line = skip_blanks(line);
			if (!is_reason(line))
				continue;
			snprintf(f.reason, sizeof(f.reason), "%s", line);
			f.from_verifier = true;
		} else if (has_prefix(line, LIBBPF_LEAD)) {
			read_libbpf_line(line + strlen(LIBBPF_LEAD), &f);
		}
	}
	*ret = f;
}

const char *verifier_advice(const char *reason)
{
	static const struct {
		const char *part, *advice;
	} known[] = {
		{ "!read_ok", "a register is read before it is written" },
		{ "or_null'", "compare the pointer with NULL before using it" },
		{ "invalid mem access 'scalar'", "a number is used as a pointer" },
		{ "invalid mem access 'inv'", "a number is used as a pointer" },
		{ "invalid access to packet", "compare with data_end before reading" },
		{ "invalid access to map value",
		  "bound the offset by the size of the map's value" },
		{ "invalid bpf_context access",
		  "programs of this type cannot access that context member" },
		{ "unknown func", "this kernel lacks the helper, or does not allow it for this "
				  "program type" },
		{ "program of this type cannot use helper", "use a program type that may call it" },
		{ "cannot call GPL", "give the object a GPL-compatible license" },
		{ "back-edge", "loops need bounds the verifier can prove (or a newer kernel)" },
		{ "infinite loop", "the verifier cannot prove that the loop ends" },
		{ "program is too large", "too many paths; split the program or bound its loops" },
		{ "complexity limit", "too many paths; split the program or bound its loops" },
		{ "unreachable insn", "no path reaches this code" },
		{ "Unreleased reference", "release acquired references on every path" },
		{ "stack", "the stack has 512 bytes; write every byte before reading it" },
		{ "missing btf", "compile it with -g" },
		{ "BTF is required", "compile it with -g" },
		{ "R0 has", "the return value is out of range for this program type" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strstr(reason, known[i].part))
			return known[i].advice;
	}
	return NULL;
}
