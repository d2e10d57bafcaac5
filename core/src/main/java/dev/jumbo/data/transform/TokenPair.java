package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Transform;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Two texts to one row of tokens: those of the first, a separator, those of the second; and beside it a row of segments, 0 up to the separator and 1
 * behind it, as of BERT (Devlin et al., 2019, section 3.1). Where it stands as {@code pair}, it makes {@code pair} and {@code pair_segments}.
 *
 * @param of the two raw fields
 * @param by makes tokens of each; fitted on both together. The separator is the id behind its vocabulary
 * @param maxLength the most tokens of both with the separator
 */
@Kind("token_pair")
@Doc("Two texts to one row of tokens with a separator, and a row of segments: NAME and NAME_segments.")
public record TokenPair(
        @Doc("The two columns.") List<String> of,

        @Doc("The transform that makes tokens of each: tokenize or tokenizer.")
        Transform by,

        @Doc("The most tokens of both and the separator.") @Default("512")
        int maxLength,

        @Doc("Whether the longer text loses its end where there are more; if not, it is an error.") @Default("false")
        boolean truncate)
        implements Transform {
    /** What is behind the name of the segments. */
    public static final String SEGMENTS = "_segments";

    public TokenPair {
        of = List.copyOf(of);
        if (of.size() != 2 || of.get(0).equals(of.get(1)) || maxLength < 3) {
            throw new InputException("token_pair: expected two columns and a max_length of 3 or more, received " + of
                    + " and " + maxLength);
        }
        if (!(by instanceof UnaryTransform)) {
            throw new InputException(
                    "token_pair.by: expected a transform of one text, such as tokenize, received " + by);
        }
    }

    private UnaryTransform each() {
        return (UnaryTransform) by;
    }

    private Meaning.Tokens tokens(Field raw) {
        if (each().output(raw).meaning() instanceof Meaning.Tokens tokens) {
            return tokens;
        }
        throw new InputException(
                "token_pair.by: expected a transform that makes tokens, received one that makes " + each().output(raw));
    }

    @Override
    public List<String> reads(String name) {
        return of;
    }

    @Override
    public List<Field> rawFields(String name) {
        return of.stream().map(each()::raw).toList();
    }

    @Override
    public List<Field> outputs(String name, List<Field> raw) {
        Meaning.Tokens first = tokens(raw.get(0));
        tokens(raw.get(1));
        long ids = first.vocabulary() == 0 ? 0 : first.vocabulary() + 1;
        return List.of(
                Field.tokens(name, ids, first.padding(), maxLength), Field.tokens(name + SEGMENTS, 2, 0, maxLength));
    }

    /** Fitted on the texts of both columns. */
    @Override
    public TokenPair fitAll(List<Field> raw, Iterable<List<Object>> training) {
        Iterable<Object> all = () -> StreamSupport.stream(training.spliterator(), false)
                .flatMap(List::stream)
                .iterator();
        return new TokenPair(of, each().fit(raw.get(0), all), maxLength, truncate);
    }

    @Override
    public Opened openAll(List<Field> raw) {
        UnaryTransform.Applied opened = each().open(raw.get(0));
        long separator = tokens(raw.get(0)).vocabulary();
        return new Opened() {
            @Override
            public List<Object> apply(List<Object> texts) {
                return joined((long[]) opened.apply(texts.get(0)), (long[]) opened.apply(texts.get(1)), separator);
            }

            @Override
            public void close() {
                opened.close();
            }
        };
    }

    private List<Object> joined(long[] first, long[] second, long separator) {
        int a = first.length;
        int b = second.length;
        if (a + b + 1 > maxLength) {
            if (!truncate) {
                throw new InputException(
                        "expected two texts of at most " + maxLength + " tokens with a separator, received "
                                + (a + b + 1)
                                + "; train with a larger max_length of token_pair, or with truncate: true, which cuts"
                                + " the longer one");
            }
            // The longer one is cut down to the other's length, then both by turns.
            int room = maxLength - 1;
            int half = room / 2;
            a = Math.min(a, Math.max(room - b, room - half));
            b = Math.min(b, room - a);
        }
        long[] tokens = Arrays.copyOf(first, a + 1 + b);
        long[] segments = new long[a + 1 + b];
        tokens[a] = separator;
        System.arraycopy(second, 0, tokens, a + 1, b);
        Arrays.fill(segments, a + 1, segments.length, 1);
        return List.of(tokens, segments);
    }

    @Override
    public List<Path> files() {
        return by.files();
    }

    @Override
    public TokenPair withFiles(List<Path> places) {
        return new TokenPair(of, by.withFiles(places), maxLength, truncate);
    }
}
