"""Writes core/src/test/resources/fixtures/regression.json: numbers in the thousands, linear in three inputs, with what the
mean and a linear model reach on rows that were held out.

    python core/src/test/python/make_regression_fixtures.py

Made with scikit-learn 1.9 and numpy.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score, root_mean_squared_error

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "regression.json"

random = np.random.default_rng(5000)
x = random.normal(size=(600, 3)).astype(np.float32)
unit = x @ np.array([0.8, -0.5, 0.3]) + 0.1 * random.normal(size=600)
unit = (unit - unit.mean()) / unit.std()
cases = {}
for name, mean, deviation in [("thousands", 5000, 360), ("millionths", 2e-6, 4e-7), ("kelvin", 293, 1), ("unit", 0.2, 0.9)]:
    y = (mean + deviation * unit).astype(np.float32)
    exact = y.astype(np.float64)
    train, test = slice(0, 500), slice(500, 600)
    reached = {}
    for model in (DummyRegressor(), LinearRegression()):
        predicted = model.fit(x[train], exact[train]).predict(x[test])
        reached[type(model).__name__] = {
            "rmse": root_mean_squared_error(exact[test], predicted),
            "r2": r2_score(exact[test], predicted),
        }
    cases[name] = {
        "y": [float(v) for v in y],
        "mean": exact[train].mean(),
        "deviation": exact[train].std(),
        "mean_rmse": reached["DummyRegressor"]["rmse"],
        "linear_rmse": reached["LinearRegression"]["rmse"],
    }
OUT.write_text(json.dumps({"x": [float(v) for v in x.ravel()], "cases": cases}) + "\n")
