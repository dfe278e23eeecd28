"""A lane of bench:methods in Python: peers.py <library> <problem.json>.

Prints a line of JSON after the first 1,000 steps, then one for each method: where a run ends and how long a warm step takes.
A run is 1,000 steps from the start. F and the projection are written for numpy and for PyTorch as someone would who knows them:
no allocation where the library allows that, both players' projections at once, theta as the largest of the means of the k largest.
"""
import json
import statistics
import sys
import time

STEPS = 1000
#: Seconds of warming up, seconds and number of samples.
WARM, SAMPLE, SAMPLES = 0.15, 0.02, 9


def numpy_parts(problem):
    """numpy, F(z, out), project(a (2, d/2) view of z) or None."""
    import numpy as np

    half = problem["dim"] // 2
    if problem["kind"] == "bilinear":
        def field(z, out):
            out[0] = z[1]
            out[1] = -z[0]
        return np, field, None
    dot, add, negative = np.dot, np.add, np.negative
    if problem["kind"] == "affine":
        matrix, offset = np.array(problem["matrix"]).reshape(problem["dim"], -1), np.array(problem["offset"])

        def field(z, out):
            dot(matrix, z, out)
            add(out, offset, out)
        return np, field, None
    matrix = np.array(problem["matrix"]).reshape(half, half)

    def field(z, out):
        dot(matrix, z[half:], out[:half])
        dot(z[:half], matrix, out[half:])
        negative(out[half:], out[half:])

    shares, sums, theta = 1 / np.arange(1, half + 1), np.empty((2, half)), np.empty((2, 1))
    ordered, accumulate, least, multiply, maximum = np.empty((2, half)), np.add.accumulate, np.minimum.reduce, np.multiply, np.maximum

    def project(v):
        negative(v, ordered)
        ordered.sort(1)
        accumulate(ordered, 1, None, sums)
        add(sums, 1.0, sums)
        multiply(sums, shares, sums)
        least(sums, 1, None, theta, True)
        add(v, theta, v)
        maximum(v, 0.0, out=v)
    return np, field, project


def numpy_methods(problem):
    np, field, project = numpy_parts(problem)
    start, size = np.array(problem["start"], dtype=float), problem["stepSize"]
    multiply, subtract = np.multiply, np.subtract

    def extragradient():
        z, w, g = start.copy(), np.empty_like(start), np.empty_like(start)
        rows_z, rows_w = z.reshape(2, -1), w.reshape(2, -1)
        for _ in range(STEPS):
            field(z, g)
            multiply(g, size, g)
            subtract(z, g, w)
            if project is not None:
                project(rows_w)
            field(w, g)
            multiply(g, size, g)
            subtract(z, g, z)
            if project is not None:
                project(rows_z)
        return z
    return np.__version__, {"extragradient": extragradient}


def numpy_steps_methods(problem):
    """Each method as a function from points to the next points, which allocates what it returns: how a VI library in Python is written."""
    np, field, project = numpy_parts(problem)
    start, size = np.array(problem["start"], dtype=float), problem["stepSize"]
    golden = (1 + np.sqrt(5)) / 2

    def operator(z):
        out = np.empty_like(z)
        field(z, out)
        return out

    def prox(z):  # of its own temporary
        if project is not None:
            project(z.reshape(2, -1))
        return z

    def extragradient(z):
        return (prox(z - size * operator(prox(z - size * operator(z)))),)

    def past(z, g):
        w = prox(z - size * g)
        g = operator(w)
        return prox(z - size * g), g

    def tseng(z):
        g = operator(z)
        w = prox(z - size * g)
        return (w - size * (operator(w) - g),)

    def reflected_backward(z, last):
        g = operator(z)
        return prox(z - size * (2 * g - last)), g

    def projected_reflected(z, last):
        return prox(z - size * operator(2 * z - last)), z

    def golden_ratio(z, bar):
        bar = ((golden - 1) * z + bar) / golden
        return prox(bar - size * operator(z)), bar

    def adaptive_golden(z, last, bar, g_last, step, theta):
        g = operator(z)
        if last is not None:
            moved, changed = z - last, g - g_last
            gap = changed @ changed
            new = min((1 / 1.5 + 1 / 1.5 ** 2) * step, 1.5 * theta * (moved @ moved) / (4 * step * gap) if gap > 0 else np.inf, 1e6)
            step, theta = new, 1.5 * new / step
        bar = (0.5 * z + bar) / 1.5
        return prox(bar - step * g), z, bar, g, step, theta

    def anchored(z, k):
        beta = 1 / (k + 2)
        pull = z + beta * (start - z)
        return pull - size * operator(pull - size * operator(z)), k + 1

    def loop(step, *state):
        def run():
            now = state
            for _ in range(STEPS):
                now = step(*now)
            return now[0]
        return run
    methods = {
        "extragradient": loop(extragradient, start), "gda": loop(lambda z: (prox(z - size * operator(z)),), start), "past-extragradient": loop(past, start, np.zeros_like(start)), "forward-backward-forward": loop(tseng, start),
        "forward-reflected-backward": loop(reflected_backward, start, operator(start)), "projected-reflected-gradient": loop(projected_reflected, start, start), "graal": loop(golden_ratio, start, start),
        "adaptive-graal": loop(adaptive_golden, start, None, start, None, size, 1.0),
    }
    return np.__version__, methods if problem["constrained"] else {**methods, "eag-c": loop(anchored, start, 0)}


def monviso_methods(problem):
    import monviso

    if not hasattr(monviso, "VI"):
        raise ImportError("PyPI's monviso is another program (of proteins); its own page says: pip install git+https://github.com/nicomignoni/monviso.git")
    np, field, project = numpy_parts(problem)
    start, size = np.array(problem["start"], dtype=float), problem["stepSize"]

    def operator(z):
        out = np.empty_like(z)
        field(z, out)
        return out

    def prox(z):  # of its own temporary: may be overwritten. CVXPY, its default, would take milliseconds
        project(z.reshape(2, -1))
        return z
    vi = monviso.VI(operator, analytical_prox=(lambda z: z) if project is None else prox)

    def loop(step):
        """step(k, state) returns the next state, whose first entry is the point."""
        def run():
            state = (start, start, start, size, 1)
            for k in range(STEPS):
                state = step(k, state)
            return state[0]
        return run

    def adaptive(k, state):  # it wants two points to begin with
        x, last, y, s, t = state
        if k == 0:
            return (vi.pg(x, s), x, y, s, t)
        x1, y1, s1, t1 = vi.agraal(x, last, y, s, t)
        return (x1, x, y1, s1, t1)
    return getattr(monviso, "__version__", "?"), {
        "extragradient": loop(lambda k, s: (vi.eg(s[0], size),)),
        "gda": loop(lambda k, s: (vi.pg(s[0], size),)),
        "past-extragradient": loop(lambda k, s: vi.popov(s[0], s[1], size)),
        "forward-backward-forward": loop(lambda k, s: (vi.fbf(s[0], size),)),
        "forward-reflected-backward": loop(lambda k, s: (vi.frb(s[0], s[1], size), s[0])),
        "projected-reflected-gradient": loop(lambda k, s: (vi.prg(s[0], s[1], size), s[0])),
        "graal": loop(lambda k, s: vi.graal(s[0], s[1], size)),
        "adaptive-graal": loop(adaptive),
        "eag-c": loop(lambda k, s: (vi.eag(s[0], start, k + 1, size),)),
    }


def torch_methods(problem):
    import torch

    torch.set_num_threads(1)
    of = lambda name, *shape: torch.tensor(problem[name], dtype=torch.float64).reshape(*shape)
    dim, half, size = problem["dim"], problem["dim"] // 2, problem["stepSize"]
    start = of("start", -1)
    shares = 1 / torch.arange(1, half + 1, dtype=torch.float64)
    if problem["kind"] == "bilinear":
        turn = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
        field = lambda z: turn.mv(z)
    elif problem["kind"] == "affine":
        matrix, offset = of("matrix", dim, dim), of("offset", -1)
        field = lambda z: torch.addmv(offset, matrix, z)
    else:
        matrix = of("matrix", half, half)
        transposed = matrix.T.contiguous().neg()
        field = lambda z: torch.cat((matrix.mv(z[half:]), transposed.mv(z[:half])))

    def project(z):
        if problem["kind"] != "matrix":
            return z
        v = z.view(2, half)
        theta = torch.sort(v, 1, True)[0].cumsum_(1).sub_(1).mul_(shares).amax(1, True)
        return v.sub_(theta).clamp_(min=0).view(-1)

    def extragradient():
        with torch.inference_mode():
            z = start
            for _ in range(STEPS):
                w = project(torch.sub(z, field(z), alpha=size))
                z = project(torch.sub(z, field(w), alpha=size))
            return z
    return torch.__version__, {"extragradient": extragradient}


def measure(run):
    """Nanoseconds per step: the median of samples of equal length."""
    begun, runs = time.perf_counter(), 0
    while time.perf_counter() - begun < WARM:
        run()
        runs += 1
    repeats, times = max(1, round(SAMPLE * runs / WARM)), []
    for _ in range(SAMPLES):
        begun = time.perf_counter()
        for _ in range(repeats):
            run()
        times.append((time.perf_counter() - begun) * 1e9 / (STEPS * repeats))
    return statistics.median(times)


def main(library, path):
    with open(path, encoding="utf-8") as file:
        problem = json.load(file)
    try:
        if library in ("jax", "jaxopt", "optax"):
            import peers_jax
            version, methods = getattr(peers_jax, f"{library}_methods")(problem, STEPS)
        else:
            version, methods = globals()[f"{library.replace('-', '_')}_methods"](problem)
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return
    for at, (name, run) in enumerate(methods.items()):
        point = [float(x) for x in run()]
        if at == 0:
            print(json.dumps({"version": version}), flush=True)
        print(json.dumps({"method": name, "point": point, "warm": measure(run)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
