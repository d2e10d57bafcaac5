package dev.jumbo.models.generate;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.generate.CausalNetwork;
import dev.jumbo.nn.generate.EncoderDecoderNetwork;
import dev.jumbo.nn.generate.TokenNetwork;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.objective.Seq2SeqLm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A described model that writes texts.
 *
 * @param inputs of the network, without masks
 * @param reads whether an encoder reads prompts, and a decoder answers
 */
record AnsweringModel(ModelFile description, Specs inputs, boolean reads) {
    /** @throws InputException if it is another model */
    static AnsweringModel of(ModelFile description) {
        return find(description)
                .orElseThrow(() -> new InputException(
                        "expected a causal language model, from ids of tokens [T] to logits [T, vocabulary] of the next"
                                + " one, or an encoder and a decoder, from ids of a source and of what was said so far,"
                                + " received a model of " + description.inputs() + " that gives "
                                + description.outputs() + "; jumbo predict answers for other models"));
    }

    /** Empty for another model. */
    static Optional<AnsweringModel> find(ModelFile description) {
        Optional<Specs> causal = causal(description.model(), description.inputs());
        if (causal.isPresent()) {
            return Optional.of(new AnsweringModel(description, causal.get(), false));
        }
        try {
            Specs all = alone(description.inputs());
            return EncoderDecoderNetwork.decoder(description.model(), all)
                    .map(name -> new AnsweringModel(description, all, true));
        } catch (ShapeException e) {
            return Optional.empty();
        }
    }

    /** What a causal language model takes; empty of another model. */
    static Optional<Specs> causal(Layer layer, List<Field> inputs) {
        try {
            Specs first = Specs.of(longest(inputs.get(0).spec()));
            return CausalNetwork.fits(first, Model.outputs(layer, first)) ? Optional.of(first) : Optional.empty();
        } catch (ShapeException e) {
            return Optional.empty(); // It has other inputs.
        }
    }

    /** A source is read by itself: without the masks of others that are padded beside it. */
    private static Specs alone(List<Field> inputs) {
        Map<String, Spec> alone = new LinkedHashMap<>();
        inputs.forEach(field -> alone.put(field.name(), field.spec()));
        return Specs.of(alone);
    }

    private static Spec longest(Spec input) {
        boolean ids = input.isIds() && input.shape().rank() == 1;
        if (!ids) {
            throw new ShapeException("", "ids [T]", input);
        }
        return Spec.ids((int) input.shape().size(0)).varying(0);
    }

    /** With the weights of a checkpoint. @throws InputException if nothing says what a decoder begins with */
    TokenNetwork open(Checkpoint checkpoint) {
        int start = reads ? start() : 0;
        Model model = Model.build(
                description.model(),
                inputs,
                FirstValues.loaded(Weights.of(checkpoint.source())),
                ParameterGroups.none(),
                Device.CPU);
        try {
            return reads
                    ? EncoderDecoderNetwork.of(model, start)
                    : CausalNetwork.of(model, (int) inputs.main().shape().size(0));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** What it learned to begin with, or what the files of its directory say. */
    private int start() {
        if (description.objective() instanceof Seq2SeqLm learned) {
            return Math.toIntExact(learned.decoderStartTokenId());
        }
        return KeptTokenizer.decoderStart(description.files())
                .orElseThrow(() -> new InputException("expected a model whose decoder is known to begin with a token,"
                        + " by the objective seq2seq_lm that it learned by, or by decoder_start_token_id of its"
                        + " generation_config.json or config.json; received one with neither"));
    }
}
