package dev.jumbo.text.dataset;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.corpus.PairReader;
import dev.jumbo.text.corpus.TextPair;
import dev.jumbo.text.transform.TokenizerTransform;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of texts of which one is made from the other: translations, summaries, answers. Text files side by side, or JSON lines and Parquet with two
 * columns; what {@code seq2seq_lm} learns from.
 *
 * <p>Fields: the input {@code source}, ids {@code [S]} with the tokenizer's marks, and the target {@code target}, ids {@code [T]} with the one that
 * ends them. One tokenizer has both; the checkpoint takes it along.
 *
 * @param maxSourceLength the most ids of a source, its marks included
 * @param maxTargetLength the most ids of a target, its end included
 * @param truncate whether what is longer loses its end; if not, it is an error
 */
@Kind("seq2seq")
@Doc(
        "Pairs of texts of which one is made from the other, such as translations: text files side by side, JSON lines or Parquet.")
public record Seq2SeqSource(
        @Doc("Where the training pairs are.") PairFiles train,
        @Doc("Which tokenizer: of both sides.") TokenizerConfig tokenizer,

        @Doc("The most tokens of a source, its marks included.") @Default("256")
        int maxSourceLength,

        @Doc("The most tokens of a target, its end included.") @Default("256")
        int maxTargetLength,

        @Doc("Where the validation pairs are.") @Default("null") @Nullable
        PairFiles validation,

        @Doc("Where the test pairs are.") @Default("null") @Nullable
        PairFiles test,

        @Doc("The key of records that has the source.") @Default("source")
        String sourceColumn,

        @Doc("The key of records that has the target.") @Default("target")
        String targetColumn,

        @Doc("Whether what is longer loses its end; if not, it is an error.") @Default("false")
        boolean truncate)
        implements DataSource {
    /** The name under which a checkpoint has the tokenizer. */
    public static final String NAME = "seq2seq";

    /** @throws InputException if a length leaves no room */
    public Seq2SeqSource {
        if (maxSourceLength < 2 || maxTargetLength < 2) {
            throw new InputException("seq2seq: expected a max_source_length and max_target_length of 2 or more,"
                    + " received " + maxSourceLength + " and " + maxTargetLength);
        }
    }

    /** Everything else as files have it by default. */
    public static Seq2SeqSource of(PairFiles train, TokenizerConfig tokenizer) {
        return new Seq2SeqSource(train, tokenizer, 256, 256, null, null, "source", "target", false);
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        TokenizerConfig settled = TrainedTokens.settled(tokenizer, texts -> texts(dir, texts), out);
        try (Tokenizer opened = settled.open()) {
            Map<String, Transform> madeBy =
                    Map.of(NAME, new TokenizerTransform(settled, maxSourceLength, truncate, opened.vocabularySize()));
            EncodedSequences encoded = new EncodedSequences(opened, maxSourceLength, maxTargetLength, truncate, madeBy);
            return DataParts.of(
                    part(train, dir, "train", encoded),
                    validation == null ? null : part(validation, dir, "validation", encoded),
                    test == null ? null : part(test, dir, "test", encoded));
        }
    }

    private Dataset part(PairFiles files, @Nullable Path dir, String key, EncodedSequences encoded) {
        String name = NAME + "." + key;
        try (PairReader pairs = files.open(dir, name, sourceColumn, targetColumn)) {
            return encoded.of(pairs, name, !key.equals("train"));
        }
    }

    /** What a tokenizer of both learns from. */
    private void texts(@Nullable Path dir, Consumer<String> each) {
        try (PairReader pairs = train.open(dir, NAME + ".train", sourceColumn, targetColumn)) {
            for (TextPair pair = pairs.next(); pair != null; pair = pairs.next()) {
                if (!pair.isHalf()) {
                    each.accept(pair.source());
                    each.accept(pair.target());
                }
            }
        }
    }
}
