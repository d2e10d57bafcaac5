package dev.jumbo.nn.generate;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A model of two inputs of ids, a source {@code [S]} and what its decoder has said so far {@code [T]}, and logits {@code [T, vocabulary]} of what it
 * says next. A prompt is a source: it is read once, and each token of the answer costs one step of the decoder.
 */
public final class EncoderDecoderNetwork implements TokenNetwork {
    private final Model model;
    private final String source;
    private final String decoder;
    private final int longestSource;
    private final int context;
    private final int vocabulary;
    private final int start;

    private EncoderDecoderNetwork(Model model, String decoder, int start) {
        Specs inputs = model.inputs();
        this.model = model;
        this.decoder = decoder;
        this.start = start;
        source = source(inputs, decoder);
        longestSource = (int) inputs.require(source).shape().size(0);
        context = (int) inputs.require(decoder).shape().size(0);
        vocabulary = (int) model.outputs().main().shape().size(1);
    }

    /**
     * Of a model that is closed with this.
     *
     * @param start the id that the decoder begins with
     * @throws InputException if it is another model, or has no such id
     */
    public static EncoderDecoderNetwork of(Model model, int start) {
        String decoder = decoder(model.layer(), model.inputs())
                .orElseThrow(() -> new InputException("expected an encoder and a decoder, from ids of a source [S] and"
                        + " of what was said so far [T] to logits [T, vocabulary] of the next one, received a model"
                        + " from " + model.inputs() + " to " + model.outputs()));
        long words = model.outputs().main().shape().size(1);
        if (start < 0 || start >= words) {
            throw new InputException("decoder_start_token_id: expected a token from 0 to " + (words - 1)
                    + ", as the model has, received " + start);
        }
        return new EncoderDecoderNetwork(model, decoder, start);
    }

    /**
     * The name of the decoder's input, where a described model can be one of these.
     *
     * @param inputs one example of each
     * @throws dev.jumbo.tensor.ShapeException if the layers do not fit the inputs
     */
    public static Optional<String> decoder(Layer layer, Specs inputs) {
        boolean two = inputs.size() == 2
                && inputs.names().stream()
                        .map(inputs::require)
                        .allMatch(spec -> spec.isIds() && spec.shape().rank() == 1);
        if (!two) {
            return Optional.empty();
        }
        Specs outputs = Model.outputs(layer, inputs);
        String counted = layer.counted(inputs);
        Spec logits = outputs.main();
        boolean fits = outputs.size() == 1
                && logits.shape().rank() == 2
                && logits.dtype().isFloating()
                && logits.shape().size(0) == inputs.require(counted).shape().size(0);
        return fits ? Optional.of(counted) : Optional.empty();
    }

    private static String source(Specs inputs, String decoder) {
        return inputs.names().stream()
                .filter(name -> !name.equals(decoder))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int context() {
        return context;
    }

    @Override
    public int[] start(int[] prompt) {
        if (prompt.length == 0 || prompt.length > longestSource) {
            throw new InputException("expected a source of 1 to " + longestSource + " tokens, as the model was"
                    + " described for, received " + prompt.length
                    + (prompt.length == 0 ? "" : "; shorten it or divide it"));
        }
        return new int[] {start};
    }

    @Override
    public Session open(int[] prompt) {
        start(prompt);
        return new Steps(Arrays.stream(prompt).asLongStream().toArray());
    }

    @Override
    public void close() {
        model.close();
    }

    private final class Steps extends CachedSession {
        private final long[] read;

        Steps(long[] read) {
            this.read = read;
        }

        @Override
        public float[][] next(int[][] tokens) {
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                // What the encoder made of the source is in the cache, a row for each answer.
                Tensors inputs = Tensors.of(Map.of(source, Tensor.of(read, Shape.of(1, read.length))))
                        .with(decoder, ids(tokens, 0, tokens[0].length));
                return last(model.forward(inputs, Pass.inference().with(cache)).main());
            }
        }
    }
}
