package dev.jumbo.train.metrics;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many bits a model of texts needs for a byte of the text: {@code sum of -log2 p(token) / sum of bytes(token)} over the tokens that count.
 * Unlike perplexity it compares models with different tokenizers. It needs to know how many bytes of UTF-8 a token stands for: from the names
 * of the target's classes where they are the tokens' texts (those of characters are), otherwise from one of its settings.
 *
 * @param tokenBytes bytes of each token by its id; a token of 0 bytes, such as an end of document, does not count
 * @param bytesPerToken bytes of the text over its tokens, in the place of {@code tokenBytes}; 1 for tokens that are bytes; 0 where not given
 */
@Kind("bits_per_byte")
@Doc("Bits that a model of texts needs for a byte of the text.")
public record BitsPerByte(
        @Doc("Bytes of each token by its id; by default of the names of the target's classes.") @Default("[]")
        List<Integer> tokenBytes,

        @Doc("Bytes of the text over its tokens, in the place of token_bytes; 1 for tokens that are bytes.")
        @Default("0.0")
        double bytesPerToken)
        implements Metric {
    private static final double LN_2 = Math.log(2);

    /** @throws InputException if both are given, or a number is negative */
    public BitsPerByte {
        tokenBytes = List.copyOf(tokenBytes);
        if (!(bytesPerToken >= 0)
                || Double.isInfinite(bytesPerToken)
                || tokenBytes.stream().anyMatch(n -> n < 0)) {
            throw new InputException("bits_per_byte: expected numbers of bytes of 0 or more, received " + bytesPerToken
                    + " and " + tokenBytes);
        }
        if (bytesPerToken > 0 && !tokenBytes.isEmpty()) {
            throw new InputException("bits_per_byte: expected token_bytes or bytes_per_token, received both");
        }
    }

    @Override
    public String name() {
        return "bits_per_byte";
    }

    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.OWN;
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public boolean isWeighted() {
        return true;
    }

    /** With the bytes of the classes' names, where nothing else is said. */
    @Override
    public BitsPerByte fitted(Target target) {
        if (bytesPerToken > 0 || !tokenBytes.isEmpty()) {
            return this;
        }
        if (target.classes().isEmpty()) {
            throw new InputException("bits_per_byte: expected to know how many bytes a token of " + target.name()
                    + " stands for; write bits_per_byte: {bytes_per_token: N} with the bytes of the text over its tokens (1"
                    + " for tokens that are bytes), or token_bytes with a number for each id; or measure a text behind the"
                    + " training (jumbo evaluate RUN --perplexity FILE)");
        }
        List<Integer> bytes = new ArrayList<>();
        target.classes().forEach(name -> bytes.add(name.getBytes(StandardCharsets.UTF_8).length));
        return new BitsPerByte(bytes, 0);
    }

    private double bytes(int token) {
        if (bytesPerToken > 0) {
            return bytesPerToken;
        }
        if (token >= tokenBytes.size()) {
            throw new InputException("bits_per_byte.token_bytes: expected a number for each id, received "
                    + tokenBytes.size() + ", and the token " + token);
        }
        return tokenBytes.get(token);
    }

    @Override
    public Accumulator start() {
        return new Accumulator() {
            private double nats;
            private double bytes;

            @Override
            public void add(Predictions predictions) {
                for (int row = 0; row < predictions.rows(); row++) {
                    double weight = predictions.weight(row);
                    if (!predictions.counts(row) || weight == 0) {
                        continue;
                    }
                    double length = bytes(predictions.target(row));
                    if (length > 0) {
                        nats += weight * Probabilities.logLoss(predictions, row);
                        bytes += weight * length;
                    }
                }
            }

            @Override
            public double[] state() {
                return new double[] {nats, bytes};
            }

            @Override
            public void merge(double[] state) {
                nats += state[0];
                bytes += state[1];
            }

            @Override
            public double value() {
                return bytes == 0 ? Double.NaN : nats / LN_2 / bytes;
            }
        };
    }

    @Override
    public @Nullable Tensor sums(TensorRows rows) {
        if (!rows.hasClassIds()) {
            return null;
        }
        Tensor counted = rows.counted().to(DType.FLOAT64);
        Tensor lengths = lengths(rows).mul(counted);
        Tensor nothing = Tensor.full(lengths.shape(), 0, DType.FLOAT64).to(lengths.device());
        Tensor nats = rows.logLoss().where(lengths.gt(0), nothing);
        Tensor weights = rows.weights();
        if (weights != null) {
            lengths = lengths.mul(weights);
            nats = nats.mul(weights).where(weights.gt(0), nothing);
        }
        return Tensor.stack(List.of(nats.sum(), lengths.sum()), 0);
    }

    private Tensor lengths(TensorRows rows) {
        if (bytesPerToken > 0) {
            return Tensor.full(Shape.of(rows.rows()), bytesPerToken, DType.FLOAT64)
                    .to(rows.outputs().device());
        }
        if (rows.rows() > 0) {
            bytes((int) rows.target().max().item());
        }
        double[] table = tokenBytes.stream().mapToDouble(n -> n).toArray();
        return Tensor.of(table, Shape.of(table.length))
                .to(rows.outputs().device())
                .gather(0, rows.target());
    }
}
