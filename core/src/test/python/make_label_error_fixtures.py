"""Writes core/src/test/resources/fixtures/clean/labels.json: label issues as cleanlab finds them.

    git clone https://github.com/cleanlab/cleanlab /tmp/cleanlab
    PYTHONPATH=/tmp/cleanlab python core/src/test/python/make_label_error_fixtures.py

Probabilities are out of fold, by logistic regression on digits with flipped labels and on random blobs; rare and absent
classes, two classes, and an unsure model. Made with cleanlab 2.9.1 (main), scikit-learn 1.9 and numpy 2.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues
from sklearn.datasets import load_digits, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "clean" / "labels.json"
warnings.simplefilter("ignore")

# numpy's default sort leaves the order of equal remainders open, and it differs between processors: a stable one here.
unstable = np.argsort
np.argsort = lambda a, *args, **kwargs: unstable(a, *args, **{**kwargs, "kind": "stable"})


def case(name, labels, probabilities):
    probabilities = np.round(probabilities, 6)
    issues = find_label_issues(
        labels, probabilities, filter_by="prune_by_noise_rate", return_indices_ranked_by="self_confidence", n_jobs=1
    )
    joint = compute_confident_joint(labels, probabilities)
    return {
        "name": name,
        "labels": labels.tolist(),
        "probabilities": probabilities.tolist(),
        "joint": joint.tolist(),
        "issues": issues.tolist(),
    }


def folded(x, y):
    return cross_val_predict(LogisticRegression(max_iter=200), x, y, cv=5, method="predict_proba")


random = np.random.default_rng(8)
cases = []
x, y = load_digits(return_X_y=True)
x, y = x[:600] / 16, y[:600]
noisy = y.copy()
flipped = random.choice(len(y), 40, replace=False)
noisy[flipped] = (noisy[flipped] + random.integers(1, 10, 40)) % 10
cases.append(case("digits with 40 flipped labels", noisy, folded(x, noisy)))
x, y = make_classification(300, 8, n_informative=4, n_classes=2, flip_y=0.1, random_state=3)
cases.append(case("two classes", y, folded(x, y)))
x, y = make_classification(400, 10, n_informative=6, n_classes=4, flip_y=0.2, weights=[0.7, 0.2, 0.08, 0.02], random_state=5)
cases.append(case("rare classes", y, folded(x, y)))
p = random.dirichlet(np.ones(5) * 2, 200)
labels = random.integers(0, 5, 200)
cases.append(case("a model that knows nothing", labels, p))
labels = random.integers(0, 4, 120)
p = random.dirichlet(np.ones(5), 120)
p[np.arange(120), labels] += 0.5
cases.append(case("a class without labels", labels, p / p.sum(1, keepdims=True)))
labels = np.array([0] * 60 + [1] * 60 + [2])
p = random.dirichlet(np.ones(3), 121)
cases.append(case("a class of one", labels, p))
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print({c["name"]: len(c["issues"]) for c in cases})
