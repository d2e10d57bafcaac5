"""Reads TensorBoard event files with TensorFlow and prints every event, to check those that TensorBoardLog writes.

    python core/src/test/python/check_events.py runs/NAME/tensorboard
"""

import sys
from pathlib import Path

import tensorflow as tf


def main(directory):
    files = sorted(Path(directory).glob("events.out.tfevents.*"))
    if not files:
        sys.exit(f"no event files in {directory}")
    for file in files:
        print(file.name)
        for event in tf.compat.v1.train.summary_iterator(str(file)):  # raises on a wrong checksum
            kind = event.WhichOneof("what")
            if kind == "summary":
                for value in event.summary.value:
                    print(f"  step {event.step}: {value.tag} = {value.simple_value:.6g}")
            else:
                print(f"  step {event.step}: {kind} {str(getattr(event, kind)).strip()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
