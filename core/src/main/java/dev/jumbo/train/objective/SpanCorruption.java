package dev.jumbo.train.objective;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stretches that were taken out of a text, by an encoder-decoder (Raffel et al., 2020, section 3.1.4, T5). In their place the encoder sees a
 * sentinel each, and the decoder learns each sentinel with what was there:
 *
 * <pre>
 * text      thank you for inviting me to your party last week
 * encoder   thank you &lt;s0&gt; me to your party &lt;s1&gt; week &lt;end&gt;
 * labels    &lt;s0&gt; for inviting &lt;s1&gt; last &lt;end&gt;
 * </pre>
 *
 * <p>The data has texts as its first input and needs no target. Training draws anew each time; validation always draws the same for the same
 * text. Of a text of one token nothing is learned.
 *
 * @param sentinelStartId id of the first sentinel; the next ones count down, as T5's {@code <extra_id_0>} at the end of the vocabulary
 * @param sentinels how many there are
 * @param eosTokenId ends inputs and labels
 * @param decoderStartTokenId what the decoder begins with, T5's padding
 * @param noiseDensity share of a text that is taken out, above 0, below 1
 * @param meanNoiseSpanLength mean length of a stretch, 1 or more
 * @param decoderInput name of the decoder's input; its mask is {@code NAME_mask}
 * @param labelSmoothing share of each target spread over all tokens, 0 to 1
 * @param zLoss factor of {@code log^2} of the sum of the exponentials of the logits, 0 for none; 1e-4 in T5's code
 */
@Kind("span_corruption")
@Doc("Stretches that were taken out of a text, by an encoder-decoder.")
public record SpanCorruption(
        @Doc("Id of the first sentinel; the next ones count down.")
        long sentinelStartId,

        @Doc("How many sentinels there are.") @Default("100")
        int sentinels,

        @Doc("The id that ends inputs and labels.") @Default("1")
        long eosTokenId,

        @Doc("The id that the decoder begins with.") @Default("0")
        long decoderStartTokenId,

        @Doc("Share of a text that is taken out.") @Default("0.15")
        double noiseDensity,

        @Doc("Mean length of a stretch.") @Default("3.0") double meanNoiseSpanLength,

        @Doc("Name of the decoder's input; its mask is NAME_mask.") @Default("decoder_tokens")
        String decoderInput,

        @Doc("Share of each target spread over all tokens.") @Default("0.0")
        double labelSmoothing,

        @Doc("Factor of z-loss, the squared logarithm of the sum of exponentials of logits.") @Default("0.0")
        double zLoss)
        implements Objective {
    public SpanCorruption {
        require(sentinels >= 1, "sentinels", "1 or more", sentinels);
        require(
                sentinelStartId >= sentinels - 1,
                "sentinel_start_id",
                "an id that " + sentinels + " sentinels can count down from",
                sentinelStartId);
        require(eosTokenId >= 0, "eos_token_id", "0 or more", eosTokenId);
        require(decoderStartTokenId >= 0, "decoder_start_token_id", "0 or more", decoderStartTokenId);
        require(noiseDensity > 0 && noiseDensity < 1, "noise_density", "above 0, below 1", noiseDensity);
        require(meanNoiseSpanLength >= 1, "mean_noise_span_length", "1 or more", meanNoiseSpanLength);
        require(!decoderInput.isBlank(), "decoder_input", "a name", "none");
        new TokenLoss(labelSmoothing, zLoss);
    }

    private static void require(boolean holds, String key, String expected, Object received) {
        if (!holds) {
            throw new InputException("span_corruption." + key + ": expected " + expected + ", received " + received);
        }
    }

    /** T5's settings. @param sentinelStartId 32099 in T5's vocabulary */
    public static SpanCorruption of(long sentinelStartId) {
        return new SpanCorruption(sentinelStartId, 100, 1, 0, 0.15, 3, "decoder_tokens", 0, 0);
    }

    private TokenLoss loss() {
        return new TokenLoss(labelSmoothing, zLoss);
    }

    private DecoderInput decoder() {
        return new DecoderInput(decoderInput, decoderStartTokenId, decoderStartTokenId);
    }

    @Override
    public List<Field> inputs(List<Field> ofData, List<Field> targets) {
        Field tokens = ofData.get(0);
        if (ofData.size() != 1
                || tokens.dtype() != DType.INT64
                || tokens.shape().rank() != 1) {
            throw new InputException("span_corruption: expected one input of ids of tokens [T], received " + ofData);
        }
        int source = 2;
        int labels = 2;
        for (int length = 2; length <= tokens.shape().size(0); length++) {
            int noise = Spans.noiseTokens(length, noiseDensity);
            int spans = Spans.count(length, noiseDensity, meanNoiseSpanLength);
            source = Math.max(source, length - noise + spans + 1);
            labels = Math.max(labels, noise + spans + 1);
            require(
                    spans <= sentinels,
                    "sentinels",
                    spans + " for texts of " + length + " tokens",
                    sentinels + "; use shorter texts or longer stretches");
        }
        long vocabulary = tokens.meaning() instanceof Meaning.Tokens of ? of.vocabulary() : 0;
        Field corrupted =
                Field.tokens(tokens.name(), vocabulary, tokens.meaning().padding(), source);
        return decoder().beside(List.of(corrupted), vocabulary, labels);
    }

    /** @param ids of a corrupted text @param labels what was taken out */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Corrupted(long[] ids, long[] labels) {}

    /** Takes stretches out of a text. */
    Corrupted corrupt(long[] text, RandomState state) {
        if (text.length < 2) {
            return new Corrupted(text.length == 0 ? new long[] {eosTokenId} : text, new long[] {TokenLoss.IGNORED});
        }
        Spans spans = Spans.draw(text.length, noiseDensity, meanNoiseSpanLength, state.generator());
        int count = spans.noise().length;
        int noise = Spans.noiseTokens(text.length, noiseDensity);
        long[] ids = new long[text.length - noise + count + 1];
        long[] labels = new long[noise + count + 1];
        int at = 0;
        int source = 0;
        int label = 0;
        for (int i = 0; i < count; i++) {
            System.arraycopy(text, at, ids, source, spans.text()[i]);
            at += spans.text()[i];
            source += spans.text()[i];
            ids[source++] = sentinelStartId - i;
            labels[label++] = sentinelStartId - i;
            System.arraycopy(text, at, labels, label, spans.noise()[i]);
            at += spans.noise()[i];
            label += spans.noise()[i];
        }
        ids[source] = eosTokenId;
        labels[label] = eosTokenId;
        return new Corrupted(ids, labels);
    }

    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        TokenBatch tokens = TokenBatch.of(batch, "span_corruption");
        RandomState drawn = pass.training() ? Draw.ofStep() : null;
        List<long[]> sources = new ArrayList<>();
        List<long[]> targets = new ArrayList<>();
        for (int i = 0; i < tokens.rows(); i++) {
            long[] text = new long[tokens.real()[i]];
            System.arraycopy(tokens.ids(), i * tokens.steps(), text, 0, text.length);
            Corrupted made = corrupt(text, drawn == null ? Draw.ofContent(text, 0, text.length) : drawn.derive(i));
            sources.add(made.ids());
            targets.add(made.labels());
        }
        int steps = sources.stream().mapToInt(ids -> ids.length).max().orElse(1);
        int labelled = targets.stream().mapToInt(ids -> ids.length).max().orElse(1);
        long[] ids = padded(sources, steps, tokens.column().field().meaning().padding());
        long[] labels = padded(targets, labelled, TokenLoss.IGNORED);
        boolean[] real = new boolean[ids.length];
        for (int i = 0; i < sources.size(); i++) {
            Arrays.fill(real, i * steps, i * steps + sources.get(i).length, true);
        }
        Shape shape = Shape.of(tokens.rows(), steps);
        String name = tokens.column().field().name();
        Tensors source =
                Tensors.of(Map.of(name, Tensor.of(ids, shape))).with(Batch.MASK, DecoderInput.mask(real, shape));
        Tensor logits = models.main()
                .forward(decoder().beside(source, labels, tokens.rows(), labelled), pass)
                .main();
        Tensor right = Tensor.of(labels, Shape.of(tokens.rows(), labelled)).to(logits.device());
        return loss().of(logits, right, batch);
    }

    private static long[] padded(List<long[]> rows, int steps, long padding) {
        long[] all = new long[rows.size() * steps];
        Arrays.fill(all, padding);
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * steps, rows.get(i).length);
        }
        return all;
    }

    /** What is learned is drawn from the inputs. */
    @Override
    public boolean answersTargets() {
        return false;
    }

    @Override
    public boolean passesOnce() {
        return true;
    }

    @Override
    public Set<String> parts() {
        return loss().parts();
    }

    @Override
    public Loss answer(int output) {
        return loss().crossEntropy();
    }
}
