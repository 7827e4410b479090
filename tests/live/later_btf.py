#!/usr/bin/python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""later_btf.py IN OUT [unknown] [wide]: the BTF of IN as a newer kernel or linker writes it: with a layout section,
and, if asked for, with a kind that only that describes, and with an enum of 70000 values."""
import struct
import sys

LAYOUT = [(0, 0), (4, 0), (0, 0), (12, 0), (0, 12), (0, 12), (0, 8), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0),
          (0, 8), (4, 0), (0, 12), (0, 0), (4, 0), (0, 0), (0, 12)]

with open(sys.argv[1], 'rb') as f:
    data = f.read()
order = '<' if data[0] == 0x9f else '>'
hdr_len, type_off, type_len, str_off, str_len = struct.unpack(order + '5I', data[4:24])
types = data[hdr_len + type_off:][:type_len]
strs = data[hdr_len + str_off:][:str_len]
if 'unknown' in sys.argv[3:]:
    LAYOUT.append((4, 8))
    types += struct.pack(order + '6I', len(strs), 20 << 24 | 1, 7, 1, 2, 3)
    strs += b'mystery\0'
if 'wide' in sys.argv[3:]:
    types += struct.pack(order + '3I', len(strs), 6 << 24 | 70000, 4)
    types += b''.join(struct.pack(order + '2I', len(strs) + 5, i) for i in range(70000))
    strs += b'wide\0v\0'
layout = b''.join(struct.pack(order + 'BBH', info, elem, 0) for info, elem in LAYOUT)
head = struct.pack(order + 'HBB7I', 0xeb9f, 1, 0, 32, 0, len(types), len(types) + len(layout), len(strs), len(types),
                   len(layout))
with open(sys.argv[2], 'wb') as f:
    f.write(head + types + layout + strs)
