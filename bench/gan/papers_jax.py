"""F and its products of min-max problems from papers by JAX, for packages/networks/test/papers.test.ts.

    python -m venv jax && jax/bin/pip install jax==0.10.2 numpy
    jax/bin/python bench/gan/papers_jax.py > packages/networks/test/fixtures/papers.json

Each problem of packages/networks/test/papers is written down again here, from its formula: the shapes of each
player's tensors, in the order in which they lie in z, and one loss per player, or the residual. All is computed
in float64. z, v, u and the samples of problems with draws are random numbers, rounded to float32, in which the
engines compute, and stored.
"""

import json

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)


def softplus(t):
    return jnp.logaddexp(0.0, t)


def leaky(t):
    return jnp.where(t > 0, t, 0.2 * t)


def grid(rows, columns, entry):
    return np.array([[entry(i, j) for j in range(columns)] for i in range(rows)])


def mlp(p, x, activation):
    return activation(x @ p["w0"] + p["b0"]) @ p["w1"] + p["b1"]


def mlp_shapes(a, h, b):
    return {"w0": [a, h], "b0": [h], "w1": [h, b], "b1": [b]}


def zero_sum(value):
    def losses(*arguments):
        found = value(*arguments)
        return [found, -found]

    return losses


def robust_regression():
    A = grid(20, 4, lambda i, j: np.sin(1.3 * i + 2.1 * j + 0.5))
    y0 = A @ [1, -2, 0.5, 1] + 0.3 * np.cos(5 * np.arange(20))

    def value(model, adversary, _):
        y = adversary["y"]
        return jnp.mean((A @ model["x"][:, 0] - y) ** 2) - 3 * jnp.mean((y - y0) ** 2)

    return [{"x": [4, 1]}, {"y": [20]}], zero_sum(value)


def dro_logistic():
    n = 16
    a = grid(n, 3, lambda i, j: np.cos(0.7 * i + 1.9 * j))
    b = np.where(a[:, 0] + 0.5 * a[:, 1] + 0.4 * np.sin(3 * np.arange(n)) > 0, 1, -1)

    def value(model, weights, _):
        each = softplus(-b * (a @ model["w"][:, 0]))
        return weights["p"] @ each - 0.005 * jnp.sum((n * weights["p"] - 1) ** 2)

    return [{"w": [3, 1]}, {"p": [n]}], zero_sum(value)


def auc():
    x = grid(24, 3, lambda i, j: np.sin(0.9 * i + 1.7 * j))
    positive = np.where((np.arange(24) % 3 == 0) | (x[:, 0] + x[:, 1] > 1.2), 1.0, 0.0)
    negative, p = 1 - positive, positive.mean()

    def value(scorer, dual, _):
        s, alpha = x @ scorer["w"][:, 0], dual["alpha"]
        fit = (1 - p) * (s - scorer["a"]) ** 2 * positive + p * (s - scorer["b"]) ** 2 * negative
        dual_part = 2 * (1 + alpha) * (p * s * negative - (1 - p) * s * positive)
        return jnp.mean(fit + dual_part) - p * (1 - p) * alpha**2

    return [{"w": [3, 1], "a": [], "b": []}, {"alpha": []}], zero_sum(value)


def adversarial_training():
    i = np.arange(18)
    x = np.stack([np.cos(i) + 0.2 * np.sin(4 * i), np.sin(1.7 * i)], 1)
    labels = np.where(x[:, 0] * x[:, 1] > 0.2, 2, np.where(x[:, 0] > 0, 1, 0))

    def value(network, adversary, _):
        logits = mlp(network, x + adversary["delta"], leaky)
        return -jnp.mean(jax.nn.log_softmax(logits)[i, labels])

    return [mlp_shapes(2, 6, 3), {"delta": [18, 2]}], zero_sum(value)


def pinn():
    x = (np.arange(12) + 0.5) / 12

    def residual(p, _):
        def u(t):
            return jnp.tanh(t * p["w1"][0] + p["b1"]) @ p["w2"][:, 0] + p["b2"][0]

        equation = jax.vmap(jax.grad(jax.grad(u)))(x) + np.pi**2 * np.sin(np.pi * x)
        return jnp.concatenate([equation / 10, jnp.stack([u(0.0), u(1.0)])])

    return [{"w1": [1, 8], "b1": [8], "w2": [8, 1], "b2": [1]}], residual


def hyperparameters():
    def make(rows, shift):
        X = grid(rows, 5, lambda i, j: np.sin(1.1 * i + 2.3 * j + shift))
        return X, 1.5 * X[:, 0] - X[:, 1] + 0.3 * np.cos(4 * np.arange(rows) + shift)

    (X, y), (Xv, yv) = make(10, 0), make(8, 1)

    def losses(upper, lower, _):
        decay, w = jnp.exp(upper["lambda"][:, 0]), lower["w"][:, 0]

        def training(w):
            return jnp.mean((X @ w - y) ** 2) + jnp.sum(decay * w**2)

        stepped = w - 0.1 * jax.grad(training)(w)
        return [jnp.mean((Xv @ stepped - yv) ** 2), training(w)]

    return [{"lambda": [5, 1]}, {"w": [5, 1]}], losses


def wasserstein():
    def losses(critic, generator, sample):
        def mean(x):
            return jnp.mean(leaky(x @ critic["w1"] + critic["b1"]) @ critic["w2"])

        g = generator
        made = mean(jnp.tanh(sample["noise"] @ g["w1"] + g["b1"]) @ g["w2"] + g["b2"])
        return [made - mean(sample["real"]), -made]

    critic = {"w1": [2, 10], "b1": [10], "w2": [10, 1]}
    return [critic, {"w1": [2, 6], "b1": [6], "w2": [6, 2], "b2": [2]}], losses, {"real": [16, 2], "noise": [16, 2]}


def moment_matching():
    def kernel(a, b):
        distance = jnp.sum((a[:, None] - b[None]) ** 2, -1)
        return jnp.mean(sum(jnp.exp(-distance / (2 * s * s)) for s in (0.5, 1, 2)))

    def losses(g, sample):
        made = jax.nn.elu(sample["noise"] @ g["w1"] + g["b1"]) @ g["w2"] + g["b2"]
        real = sample["real"]
        return [kernel(made, made) - 2 * kernel(made, real) + kernel(real, real)]

    return [{"w1": [2, 8], "b1": [8], "w2": [8, 2], "b2": [2]}], losses, {"noise": [12, 2], "real": [12, 2]}


def three_pennies():
    def losses(first, second, third, _):
        x, y, z = first["x"], second["x"], third["x"]
        return [-(x @ y), -(y @ z), z @ x]

    return [{"x": [2]}] * 3, losses


def neural_policies():
    i = np.arange(10)
    states = np.stack([np.cos(i), np.sin(i), np.cos(2 * i)], 1)
    payments = np.array([grid(3, 3, lambda j, k: np.sin(s + 2 * j - 3 * k)) for s in i])

    def value(payer, payee, _):
        policies = [jax.nn.softmax(mlp(p, states, jax.nn.relu)) for p in (payer, payee)]
        return jnp.mean(jnp.einsum("si,sij,sj->s", policies[0], payments, policies[1]))

    return [mlp_shapes(3, 5, 3)] * 2, zero_sum(value)


def entropy_matrix_game():
    A = np.array([[0, -1, 2, 0.5], [1, 0, -1, -0.5], [-2, 1, 0, 1]])

    def value(row, column, _):
        x, y = jax.nn.softmax(row["s"]), jax.nn.softmax(column["t"])
        return x @ A @ y + 0.2 * jnp.sum(x * jnp.log(x)) - 0.2 * jnp.sum(y * jnp.log(y))

    return [{"s": [3]}, {"t": [4]}], zero_sum(value)


def fair_classification():
    i = np.arange(20)
    x = np.stack([np.ones(20), np.sin(1.2 * i), np.cos(2.1 * i)], 1)
    group = np.where(x[:, 1] + 0.5 * np.sin(5 * i) > 0, 1.0, 0.0)
    y = np.where(x[:, 1] + 0.3 * x[:, 2] + 0.4 * np.cos(7 * i) > 0, 1, -1)

    def value(model, multipliers, _):
        score = x @ model["w"]
        covariance = jnp.mean((group - group.mean()) * score)
        violations = jnp.stack([covariance - 0.02, -covariance - 0.02])
        return jnp.mean(softplus(-y * score)) + multipliers["lambda"] @ violations

    return [{"w": [3]}, {"lambda": [2]}], zero_sum(value)


def split(z, players):
    """The tensors of each player, in z one after the other."""
    at, found = 0, []
    for shapes in players:
        own = {}
        for name, shape in shapes.items():
            n = int(np.prod(shape))
            own[name] = z[at : at + n].reshape(shape)
            at += n
        found.append(own)
    return found


def numbers(x):
    return [float(f"{t:.10g}") for t in np.ravel(x)]


def case(index, make):
    players, function, *shapes = make()
    sizes = [sum(int(np.prod(shape)) for shape in own.values()) for own in players]
    ends = np.cumsum(sizes)
    random = np.random.default_rng(index)

    def normal(n, deviation=1.0):
        return (deviation * random.standard_normal(n)).astype(np.float32).astype(np.float64)

    z, v = normal(ends[-1], 0.5), normal(ends[-1])
    sample = {name: normal(shape) for name, shape in (shapes[0] if shapes else {}).items()}
    has_residual = make is pinn
    found = {"z": numbers(z), "v": numbers(v)}

    if has_residual:
        r = lambda z: function(*split(z, players), sample)
        u = normal(r(z).size)
        pull = jax.vjp(r, z)[1]
        scale = np.sqrt(u.size)  # the residual of the contract is r over the root of its length
        found["u"] = numbers(u)
        found["residual"] = numbers(r(z) / scale)
        found["residual product"] = numbers(jax.jvp(r, (z,), (v,))[1] / scale)
        found["residual transposed"] = numbers(pull(u)[0] / scale)
        losses = lambda z: [0.5 * jnp.mean(r(z) ** 2)]
    else:
        losses = lambda z: function(*split(z, players), sample)

    def field(z):
        gradients = [jax.grad(lambda z: losses(z)[p])(z) for p in range(len(players))]
        return jnp.concatenate([g[e - n : e] for g, n, e in zip(gradients, sizes, ends)])

    found["sample"] = {name: {"shape": x.shape, "values": numbers(x)} for name, x in sample.items()}
    found["losses"] = numbers(jnp.stack(losses(z)))
    found["F"] = numbers(field(z))
    found["Jv"] = numbers(jax.jvp(field, (z,), (v,))[1])
    found["JTv"] = numbers(jax.vjp(field, z)[1](v)[0])
    return found


problems = {
    "robust-regression": robust_regression,
    "dro-logistic": dro_logistic,
    "auc": auc,
    "adversarial-training": adversarial_training,
    "pinn": pinn,
    "hyperparameters": hyperparameters,
    "wasserstein": wasserstein,
    "moment-matching": moment_matching,
    "three-pennies": three_pennies,
    "neural-policies": neural_policies,
    "entropy-matrix-game": entropy_matrix_game,
    "fair-classification": fair_classification,
}
made = {name: case(i, make) for i, (name, make) in enumerate(problems.items())}
print("{")
print(",\n".join(f'  "{name}": {json.dumps(found)}' for name, found in made.items()))
print("}")
