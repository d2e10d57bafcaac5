package dev.jumbo.tensor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls everything public of this room with what it must not be given, in a process of its own. {@link AbuseTest} starts it and
 * sees whether it lives. Its arguments are cases that it leaves out.
 */
public final class Abuse {
    private static final Map<String, Runnable> CASES = new LinkedHashMap<>();

    private Abuse() {}

    public static void main(String[] args) {
        cases();
        for (Map.Entry<String, Runnable> each : CASES.entrySet()) {
            if (Arrays.asList(args).contains(each.getKey())) {
                continue;
            }
            System.out.println("> " + each.getKey());
            System.out.flush();
            try (Scope scope = Scope.open()) {
                each.getValue().run();
                System.out.println("  accepted");
            } catch (RuntimeException | OutOfMemoryError e) {
                System.out.println("  " + e.getClass().getSimpleName() + ": "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
        System.out.println("alive after " + CASES.size() + " cases");
    }

    private static void add(String name, Runnable run) {
        CASES.put(name, run);
    }

    private static Tensor ids(long... values) {
        return Tensor.of(values, Shape.of(values.length));
    }

    private static Tensor x(long... shape) {
        return Tensor.randn(Shape.of(shape));
    }

    private static Tensor leaf(long... shape) {
        return x(shape).requiresGrad(true);
    }

    private static void back(Tensor y) {
        y.sum().backward();
    }

    private static long[] n(long... values) {
        return values;
    }

    private static void cases() {
        values();
        losses();
        optimizer();
        layers();
        life();
        shapes();
        world();
    }

    private static void values() {
        add(
                "set_ of an expanded tensor",
                () -> Tensor.zeros(Shape.of(1)).expand(1000000).set_(new float[1000000]));
        add("set_ of a transposed view", () -> x(3, 5).transpose(0, 1).set_(new float[15]));
        add("set_ of the end of a view", () -> x(4).narrow(0, 3, 1).set_(new float[1]));
        add("set_ of another type", () -> ids(1, 2).set_(new float[2]));
        add("set_ of bf16", () -> x(2).to(DType.BFLOAT16).set_(new float[2]));
        add("set_ longs of floats", () -> x(2).set_(new long[2]));
        add("set_ of too few", () -> x(200).set_(new float[2]));
        add("set_ of a leaf", () -> leaf(2).set_(new float[2]));
        add("empty values", () -> Tensor.of(new float[0], Shape.of(0)).toFloats());
        add("empty text", () -> show(Tensor.of(new float[0], Shape.of(2, 0))));
        add("empty item", () -> Tensor.of(new float[0], Shape.of(0)).item());
        add("empty max", () -> Tensor.of(new float[0], Shape.of(0)).max());
        add("empty argmax", () -> Tensor.of(new float[0], Shape.of(0, 3)).argmax(0));
        add("empty amax", () -> Tensor.of(new float[0], Shape.of(0, 3)).amax(false, 0));
        add("empty orthogonal", () -> RandomFill.orthogonal_(Tensor.zeros(Shape.of(0, 3)), 1));
        add("orthogonal of a vector", () -> RandomFill.orthogonal_(Tensor.zeros(Shape.of(3)), 1));
        add("orthogonal of a scalar", () -> RandomFill.orthogonal_(Tensor.zeros(Shape.of()), 1));
        add("negative deviation", () -> x(3).normal_(0, -1));
        add("uniform upside down", () -> x(3).uniform_(2, 1));
        add("normal of ids", () -> ids(1, 2).normal_(0, 1));
        add("huge", () -> Tensor.empty(Shape.of(1L << 58), DType.FLOAT32));
        add("huge zeros", () -> Tensor.zeros(Shape.of(1L << 44), DType.FLOAT64));
        add("arange of less than nothing", () -> Tensor.arange(-5));
        add("threads without end", () -> Torch.setThreads(Integer.MAX_VALUE));
        add("and a product", () -> x(300, 300).matmul(x(300, 300)));
        add("threads again", () -> Torch.setThreads(1));
        add("dropout of 2", () -> Functional.dropout(x(3), 2, true));
        add("dropout of NaN", () -> Functional.dropout(x(3), Double.NaN, true));
        add("dropout of ids", () -> Functional.dropout(ids(1, 2), 0.5, true));
    }

    private static void losses() {
        for (long id : new long[] {-1, 5, 100, Long.MAX_VALUE, Long.MIN_VALUE}) {
            add("ctc with the id " + id, () -> {
                Tensor p = Functional.logSoftmax(leaf(6, 2, 5), -1);
                back(LossFunctions.ctc(
                        p, Tensor.of(new long[] {1, id, 2, 1}, Shape.of(2, 2)), n(6, 6), n(2, 2), 0, true));
            });
            add("embedding of " + id, () -> back(Functional.embedding(ids(1, id), leaf(5, 3), -1)));
            add("embedding padded by " + id, () -> back(Functional.embedding(ids(1, 2), leaf(5, 3), id)));
            add("cross-entropy of " + id, () -> back(Functional.crossEntropy(leaf(2, 3), ids(1, id), null, -100, 0)));
            add(
                    "cross-entropy that ignores " + id,
                    () -> back(Functional.crossEntropy(leaf(2, 3), ids(1, 2), null, id, 0)));
            add("gather of " + id, () -> back(leaf(5).gather(0, ids(1, id))));
        }
        add("ctc with lengths too long", () -> back(ctc(n(7, 6), n(2, 2), 0)));
        add("ctc with long targets", () -> back(ctc(n(6, 6), n(2, 3), 0)));
        add("ctc with negative lengths", () -> back(ctc(n(-6, 6), n(-2, 2), 0)));
        add("ctc with few lengths", () -> back(ctc(n(6), n(2), 0)));
        add("ctc with a blank of 9", () -> back(ctc(n(6, 6), n(2, 2), 9)));
        add("ctc with a blank of -1", () -> back(ctc(n(6, 6), n(2, 2), -1)));
        add("ctc with float targets", () -> LossFunctions.ctc(x(6, 2, 5), x(2, 2), n(6, 6), n(2, 2), 0, true));
        add("ctc of a matrix", () -> LossFunctions.ctc(x(6, 5), ids(1, 2), n(6), n(2), 0, true));
        add(
                "cross-entropy with two weights",
                () -> back(Functional.crossEntropy(leaf(2, 3), ids(1, 2), x(2), -100, 0)));
        add("cross-entropy of nothing", () -> back(Functional.crossEntropy(leaf(0, 3), ids(), null, -100, 0)));
        add("mse of ids", () -> LossFunctions.mse(ids(1), ids(2)));
        add("mse of other shapes", () -> back(LossFunctions.mse(leaf(3), x(2))));
        add("kl of ids", () -> LossFunctions.klDivergenceSum(x(2), ids(1, 2)));
        add("huber below 0", () -> LossFunctions.huber(x(2), x(2), -1));
        add("bce of other shapes", () -> LossFunctions.binaryCrossEntropyWithLogits(x(2), x(3), x(1)));
    }

    private static Tensor ctc(long[] inputs, long[] targets, long blank) {
        Tensor p = Functional.logSoftmax(leaf(6, 2, 5), -1);
        return LossFunctions.ctc(p, Tensor.of(new long[] {1, 2, 2, 1}, Shape.of(2, 2)), inputs, targets, blank, true);
    }

    private static void optimizer() {
        FusedAdam adam = new FusedAdam(0.9, 0.999, 1e-8, true);
        add("adam with short gradients", () -> adam.step(x(1000), x(2), x(1000), x(1000), Tensor.scalar(1), 0.1, 0));
        add("adam with short state", () -> adam.step(x(1 << 22), x(1 << 22), x(2), x(2), Tensor.scalar(1), 0.1, 0));
        add(
                "adam with other types",
                () -> adam.step(x(8), x(8).to(DType.FLOAT64), x(8), x(8), Tensor.scalar(1), 0.1, 0));
        add("adam with ids", () -> adam.step(ids(1), ids(1), ids(1), ids(1), Tensor.scalar(1), 0.1, 0));
        add("adam with an empty count", () -> adam.step(x(8), x(8), x(8), x(8), Tensor.zeros(Shape.of(0)), 0.1, 0));
        add(
                "adam with a view",
                () -> adam.step(x(8, 8).transpose(0, 1), x(8, 8), x(8, 8), x(8, 8), Tensor.scalar(1), 0.1, 0));
        add(
                "adam with an expanded view",
                () -> adam.step(x(1).expand(1 << 20), x(1 << 20), x(1 << 20), x(1 << 20), Tensor.scalar(1), 0.1, 0));
    }

    private static void layers() {
        add("linear of other widths", () -> Functional.linear(x(9, 4), x(17, 5), null));
        add("linear of no width", () -> Functional.linear(x(9, 0), x(17, 0), null));
        add("linear with a short bias", () -> back(Functional.linear(leaf(9, 5), x(17, 5), x(3))));
        add("linear of no rows", () -> back(Functional.linear(leaf(0, 5), x(17, 5), null)));
        for (long odd : new long[] {0, -1, 1L << 40}) {
            add(
                    "convolution with stride " + odd,
                    () -> back(Convolutions.conv2d(
                            leaf(1, 2, 5, 5), x(3, 2, 3, 3), null, n(odd, odd), n(0, 0), n(1, 1), 1)));
            add(
                    "convolution with dilation " + odd,
                    () -> back(Convolutions.conv2d(
                            leaf(1, 2, 5, 5), x(3, 2, 3, 3), null, n(1, 1), n(0, 0), n(odd, odd), 1)));
            add(
                    "convolution with groups " + odd,
                    () -> back(Convolutions.conv2d(
                            leaf(1, 2, 5, 5), x(3, 2, 3, 3), null, n(1, 1), n(0, 0), n(1, 1), odd)));
            add(
                    "convolution with padding " + odd,
                    () -> back(Convolutions.conv2d(
                            leaf(1, 2, 5, 5), x(3, 2, 3, 3), null, n(1, 1), n(odd, odd), n(1, 1), 1)));
            add(
                    "transposed with stride " + odd,
                    () -> back(Convolutions.convTranspose2d(
                            leaf(1, 2, 5, 5), x(2, 3, 3, 3), null, n(odd, odd), n(0, 0), n(0, 0), 1, n(1, 1))));
            add(
                    "transposed with padding " + odd,
                    () -> back(Convolutions.convTranspose2d(
                            leaf(1, 2, 5, 5), x(2, 3, 3, 3), null, n(1, 1), n(odd, odd), n(0, 0), 1, n(1, 1))));
            add(
                    "transposed with output padding " + odd,
                    () -> back(Convolutions.convTranspose2d(
                            leaf(1, 2, 5, 5), x(2, 3, 3, 3), null, n(1, 1), n(0, 0), n(odd, odd), 1, n(1, 1))));
            add(
                    "max-pool of " + odd,
                    () -> back(Convolutions.maxPool2d(leaf(1, 2, 5, 5), n(odd, odd), n(1, 1), n(0, 0))));
            add(
                    "max-pool by " + odd,
                    () -> back(Convolutions.maxPool2d(leaf(1, 2, 5, 5), n(2, 2), n(odd, odd), n(0, 0))));
            add(
                    "max-pool padded by " + odd,
                    () -> back(Convolutions.maxPool2d(leaf(1, 2, 5, 5), n(2, 2), n(2, 2), n(odd, odd))));
            add("max-pool 1d of " + odd, () -> back(Convolutions.maxPool1d(leaf(1, 2, 5), n(odd), n(1), n(0))));
            add(
                    "avg-pool of " + odd,
                    () -> back(Convolutions.avgPool2d(leaf(1, 2, 5, 5), n(odd, odd), n(1, 1), n(0, 0), true)));
            add("sum-pool by " + odd, () -> back(Convolutions.sumPool2d(leaf(1, 2, 5, 5), n(2, 2), n(odd, odd))));
            add("pad by " + odd, () -> Convolutions.pad(x(2, 2), n(odd, odd), 0));
            add("group norm of " + odd, () -> back(Normalizations.groupNorm(leaf(2, 4, 3), odd, x(4), x(4), 1e-5)));
            add("self-attention with heads " + odd, () -> Attentions.self(x(2, 3, 12), (int) odd, true, 0));
        }
        add(
                "convolution without numbers",
                () -> Convolutions.conv2d(x(1, 2, 5, 5), x(3, 2, 3, 3), null, n(), n(), n(), 1));
        add(
                "convolution of other channels",
                () -> Convolutions.conv2d(x(1, 7, 5, 5), x(3, 2, 3, 3), null, n(1, 1), n(0, 0), n(1, 1), 1));
        add(
                "convolution with a short bias",
                () -> back(Convolutions.conv2d(leaf(1, 2, 5, 5), x(3, 2, 3, 3), x(1), n(1, 1), n(0, 0), n(1, 1), 1)));
        add(
                "convolution of a small picture",
                () -> Convolutions.conv2d(x(1, 2, 1, 1), x(3, 2, 3, 3), null, n(1, 1), n(0, 0), n(1, 1), 1));
        add(
                "pool of ids",
                () -> Convolutions.maxPool2d(
                        Tensor.zeros(Shape.of(1, 1, 4, 4), DType.INT64), n(2, 2), n(2, 2), n(0, 0)));
        add(
                "batch norm of other lengths",
                () -> back(Normalizations.batchNorm(leaf(4, 3), x(2), x(3), x(3), x(3), true, 0.1, 1e-5)));
        add(
                "batch norm of other statistics",
                () -> back(Normalizations.batchNorm(leaf(4, 3), x(3), x(3), x(1), x(9), true, 0.1, 1e-5)));
        add(
                "batch norm of one row",
                () -> back(Normalizations.batchNorm(leaf(1, 3), x(3), x(3), x(3), x(3), true, 0.1, 1e-5)));
        add("layer norm of other lengths", () -> back(Normalizations.layerNorm(leaf(4, 3), x(2), x(3), 1e-5)));
        add("rms norm of other lengths", () -> back(Normalizations.rmsNorm(leaf(4, 3), x(2), 1e-5)));
        add("lstm without weights", () -> Recurrences.lstm(x(2, 3, 4), List.of(), 5, 1, false, 0, false));
        add("lstm of other units", () -> back(Recurrences.lstm(leaf(2, 3, 4), gates(4, 5, 4), 7, 1, false, 0, true)));
        add("lstm of other widths", () -> back(Recurrences.lstm(leaf(2, 3, 9), gates(4, 5, 4), 5, 1, false, 0, true)));
        add("lstm of more layers", () -> back(Recurrences.lstm(leaf(2, 3, 4), gates(4, 5, 4), 5, 2, true, 0.5, true)));
        add("lstm of no steps", () -> back(Recurrences.lstm(leaf(2, 0, 4), gates(4, 5, 4), 5, 1, false, 0, true)));
        add("lstm of no layers", () -> Recurrences.lstm(x(2, 3, 4), gates(4, 5, 4), 5, 0, false, 0, true));
        add("gru of other units", () -> back(Recurrences.gru(leaf(2, 3, 4), gates(4, 5, 3), 7, 1, false, 0, true)));
        add("gru of no rows", () -> back(Recurrences.gru(leaf(0, 3, 4), gates(4, 5, 3), 5, 1, false, 0, true)));
        add(
                "attention of other widths",
                () -> back(Functional.attention(leaf(1, 2, 3, 4), x(1, 2, 3, 5), x(1, 2, 3, 4), null, 0, false, null)));
        add(
                "attention of other lengths",
                () -> back(Functional.attention(leaf(1, 2, 3, 4), x(1, 2, 7, 4), x(1, 2, 6, 4), null, 0, false, null)));
        add(
                "attention of other heads",
                () -> back(Functional.attention(leaf(1, 2, 3, 4), x(1, 5, 3, 4), x(1, 5, 3, 4), null, 0, true, null)));
        add(
                "attention with another mask",
                () -> back(
                        Functional.attention(leaf(1, 2, 3, 4), x(1, 2, 3, 4), x(1, 2, 3, 4), x(9, 9), 0, false, null)));
        add(
                "attention of nothing",
                () -> back(Functional.attention(leaf(0, 2, 0, 4), x(0, 2, 0, 4), x(0, 2, 0, 4), null, 0, true, null)));
        add("channels last of a matrix", () -> Functional.channelsLast(x(2, 1)));
        add("channels last of three", () -> Functional.channelsLast(x(2, 3, 4)));
    }

    private static List<Tensor> gates(long width, long units, int gates) {
        return List.of(x(gates * units, width), x(gates * units, units), x(gates * units), x(gates * units));
    }

    private static void life() {
        add("after the scope", () -> gone().add(1));
        add("argument after the scope", () -> x(2).add(gone()));
        add("in place after the scope", () -> x(2).copy_(gone()));
        add("values after the scope", () -> gone().toFloats());
        add("text after the scope", () -> show(gone()));
        add("retain after the scope", () -> gone().retain());
        add("after close", () -> closed().add(1));
        add("set_ after close", () -> closed().set_(new float[2]));
        add("close twice", () -> closed().close());
        add("list with a closed one", () -> Tensor.cat(List.of(x(2), closed()), 0));
        add("empty list", () -> Tensor.cat(List.of(), 0));
        add("empty stack", () -> Tensor.stack(List.of(), 0));
        add("mixed list", () -> Tensor.cat(List.of(x(2), ids(1), x(2, 2)), 0));
        add("checksum of a closed one", () -> Checksum.sha256(List.of(closed())));
        add("backward twice", () -> {
            Tensor y = leaf(2).mul(2).sum();
            y.backward();
            y.backward();
        });
        add("backward of many", () -> leaf(2).mul(2).backward());
        add("backward without a graph", () -> x(1).sum().backward());
        add("backward from another shape", () -> leaf(2).mul(2).backward(x(3)));
        add("gradient of another shape", () -> {
            Tensor leaf = leaf(1000);
            leaf.gradInto(Tensor.zeros(Shape.of(2)));
            back(leaf.mul(2));
        });
        add("gradient of another type", () -> {
            Tensor leaf = leaf(2);
            leaf.gradInto(ids(1, 2));
            back(leaf.mul(2));
        });
        add("gradient into a closed one", () -> leaf(2).gradInto(closed()));
        add("gradient of what was freed", () -> {
            Tensor leaf = leaf(1 << 20);
            try (Scope inner = Scope.open()) {
                leaf.gradInto(Tensor.zeros(Shape.of(1 << 20)));
            }
            back(leaf.mul(2));
        });
        add("in place of a leaf", () -> leaf(2).add_(1));
        add("in place of what is needed", () -> {
            Tensor y = leaf(2).exp();
            y.add_(1);
            back(y);
        });
        add("closed hook", () -> {
            Tensor leaf = leaf(2);
            GradientHook hook = GradientHook.listening(() -> {});
            leaf.onGradient(hook);
            hook.close();
            back(leaf.mul(2));
        });
        add("closed changing hook", () -> {
            Tensor leaf = leaf(2);
            GradientHook hook = GradientHook.changing(g -> g);
            leaf.onGradient(hook);
            hook.close();
            back(leaf.mul(2));
        });
        add("registered after close", () -> {
            GradientHook hook = GradientHook.changing(g -> g);
            hook.close();
            hook.close();
            leaf(2).onGradient(hook);
        });
        add("hook of another shape", () -> hooked(g -> x(7)));
        add(
                "hook that throws",
                () -> hooked(g -> {
                    throw new IllegalStateException("mine");
                }));
        add("hook that gives nothing", () -> hooked(g -> null));
        add("hook that gives a closed one", () -> hooked(g -> closed()));
        add("hook of what needs no gradient", () -> x(2).onGradient(GradientHook.listening(() -> {})));
        add("another thread's tensor", () -> {
            List<Tensor> from = new ArrayList<>();
            Thread thread = new Thread(() -> {
                try (Scope inner = Scope.open()) {
                    from.add(x(2));
                }
            });
            thread.start();
            join(thread);
            from.get(0).add(1);
        });
    }

    private static void hooked(java.util.function.UnaryOperator<Tensor> change) {
        Tensor leaf = leaf(2);
        try (GradientHook hook = GradientHook.changing(change)) {
            leaf.onGradient(hook);
            back(leaf.mul(2));
            hook.rethrow();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Tensor gone() {
        try (Scope inner = Scope.open()) {
            return x(2);
        }
    }

    private static Tensor closed() {
        Tensor tensor = x(2).retain();
        tensor.close();
        return tensor;
    }

    private static void shapes() {
        add("view of another size", () -> x(4).view(5));
        add("view below 0", () -> x(4).view(-2, -2));
        add("reshape to two unknowns", () -> x(4).reshape(-1, -1));
        add("narrow beyond", () -> x(4).narrow(0, 2, 5));
        add("narrow below 0", () -> x(4).narrow(0, 2, -5));
        add("select beyond", () -> x(4).select(0, 9));
        add("select of dimension 9", () -> x(4).select(9, 0));
        add("permute the same twice", () -> x(4, 4).permute(0, 0));
        add("permute too few", () -> x(4, 4).permute(0));
        add("expand to another", () -> x(4).expand(5));
        add("expand below 0", () -> x(4).expand(-5));
        add("squeeze 9", () -> x(4).squeeze(9));
        add("size 9", () -> x(4).size(9));
        add("sum of dimension 9", () -> x(4).sum(false, 9));
        add("mean of ids", () -> ids(1, 2).mean());
        add("matmul of other sizes", () -> x(2, 3).matmul(x(4, 5)));
        add("lerp of ids", () -> ids(1).lerp_(ids(2), 0.5));
        add("copy of another shape", () -> x(2).copy_(x(3)));
        add("addcdiv of ids", () -> ids(1).addcdiv_(ids(1), ids(0), 1));
        add("shape without end", () -> Shape.of(Long.MAX_VALUE, 2));
        add("part of a file without end", () -> {
            try {
                Path file = Files.createTempFile("abuse", ".safetensors");
                Safetensors.write(file, Map.of("a", x(4), "b", x(4)), Map.of());
                SafetensorsFile open = Safetensors.open(file);
                for (long[] part : new long[][] {{Long.MAX_VALUE, 1}, {1, Long.MAX_VALUE}, {-1, 2}, {5, 0}, {0, -1}}) {
                    try {
                        open.read("b", part[0], part[1]);
                        System.out.println("  read " + Arrays.toString(part));
                    } catch (dev.jumbo.error.InputException e) {
                        System.out.println("  refused " + Arrays.toString(part));
                    }
                }
                Files.delete(file);
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void world() {
        add("device of words", () -> Device.of("tpu:0"));
        add("device beyond", () -> Device.of("cuda:99"));
        add("store within a scope", () -> TcpStore.serve("127.0.0.1", 0, Duration.ofSeconds(1)));
    }

    private static void show(Tensor tensor) {
        System.out.println("  " + tensor);
    }
}
