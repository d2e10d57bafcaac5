package dev.jumbo.nn;

import dev.jumbo.nn.weights.LoadPlan;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a model's parameters: all values are views into one contiguous tensor, all gradients into another, so
 * that an optimizer step, clipping, an average of weights or an all-reduce is a few operations on flat memory.
 *
 * <p>Order in memory: weights (to which weight decay applies), biases, norms; {@link #segments} says which of them an optimizer
 * treats alike. Frozen parameters lie apart, each in the type that its group asks for. In mixed precision the first two have a
 * bf16 copy, with gradients in bf16, beside the fp32 values. Where workers divide the fp32 values between them ({@link
 * #prepareShare}), the bf16 copy is whole and {@link #values()} are the share.
 */
public final class FlatStore extends FlatFiles implements FlatSlice, AutoCloseable {
    private final FlatOrder order;
    private final List<Segment> segments;
    private final List<Tensor> retained = new ArrayList<>();
    private final List<FrozenValue> frozen = new ArrayList<>();
    private final @Nullable LoadReport report;
    private final FlatRange whole;
    private final long weightValues;
    private final long firstNorm;
    private Tensor values;
    private Tensor state;
    private FlatRange range;
    private @Nullable Tensor gradients;
    private @Nullable MixedPrecision mixed;

    /**
     * A flat tensor that passes compute with, and its gradients.
     *
     * @param range which values they are
     */
    public record FlatTensors(FlatRange range, Tensor values, Tensor gradients) {}

    /** @throws InputException if what is loaded does not fit; nothing is allocated then */
    FlatStore(FlatOrder order, FirstValues first, Device device) {
        this(order, first, first.plan(order), device);
    }

    /** @param plan of what is loaded, which may be more than this store holds; null for nothing */
    FlatStore(FlatOrder order, FirstValues first, @Nullable LoadPlan plan, Device device) {
        this.order = order;
        segments = Segment.of(order.trainable());
        weightValues = elements(Parameter.Role.WEIGHT);
        firstNorm = weightValues + elements(Parameter.Role.BIAS);
        whole = FlatRange.whole(FlatOrder.count(order.trainable()));
        range = whole;
        report = plan == null ? null : plan.report();
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            values = retain(FirstValues.allocate(whole.length()).to(device));
            state = retain(
                    FirstValues.allocate(FlatOrder.count(order.buffers())).to(device));
            first.fill(order.trainable(), values, plan);
            first.fill(order.buffers(), state, plan);
            for (Parameter p : order.frozen()) {
                frozen.add(first.freeze(p, plan, device));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        useForInference();
    }

    /** All trainable values, or those of {@link #range()}: {@code [count]}, FLOAT32. */
    @Override
    public Tensor values() {
        return values;
    }

    /** Which values {@link #values()} are: all, except after {@link #prepareShare}. */
    @Override
    public FlatRange range() {
        return range;
    }

    /** All trainable values. */
    @Override
    public FlatRange whole() {
        return whole;
    }

    /** All buffers, {@code [count]}, FLOAT32. */
    @Override
    public Tensor buffers() {
        return state;
    }

    /**
     * All gradients in the order of {@link #values()}.
     *
     * @throws IllegalStateException before {@link #prepareTraining}, and after {@link #prepareShare}, which keeps them in
     *     {@link #parts()}
     */
    @Override
    public Tensor gradients() {
        if (gradients == null) {
            throw new IllegalStateException("expected gradients, found none: call prepareTraining first");
        }
        return gradients;
    }

    @Override
    public List<Segment> segments() {
        return Segment.within(range, segments);
    }

    @Override
    public List<PlacedParameter> parameters() {
        if (!range.equals(whole)) {
            return FlatSlice.super.parameters();
        }
        List<PlacedParameter> placed = new ArrayList<>();
        FlatOrder.each(
                order.trainable(),
                (p, at) -> placed.add(new PlacedParameter(
                        p.name(),
                        p.shape(),
                        p.isTable(),
                        Segment.of(List.of(p)).get(0).with(at))));
        return placed;
    }

    /** How many of {@link #whole} from the start are matrices and kernels. */
    public long weightValues() {
        return weightValues;
    }

    /** Parameters that training changes, in the order of memory. */
    public List<Parameter> trainable() {
        return order.trainable();
    }

    /** Parameters that training leaves as they are: each has memory of its own. */
    public List<Parameter> frozen() {
        return order.frozen();
    }

    /** What was loaded when the model was built; empty if nothing was. */
    public Optional<LoadReport> report() {
        return Optional.ofNullable(report);
    }

    /** Makes every parameter a leaf whose gradient is a view into {@link #gradients()}. @param bf16 whether to compute in bf16 over fp32 values */
    public void prepareTraining(boolean bf16) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            gradients = retain(Tensor.zeros(values.shape()).to(values.device()));
            mixed = bf16 ? MixedPrecision.beside(values, gradients, firstNorm) : null;
            makeLeaves();
        }
    }

    /**
     * As {@link #prepareTraining}, with values, buffers, gradients and passes in FLOAT64. Slow; it tells what rounds from what is
     * wrong, where two ways to compute the same are compared.
     */
    public void prepareExactTraining() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            values = retain(values.to(DType.FLOAT64));
            state = retain(state.to(DType.FLOAT64));
            gradients = retain(Tensor.zeros(values.shape(), DType.FLOAT64).to(values.device()));
            use(order.buffers(), state);
            makeLeaves();
        }
    }

    /**
     * As {@link #prepareTraining} in bf16, with the fp32 values of one part only; the bf16 copy is the only one of the
     * rest. Gradients stay in bf16, also while they are added up over several batches. 4 bytes a value, and 4 for each of
     * the part.
     */
    public void prepareShare(FlatRange share) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            mixed = MixedPrecision.insteadOf(values, firstNorm);
            makeLeaves();
            Tensor all = values;
            values = retain(share.of(all).copy());
            range = share;
            all.close();
        }
    }

    private void makeLeaves() {
        if (mixed != null) {
            mixed.tensors().forEach(this::retain);
        }
        order.frozen().forEach(p -> p.frozen().computeIn(computesIn()));
        FlatOrder.each(order.trainable(), (p, at) -> {
            Tensor from = mixed == null ? at.of(values) : mixed.part(p.role(), at, false);
            Tensor into = mixed == null ? at.of(gradients()) : mixed.part(p.role(), at, true);
            Tensor leaf =
                    retain(p.layout().forNetwork(from, p.shape()).detach()).requiresGrad(true);
            leaf.gradInto(p.layout().forNetwork(into, p.shape()));
            p.tensor().close();
            p.use(leaf);
        });
    }

    /**
     * What passes compute with and add gradients to, in whole: what workers have to agree on. Where parts overlap, the
     * later one counts.
     */
    public List<FlatTensors> parts() {
        if (mixed == null || gradients != null) {
            return List.of(new FlatTensors(whole, values, gradients()));
        }
        return List.of(
                new FlatTensors(whole, mixed.values(), mixed.gradients()),
                new FlatTensors(new FlatRange(firstNorm, whole.end()), mixed.norms(), mixed.normGradients()));
    }

    /** Before a backward pass: gradients are zero. */
    public void zeroGradients() {
        if (gradients != null) {
            gradients.zero_();
        }
        if (mixed != null) {
            mixed.zeroGradients();
        }
    }

    /** After a backward pass in mixed precision: adds the bf16 gradients to {@link #gradients()} and clears them. */
    public void gatherGradients() {
        gatherGradients(0, whole.length());
    }

    /** As {@link #gatherGradients()}, of the parameters that lie in a part of the memory. */
    public void gatherGradients(long start, long length) {
        if (mixed != null && gradients != null) {
            mixed.gatherInto(gradients, new FlatRange(start, start + length));
        }
    }

    /** After {@link #values()} changed: brings the bf16 copy of {@link #range()} up to date. */
    @Override
    public void valuesChanged() {
        if (mixed != null) {
            mixed.update(values, range);
        }
    }

    /** The type of forward passes. */
    public DType computesIn() {
        return mixed != null ? DType.BFLOAT16 : values.dtype();
    }

    @Override
    FlatOrder order() {
        return order;
    }

    /** Takes over fp32 values of a range where they are divided: the own ones, and the bf16 copy of all. */
    @Override
    void take(Tensor flat, FlatRange at) {
        if (mixed == null) {
            return;
        }
        mixed.update(flat, at);
        FlatRange own = at.intersect(range);
        if (!own.isEmpty()) {
            own.relativeTo(range.start())
                    .of(values)
                    .copy_(own.relativeTo(at.start()).of(flat));
        }
    }

    /** Frees all memory. The parameters must not be used afterwards. */
    @Override
    public void close() {
        retained.forEach(Tensor::close);
        frozen.forEach(FrozenValue::close);
    }

    private void useForInference() {
        try (Scope scope = Scope.open()) {
            use(order.trainable(), values);
            use(order.buffers(), state);
        }
    }

    private void use(List<Parameter> parameters, Tensor flat) {
        FlatOrder.each(parameters, (p, at) -> p.use(retain(p.layout().forNetwork(at.of(flat), p.shape()))));
    }

    private Tensor retain(Tensor tensor) {
        retained.add(tensor.retain());
        return tensor;
    }

    private long elements(Parameter.Role role) {
        return FlatOrder.count(
                order.trainable().stream().filter(p -> p.role() == role).toList());
    }
}
