package dev.jumbo.nn.layers;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Layers that are connected freely, with named inputs and outputs, as in Keras's functional API.
 *
 * <pre>{@code
 * Graph graph = Graph.of(g -> {
 *     String image = g.input("image");
 *     String table = g.input("table");
 *     String seen = g.add("seen", Sequential.of(conv2d(8, 3, RELU), globalAvgPool()), image);
 *     String known = g.add("known", dense(8, RELU), table);
 *     g.output(g.add("label", dense(10), g.add("both", concatenate(), seen, known)));
 * });
 * }</pre>
 *
 * Parameters are named after the nodes: {@code label.weight}. Nodes may be listed in any order; each has one output.
 *
 * @param inputs names, in the order in which the model takes them
 * @param nodes layers with their names and inputs
 * @param outputs names of inputs or nodes, in the order in which the model gives them
 */
@Kind("graph")
public record Graph(
        @Doc("Names of the inputs.") List<String> inputs,
        @Doc("Layers with their names and inputs.") List<Node> nodes,

        @Doc("Names of the nodes whose results are the outputs.")
        List<String> outputs)
        implements Layer {
    /**
     * A layer in a graph.
     *
     * @param name letters, digits and underscores
     * @param inputs names of inputs and other nodes
     */
    public record Node(
            @Doc("Name, of letters, digits and underscores.")
            String name,

            @Doc("The layer.") Layer layer,
            @Doc("Names of graph inputs and other nodes.") List<String> inputs) {
        public Node {
            inputs = List.copyOf(inputs);
            requireName(name);
            if (inputs.isEmpty()) {
                throw new InputException("graph: expected one or more inputs of \"" + name + "\", received none");
            }
        }
    }

    /** @throws InputException on a name that is used twice or is not known, on a cycle, and where there is no input or output */
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        if (inputs.isEmpty() || outputs.isEmpty()) {
            throw new InputException("graph: expected one or more inputs and outputs, received inputs " + inputs
                    + ", outputs " + outputs);
        }
        inputs.forEach(Graph::requireName);
        requireKnown(inputs, nodes, outputs);
        nodes = inOrder(inputs, nodes);
    }

    /** Describes a graph node by node. */
    public static Graph of(Consumer<Builder> description) {
        Builder builder = new Builder();
        description.accept(builder);
        return new Graph(builder.inputs, builder.nodes, builder.outputs);
    }

    /** Collects nodes; each method returns the name by which later ones refer to the result. */
    public static final class Builder {
        private final List<String> inputs = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();

        private Builder() {}

        public String input(String name) {
            inputs.add(name);
            return name;
        }

        /** @param from names of the inputs or nodes whose results the layer takes */
        public String add(String name, Layer layer, String... from) {
            nodes.add(new Node(name, layer, List.of(from)));
            return name;
        }

        public String output(String name) {
            outputs.add(name);
            return name;
        }
    }

    private static void requireName(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new InputException(
                    "graph: expected a name of letters, digits and underscores, received \"" + name + "\"");
        }
    }

    private static void requireKnown(List<String> inputs, List<Node> nodes, List<String> outputs) {
        Set<String> names = new HashSet<>();
        List<String> all = new ArrayList<>(inputs);
        nodes.forEach(n -> all.add(n.name()));
        for (String name : all) {
            if (!names.add(name)) {
                throw new InputException("graph: two inputs or nodes are named \"" + name + "\"");
            }
        }
        for (Node node : nodes) {
            for (String from : node.inputs()) {
                requireKnown(from, "the input of \"" + node.name() + "\"", names);
            }
        }
        outputs.forEach(name -> requireKnown(name, "the output", names));
    }

    private static void requireKnown(String name, String what, Set<String> names) {
        if (!names.contains(name)) {
            throw new InputException("graph: " + what + " \"" + name + "\" is not the name of an input or node"
                    + Nearest.hint(name, names));
        }
    }

    /** Each node behind those it needs, otherwise as they were listed. */
    private static List<Node> inOrder(List<String> inputs, List<Node> nodes) {
        Set<String> ready = new HashSet<>(inputs);
        Set<Node> waiting = new LinkedHashSet<>(nodes);
        List<Node> order = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Node next = waiting.stream()
                    .filter(n -> ready.containsAll(n.inputs()))
                    .findFirst()
                    .orElseThrow(() -> new InputException("graph: expected no cycle, received one through "
                            + waiting.stream().map(Node::name).toList()));
            waiting.remove(next);
            ready.add(next.name());
            order.add(next);
        }
        return List.copyOf(order);
    }

    @Override
    public List<Shape> outputShapes(List<Shape> given) {
        Map<String, Shape> shapes = shapes(given);
        return outputs.stream()
                .map(name -> Objects.requireNonNull(shapes.get(name)))
                .toList();
    }

    @Override
    public Shape outputShape(Shape input) {
        if (outputs.size() != 1) {
            throw new ShapeException("", "a layer with one output here", outputs.size() + " outputs " + outputs);
        }
        return outputShapes(List.of(input)).get(0);
    }

    private Map<String, Shape> shapes(List<Shape> given) {
        if (given.size() != inputs.size()) {
            throw new ShapeException("", inputs.size() + " inputs " + inputs, given.size() + " " + given);
        }
        Map<String, Shape> shapes = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            shapes.put(inputs.get(i), given.get(i));
        }
        for (Node node : nodes) {
            try {
                List<Shape> results = node.layer().outputShapes(from(node, shapes));
                if (results.size() != 1) {
                    throw new ShapeException("", "a layer with one output", results.size() + " outputs " + results);
                }
                shapes.put(node.name(), results.get(0));
            } catch (ShapeException e) {
                throw e.within(node.name());
            }
        }
        return shapes;
    }

    @Override
    public List<Boolean> ids(List<Boolean> given) {
        Map<String, Boolean> ids = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            ids.put(inputs.get(i), given.get(i));
        }
        for (Node node : nodes) {
            try {
                ids.put(node.name(), node.layer().ids(from(node, ids)).get(0));
            } catch (ShapeException e) {
                throw e.within(node.name());
            }
        }
        return outputs.stream()
                .map(name -> Objects.requireNonNull(ids.get(name)))
                .toList();
    }

    private static <T> List<T> from(Node node, Map<String, T> results) {
        return node.inputs().stream()
                .map(name -> Objects.requireNonNull(results.get(name)))
                .toList();
    }

    @Override
    public long flops(Shape input) {
        return flops(List.of(input));
    }

    @Override
    public long flops(List<Shape> given) {
        return Part.flops(parts(given));
    }

    @Override
    public List<Part> parts(List<Shape> given) {
        Map<String, Shape> shapes = shapes(given);
        return nodes.stream()
                .map(node -> new Part(node.name(), node.layer(), from(node, shapes)))
                .toList();
    }

    @Override
    public Network build(Shape input, Parameters into) {
        return build(List.of(input), into);
    }

    @Override
    public Network build(List<Shape> given, Parameters into) {
        List<Network> networks = parts(given).stream()
                .map(part -> part.layer().build(part.inputs(), into.child(part.path())))
                .toList();
        return new Wired(this, networks);
    }

    /** @param networks one for each node, in the nodes' order */
    private record Wired(Graph graph, List<Network> networks) implements Network {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return forward(List.of(x), pass).get(0);
        }

        @Override
        public List<Tensor> forward(List<Tensor> xs, Pass pass) {
            Map<String, Tensor> results = new HashMap<>();
            for (int i = 0; i < xs.size(); i++) {
                results.put(graph.inputs.get(i), xs.get(i));
            }
            for (int i = 0; i < networks.size(); i++) {
                Node node = graph.nodes.get(i);
                Tensor output =
                        networks.get(i).forward(from(node, results), pass).get(0);
                pass.tell(output);
                results.put(node.name(), output);
            }
            return graph.outputs.stream()
                    .map(name -> Objects.requireNonNull(results.get(name)))
                    .toList();
        }
    }
}
