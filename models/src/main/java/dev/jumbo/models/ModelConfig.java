package dev.jumbo.models;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Sequential;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code model} section of a configuration: layers in a row, or a model by name. */
@Doc("What is trained: layers in a row, or a model by name.")
public record ModelConfig(
        @Doc("Layers, each feeding the next.") @Default("null") @Nullable
        List<Layer> layers,

        @Doc("A model of the house, with its options.") @Default("null") @Nullable
        NamedModel name) {
    /** @throws InputException unless exactly one of both is given */
    public ModelConfig {
        layers = layers == null ? null : List.copyOf(layers);
        name = name == null ? null : name.resolved();
        if ((layers == null) == (name == null)) {
            throw new InputException("expected either layers or name, received "
                    + (layers == null ? "neither: write layers: [...] or name: article_cnn" : "both"));
        }
        if (layers != null && layers.isEmpty()) {
            throw new InputException("layers: expected one layer or more, received none");
        }
    }

    /**
     * The description: the layers in a row. A graph of several inputs or outputs, which a row cannot hold, stands by itself;
     * layers behind it take its output.
     */
    public Layer layer() {
        if (name != null) {
            return name.layer();
        }
        List<Layer> row = layers == null ? List.of() : layers;
        if (!(row.get(0) instanceof Graph graph)
                || (graph.inputs().size() == 1 && graph.outputs().size() == 1)) {
            return new Sequential(row);
        }
        if (row.size() == 1) {
            return graph;
        }
        if (graph.outputs().size() > 1) {
            throw new InputException("layers: expected nothing behind a graph of the outputs " + graph.outputs()
                    + ", received " + (row.size() - 1) + " layers; put them into the graph as nodes");
        }
        return Graph.of(g -> {
            graph.inputs().forEach(g::input);
            String first = g.add("graph", graph, graph.inputs().toArray(String[]::new));
            g.output(g.add("head", new Sequential(row.subList(1, row.size())), first));
        });
    }
}
