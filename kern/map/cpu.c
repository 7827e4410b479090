// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Values of single CPUs: directly if the kernel supports it (7.0), otherwise through the values of
 * all CPUs.
 */
#include "kern/map/cpu.h"

#include <errno.h>

#include "kern/abi.h"

static uint64_t cpu_flags(uint32_t cpu)
{
	return ABI_F_CPU | (uint64_t)cpu << 32;
}

/*
 * -EINVAL: not supported by this kernel; nothing was written then. With the flag for a CPU the
 * kernel (7.2) ignores BPF_EXIST: check before whether the entry exists.
 */
static int update_each(int fd, const struct map_shape *s, const struct map_cpus *c)
{
	auto_free uint8_t *all = NULL;
	int err = 0;

	if (c->flags & BPF_EXIST) {
		all = malloc(s->value_len + 1);
		err = all ? bpf_map_lookup_elem(fd, c->key, all) : -ENOMEM;
	}
	for (uint32_t cpu = 0; cpu < s->n_cpus && !err; cpu++)
		if (c->given[cpu])
			err = bpf_map_update_elem(fd, c->key, c->values + cpu * s->cpu_stride,
						  c->flags | cpu_flags(cpu));
	return err;
}

static int update_all(int fd, const struct map_shape *s, const struct map_cpus *c)
{
	auto_free uint8_t *all = calloc(1, s->value_len + 1);
	int err = all ? bpf_map_lookup_elem(fd, c->key, all) : -ENOMEM;

	if (err && err != -ENOENT)
		return err;
	for (uint32_t cpu = 0; cpu < s->n_cpus; cpu++)
		if (c->given[cpu])
			memcpy(all + cpu * s->cpu_stride, c->values + cpu * s->cpu_stride,
			       s->info.value_size);
	return bpf_map_update_elem(fd, c->key, all, c->flags);
}

static bool all_given(const struct map_shape *s, const struct map_cpus *c)
{
	for (uint32_t cpu = 0; cpu < s->n_cpus; cpu++)
		if (!c->given[cpu])
			return false;
	return true;
}

int map_cpus_update(int fd, const struct map_shape *s, const struct map_cpus *c, bool *ret_rewrote)
{
	int err;

	if (all_given(s, c))
		return bpf_map_update_elem(fd, c->key, c->values, c->flags);
	/* As for BPF_EXIST; and a new entry has no values of other CPUs that could be lost. */
	if (c->flags & BPF_NOEXIST)
		return update_all(fd, s, c);
	err = update_each(fd, s, c);
	if (err != -EINVAL)
		return err;
	err = update_all(fd, s, c);
	*ret_rewrote = *ret_rewrote || !err;
	return err;
}

int map_cpu_lookup(int fd, const struct map_shape *s, const void *key, uint32_t cpu,
		   uint8_t *values)
{
	int err = bpf_map_lookup_elem_flags(fd, key, values + cpu * s->cpu_stride, cpu_flags(cpu));

	return err == -EINVAL ? bpf_map_lookup_elem(fd, key, values) : err;
}
