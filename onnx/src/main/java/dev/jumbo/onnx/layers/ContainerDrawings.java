package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Add;
import dev.jumbo.nn.layers.Concatenate;
import dev.jumbo.nn.layers.Encoder;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.nn.layers.Residual;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Unsayable;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Containers, and what joins several values. */
public final class ContainerDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                Sequential.class, (LayerDrawing<Sequential>) ContainerDrawings::row,
                Encoder.class, (LayerDrawing<Encoder>) ContainerDrawings::encoder,
                Residual.class, (LayerDrawing<Residual>) ContainerDrawings::residual,
                Graph.class, (LayerDrawing<Graph>) ContainerDrawings::graph,
                ModelGroup.class, (LayerDrawing<ModelGroup>) ContainerDrawings::answering,
                Add.class, LayerDrawing.<Add>single(ContainerDrawings::sum),
                Concatenate.class,
                        LayerDrawing.<Concatenate>single((layer, in, to) -> Functions.concat(
                                in.byName().values().stream().map(Value::name).toList(), layer.axis(), to)));
    }

    private static Values encoder(Encoder layer, Values in, Drawing to) {
        return row(layer.parts(in.specs()), in, to);
    }

    private static Values row(Sequential layer, Values in, Drawing to) {
        return row(layer.parts(in.specs()), in, to);
    }

    /** The last one's, and side inputs that layers inside have changed. */
    private static Values row(List<Layer.Part> parts, Values in, Drawing to) {
        Values given = in;
        Values made = in;
        for (Layer.Part part : parts) {
            made = to.part(part, given);
            given = given.then(made);
        }
        Values all = made;
        for (Map.Entry<String, Value> side : in.byName().entrySet()) {
            Value now = given.get(side.getKey());
            if (!side.getKey().equals(in.mainName()) && now != null && !now.equals(side.getValue())) {
                all = all.with(side.getKey(), now);
            }
        }
        return all;
    }

    private static Values residual(Residual layer, Values in, Drawing to) {
        List<Layer.Part> parts = layer.parts(in.specs());
        int length = layer.layers().size();
        String around = parts.size() == length
                ? in.main().name()
                : to.part(parts.get(length), in).main().name();
        Values made = row(parts.subList(0, length), in, to);
        String sum = to.node("Add", made.main().name(), around);
        return made.withMain(
                new Value(Functions.of(layer.activation(), sum, to), made.main().spec()));
    }

    private static String sum(Add layer, Values in, Drawing to) {
        Iterator<Value> terms = in.byName().values().iterator();
        String sum = terms.next().name();
        while (terms.hasNext()) {
            sum = to.node("Add", sum, terms.next().name());
        }
        return sum;
    }

    private static Values answering(ModelGroup layer, Values in, Drawing to) {
        for (Layer.Part part : layer.parts(in.specs())) {
            if (part.path().equals(layer.answers())) {
                return to.part(part, in);
            }
        }
        throw new Unsayable("no model answers");
    }

    /** Names are found as when the graph runs: its inputs by name where all are there, otherwise in order. */
    private static Values graph(Graph layer, Values in, Drawing to) {
        Map<String, Value> values = new HashMap<>();
        boolean named = in.byName().keySet().containsAll(layer.inputs());
        Iterator<Value> inOrder = in.byName().values().iterator();
        layer.inputs().forEach(name -> values.put(name, named ? in.require(name) : inOrder.next()));
        Iterator<Graph.Node> nodes = layer.nodes().iterator();
        Map<String, Map<String, String>> masks = layer.masks(in.specs());
        for (Layer.Part part : layer.parts(in.specs())) {
            Graph.Node node = nodes.next();
            Map<String, Value> received = new LinkedHashMap<>();
            for (String name : part.inputs().names()) {
                String from = node.sides().get(name);
                boolean own = from != null || node.inputs().contains(name);
                String riding = masks.getOrDefault(node.name(), Map.of()).getOrDefault(name, name);
                received.put(name, own ? require(values, from == null ? name : from) : in.require(riding));
            }
            Values made = to.part(part, Values.of(received));
            values.put(node.name(), made.main());
            made.byName().forEach((name, value) -> values.put(node.name() + "." + name, value));
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        layer.outputs().forEach(name -> outputs.put(name, require(values, name)));
        return Values.of(outputs);
    }

    private static Value require(Map<String, Value> values, String name) {
        Value found = values.get(name);
        if (found == null) {
            throw new Unsayable("there is no \"" + name + "\"");
        }
        return found;
    }
}
