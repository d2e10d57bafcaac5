package dev.jumbo.benchmarks.micro;

import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a call costs apart from its arithmetic: tensors of 16 values, in a scope for each invocation. */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TensorBenchmark {
    private static final Shape SHAPE = Shape.of(16);

    private final float[] values = new float[16];
    private final Tensor a;
    private final Tensor b;

    public TensorBenchmark() {
        try (Scope scope = Scope.open()) {
            a = Tensor.zeros(SHAPE).retain();
            b = Tensor.ones(SHAPE).retain();
        }
    }

    @TearDown
    public void close() {
        a.close();
        b.close();
    }

    @Benchmark
    public boolean scope() {
        try (Scope scope = Scope.open()) {
            return Scope.isOpen();
        }
    }

    @Benchmark
    public long zeros() {
        try (Scope scope = Scope.open()) {
            return Tensor.zeros(SHAPE).rank();
        }
    }

    @Benchmark
    public long fromArray() {
        try (Scope scope = Scope.open()) {
            return Tensor.of(values, SHAPE).rank();
        }
    }

    @Benchmark
    public long addWithResult() {
        try (Scope scope = Scope.open()) {
            return a.add(b).rank();
        }
    }

    @Benchmark
    public Tensor addInPlace() {
        try (Scope scope = Scope.open()) {
            return a.add_(b);
        }
    }

    @Benchmark
    public long elements() {
        return a.elements();
    }
}
