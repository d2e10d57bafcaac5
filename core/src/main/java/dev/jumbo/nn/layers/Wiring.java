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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        through(graph, in, values, new HashMap<>());
        Map<String, Spec> outputs = new LinkedHashMap<>();
        for (String name : graph.outputs()) {
            outputs.put(name, require(values, name));
        }
        return Specs.of(outputs);
    }

    static List<Layer.Part> parts(Graph graph, Specs in) {
        return through(graph, in, new HashMap<>(), new HashMap<>());
    }

    /** By the name of each node, which input rides along as which of its masks. */
    static Map<String, Map<String, String>> masks(Graph graph, Specs in) {
        Map<String, Map<String, String>> masks = new HashMap<>();
        through(graph, in, new HashMap<>(), masks);
        return masks;
    }

    /** The built graph. @param networks makes one of each node */
    static Network built(Graph graph, Specs in, Function<Layer.Part, Network> networks) {
        Map<String, Map<String, String>> masks = new HashMap<>();
        List<Layer.Part> parts = through(graph, in, new HashMap<>(), masks);
        return new Wired(graph, in.names(), masks, parts.stream().map(networks).toList());
    }

    /**
     * @param values receives what inputs and nodes give
     * @param ridden receives by the name of each node which input rides along as which of its masks
     */
    private static List<Layer.Part> through(
            Graph graph, Specs in, Map<String, Spec> values, Map<String, Map<String, String>> ridden) {
        Map<String, String> given = given(graph, in.names());
        given.forEach((name, from) -> values.put(name, in.require(from)));
        MaskOrigins masks = new MaskOrigins(in, given);
        List<Layer.Part> parts = new ArrayList<>();
        for (Node node : graph.nodes()) {
            try {
                Map<String, String> riding = masks.of(node);
                ridden.put(node.name(), riding);
                Specs received = Specs.of(received(node, values, in.byName(), given, riding));
                requireRead(node, received);
                requireKnowing(node, received, in, given, riding.get(Masks.MASK));
                parts.add(new Layer.Part(node.name(), node.layer(), received));
                Map<String, Spec> made = node.layer().outputs(received).byName();
                record(node, made, values);
                masks.record(node, made);
            } catch (ShapeException e) {
                throw e.within(node.name());
            }
        }
        return parts;
    }

    /**
     * What a node is given: its inputs, its side inputs, and of what rides along what it reads.
     *
     * @param masks which input rides along as which of its masks
     */
    private static <T> Map<String, T> received(
            Node node,
            Map<String, T> values,
            Map<String, T> all,
            Map<String, String> given,
            Map<String, String> masks) {
        Map<String, T> received = new LinkedHashMap<>();
        node.inputs().forEach(name -> received.put(name, require(values, name)));
        node.sides().forEach((name, from) -> received.put(name, require(values, from)));
        for (String side : node.layer().sides()) {
            String from = side.equals(Masks.MASK) ? masks.get(side) : masks.getOrDefault(side, side);
            T riding = from == null ? null : all.get(from);
            if (riding != null && !given.containsValue(side)) {
                received.putIfAbsent(side, riding);
            }
        }
        return received;
    }

    /** A layer that mixes steps and knows no mask refuses padding here as in a row, though it is not given the mask. */
    private static void requireKnowing(
            Node node, Specs received, Specs in, Map<String, String> given, @Nullable String mask) {
        if (mask != null
                && !received.has(Masks.MASK)
                && !given.containsValue(mask)
                && received.size() == 1
                && received.main().varies()) {
            node.layer().outputs(received.with(Masks.MASK, in.require(mask)));
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
     * @param masks by the name of a node which input rides along as which of its masks
     * @param networks one for each node, in the nodes' order
     */
    private record Wired(
            Graph graph, Set<String> described, Map<String, Map<String, String>> masks, List<Network> networks)
            implements Network {
        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            Tensors named = xs.size() == described.size() ? xs.named(described) : xs;
            Map<String, String> given = given(graph, named.names());
            Map<String, Tensor> values = new HashMap<>();
            given.forEach((name, from) -> values.put(name, named.require(from)));
            for (int i = 0; i < networks.size(); i++) {
                Node node = graph.nodes().get(i);
                Tensors received = Tensors.of(
                        received(node, values, named.byName(), given, masks.getOrDefault(node.name(), Map.of())));
                record(node, networks.get(i).forward(received, pass).byName(), values);
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            graph.outputs().forEach(name -> outputs.put(name, require(values, name)));
            return Tensors.of(outputs);
        }
    }
}
