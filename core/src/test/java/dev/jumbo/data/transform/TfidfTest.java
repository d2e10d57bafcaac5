package dev.jumbo.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TfidfTest {
    private static final JsonNode FIXTURE = JsonFixture.read("tfidf");
    private static final Field TEXT = Field.text("text");

    private static List<String> texts(String part) {
        return StreamSupport.stream(FIXTURE.get(part).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Tfidf fitted(Tfidf tfidf, List<String> texts) {
        return tfidf.fitAll(
                List.of(TEXT),
                texts.stream()
                        .map(text -> List.<Object>of(text.getBytes(StandardCharsets.UTF_8)))
                        .toList());
    }

    private static List<Object> apply(Tfidf tfidf, String text) {
        try (Transform.Opened opened = tfidf.openAll(List.of(TEXT))) {
            return opened.apply(List.of(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Words with their weights. */
    private static Map<String, Float> words(Tfidf tfidf, String text) {
        List<Object> made = apply(tfidf, text);
        List<String> entries = ((Tokenize) tfidf.by()).entries();
        long[] ids = (long[]) made.get(0);
        float[] weights = (float[]) made.get(1);
        assertThat(weights).hasSameSizeAs(ids);
        Map<String, Float> words = new LinkedHashMap<>();
        for (int i = 0; i < ids.length; i++) {
            assertThat(words.put(entries.get((int) ids[i] - 2), weights[i])).isNull();
        }
        return words;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weights_are_those_of_scikit_learn(boolean sublinear) {
        Tfidf tfidf = fitted(Tfidf.of(Tokenize.words(100), sublinear), texts("train"));
        for (String part : List.of("train", "others")) {
            JsonNode expected = FIXTURE.get((sublinear ? "sublinear_" : "linear_") + part);
            List<String> texts = texts(part);
            for (int i = 0; i < texts.size(); i++) {
                Map<String, Float> words = words(tfidf, texts.get(i));
                JsonNode row = expected.get(i);
                assertThat(words).as(texts.get(i)).hasSize(row.size());
                words.forEach((word, weight) -> assertThat(weight)
                        .as(word)
                        .isCloseTo((float) row.get(word).asDouble(), within(1e-6f)));
            }
        }
    }

    @Test
    void a_text_of_which_nothing_is_known_is_one_padding_id_without_weight() {
        Tfidf tfidf = fitted(Tfidf.of(NGrams.of(2, 1 << 20), false), texts("train"));
        List<Object> made = apply(tfidf, "quite other words");
        assertThat((long[]) made.get(0)).containsExactly(0);
        assertThat((float[]) made.get(1)).containsExactly(0);
    }

    @Test
    void it_is_fitted_once_and_says_what_it_makes() {
        Tfidf tfidf = fitted(Tfidf.of(NGrams.of(1, 50), true), List.of("a b b", "a"));
        assertThat(tfidf.documents()).isEqualTo(2);
        assertThat(Stream.of(Objects.requireNonNull(tfidf.documentCounts()).split(" "))
                        .mapToInt(Integer::parseInt)
                        .sum())
                .isEqualTo(3);
        assertThat(fitted(tfidf, List.of("something else"))).isEqualTo(tfidf);
        List<Field> made =
                new Tfidf("review", NGrams.of(1, 50), true, null, null).outputs("text", List.of(Field.text("review")));
        assertThat(made.stream().map(Field::toString)).containsExactly("text [4096*] INT64", "text_weights [4096*]");
    }

    @Test
    void a_training_split_is_seen_through_it_with_ids_and_weights_side_by_side() {
        Dataset raw = RaggedDataset.of(
                List.of(Column.Bytes.of(TEXT, texts("train").toArray(String[]::new))),
                List.of(ArrayDataset.column(Field.classId("label", List.of("no", "yes")), new long[] {0, 1, 1, 0, 1})));
        Dataset seen = Transformed.fitted(RawDataset.of(raw, Map.of("text", Tfidf.of(Tokenize.words(100), true))));
        Row row = Row.single(seen);
        for (int i = 0; i < seen.size(); i++) {
            seen.read(i, row);
            double squares = 0;
            for (int k = 0; k < seen.length(i, 1); k++) {
                float weight = row.floats(1)[row.offset(1) + k];
                squares += (double) weight * weight;
            }
            assertThat(seen.length(i, 0)).isEqualTo(seen.length(i, 1));
            assertThat(squares).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void what_makes_no_tokens_and_counts_without_texts_are_refused() {
        assertThatThrownBy(() -> new Tfidf(
                        null, new TokenPair(List.of("a", "b"), Tokenize.words(9), 9, false), true, null, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("of one text");
        assertThatThrownBy(() -> new Tfidf(null, NGrams.of(1, 9), true, null, "1"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("document_counts");
        assertThatThrownBy(() -> new Tfidf(null, NGrams.of(1, 9), true, 2, "3"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 3");
        assertThatThrownBy(() -> new Tfidf(null, NGrams.of(1, 9), true, 2, "1 x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("whole numbers");
    }
}
