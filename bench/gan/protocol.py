"""A Python lane's side of the conversation (see protocol.mjs), and the files that it starts from (see start.mjs)."""
import json
import math
import os
import resource
import sys
import time
from pathlib import Path


def tell(message):
    print(json.dumps(message), flush=True)


def missing(reason):
    """Ends the process with a reason instead of figures."""
    tell({"missing": reason})
    sys.exit(0)


def keep_to(threads):
    """Lets this process run on `threads` processors only; where the system cannot, it runs on all."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:threads]))


def read(folder):
    """The workload's facts, the flat start, the real examples [batch, *shape], all as numpy arrays."""
    import numpy as np

    folder = Path(folder)
    facts = json.loads((folder / "workload.json").read_text())
    real = np.fromfile(folder / "real.f32", np.float32).reshape(facts["batch"], *facts["shape"])
    return facts, np.fromfile(folder / "start.f32", np.float32), real


def slices(facts, flat, player):
    """One player's parameters by name: views of the flat vector, in tfjs's layouts (NHWC, HWIO)."""
    def piece(entry):
        size = math.prod(entry["shape"])
        return flat[entry["offset"] : entry["offset"] + size].reshape(entry["shape"])

    return {entry["name"]: piece(entry) for entry in facts["layout"] if entry["player"] == player}


def rss():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


def serve(version, step):
    """Makes one step, then rounds of as many seconds as each line of stdin says. `step()` returns the losses as floats."""
    finite = all(map(math.isfinite, step()))
    tell({"ready": version})
    for line in sys.stdin:
        begun, cpu = time.perf_counter(), time.process_time()
        until = begun + float(line)
        steps = 0
        while True:
            finite = all(map(math.isfinite, step())) and finite
            steps += 1
            now = time.perf_counter()
            if now >= until:
                break
        tell({"steps": steps, "seconds": now - begun, "cpu": time.process_time() - cpu, "finite": finite, "rss": rss()})


def lane(run):
    """Runs a lane; what it raises becomes the reason."""
    try:
        run()
    except Exception as error:
        missing((str(error).strip() or type(error).__name__).splitlines()[0])
