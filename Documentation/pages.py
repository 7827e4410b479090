#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Manual pages, filled from what the program says about itself and made into roff, all in one process.

    pages.py PROGRAM FOLDER PAGE.rst...

FOLDER gets PAGE.rst, filled, and PAGE.8; what is there and has not changed is left alone. The slightest complaint of
docutils goes to stderr, fails, and leaves no page.
"""
import io
import sys
from pathlib import Path

from docutils.core import publish_string
from docutils.writers import manpage

from synopsis import describe, fill


def roff(page, text):
    """The page, and what docutils has to say about it."""
    said = io.StringIO()
    made = publish_string(text, source_path=page, writer=manpage.Writer(), settings_overrides={
        "report_level": 1, "halt_level": 5, "warning_stream": said, "_disable_config": True})
    return made, said.getvalue()


def make(cli, page, folder):
    """True when the page is there and right."""
    rst, man = folder / page.name, folder / page.with_suffix(".8").name
    text = fill(cli, page.read_text(encoding="utf-8"))
    if man.exists() and rst.exists() and rst.read_text(encoding="utf-8") == text:
        return True
    made, complaints = roff(str(page), text)
    if complaints:
        print(complaints, file=sys.stderr, end="")
        man.unlink(missing_ok=True)
        return False
    man.write_bytes(made)
    rst.write_text(text, encoding="utf-8")
    return True


def main():
    cli, folder = describe(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    good = [make(cli, Path(page), folder) for page in sys.argv[3:]]
    return not all(good)


if __name__ == "__main__":
    sys.exit(main())
