package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Transform;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Spec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Text to the different tokens that it has, and beside them their TF-IDF weights. Where it stands as {@code text}, it makes {@code text}, ids in the
 * order in which they first occur, and {@code text_weights}, which a {@code weighted_sum} behind an {@code embedding} reads: a linear model of TF-IDF
 * features, or the beginning of a deeper one.
 *
 * <p>The weight of a token that a text has {@code tf} times and {@code df} of {@code n} training texts have is {@code tf * idf} with
 * {@code idf = ln((1 + n) / (1 + df)) + 1}, and the weights of a text are divided by their L2 norm, as scikit-learn's {@code TfidfTransformer}
 * does by default. Tokens that no training text has are left out, as there: nothing is known of them. A text of such tokens alone is one
 * padding id of weight 0.
 *
 * @param of the column; the one of its own name where null
 * @param by makes the tokens, such as {@link NGrams} or {@link Tokenize}
 * @param sublinearTf whether {@code 1 + ln(tf)} stands in the place of {@code tf}
 * @param documents n; fitted
 * @param documentCounts the df of ids 0, 1, 2 and so on, up to the last one that a training text had, in digits with blanks between: a list of
 *     several hundred thousand would take a line of a file for each; fitted
 */
@Kind("tfidf")
@Doc("Text to its different tokens and their TF-IDF weights: NAME and NAME_weights.")
public record Tfidf(
        @Doc("The column; that of its own name if left out.") @Default("null") @Nullable
        String of,

        @Doc("The transform that makes tokens: ngrams, tokenize or tokenizer.")
        Transform by,

        @Doc("Whether 1 + ln(tf) stands in the place of tf.") @Default("false")
        boolean sublinearTf,

        @Doc("Number of training texts; counted.") @Default("null") @Nullable
        Integer documents,

        @Doc("How many training texts have each id, from 0 on, with blanks between; counted.")
        @Default("null")
        @Nullable
        String documentCounts)
        implements Transform {
    /** What is behind the name of the weights. */
    public static final String WEIGHTS = "_weights";

    public Tfidf {
        if (!(by instanceof UnaryTransform)) {
            throw new InputException("tfidf.by: expected a transform of one text, such as ngrams, received " + by);
        }
        documents = documents != null && documents == 0 ? null : documents;
        documentCounts = documentCounts != null && documentCounts.isEmpty() ? null : documentCounts;
        if (documents == null ? documentCounts != null : documents < 1 || documentCounts == null) {
            throw new InputException("tfidf: expected documents and document_counts of the same texts, or neither,"
                    + " received " + documents + " documents and "
                    + (documentCounts == null ? null : "\"" + start(documentCounts) + "\""));
        }
        for (int count : counts(documentCounts)) {
            if (count < 0 || documents == null || count > documents) {
                throw new InputException(
                        "tfidf: expected document_counts from 0 to the " + documents + " documents, received " + count);
            }
        }
    }

    private static int[] counts(@Nullable String text) {
        try {
            return text == null
                    ? new int[0]
                    : Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
        } catch (NumberFormatException e) {
            throw new InputException("tfidf: expected document_counts of whole numbers with blanks between, received \""
                    + start(Objects.requireNonNull(text)) + "\"");
        }
    }

    private static String start(String text) {
        return text.length() <= 20 ? text : text.substring(0, 20) + "...";
    }

    /** Of the column of its own name, to be fitted. */
    public static Tfidf of(UnaryTransform by, boolean sublinearTf) {
        return new Tfidf(null, by, sublinearTf, null, null);
    }

    private UnaryTransform tokens() {
        return (UnaryTransform) by;
    }

    private Field output(Field raw) {
        Field made = tokens().output(raw);
        if (made.meaning() instanceof Meaning.Tokens && made.isRagged()) {
            return made;
        }
        throw new InputException("tfidf.by: expected a transform that makes tokens, received one that makes " + made);
    }

    private long padding(Field raw) {
        return output(raw).meaning() instanceof Meaning.Tokens tokens ? tokens.padding() : 0;
    }

    @Override
    public List<String> reads(String name) {
        return List.of(of == null ? name : of);
    }

    @Override
    public List<Field> rawFields(String name) {
        return List.of(tokens().raw(reads(name).get(0)));
    }

    @Override
    public List<Field> outputs(String name, List<Field> raw) {
        Field made = output(raw.get(0));
        int most = made.elements();
        return List.of(
                new Field(name, made.spec(), made.meaning()),
                new Field(name + WEIGHTS, Spec.floats(most).varying(0), new Meaning.Numbers()));
    }

    /** Fits what makes the tokens, then counts texts. */
    @Override
    public Tfidf fitAll(List<Field> raw, Iterable<List<Object>> training) {
        if (documents != null) {
            return this;
        }
        Iterable<Object> texts = () -> StreamSupport.stream(training.spliterator(), false)
                .map(row -> row.get(0))
                .iterator();
        UnaryTransform fitted = tokens().fit(raw.get(0), texts);
        int[] counts = new int[0];
        int seen = 0;
        int ids = 0;
        try (UnaryTransform.Applied opened = fitted.open(raw.get(0))) {
            for (Object text : texts) {
                seen++;
                for (long id : counted((long[]) opened.apply(text)).keySet()) {
                    int at = Math.toIntExact(id);
                    counts = at < counts.length ? counts : Arrays.copyOf(counts, Math.max(2 * counts.length, at + 1));
                    counts[at]++;
                    ids = Math.max(ids, at + 1);
                }
            }
        }
        String found = IntStream.of(Arrays.copyOf(counts, ids))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
        return new Tfidf(of, fitted, sublinearTf, seen, found);
    }

    /** How often a text has each id, in the order in which they first occur. */
    private static Map<Long, Integer> counted(long[] ids) {
        Map<Long, Integer> counts = new LinkedHashMap<>();
        for (long id : ids) {
            counts.merge(id, 1, Integer::sum);
        }
        return counts;
    }

    @Override
    public Opened openAll(List<Field> raw) {
        UnaryTransform.Applied opened = tokens().open(raw.get(0));
        long padding = padding(raw.get(0));
        double all = documents == null ? 0 : documents;
        double[] idf = IntStream.of(counts(documentCounts))
                .mapToDouble(df -> df == 0 ? 0 : Math.log((1 + all) / (1.0 + df)) + 1)
                .toArray();
        return new Opened() {
            @Override
            public List<Object> apply(List<Object> texts) {
                return weighted(counted((long[]) opened.apply(texts.get(0))), idf, padding);
            }

            @Override
            public boolean knows(List<Object> texts) {
                return LongStream.of((long[]) opened.apply(texts.get(0)))
                        .anyMatch(id -> id < idf.length && idf[(int) id] > 0);
            }

            @Override
            public void close() {
                opened.close();
            }
        };
    }

    private List<Object> weighted(Map<Long, Integer> counts, double[] idf, long padding) {
        long[] ids = new long[counts.size()];
        double[] weights = new double[counts.size()];
        int known = 0;
        double squares = 0;
        for (Map.Entry<Long, Integer> entry : counts.entrySet()) {
            long id = entry.getKey();
            double rarity = id < idf.length ? idf[(int) id] : 0;
            if (rarity > 0) {
                double tf = sublinearTf ? 1 + Math.log(entry.getValue()) : entry.getValue();
                ids[known] = id;
                weights[known] = tf * rarity;
                squares += weights[known] * weights[known];
                known++;
            }
        }
        if (known == 0) {
            return List.of(new long[] {padding}, new float[] {0});
        }
        float[] shares = new float[known];
        for (int i = 0; i < known; i++) {
            shares[i] = (float) (weights[i] / Math.sqrt(squares));
        }
        return List.of(Arrays.copyOf(ids, known), shares);
    }

    @Override
    public List<Path> files() {
        return by.files();
    }

    @Override
    public Tfidf withFiles(List<Path> places) {
        return new Tfidf(of, by.withFiles(places), sublinearTf, documents, documentCounts);
    }
}
