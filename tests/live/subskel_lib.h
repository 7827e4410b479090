/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The functions of subskel_lib.c for its part of the object. */
struct bpf_object;

int library_open(const struct bpf_object *obj);
void library_set_step(int step);
int library_call(void);
int library_count(void);
int library_middle(void);
int library_has_function(void);
long library_map(void);
void library_close(void);
