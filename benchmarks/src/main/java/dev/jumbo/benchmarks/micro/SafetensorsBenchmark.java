package dev.jumbo.benchmarks.micro;

import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 64 MB of weights in 16 tensors, to a file (forced to the disk) and back (from the system's page cache). */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SafetensorsBenchmark {
    private static final int TENSORS = 16;

    private final Path directory;
    private final Path stored;
    private final Path written;
    private final Map<String, Tensor> tensors = new HashMap<>();

    public SafetensorsBenchmark() {
        try (Scope scope = Scope.open()) {
            directory = Files.createTempDirectory("jumbo-safetensors");
            stored = directory.resolve("stored.safetensors");
            written = directory.resolve("written.safetensors");
            for (int i = 0; i < TENSORS; i++) {
                tensors.put(
                        "layers." + i + ".weight",
                        Tensor.randn(Shape.of(1024, 1024)).retain());
            }
            Safetensors.write(stored, tensors, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TearDown
    public void close() throws IOException {
        tensors.values().forEach(Tensor::close);
        Files.deleteIfExists(stored);
        Files.deleteIfExists(written);
        Files.delete(directory);
    }

    @Benchmark
    public void write() {
        Safetensors.write(written, tensors, Map.of());
    }

    @Benchmark
    public long read() {
        try (Scope scope = Scope.open()) {
            SafetensorsFile file = Safetensors.open(stored);
            return file.names().stream()
                    .mapToLong(name -> file.read(name).elements())
                    .sum();
        }
    }
}
