"""Where curves fall fastest, as Lightning's learning rate finder has it: numpy.gradient, without the first 10 and the last point.

Ran with numpy 2.4.6.
"""
import json
from pathlib import Path

import numpy

random = numpy.random.default_rng(0)
cases = []
for length in (20, 50, 100):
    curve = 2.3 - 1.5 / (1 + numpy.exp(-(numpy.arange(length) - 0.6 * length) / 4)) + 0.02 * random.standard_normal(length)
    cases.append({"curve": curve.tolist(), "steepest": int(numpy.gradient(curve[10:-1]).argmin() + 10)})
Path(__file__).parent.parent.joinpath("resources/learning_rate_test.json").write_text(json.dumps(cases) + "\n")
