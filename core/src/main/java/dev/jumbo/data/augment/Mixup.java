package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.BatchAugmentation;
import dev.jumbo.data.Column;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Blends each example with another of the batch: {@code x = l x_i + (1 - l) x_j}, targets likewise, with one l of
 * Beta(alpha, alpha) for the batch (Zhang, Cisse, Dauphin, Lopez-Paz, <i>mixup: beyond empirical risk minimization</i>,
 * ICLR 2018). Class ids become probabilities of classes.
 */
@Kind("mixup")
public record Mixup(
        @Doc("Parameter of the Beta distribution: small keeps near to one of the two, 1 is uniform.") @Default("0.2")
        double alpha,

        @Doc("Share of the batches that are mixed.") @Default("1")
        double probability)
        implements BatchAugmentation {
    public Mixup {
        Check.range("mixup: alpha", alpha, 0.001, 1000);
        Check.range("mixup: probability", probability, 0, 1);
    }

    @Override
    public Batch apply(Batch batch, SplittableRandom random) {
        Mixing.requireAlike("mixup", batch);
        float share = random.nextDouble() < probability ? (float) Beta.draw(alpha, random) : 1;
        int[] partners = Mixing.partners(batch.size(), random);
        List<Column> inputs = batch.inputs().stream()
                .map(column -> Mixing.blend("mixup", column, batch.size(), partners, share))
                .toList();
        return batch.with(inputs, Mixing.blendTargets("mixup", batch.targets(), batch.size(), partners, share));
    }
}
