package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.GradientHook;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The gradients of each example of a batch by a model's parameters, from one forward and one backward pass and without a loop
 * over examples. Layers say how theirs follow from what went in and what came back ({@link PerExample}); a model with a layer that
 * does not say so is refused.
 *
 * <pre>{@code
 * try (var perExample = new PerExampleGradients(model); Scope scope = Scope.open()) {
 *     ExampleBatch batch = perExample.of(Pass.forTraining(), pass -> loss.of(model.forward(x, pass), y));
 *     Tensor norms = batch.norms();                        // [N]
 *     batch.addSum(norms.pow(-1).clamp(0, 1));             // clipped to a norm of 1, added to the model's gradients
 * }
 * }</pre>
 *
 * <p>An example's gradient is that of its share of the given loss: of a mean over N examples, {@code 1 / N} of the gradient of its
 * own loss. Operations must not mix examples, as {@link dev.jumbo.nn.layers.BatchNorm} does in training.
 *
 * <p>The first batch is propagated back the plain way as well, and the sums are compared: a layer that says something wrong is
 * refused by name before anything is changed. Memory: the inputs of operations with parameters stay until the gradients of their
 * outputs are there, which together take about as much as the activations do. For one thread.
 */
public final class PerExampleGradients implements AutoCloseable {
    private static final double SAME = 1e-3;
    private static final double SAME_BF16 = 5e-2;

    private final Model model;
    private final List<GradientHook> hooks = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private List<Parameter> trained = List.of();
    private Map<String, Tensor> before = Map.of();
    private Set<String> covered = Set.of();

    /**
     * @param model after {@link FlatStore#prepareTraining}
     * @throws InputException if its passes run in blocks, as where activations are recomputed
     */
    public PerExampleGradients(Model model) {
        if (model.isDivided()) {
            throw new InputException(
                    "gradients per example: expected a model whose passes run in one piece, received one in"
                            + " blocks; leave out recompute and fully sharded training");
        }
        this.model = model;
    }

    /** What an operation made, and how gradients follow from its gradient. */
    private record Operation(Tensor output, PerExample how) {}

    /**
     * Computes a loss and propagates it back.
     *
     * @param pass how the model is passed
     * @param loss computes the loss of the batch, a scalar, by the pass it is given; called once
     * @return the gradients, which belong to the scope that is open; parameters' own gradients are as before
     * @throws InputException if a layer mixes examples, does not say how its gradients follow, or says it wrong
     */
    public ExampleBatch of(Pass pass, Function<Pass, Tensor> loss) {
        try {
            return backward(loss.apply(begin(pass)));
        } catch (RuntimeException e) {
            end();
            throw readable(e);
        }
    }

    /** The first half of {@link #of}: what the model is to be passed with, once, before {@link #backward}. In a scope. */
    public Pass begin(Pass pass) {
        end();
        trained = model.store().trainable().stream()
                .filter(p -> p.tensor().requiresGrad())
                .toList();
        if (covered.isEmpty()) {
            before = copies(trained);
        } else {
            // Nobody asks for the gradients of parameters, so back-propagation does not compute them.
            trained.forEach(p -> p.tensor().requiresGrad(false));
        }
        return pass.followedBy(this::follow);
    }

    /** The second half of {@link #of}, in the same scope. @param loss of the batch, a scalar @return the gradients */
    public ExampleBatch backward(Tensor loss) {
        try (Autograd off = Autograd.noGrad()) {
            if (loss.requiresGrad()) {
                loss.backward();
            }
            ExampleBatch batch = new ExampleBatch(loss.detach(), trained, gather());
            if (covered.isEmpty()) {
                check(batch);
            } else if (!batch.covers(covered)) {
                throw new InputException(
                        "gradients per example: expected a pass through the parameters of the first batch,"
                                + " received one through others; a model must use the same layers in every pass");
            }
            return batch;
        } catch (RuntimeException e) {
            throw readable(e);
        } finally {
            end();
        }
    }

    /** After a pass, whatever came of it: parameters learn the plain way again. */
    private void end() {
        trained.forEach(p -> p.tensor().requiresGrad(true));
        hooks.forEach(GradientHook::take);
        operations.clear();
        trained = List.of();
        before = Map.of();
    }

    private Tensor follow(Tensor output, PerExample how) {
        // Back-propagation ends here: of what lies before, nobody needs gradients.
        Tensor followed = output.requiresGrad() ? output : output.detach().requiresGrad(true);
        if (hooks.size() == operations.size()) {
            hooks.add(GradientHook.keeping());
        }
        followed.onGradient(hooks.get(operations.size()));
        operations.add(new Operation(followed, how));
        return followed;
    }

    /** What operations say; those that no gradient has reached as well, to know their parameters. */
    private ExampleBatch.Uses gather() {
        ExampleBatch.Uses uses = new ExampleBatch.Uses();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            Tensor gradient = hooks.get(i).take();
            if (gradient == null) {
                gradient = operation.output().detach().mul(0);
            }
            operation.how().gradients(gradient, uses);
        }
        return uses;
    }

    /** Copies of the gradients that are there, in the caller's scope. */
    private static Map<String, Tensor> copies(List<Parameter> trained) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            trained.forEach(p -> copies.put(p.name(), p.tensor().grad().copy()));
        }
        return copies;
    }

    /** Compares the sums with plain back-propagation, and puts the gradients back. */
    private void check(ExampleBatch batch) {
        try (Scope scope = Scope.open()) {
            double tolerance = model.store().computesIn() == DType.BFLOAT16 ? SAME_BF16 : SAME;
            Set<String> found = new LinkedHashSet<>();
            Map<String, Double> wrong = new LinkedHashMap<>();
            double all = 0;
            for (Parameter p : trained) {
                Tensor plain = p.tensor().grad();
                Tensor earlier = before.get(p.name());
                Tensor own = earlier == null ? plain.copy() : plain.sub(earlier);
                if (earlier != null) {
                    plain.copy_(earlier);
                }
                if (batch.covers(p)) {
                    found.add(p.name());
                    double norm = own.to(DType.FLOAT64).norm().item();
                    double off = batch.sum(p).to(DType.FLOAT64).sub(own).norm().item();
                    all += norm * norm;
                    // What is not finite is the guard's matter, not the layer's.
                    if (off > tolerance * norm) {
                        wrong.put(p.name(), off);
                    }
                }
            }
            require(found);
            double negligible = tolerance * tolerance * Math.sqrt(all);
            wrong.forEach((name, off) -> {
                if (off > negligible) {
                    throw new InputException("gradients per example: " + layer(name)
                            + " says wrong how the gradients of \""
                            + name + "\" follow: their sum is not what plain back-propagation gives; look at what it"
                            + " tells Pass.perExample, whether it uses the parameter once more, or changes in place what"
                            + " Pass.perExample gave back");
                }
            });
            covered = found;
        }
    }

    private void require(Set<String> found) {
        List<String> missing = trained.stream()
                .map(Parameter::name)
                .filter(name -> !found.contains(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new InputException("gradients per example: " + layer(missing.get(0)) + " does not say how those of "
                    + missing
                    + " follow; it must call Pass.perExample behind the operations that use them, or they must be"
                    + " frozen");
        }
    }

    /** The layer of a parameter, for people. */
    private String layer(String parameter) {
        String path = parameter.contains(".") ? parameter.substring(0, parameter.lastIndexOf('.')) : "";
        return Parts.all(model.layer(), model.inputs()).stream()
                .filter(part -> path.equals(part.path()) || path.startsWith(part.path() + "."))
                .reduce((outer, inner) -> inner)
                .map(part -> part.path() + " (" + part.layer().getClass().getSimpleName() + ")")
                .orElse(path.isEmpty() ? model.layer().getClass().getSimpleName() : path);
    }

    private static RuntimeException readable(RuntimeException e) {
        String message = e.getMessage();
        return message != null && message.contains("leaf Variable that requires grad")
                ? new InputException("gradients per example: a layer changes in place what Pass.perExample gave back;"
                        + " compute a new tensor of it")
                : e;
    }

    @Override
    public void close() {
        end();
        hooks.forEach(GradientHook::close);
    }
}
