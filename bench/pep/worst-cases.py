"""Worst cases of the methods that Stillpoint has theorems on, by performance estimation (PEPit).

    python -m venv pep && pep/bin/pip install pepit==0.5.1
    pep/bin/python bench/pep/worst-cases.py > packages/optimizers/test/fixtures/worst-cases.json

Each row is the largest value, over all operators that satisfy the facts and all starts with |z0 - z*| = 1,
of what the theorem bounds after k steps. For cocoercive, and for comonotone set-valued operators, the value
is the worst case itself. For Lipschitz operators with a second property (monotone, comonotone, weak Minty)
the inequalities between the points are necessary, not sufficient: the value is at least the worst case. In
both cases a bound that is not below it is true at that k; where the value is the worst case itself
("exact"), the quotient of both says how far the bound is from the best one.
L = 1 throughout; the step sizes are in units of 1/L.
"""

import json
import math
import sys
import warnings
from itertools import combinations

from PEPit import PEP, Point


class Problem:
    """0 = F(z*), and the pairs (z, F(z)) that a method has asked for."""

    def __init__(self, **facts):
        self.facts = facts
        self.pep = PEP()
        self.solution = Point()
        self.pairs = [(self.solution, 0 * self.solution)]
        self.start = Point()
        self.pep.add_constraint((self.start - self.solution) ** 2 <= 1)

    def F(self, z):
        value = Point()
        self.pairs.append((z, value))
        return value

    def resolvent(self, z, step):
        """J z = u with u + step v = z, v in A(u)."""
        value = Point()
        at = z - step * value
        self.pairs.append((at, value))
        return at

    def worst(self, quantities):
        """The largest possible least of the quantities."""
        for i, j in combinations(range(len(self.pairs)), 2):
            (x, f), (y, g) = self.pairs[i], self.pairs[j]
            named = self.facts
            if "lipschitz" in named:
                self.pep.add_constraint((f - g) ** 2 <= named["lipschitz"] ** 2 * (x - y) ** 2)
            if "comonotone" in named:
                self.pep.add_constraint((f - g) * (x - y) >= named["comonotone"] * (f - g) ** 2)
            if "stronglyMonotone" in named:
                self.pep.add_constraint((f - g) * (x - y) >= named["stronglyMonotone"] * (x - y) ** 2)
            if "weakMinty" in named and i == 0:
                self.pep.add_constraint((f - g) * (x - y) >= named["weakMinty"] * (f - g) ** 2)
        for quantity in quantities:
            self.pep.set_performance_metric(quantity)
        return self.pep.solve(wrapper="cvxpy", solver="CLARABEL", verbose=0)


def extragradient(p, k, step):
    z = p.start
    for _ in range(k):
        z = z - step * p.F(z - step * p.F(z))
    return [p.F(z) ** 2]


def extragradient_distance(p, k, step):
    z = p.start
    for _ in range(k):
        z = z - step * p.F(z - step * p.F(z))
    return [(z - p.solution) ** 2]


def gda(p, k, step):
    z = p.start
    for _ in range(k):
        z = z - step * p.F(z)
    return [step**2 * p.F(z) ** 2]


def gda_distance(p, k, step):
    z = p.start
    for _ in range(k):
        z = z - step * p.F(z)
    return [(z - p.solution) ** 2]


def halpern(p, k, step):
    z = p.start
    for j in range(k):
        b = 1 / (j + 2)
        z = b * p.start + (1 - b) * (z - step * p.F(z))
    return [step**2 * p.F(z) ** 2]


def eag(p, k, steps):
    z = p.start
    for j in range(k):
        step = steps(j)
        anchored = z + (p.start - z) / (j + 2)
        z = anchored - step * p.F(anchored - step * p.F(z))
    return [p.F(z) ** 2]


def varying(first):
    """The step sizes of EAG-V for L = 1."""

    def at(k):
        step = first
        for j in range(k):
            step *= (1 - (j + 2) ** 2 / ((j + 1) * (j + 3)) * step**2) / (1 - step**2)
        return step

    return at


def feg(p, k, step, comonotone):
    z = p.start
    for j in range(k):
        b = 1 / (j + 1)
        f = p.F(z)
        anchored = z + b * (p.start - z)
        w = anchored - (1 - b) * (step + 2 * comonotone) * f
        z = anchored - step * p.F(w) - (1 - b) * 2 * comonotone * f
    return [p.F(z) ** 2]


def ogda_plus(p, k, step, relaxation):
    z, seen = p.start, []
    before = None
    for _ in range(k):
        f = p.F(z)
        seen.append(f**2)
        z = z - step * ((1 + relaxation) * f - (f if before is None else before))
        before = f
    return [*seen, p.F(z) ** 2]


def past_extragradient(p, k, step):
    z, g, seen = p.start, None, []
    for _ in range(k):
        g = p.F(z if g is None else z - step * g)
        seen.append(g**2)
        z = z - step * g
    return seen


def forward_reflected_backward(p, k, step):
    z, before, seen = p.start, None, []
    for _ in range(k):
        f = p.F(z)
        move = step * (f if before is None else 2 * f - before)
        before = f
        seen.append(move**2)
        z = z - move
    return seen


def relaxed_extragradient(p, k, step, relaxation):
    z, seen = p.start, []
    for j in range(k + 1):
        f = p.F(z - step * p.F(z))
        seen.append(step**2 * f**2)
        z = z - relaxation * step * f
    return seen


def lookahead(p, k, inner, steps, weight):
    """`inner(p, w)` is a step from w, and what is bounded there."""
    z = w = p.start
    seen = []
    for j in range(k + 1):
        after, quantity = inner(p, w)
        seen.append(quantity)
        w = after
        if (j + 1) % steps == 0:
            z = w = (1 - weight) * z + weight * w
    return seen


def extragradient_step(step):
    def take(p, w):
        f = p.F(w)
        return w - step * p.F(w - step * f), step**2 * f**2

    return take


def two_step_lookahead(p, k, step, weight):
    z, seen = p.start, []
    for _ in range(k // 2):
        w = z - step * p.F(z)
        f = p.F(w)
        seen.append(step**2 * f**2)
        z = (1 - weight) * z + weight * (w - step * f)
    return [sum(seen[1:], seen[0]) / len(seen)]


def rapp(p, k, step, inner, weight):
    z, seen = p.start, []
    for _ in range(k + 1):
        w = z
        for _ in range(inner):
            w = z - step * p.F(w)
        seen.append((z - w) ** 2)
        z = (1 - weight) * z + weight * w
    return seen


def proximal(p, k, step, weight):
    z = p.start
    for _ in range(k):
        z = (1 - weight) * z + weight * p.resolvent(z, step)
    return [(z - p.resolvent(z, step)) ** 2]


def anchored_proximal(p, k, step, a):
    z = p.start
    for j in range(k):
        b = 1 / (j + 2)
        z = b * p.start + (1 - b) * ((1 - a) * z + a * p.resolvent(z, step))
    return [(z - p.resolvent(z, step)) ** 2]


def rows():
    monotone = {"lipschitz": 1, "comonotone": 0}
    for step in (0.3, 0.7, 0.95):
        for k in (1, 2, 4):
            yield f"extragradient(stepSize={step})", monotone, k, False, lambda p, k, s=step: extragradient(p, k, s)
    for step in (0.0625, 0.125):
        for k in (1, 4, 16):
            yield f"eag-c(stepSize={step})", monotone, k, False, lambda p, k, s=step: eag(p, k, lambda _: s)
    for k in (1, 2, 4, 16):
        yield "eag-v(stepSize=0.618)", monotone, k, False, lambda p, k: eag(p, k, varying(0.618))
    for c, step in ((0, 0.6), (0, 1), (-0.2, 1), (-0.4, 1), (0.1, 1)):
        facts = {"lipschitz": 1, "comonotone": c}
        for k in (1, 2, 4):
            yield f"feg(stepSize={step}, comonotone={c})", facts, k, False, lambda p, k, s=step, c=c: feg(p, k, s, c)
    for a, step, c in ((0.5, 1 / 3, 0), (0.5, 0.3, -0.06), (0.2, 0.6, -0.25), (0.8, 0.1, 0)):
        facts = {"lipschitz": 1, "weakMinty": c}
        for k in (2, 16):
            spec = f"ogda-plus(stepSize={step!r}, relaxation={a})"
            yield spec, facts, k, False, lambda p, k, s=step, a=a: ogda_plus(p, k, s, a)
    for step in (0.2, 0.45):
        for k in (1, 16):
            minty = {"lipschitz": 1, "weakMinty": 0}
            spec = f"past-extragradient(stepSize={step})"
            yield spec, minty, k, False, lambda p, k, s=step: past_extragradient(p, k, s)
            spec = f"forward-reflected-backward(stepSize={step})"
            yield spec, monotone, k, False, lambda p, k, s=step: forward_reflected_backward(p, k, s)
    for step, a, c in ((1, 0.5, 0), (1, 0.3, -0.2), (0.6, 0.3, -0.1)):
        for k in (1, 3):
            facts = {"lipschitz": 1, "weakMinty": c}
            spec = f"eg-plus(stepSize={step}, relaxation={a})"
            yield spec, facts, k, False, lambda p, k, s=step, a=a: relaxed_extragradient(p, k, s, a)
    for k in (1, 6):
        minty = {"lipschitz": 1, "weakMinty": 0}
        spec = "rapp(stepSize=0.5, innerSteps=3, weight=0.5)"
        yield spec, minty, k, False, lambda p, k: rapp(p, k, 0.5, 3, 0.5)
    for k in (2, 6):
        minty = {"lipschitz": 1, "weakMinty": 0}
        spec = "lookahead(extragradient(stepSize=0.7), steps=2, weight=0.5)"
        yield spec, minty, k, False, lambda p, k: lookahead(p, k, extragradient_step(0.7), 2, 0.5)
    for weight, c in ((0.25, 0), (0.1, -0.1)):
        for k in (2, 8):
            facts = {"lipschitz": 1, "weakMinty": c}
            spec = f"lookahead(gda(stepSize=0.577), steps=2, weight={weight})"
            yield spec, facts, k, False, lambda p, k, w=weight: two_step_lookahead(p, k, 0.577, w)
    for step in (0.5, 1.2, 1.9):
        for k in (1, 2, 5, 10):
            cocoercive = {"lipschitz": 1, "comonotone": 1}
            yield f"gda(stepSize={step})", cocoercive, k, True, lambda p, k, s=step: gda(p, k, s)
    for step in (1, 2):
        for k in (1, 2, 5):
            cocoercive = {"lipschitz": 1, "comonotone": 1}
            yield f"halpern(stepSize={step})", cocoercive, k, True, lambda p, k, s=step: halpern(p, k, s)
    for weight, c in ((0.3, 0), (0.5, -0.2), (0.8, 0), (0.3, -0.4)):
        for k in (1, 2, 5):
            spec = f"rapp(stepSize=0.5, innerSteps=40, weight={weight})"
            facts = {"lipschitz": 1, "comonotone": c}
            # the resolvent of a comonotone operator, whatever its Lipschitz constant
            yield spec, facts, k, "resolvent", lambda p, k, w=weight: proximal(p, k, 0.5, w)
    for c in (0, -0.2):
        for k in (1, 2, 5):
            spec = f"double-loop-halpern(stepSize=0.5, comonotone={c}, tolerance=1e-9, innerSteps=100000)"
            facts = {"lipschitz": 1, "comonotone": c}
            yield spec, facts, k, "resolvent", lambda p, k, c=c: anchored_proximal(p, k, 0.5, 1 + c / 0.5)
    for step, m in ((0.2, 0.5), (0.4, 0.8)):
        facts = {"lipschitz": 1, "stronglyMonotone": m, "comonotone": 0}
        for k in (1, 3):
            spec = f"extragradient(stepSize={step})"
            yield spec, facts, k, False, lambda p, k, s=step: extragradient_distance(p, k, s)
            spec = f"gda(stepSize={step})"
            yield spec, facts, k, False, lambda p, k, s=step: gda_distance(p, k, s)


def main():
    out = []
    for spec, facts, k, exact, steps in rows():
        asked = {n: x for n, x in facts.items() if n != "lipschitz"} if exact else facts
        problem = Problem(**asked)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            worst = problem.worst(steps(problem, k))
        # else the solver stopped at its reduced accuracy
        solved = not any("inaccurate" in str(one.message) for one in caught)
        if not math.isfinite(worst):
            sys.exit(f"{spec}, {facts}, k = {k}: the solver found {worst}")
        out.append({"method": spec, "facts": facts, "k": k, "exact": bool(exact), "solved": solved, "worst": float(f"{worst:.7g}")})
        print(f"{spec} {facts} k={k}: {worst:.7g}", file=sys.stderr, flush=True)
    print("[\n" + ",\n".join("  " + json.dumps(row) for row in out) + "\n]")


main()
