package dev.jumbo.serve;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model whose answer is known: of a grey image of 2 x 2 pixels 0 to 255, the probability of {@code bright} is the mean
 * pixel divided by 255, which is what its preprocessing does. Can be held in the middle of a prediction.
 */
final class BrightnessPredictor implements Predictor {
    private final Shape pixels;
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger finished = new AtomicInteger();
    volatile CountDownLatch hold = new CountDownLatch(0);
    volatile boolean broken;

    BrightnessPredictor() {
        this(Shape.of(1, 2, 2));
    }

    BrightnessPredictor(Shape pixels) {
        this.pixels = pixels;
    }

    @Override
    public List<Field> rawInputs() {
        return List.of(Field.floats("image", pixels));
    }

    @Override
    public List<Field> inputs() {
        return rawInputs();
    }

    @Override
    public List<Field> outputs() {
        return List.of(
                new Field("probabilities", Shape.of(2), dev.jumbo.tensor.DType.FLOAT32, List.of("dark", "bright")));
    }

    @Override
    public float[] prepare(float[] raw) {
        float[] prepared = new float[raw.length];
        for (int i = 0; i < raw.length; i++) {
            prepared[i] = raw[i] / 255;
        }
        return prepared;
    }

    @Override
    public List<float[]> predict(List<?> inputs, int rows) {
        started.incrementAndGet();
        try {
            hold.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (broken) {
            throw new IllegalStateException("secret /etc/path of the inside");
        }
        float[] values = (float[]) inputs.get(0);
        int each = Math.toIntExact(pixels.elements());
        if (values.length != rows * each) {
            throw new InputException("wrong length " + values.length);
        }
        float[] out = new float[rows * 2];
        for (int row = 0; row < rows; row++) {
            float sum = 0;
            for (int i = 0; i < each; i++) {
                sum += values[row * each + i];
            }
            out[row * 2 + 1] = sum / each;
            out[row * 2] = 1 - sum / each;
        }
        finished.incrementAndGet();
        return List.of(out);
    }

    @Override
    public void close() {}
}
