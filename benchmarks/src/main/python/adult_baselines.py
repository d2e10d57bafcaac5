"""scikit-learn's logistic regression and gradient boosting on the Adult data, split and cleaned as in examples/adult.yaml.

    python adult_baselines.py [DIRECTORY with adult.data.gz and adult.test.gz]

Prints one JSON line: test accuracy of each. The training file is fitted on whole, but for the boosting's own tenth
for early stopping; equal rows of the training file are used once.
"""

import gzip
import json
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

NUMBERS = [0, 2, 4, 10, 11, 12]  # age, fnlwgt, education_num, capital_gain, capital_loss, hours_per_week
CATEGORIES = [1, 3, 5, 6, 7, 8, 9, 13]
SEED = 1


def read(path):
    """Rows of 14 inputs and a label; the first line of the test file is a comment, its labels end with a full stop."""
    with gzip.open(path, "rt") as lines:
        rows = [[field.strip() for field in line.split(",")] for line in lines if line.strip() and line[0] != "|"]
    assert all(len(row) == 15 for row in rows), "expected 15 fields in each record"
    return [row[:-1] + [row[-1].rstrip(".")] for row in rows]


def arrays(rows):
    x = np.array([row[:-1] for row in rows], dtype=object)
    x[:, NUMBERS] = x[:, NUMBERS].astype(float)
    return x, np.array([row[-1] == ">50K" for row in rows])


def main():
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/tables")
    train_rows = list(dict.fromkeys(map(tuple, read(directory / "adult.data.gz"))))
    x, y = arrays([list(row) for row in train_rows])
    x_test, y_test = arrays(read(directory / "adult.test.gz"))
    linear = make_pipeline(
        ColumnTransformer(
            [("numbers", StandardScaler(), NUMBERS), ("categories", OneHotEncoder(handle_unknown="ignore"), CATEGORIES)]
        ),
        LogisticRegression(max_iter=1000),
    )
    ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    boosting = make_pipeline(
        ColumnTransformer([("numbers", "passthrough", NUMBERS), ("categories", ordinal, CATEGORIES)]),
        HistGradientBoostingClassifier(
            categorical_features=range(len(NUMBERS), len(NUMBERS) + len(CATEGORIES)),
            early_stopping=True,
            max_iter=500,
            random_state=SEED,
        ),
    )
    result = {"data": "adult", "train": len(y), "test": len(y_test), "seed": SEED, "sklearn": sklearn.__version__}
    for name, model in (("logistic_regression", linear), ("hist_gradient_boosting", boosting)):
        start = time.perf_counter()
        model.fit(x, y)
        result[name] = {
            "accuracy": round(float(model.score(x_test, y_test)), 5),
            "fit_seconds": round(time.perf_counter() - start, 2),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
