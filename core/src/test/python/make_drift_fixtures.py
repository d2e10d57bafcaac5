"""Writes core/src/test/resources/fixtures/clean/drift.json: distances of two samples by scipy.

    python core/src/test/python/make_drift_fixtures.py

Numbers with and without a shift, with ties, of unequal size; categories with rare, new and vanished ones.
PSI by its definition over numpy's deciles of the first sample (a value on an edge belongs below it), shares of at least 1e-4.
Made with scipy 1.17 and numpy 2.
"""

import json
from pathlib import Path

import numpy as np
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "clean" / "drift.json"


def psi(a, b):
    p = np.maximum(a / a.sum(), 1e-4)
    q = np.maximum(b / b.sum(), 1e-4)
    return float(np.sum((q - p) * np.log(q / p)))


def numbers(name, a, b):
    edges = np.unique(np.quantile(a, np.arange(1, 10) / 10))
    ca = np.bincount(np.searchsorted(edges, a, side="left"), minlength=len(edges) + 1)
    cb = np.bincount(np.searchsorted(edges, b, side="left"), minlength=len(edges) + 1)
    d = stats.ks_2samp(a, b).statistic
    return {
        "name": name,
        "before": a.tolist(),
        "now": b.tolist(),
        "psi": psi(ca, cb),
        "jensen_shannon": float(jensenshannon(ca, cb, base=2)),
        "distance": float(d),
        "p_value": float(special.kolmogorov(d * np.sqrt(len(a) * len(b) / (len(a) + len(b))))),
    }


def categories(name, a, b):
    names = sorted(set(a) | set(b))
    ca = np.array([a.count(n) for n in names], float)
    cb = np.array([b.count(n) for n in names], float)
    chi = stats.chi2_contingency(np.array([ca, cb]), correction=False)
    return {
        "name": name,
        "before": a,
        "now": b,
        "psi": psi(ca, cb),
        "jensen_shannon": float(jensenshannon(ca, cb, base=2)),
        "distance": float(chi.statistic),
        "p_value": float(chi.pvalue),
        "new_share": sum(n not in set(a) for n in b) / len(b),
    }


r = np.random.default_rng(4)
cases = [
    numbers("the same", r.normal(size=200), r.normal(size=150)),
    numbers("shifted", r.normal(size=200), r.normal(0.6, 1.2, size=90)),
    numbers("ties", r.integers(0, 6, 300).astype(float), r.integers(1, 8, 100).astype(float)),
    numbers("constant before", np.full(50, 3.0), r.normal(3, 1, 50)),
    numbers("large and skewed", np.exp(r.normal(9, 2, 250)), np.exp(r.normal(9.3, 2, 250))),
    categories("same shares", r.choice(list("abcd"), 300).tolist(), r.choice(list("abcd"), 200).tolist()),
    categories("other shares", r.choice(list("abcd"), 300, p=[0.6, 0.2, 0.1, 0.1]).tolist(), r.choice(list("abc"), 200).tolist()),
    categories("new ones", r.choice(list("ab"), 100).tolist(), r.choice(list("abxyz"), 100).tolist()),
    categories("many", [f"c{i}" for i in r.integers(0, 40, 400)], [f"c{i}" for i in r.integers(5, 45, 300)]),
]
OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
