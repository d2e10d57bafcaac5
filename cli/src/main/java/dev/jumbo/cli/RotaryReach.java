package dev.jumbo.cli;

import dev.jumbo.data.Field;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the positions of a model reach that turns vectors by them: it computes with any, and was made for as many as it says. */
final class RotaryReach {
    private static final Logger LOG = LoggerFactory.getLogger(RotaryReach.class);

    private RotaryReach() {}

    /** {@code max_position_embeddings} of a model with rotary positions; empty of any other, which has as many as its weights. */
    static OptionalInt of(RunConfig config) {
        return config.model() != null
                        && config.model().name() instanceof LanguageModel model
                        && Parts.all(model.layer(), model.input()).stream()
                                .anyMatch(part -> part.layer() instanceof GroupedQueryAttention)
                ? OptionalInt.of(model.maxPositionEmbeddings())
                : OptionalInt.empty();
    }

    /** That of a run's directory. */
    static OptionalInt of(Path run) {
        return RunFolder.isRun(run) ? of(RunFolder.open(run, List.of()).config()) : OptionalInt.empty();
    }

    /** Says where examples are longer. */
    static void warn(RunConfig config, DataParts data) {
        OptionalInt most = of(config);
        if (most.isEmpty()) {
            return;
        }
        for (Field field : data.train().inputs()) {
            boolean steps = field.spec().shape().rank() == 1;
            if (steps && field.spec().shape().size(0) > most.getAsInt()) {
                LOG.warn(
                        "data: examples of up to {} tokens are longer than the model's max_position_embeddings of {}: positions"
                                + " beyond it are none that its weights were trained for, and other programs stop there; shorten"
                                + " the context, or raise max_position_embeddings (with a rope_scaling for weights that exist)",
                        field.spec().shape().size(0),
                        most.getAsInt());
                return;
            }
        }
    }
}
