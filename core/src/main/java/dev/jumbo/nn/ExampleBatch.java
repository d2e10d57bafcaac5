package dev.jumbo.nn;

import dev.jumbo.nn.each.ExampleGradients;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of each example of one batch, see {@link PerExampleGradients}. They are not written out, except by {@link
 * #gradients}, and belong to the scope in which the batch was computed.
 */
public final class ExampleBatch {
    private final Tensor loss;
    private final List<Parameter> trained;
    private final Uses uses;
    private @Nullable Tensor norms;

    ExampleBatch(Tensor loss, List<Parameter> trained, Uses uses) {
        this.loss = loss;
        this.trained = trained;
        this.uses = uses;
    }

    /** What each parameter gets from the operations that use it. Tied parameters are one. */
    static final class Uses implements PerExample.Into {
        private final Map<Parameter, List<ExampleGradients>> byParameter = new HashMap<>();

        @Override
        public void add(@Nullable Parameter parameter, ExampleGradients gradients) {
            if (parameter == null || parameter.isFrozen()) {
                return;
            }
            if (!gradients.shape().equals(parameter.shape())) {
                throw new IllegalStateException("gradients per example of " + parameter.name() + ": expected the shape "
                        + parameter.shape() + ", received " + gradients.shape());
            }
            byParameter.computeIfAbsent(parameter, p -> new ArrayList<>()).add(gradients);
        }

        List<ExampleGradients> of(Parameter parameter) {
            return byParameter.getOrDefault(parameter, List.of());
        }
    }

    /** The loss of the batch, a scalar without a gradient. */
    public Tensor loss() {
        return loss;
    }

    /** The Euclidean norm of each example's gradient by all parameters together, {@code [N]}. */
    public Tensor norms() {
        if (norms == null) {
            try (Autograd off = Autograd.noGrad()) {
                Tensor squares = null;
                for (Parameter p : trained) {
                    List<ExampleGradients> of = uses.of(p);
                    for (int i = 0; i < of.size(); i++) {
                        squares = plus(squares, of.get(i).squaredNorms());
                        for (int j = 0; j < i; j++) {
                            squares = plus(squares, of.get(i).inner(of.get(j)).mul(2));
                        }
                    }
                }
                if (squares == null) {
                    throw new IllegalStateException("expected a model with parameters to train, received one without");
                }
                norms = squares.clamp(0, Double.POSITIVE_INFINITY).sqrt();
            }
        }
        return norms;
    }

    private static Tensor plus(@Nullable Tensor a, Tensor b) {
        return a == null ? b : a.add(b);
    }

    /** Adds {@code sum_i factors_i g_i} to the gradients of the model's parameters. @param factors {@code [N]} */
    public void addSum(Tensor factors) {
        // The norms first: where they need gradients written out, the sum takes them.
        norms();
        try (Autograd off = Autograd.noGrad()) {
            for (Parameter p : trained) {
                try (Scope scope = Scope.open()) {
                    for (ExampleGradients of : uses.of(p)) {
                        p.tensor().grad().add_(of.sum(factors));
                    }
                }
            }
        }
    }

    /**
     * All gradients written out under the names of their parameters, {@code [N, ...]} in PyTorch's shapes and order: N times the
     * model's memory.
     */
    public Map<String, Tensor> gradients() {
        Map<String, Tensor> written = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            for (Parameter p : trained) {
                Tensor all = null;
                for (ExampleGradients of : uses.of(p)) {
                    all = plus(all, of.all());
                }
                if (all != null) {
                    written.put(p.name(), p.layout().examplesForFile(all, p.shape()));
                }
            }
        }
        return written;
    }

    /**
     * All gradients written out, {@code [N, values]}: the parameters in the order of the model's memory, each in row-major order of
     * the shape that the network computes with.
     */
    public Tensor rows() {
        try (Autograd off = Autograd.noGrad()) {
            List<Tensor> columns = new ArrayList<>();
            for (Parameter p : trained) {
                Tensor all = null;
                for (ExampleGradients of : uses.of(p)) {
                    all = plus(all, of.all());
                }
                if (all != null) {
                    columns.add(all.reshape(all.size(0), p.shape().elements()));
                }
            }
            return Tensor.cat(columns, 1);
        }
    }

    /** Adds to the gradients of the model's parameters. @param sum {@code [values]} in the order of {@link #rows} */
    public void add(Tensor sum) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            long at = 0;
            for (Parameter p : trained) {
                if (covers(p)) {
                    long values = p.shape().elements();
                    p.tensor()
                            .grad()
                            .add_(sum.narrow(0, at, values).view(p.shape().toArray()));
                    at += values;
                }
            }
        }
    }

    /** {@code sum_i g_i} of one parameter. */
    Tensor sum(Parameter p) {
        Tensor sum = null;
        for (ExampleGradients of : uses.of(p)) {
            Tensor ones = Tensor.ones(Shape.of(of.examples())).to(loss.device());
            sum = plus(sum, of.sum(ones));
        }
        if (sum == null) {
            throw new IllegalStateException("no gradients per example of " + p.name());
        }
        return sum;
    }

    boolean covers(Parameter p) {
        return !uses.of(p).isEmpty();
    }

    boolean covers(Set<String> names) {
        return trained.stream()
                .filter(this::covers)
                .map(Parameter::name)
                .collect(Collectors.toSet())
                .equals(names);
    }
}
