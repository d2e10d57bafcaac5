package dev.jumbo.data;

import java.util.SplittableRandom;

/** A random change that mixes the examples of a training batch (mixup, CutMix): targets become probabilities of classes. */
public interface BatchAugmentation {
    /** @return a batch of the same size whose class targets are FLOAT32 {@code [classes]} */
    Batch apply(Batch batch, SplittableRandom random);
}
