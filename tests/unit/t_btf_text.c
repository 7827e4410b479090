// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Prototypes of every shape, too long ones, and types in cycles. */
#include <errno.h>

#include "decode/btf/abi.h"
#include "decode/btf/text.h"
#include "image_of.h"
#include "tap.h"

static struct btf *btf;
static int id_int, id_char;

static int func(const char *name, int proto)
{
	return btf__add_func(btf, name, BTF_FUNC_STATIC, proto);
}

static void is_proto(int id, const char *want)
{
	char buf[BTF_PROTO_MAX];

	is_int(btf_proto_text(image_of(btf), id, buf), 0, want);
	is_str(buf, want, "its text");
}

static void test_shapes(void)
{
	int st = btf__add_struct(btf, "xdp_md", 4), un = btf__add_union(btf, NULL, 4);
	int fwd = btf__add_fwd(btf, "later", BTF_FWD_UNION), en = btf__add_enum(btf, "en", 4);
	int pst = btf__add_ptr(btf, st), arr = btf__add_array(btf, id_int, id_int, 4);
	int cchar = btf__add_const(btf, id_char), pcchar = btf__add_ptr(btf, cchar);
	int pcp = btf__add_ptr(btf, btf__add_const(btf, pcchar)), parr = btf__add_ptr(btf, arr);
	int ru = btf__add_restrict(btf, btf__add_ptr(btf, un)), pfwd = btf__add_ptr(btf, fwd);
	int ven = btf__add_volatile(btf, en), u32 = btf__add_typedef(btf, "u32", id_int);
	int pvoid = btf__add_ptr(btf, 0), cb, pcb, proto;

	cb = btf__add_func_proto(btf, id_int);
	btf__add_func_param(btf, "", id_int);
	btf__add_func_param(btf, "", pvoid);
	pcb = btf__add_ptr(btf, cb);

	proto = btf__add_func_proto(btf, 0);
	is_proto(func("none", proto), "void none()");
	proto = btf__add_func_proto(btf, id_int);
	btf__add_func_param(btf, "ctx", pst);
	btf__add_func_param(btf, "k", id_int);
	is_proto(func("cr_sub", proto), "int cr_sub(struct xdp_md * ctx, int k)");
	proto = btf__add_func_proto(btf, pst);
	btf__add_func_param(btf, "s", pcp);
	btf__add_func_param(btf, "a", parr);
	btf__add_func_param(btf, "act", pcb);
	is_proto(func("odd", proto), "struct xdp_md * odd(const const char * * s, int [4]* a, "
				     "int (int, void *)* act)");
	proto = btf__add_func_proto(btf, id_int);
	btf__add_func_param(btf, "u", ru);
	btf__add_func_param(btf, "f", pfwd);
	btf__add_func_param(btf, "e", ven);
	btf__add_func_param(btf, "t", u32);
	btf__add_func_param(btf, "", 0);
	is_proto(func("more", proto), "int more(restrict union  * u, union later * f, "
				      "volatile enum en e, u32 t, ...)");
}

static void test_limits(void)
{
	int proto = btf__add_func_proto(btf, id_int), ptr, id;
	char buf[BTF_PROTO_MAX], name[1100];

	memset(name, 'x', sizeof(name));
	name[1023 - strlen("int ()")] = '\0';
	id = func(name, proto);
	is_int(btf_proto_text(image_of(btf), id, buf), 0, "1023 characters");
	is_int(strlen(buf), 1023, "are all there");
	name[1023 - strlen("int ()")] = 'x';
	name[1024 - strlen("int ()")] = '\0';
	is_int(btf_proto_text(image_of(btf), func(name, proto), buf), -E2BIG,
	       "one more is too long");
	is_str(buf, "", "and gives no text");
	is_int(btf_proto_text(image_of(btf), proto, buf), -EINVAL, "a prototype is no function");
	is_int(btf_proto_text(image_of(btf), 99999, buf), -EINVAL, "nor is what does not exist");
	ptr = btf__add_ptr(btf, btf__type_cnt(btf) + 1);
	btf__add_const(btf, ptr);
	proto = btf__add_func_proto(btf, ptr);
	is_int(btf_proto_text(image_of(btf), func("loop", proto), buf), -EINVAL,
	       "a type made of itself");
}

int main(void)
{
	btf = btf__new_empty();
	id_int = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	id_char = btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	test_shapes();
	test_limits();
	btf__free(btf);
	return tap_done();
}
