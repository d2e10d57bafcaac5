package dev.jumbo.benchmarks;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.globalAvgPool;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.relu;
import static dev.jumbo.nn.layers.Layers.sequential;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Residual;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Torch;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.infer.EngineChoice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Microseconds of one call from Java, from an array of floats to an array of floats, on one thread: the model as training has it, what is
 * prepared on libtorch, ONNX Runtime, and a {@link Predictor} over the one that is chosen. It is the time that the processor spends on this
 * thread, which does all of it, so that other programs' load does not count but for the caches. All take turns; median and least of the
 * rounds.
 *
 * <p>Usage: {@code EngineTimes DIR [ROUNDS]}: a directory for the checkpoints
 */
public final class EngineTimes {
    private static final int[] BATCHES = {1, 8, 64};
    private static final long NANOSECONDS = 40_000_000;

    /** Between two looks at the clock, which costs a microsecond. */
    private static final int AT_A_TIME = 5;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private EngineTimes() {}

    private interface Call {
        Object run();
    }

    private record Network(String name, Layer layer, Shape input) {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1) {
            throw new InputException("usage: EngineTimes DIR [ROUNDS]");
        }
        Torch.setThreads(1);
        Path directory = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        System.out.println("processor: " + processor() + ", " + Torch.cpuCapability() + ", 1 thread, load "
                + Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        List<Network> networks = List.of(
                new Network(
                        "article's CNN",
                        sequential(
                                conv2d(32, 3, RELU),
                                maxPool2d(2),
                                conv2d(64, 3, RELU),
                                maxPool2d(2),
                                flatten(),
                                dense(128, RELU),
                                dense(10)),
                        Shape.of(1, 28, 28)),
                new Network(
                        "MLP 784-256-128-10", sequential(dense(256, RELU), dense(128, RELU), dense(10)), Shape.of(784)),
                new Network("table 12-64-32-10", sequential(dense(64, RELU), dense(32, RELU), dense(10)), Shape.of(12)),
                new Network("ResNet-18, 32 pixels", resnet18(), Shape.of(3, 32, 32)));
        for (Network network : networks) {
            measure(network, trained(network, directory), rounds);
        }
    }

    private static void measure(Network network, Checkpoint checkpoint, int rounds) {
        Shape shape = network.input();
        try (Model model = checkpoint.load();
                Predictor libtorch = Predictor.of(checkpoint, EngineChoice.LIBTORCH);
                Predictor onnx = Predictor.of(checkpoint, EngineChoice.ONNXRUNTIME);
                Predictor chosen = Predictor.of(checkpoint)) {
            for (int batch : BATCHES) {
                float[] values = random(batch * (int) shape.elements());
                Map<String, Call> calls = new LinkedHashMap<>();
                calls.put("plain", () -> plain(checkpoint, model, values, shape.prepend(batch)));
                calls.put("libtorch", () -> engine(libtorch, values, batch));
                calls.put("ONNX Runtime", () -> engine(onnx, values, batch));
                calls.put("chosen", () -> engine(chosen, values, batch));
                calls.put("Predictor", () -> chosen.predict(List.of(values), batch));
                System.out.println(network.name() + ", batch " + batch + ": " + times(calls, rounds));
            }
            System.out.println("  chosen: " + name(chosen) + "; libtorch: " + name(libtorch));
        }
    }

    private static String name(Predictor predictor) {
        return predictor.engine().orElseThrow().engine().name();
    }

    private static Object engine(Predictor predictor, float[] values, int rows) {
        return predictor.engine().orElseThrow().engine().run(List.of(values), rows);
    }

    private static Object plain(Checkpoint checkpoint, Model model, float[] values, Shape shape) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor made = model.forward(Tensor.of(values, shape), Pass.inference());
            return checkpoint.description().lossOf(0).predictions(made).toFloats();
        }
    }

    private static String times(Map<String, Call> calls, int rounds) {
        Map<String, double[]> taken = new LinkedHashMap<>();
        calls.keySet().forEach(name -> taken.put(name, new double[rounds]));
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, Call> call : calls.entrySet()) {
                long start = THREADS.getCurrentThreadCpuTime();
                long now = start;
                int count = 0;
                while (now - start < NANOSECONDS || count < 3) {
                    for (int i = 0; i < AT_A_TIME; i++) {
                        call.getValue().run();
                        count++;
                    }
                    now = THREADS.getCurrentThreadCpuTime();
                }
                if (round >= 0) {
                    Objects.requireNonNull(taken.get(call.getKey()))[round] = (now - start) / 1e3 / count;
                }
            }
        }
        List<String> said = new ArrayList<>();
        taken.forEach((name, each) -> {
            Arrays.sort(each);
            said.add(String.format(Locale.ROOT, "%s %.1f (%.1f)", name, each[rounds / 2], each[0]));
        });
        return String.join(", ", said) + " us";
    }

    private static Checkpoint trained(Network network, Path directory) {
        List<String> classes = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        return Trainer.of(network.layer())
                .epochs(1)
                .batchSize(4)
                .seed(1)
                .saveTo(directory.resolve(network.name().replaceAll("[^A-Za-z0-9]+", "-") + "-" + System.nanoTime()))
                .build()
                .fit(ArrayDataset.of(
                        Field.floats("x", network.input()),
                        random(8 * (int) network.input().elements()),
                        Field.classId("y", classes),
                        new SplittableRandom(1).longs(8, 0, 10).toArray()));
    }

    private static float[] random(int count) {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Layer resnet18() {
        List<Layer> layers =
                new ArrayList<>(List.of(conv2d(64, 3).withPadding(Padding.of(1)).withoutBias(), batchNorm(), relu()));
        int[] widths = {64, 128, 256, 512};
        for (int stage = 0; stage < widths.length; stage++) {
            layers.add(block(widths[stage], stage == 0 ? 1 : 2));
            layers.add(block(widths[stage], 1));
        }
        layers.add(globalAvgPool());
        layers.add(dense(10));
        return new Sequential(layers);
    }

    private static Layer block(int width, int stride) {
        return new Residual(
                List.of(
                        conv2d(width, 3)
                                .withStride(stride)
                                .withPadding(Padding.of(1))
                                .withoutBias(),
                        batchNorm(),
                        relu(),
                        conv2d(width, 3).withPadding(Padding.of(1)).withoutBias(),
                        batchNorm()),
                stride == 1
                        ? null
                        : sequential(conv2d(width, 1).withStride(stride).withoutBias(), batchNorm()),
                RELU);
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst()
                .orElse("unknown");
    }
}
