#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Copies of a file in which a few bytes are others: mutate.py FILE FOLDER COUNT BYTES [FROM SIZE]. Copy I, FOLDER/I.o,
has 1 + I % BYTES changes, in the SIZE bytes at FROM; the same each time."""
import random
import sys
from pathlib import Path


def main():
    file, folder, count, most, *place = sys.argv[1:]
    whole = Path(file).read_bytes()
    at, size = (int(n, 0) for n in place or ("0", str(len(whole))))
    chance = random.Random(7)
    for i in range(int(count)):
        copy = bytearray(whole)
        for change in range(1 + i % int(most)):
            # Small numbers first: kinds, counts and ids that mean something else
            copy[at + chance.randrange(size)] = chance.randrange(256 if change else 48)
        (Path(folder) / f"{i}.o").write_bytes(copy)


if __name__ == "__main__":
    main()
