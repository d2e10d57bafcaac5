package dev.jumbo.nn.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Graph.Node;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How values of any kind go through a {@link Graph}: their descriptions before it is built, tensors then. */
final class Wiring {
    private Wiring() {}

    /**
     * The graph's inputs with the names under which they are given: the same names where all are there, otherwise in order.
     *
     * @throws ShapeException if neither is possible
     */
    static Map<String, String> given(Graph graph, Set<String> names) {
        Map<String, String> given = new LinkedHashMap<>();
        if (names.containsAll(graph.inputs())) {
            graph.inputs().forEach(name -> given.put(name, name));
            return given;
        }
        if (names.size() != graph.inputs().size()) {
            throw new ShapeException(
                    "", graph.inputs().size() + " inputs " + graph.inputs(), names.size() + " " + names);
        }
        Iterator<String> from = names.iterator();
        graph.inputs().forEach(name -> given.put(name, from.next()));
        return given;
    }

    static Specs outputs(Graph graph, Specs in) {
        Map<String, Spec> values = new HashMap<>();
        through(graph, in, values);
        Map<String, Spec> outputs = new LinkedHashMap<>();
        for (String name : graph.outputs()) {
            outputs.put(name, require(values, name));
        }
        return Specs.of(outputs);
    }

    static List<Layer.Part> parts(Graph graph, Specs in) {
        return through(graph, in, new HashMap<>());
    }

    /** @param values receives what inputs and nodes give */
    private static List<Layer.Part> through(Graph graph, Specs in, Map<String, Spec> values) {
        Map<String, String> given = given(graph, in.names());
        given.forEach((name, from) -> values.put(name, in.require(from)));
        List<Layer.Part> parts = new ArrayList<>();
        for (Node node : graph.nodes()) {
            try {
                Specs received = Specs.of(received(node, values, in.byName(), given));
                requireRead(node, received);
                requireKnowing(node, received, in, given);
                parts.add(new Layer.Part(node.name(), node.layer(), received));
                record(node, node.layer().outputs(received).byName(), values);
            } catch (ShapeException e) {
                throw e.within(node.name());
            }
        }
        return parts;
    }

    /** What a node is given: its inputs, its side inputs, and of what rides along what it reads. */
    private static <T> Map<String, T> received(
            Node node, Map<String, T> values, Map<String, T> all, Map<String, String> given) {
        Map<String, T> received = new LinkedHashMap<>();
        node.inputs().forEach(name -> received.put(name, require(values, name)));
        node.sides().forEach((name, from) -> received.put(name, require(values, from)));
        for (String side : node.layer().sides()) {
            T riding = all.get(side);
            if (riding != null && !given.containsValue(side)) {
                received.putIfAbsent(side, riding);
            }
        }
        return received;
    }

    /** A layer that mixes steps and knows no mask refuses padding here as in a row, though it is not given the mask. */
    private static void requireKnowing(Node node, Specs received, Specs in, Map<String, String> given) {
        boolean riding = in.has(Masks.MASK) && !received.has(Masks.MASK) && !given.containsValue(Masks.MASK);
        if (riding && received.size() == 1 && received.main().varies()) {
            node.layer().outputs(received.with(Masks.MASK, in.require(Masks.MASK)));
        }
    }

    private static void requireRead(Node node, Specs received) {
        Set<String> read = node.layer().reads(received);
        for (String name : received.names()) {
            if (!read.contains(name)) {
                throw new ShapeException(
                        "",
                        node.inputs().size() > 1 ? "one input" : "inputs among " + read,
                        received.size() + " inputs " + received);
            }
        }
    }

    private static <T> void record(Node node, Map<String, T> made, Map<String, T> into) {
        into.put(node.name(), made.values().iterator().next());
        made.forEach((name, value) -> into.put(node.name() + "." + name, value));
    }

    private static <T> T require(Map<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new ShapeException("", "an output \"" + name + "\"", "none of that name");
        }
        return value;
    }

    /**
     * A built graph.
     *
     * @param described names of its inputs as they were described
     * @param networks one for each node, in the nodes' order
     */
    record Wired(Graph graph, Set<String> described, List<Network> networks) implements Network {
        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            Tensors named = xs.size() == described.size() ? xs.named(described) : xs;
            Map<String, String> given = given(graph, named.names());
            Map<String, Tensor> values = new HashMap<>();
            given.forEach((name, from) -> values.put(name, named.require(from)));
            for (int i = 0; i < networks.size(); i++) {
                Node node = graph.nodes().get(i);
                Tensors received = Tensors.of(received(node, values, named.byName(), given));
                record(node, networks.get(i).forward(received, pass).byName(), values);
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            graph.outputs().forEach(name -> outputs.put(name, require(values, name)));
            return Tensors.of(outputs);
        }
    }
}
