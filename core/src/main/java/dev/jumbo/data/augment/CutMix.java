package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.BatchAugmentation;
import dev.jumbo.data.Column;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Pastes a rectangle of another image of the batch into each, at the same place; targets are weighted by the areas that
 * can be seen (Yun et al., <i>CutMix: regularization strategy to train strong classifiers with localizable features</i>,
 * ICCV 2019). The rectangle has the image's proportions and the share {@code 1 - l} of its area before it is cut at the
 * border, with l of Beta(alpha, alpha) and a uniform centre, one for the batch. Class ids become probabilities of classes.
 */
@Kind("cut_mix")
public record CutMix(
        @Doc("Parameter of the Beta distribution; 1 is uniform.") @Default("1")
        double alpha,

        @Doc("Share of the batches that are mixed.") @Default("1")
        double probability)
        implements BatchAugmentation {
    public CutMix {
        Check.range("cut_mix: alpha", alpha, 0.001, 1000);
        Check.range("cut_mix: probability", probability, 0, 1);
    }

    @Override
    public Batch apply(Batch batch, SplittableRandom random) {
        Mixing.requireAlike("cut_mix", batch);
        if (batch.inputs().size() != 1 || batch.inputs().get(0).field().dtype() != DType.FLOAT32) {
            throw new InputException("cut_mix: expected one input field of images, received "
                    + batch.inputs().stream()
                            .map(column -> column.field().name())
                            .toList());
        }
        Column images = batch.inputs().get(0);
        Shape image = images.field().shape();
        Check.image("cut_mix", image);
        int height = (int) image.size(1);
        int width = (int) image.size(2);
        double side = random.nextDouble() < probability ? Math.sqrt(1 - Beta.draw(alpha, random)) : 0;
        int halfHeight = (int) Math.round(side * height / 2);
        int halfWidth = (int) Math.round(side * width / 2);
        int y = random.nextInt(height);
        int x = random.nextInt(width);
        int top = Math.max(0, y - halfHeight);
        int bottom = Math.min(height, y + halfHeight);
        int left = Math.max(0, x - halfWidth);
        int right = Math.min(width, x + halfWidth);
        int[] partners = Mixing.partners(batch.size(), random);

        Column mixed = Column.of(images.field(), images.rows());
        System.arraycopy(images.floats(), 0, mixed.floats(), 0, images.floats().length);
        int channels = (int) image.size(0);
        for (int i = 0; i < batch.size(); i++) {
            for (int row = 0; row < channels * height; row++) {
                if (row % height >= top && row % height < bottom) {
                    int from = (partners[i] * channels * height + row) * width;
                    int to = (i * channels * height + row) * width;
                    System.arraycopy(images.floats(), from + left, mixed.floats(), to + left, right - left);
                }
            }
        }
        float share = 1 - (float) (bottom - top) * (right - left) / (height * width);
        return batch.with(
                List.of(mixed), Mixing.blendTargets("cut_mix", batch.targets(), batch.size(), partners, share));
    }
}
