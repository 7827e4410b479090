// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The reason in logs of several kernel versions. */
#include "cli/err.h"
#include "decode/code/verifier_log.h"
#include "tap.h"

static struct load_failure failure(const char *log)
{
	struct err e = { 0 };
	struct load_failure f;

	err_log(&e, log);
	load_failure_read(&e, &f);
	err_clear(&e);
	return f;
}

static void test_refused(void)
{
	struct load_failure f;

	f = failure("libbpf: prog 'bad': BPF program load failed: Permission denied\n"
		    "libbpf: prog 'bad': -- BEGIN PROG LOAD LOG --\n"
		    "0: R1=ctx(off=0,imm=0) R10=fp0\n"
		    "; return *v;\n"
		    "7: (79) r0 = *(u64 *)(r0 +0)\n"
		    "R0 invalid mem access 'map_value_or_null'\n"
		    "verification time 37 usec\n"
		    "stack depth 4\n"
		    "processed 7 insns (limit 1000000) max_states_per_insn 0\n"
		    "-- END PROG LOAD LOG --\n"
		    "libbpf: prog 'bad': failed to load: -13\n"
		    "libbpf: failed to load object 'x'\n");
	is_str(f.prog, "bad", "the program is named");
	is_str(f.reason, "R0 invalid mem access 'map_value_or_null'",
	       "the reason is the last line that is one");
	ok(f.from_verifier, "and the verifier's");
	ok(verifier_advice(f.reason) && strstr(verifier_advice(f.reason), "NULL"),
	   "there is advice");
}

static void test_others(void)
{
	struct load_failure f;

	f = failure("libbpf: Error in bpf_create_map_xattr(m):Invalid argument(-22). Retrying "
		    "without BTF.\n"
		    "libbpf: map 'm': failed to create: Invalid argument(-22)\n"
		    "libbpf: failed to load object 'x'\n");
	is_str(f.map, "m", "a map that could not be created is named");
	is_str(f.prog, "", "and no program");
	ok(!f.from_verifier, "the verifier said nothing");
	is_str(f.reason, "map 'm': failed to create: Invalid argument(-22)",
	       "libbpf's last word that tells something");

	f = failure("");
	ok(!f.reason[0] && !f.prog[0] && !f.map[0], "an empty log names nothing");
	f = failure("libbpf: prog 'never closed\nlibbpf: map '");
	ok(!f.prog[0] && !f.map[0], "open quotes name nothing");
	is_str(verifier_advice("something new"), NULL, "no advice for what we do not know");
}

/* Names and lines longer than our buffers are truncated. */
static void test_long(void)
{
	char log[4096], line[2048];
	struct load_failure f;

	memset(line, 'n', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	snprintf(log, sizeof(log), "libbpf: prog '%s': -- BEGIN PROG LOAD LOG --\n", line);
	f = failure(log);
	is_int(strlen(f.prog), sizeof(f.prog) - 1, "a long name is cut");
	snprintf(log, sizeof(log), "-- BEGIN PROG LOAD LOG --\n%s\n", line);
	f = failure(log);
	is_int(strlen(f.reason), sizeof(f.reason) - 1, "a long line is cut");
}

int main(void)
{
	test_refused();
	test_others();
	test_long();
	return tap_done();
}
