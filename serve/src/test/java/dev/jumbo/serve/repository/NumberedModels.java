package dev.jumbo.serve.repository;

import dev.jumbo.data.Field;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.serve.repository.load.VersionOpener;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes any file {@code model.onnx} for a model whose every answer is the number of its version, unless a test says otherwise. */
final class NumberedModels implements VersionOpener {
    /** What version N is, where it is something special. */
    final Map<String, Numbered> special = new ConcurrentHashMap<>();

    final Set<String> open = ConcurrentHashMap.newKeySet();
    final AtomicInteger loading = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    volatile CountDownLatch hold = new CountDownLatch(0);

    /** A model whose every answer is a number. */
    static class Numbered implements Predictor {
        final float number;
        final Runnable closed;

        Numbered(float number, Runnable closed) {
            this.number = number;
            this.closed = closed;
        }

        @Override
        public List<Field> rawInputs() {
            return List.of(Field.floats("x", Shape.of(1)));
        }

        @Override
        public List<Field> inputs() {
            return rawInputs();
        }

        @Override
        public List<Field> outputs() {
            return List.of(Field.floats("number", Shape.of(1)));
        }

        @Override
        public List<float[]> predict(List<?> inputs, int rows) {
            float[] out = new float[rows];
            Arrays.fill(out, number);
            return List.of(out);
        }

        @Override
        public float[] prepare(float[] raw) {
            return raw;
        }

        @Override
        public void close() {
            closed.run();
        }
    }

    static void add(Path root, String model, String version) throws IOException {
        Files.writeString(
                Files.createDirectories(root.resolve(model).resolve(version)).resolve("model.onnx"), version);
    }

    @Override
    public Opened open(FoundVersion version) {
        most.accumulateAndGet(loading.incrementAndGet(), Math::max);
        try {
            hold.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        loading.decrementAndGet();
        String key = version.model() + " " + version.version();
        open.add(key);
        Numbered made = special.get(version.version());
        return Opened.of(
                made != null ? made : new Numbered(Float.parseFloat(version.version()), () -> open.remove(key)));
    }

    @Override
    public long memory(FoundVersion version) {
        return 100L << 20;
    }
}
