# SPDX-License-Identifier: MIT
"""A reading process that does what the name of its file says: crash, fill the memory, say nothing, talk nonsense, die half way."""

import json
import os
import signal
import sys
import time

import pyarrow

deed = json.loads(sys.stdin.readline())["file"]
if deed == "crash":
    os.kill(os.getpid(), signal.SIGSEGV)
elif deed == "memory":
    time.sleep(0.5)
    try:
        kept = b"x" * 2_000_000_000
    except MemoryError:
        sys.stdout.write(json.dumps({"refused": "MemoryError", "message": ""}) + "\n")
elif deed == "stall":
    time.sleep(60)
elif deed == "garbage":
    sys.stdout.write("\x00" * 1000)
elif deed == "half":
    sys.stdout.write(json.dumps({"geometry": None}) + "\n")
    sys.stdout.flush()
    batch = pyarrow.record_batch({"n": [1, 2]})
    with pyarrow.ipc.new_stream(sys.stdout.buffer, batch.schema) as writer:
        writer.write_batch(batch)
        sys.stdout.buffer.flush()
        os.kill(os.getpid(), signal.SIGSEGV)
