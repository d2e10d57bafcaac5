package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
 * Parameters are named after the nodes: {@code label.weight}. Nodes may be listed in any order; {@code node.name} is an output of a node that has several. Inputs that are
 * given beside the graph's own, such as a mask, ride along to the nodes that read them.
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
     * @param inputs names of inputs and other nodes; {@code node.output} is one of several outputs of a node
     * @param sides side inputs, such as {@code mask}, with the names of the inputs and nodes that they come from
     */
    public record Node(
            @Doc("Name, of letters, digits and underscores.")
            String name,

            @Doc("The layer.") Layer layer,
            @Doc("Names of graph inputs and other nodes.") List<String> inputs,

            @Doc("Side inputs of the layer, with the names that they come from.") @Default("{}")
            Map<String, String> sides) {
        public Node {
            inputs = List.copyOf(inputs);
            sides = Collections.unmodifiableMap(new LinkedHashMap<>(sides));
            requireName(name);
            if (inputs.isEmpty()) {
                throw new InputException("graph: expected one or more inputs of \"" + name + "\", received none");
            }
        }

        /** With no side inputs but those that ride along. */
        public Node(String name, Layer layer, List<String> inputs) {
            this(name, layer, inputs, Map.of());
        }

        /** Names of the inputs and nodes that it needs. */
        private List<String> needs() {
            return Stream.concat(inputs.stream(), sides.values().stream())
                    .map(Graph::source)
                    .toList();
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

        /** As {@link #add(String, Layer, String...)}, with side inputs. @param sides such as {@code mask}, with where they come from */
        public String add(String name, Layer layer, List<String> from, Map<String, String> sides) {
            nodes.add(new Node(name, layer, from, sides));
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
            for (String from : node.needs()) {
                requireKnown(from, "the input of \"" + node.name() + "\"", names);
            }
        }
        outputs.forEach(name -> requireKnown(source(name), "the output", names));
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
                    .filter(n -> ready.containsAll(n.needs()))
                    .findFirst()
                    .orElseThrow(() -> new InputException("graph: expected no cycle, received one through "
                            + waiting.stream().map(Node::name).toList()));
            waiting.remove(next);
            ready.add(next.name());
            order.add(next);
        }
        return List.copyOf(order);
    }

    /** {@code node} of {@code node.output}. */
    private static String source(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    @Override
    public Specs outputs(Specs in) {
        return Wiring.outputs(this, in);
    }

    @Override
    public Set<String> sides() {
        Set<String> sides = new LinkedHashSet<>();
        nodes.forEach(node -> sides.addAll(node.layer().sides()));
        return sides;
    }

    @Override
    public Set<String> reads(Specs in) {
        Set<String> read = new LinkedHashSet<>(sides());
        read.retainAll(in.names());
        read.addAll(Wiring.given(this, in.names()).values());
        return read;
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in));
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        return Cost.of(parts(in), how);
    }

    @Override
    public List<Part> parts(Specs in) {
        return Wiring.parts(this, in);
    }

    /**
     * Which inputs ride along as masks: by the name of each node, the names of its side inputs and of the inputs that they are. Every input of
     * varying length has a mask of its own.
     */
    public Map<String, Map<String, String>> masks(Specs in) {
        return Wiring.masks(this, in);
    }

    @Override
    public Graph withPart(String path, Layer other) {
        if (nodes.stream().noneMatch(node -> node.name().equals(path))) {
            throw new InputException("graph: \"" + path + "\" is not the name of a node"
                    + Nearest.hint(path, nodes.stream().map(Node::name).toList()));
        }
        return new Graph(
                inputs,
                nodes.stream()
                        .map(n -> n.name().equals(path) ? new Node(path, other, n.inputs(), n.sides()) : n)
                        .toList(),
                outputs);
    }

    /** The input that the first output is made of, each node counting for the first of its inputs. */
    @Override
    public String counted(Specs in) {
        String name = source(outputs.get(0));
        while (!inputs.contains(name)) {
            String node = name;
            name = source(nodes.stream()
                    .filter(n -> n.name().equals(node))
                    .findFirst()
                    .orElseThrow()
                    .inputs()
                    .get(0));
        }
        return Wiring.given(this, in.names()).getOrDefault(name, in.mainName());
    }

    @Override
    public boolean divides() {
        return true;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        return Wiring.built(this, in, into::buildNode);
    }
}
