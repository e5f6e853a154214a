# SPDX-License-Identifier: Apache-2.0
"""Runs a command: its output, then a line with the KiB that were resident at most. In a process of its own, because Linux
counts for a child what its parent had resident when it forked: a benchmark's hundreds of MiB, but here only a few."""
import resource
import subprocess
import sys

done = subprocess.run(sys.argv[1:], stderr=subprocess.STDOUT, check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, flush=True)
sys.exit(done.returncode)
