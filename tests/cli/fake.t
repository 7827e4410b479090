#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# The faked kernel itself: what goes wrong in it is called by its name.
. "$(dirname "$0")/cli.sh"

{ cat "$T/fx/basic.kernel"; echo 'file /dev/null -'; } >"$T/fx/no_null.kernel"
fake no_null prog show id 7
status 1 "an object cannot be opened"
like "$err" "ENOENT" "the errno is the one that opening had"
fake_as basic "$T/bpfctl" prog show id 7
status 0 "the next run does not know of it"
done_testing
