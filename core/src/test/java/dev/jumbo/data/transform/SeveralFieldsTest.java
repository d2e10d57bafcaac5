package dev.jumbo.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.data.sets.MixedStream;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.stream.StreamDataset;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Transforms that read several fields, and transforms of streams. */
class SeveralFieldsTest {
    private static final String[] FIRST = {"a b", "c", "b b a d", "a"};
    private static final String[] SECOND = {"b", "a a a", "c", "e f"};
    private static final long[] LABELS = {0, 1, 1, 0};
    private static final Field LABEL = Field.classId("label", List.of("no", "yes"));
    private static final TokenPair PAIR = new TokenPair(List.of("first", "second"), Tokenize.words(20), 9, false);

    private static Dataset dataset(Map<String, Transform> transforms) {
        return Transformed.fitted(RawDataset.of(
                RaggedDataset.of(
                        List.of(
                                Column.Bytes.of(Field.text("first"), FIRST),
                                Column.Bytes.of(Field.text("other"), FIRST),
                                Column.Bytes.of(Field.text("second"), SECOND)),
                        List.of(ArrayDataset.column(LABEL, LABELS))),
                transforms));
    }

    private static long[] ids(Dataset dataset, int index, int field) {
        Row row = Row.single(dataset);
        dataset.read(index, row);
        int from = row.offset(field);
        return Arrays.copyOfRange(row.longs(field), from, from + dataset.length(index, field));
    }

    @Test
    void two_texts_become_tokens_with_a_separator_and_segments() {
        Dataset seen = dataset(Map.of("pair", PAIR, "other", Tokenize.characters(30)));
        // a: 6 times, b: 4, c: 2, d, e, f once: ids from 2 on; the separator is behind the vocabulary.
        assertThat(seen.inputs().stream().map(Field::name)).containsExactly("pair", "pair_segments", "other");
        assertThat(ids(seen, 0, 0)).containsExactly(2, 3, 20, 3);
        assertThat(ids(seen, 0, 1)).containsExactly(0, 0, 0, 1);
        assertThat(ids(seen, 2, 0)).containsExactly(3, 3, 2, 5, 20, 4);
        assertThat(ids(seen, 2, 1)).containsExactly(0, 0, 0, 0, 0, 1);
        assertThat(ids(seen, 1, 2)).hasSize(1);
        Row row = Row.single(seen);
        seen.read(1, row);
        assertThat(row.longs(3)[0]).isEqualTo(1);
        assertThat(seen.inputs().get(0).meaning().toString()).contains("vocabulary=21");
        assertThat(Transformed.applied(seen)).containsOnlyKeys("pair", "other");
    }

    @Test
    void a_field_that_a_transform_reads_may_be_read_by_another_and_what_none_reads_stays() {
        Dataset seen = dataset(Map.of("pair", PAIR, "second", Tokenize.words(20)));
        assertThat(seen.inputs().stream().map(Field::name)).containsExactly("pair", "pair_segments", "other", "second");
        assertThat(ids(seen, 1, 3)).containsExactly(2, 2, 2);
        Row row = Row.single(seen);
        seen.read(2, row);
        assertThat(new String(row.bytes(2), StandardCharsets.UTF_8)).isEqualTo("b b a d");
    }

    @Test
    void longer_pairs_are_refused_or_the_longer_text_is_cut() {
        TokenPair five = new TokenPair(List.of("first", "second"), Tokenize.words(20), 5, false);
        assertThatThrownBy(() -> dataset(Map.of("pair", five)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 2: pair: expected two texts of at most 5 tokens")
                .hasMessageContaining("truncate: true");
        Dataset cut = dataset(Map.of("pair", new TokenPair(List.of("first", "second"), Tokenize.words(20), 5, true)));
        assertThat(ids(cut, 2, 0)).hasSize(5).endsWith(20, 4);
        assertThat(ids(cut, 1, 1)).containsExactly(0, 0, 1, 1, 1);
        Dataset four = dataset(Map.of("pair", new TokenPair(List.of("first", "second"), Tokenize.words(20), 4, true)));
        assertThat(ids(four, 1, 1)).containsExactly(0, 0, 1, 1);
        assertThat(ids(four, 2, 1)).containsExactly(0, 0, 0, 1);
    }

    @Test
    void what_does_not_fit_is_named() {
        assertThatThrownBy(() ->
                        dataset(Map.of("pair", new TokenPair(List.of("first", "secnd"), Tokenize.words(9), 9, true))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received \"secnd\" in \"pair\" (did you mean \"second\"?)");
        assertThatThrownBy(() -> new TokenPair(List.of("a", "b"), PAIR, 9, true))
                .hasMessageContaining("one text");
        assertThatThrownBy(() -> dataset(Map.of("pair", PAIR, "other", new Clash())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("two named \"pair\"");
    }

    /** Makes a field of a name that is there. */
    private record Clash() implements Transform {
        @Override
        public List<String> reads(String name) {
            return List.of(name);
        }

        @Override
        public List<Field> rawFields(String name) {
            return List.of(Field.text(name));
        }

        @Override
        public List<Field> outputs(String name, List<Field> raw) {
            return List.of(Field.tokens("pair", 2, 0, 3));
        }

        @Override
        public Opened openAll(List<Field> raw) {
            return values -> List.of(new long[] {1});
        }
    }

    private static StreamDataset stream() {
        return StreamDataset.of(List.of(Field.text("first"), Field.text("second")), List.of(LABEL), () -> {
                    List<Example> all = new ArrayList<>();
                    for (int i = 0; i < FIRST.length; i++) {
                        all.add(Example.of(
                                FIRST[i].getBytes(StandardCharsets.UTF_8),
                                SECOND[i].getBytes(StandardCharsets.UTF_8),
                                LABELS[i]));
                    }
                    return all.iterator();
                })
                .through(Map.of("pair", PAIR));
    }

    @Test
    void a_stream_through_transforms_has_the_examples_of_the_dataset_through_them() {
        Dataset expected = dataset(Map.of("pair", PAIR));
        for (ExampleStream raw : List.of(stream(), MixedStream.of(MixedStream.part(stream(), 1)))) {
            ExampleStream seen = (ExampleStream) Transformed.fitted(raw);
            assertThat(Transformed.applied(seen)).isEqualTo(Transformed.applied(expected));
            assertThat(Transformed.rawInputs(seen).stream().map(Field::name)).containsExactly("first", "second");
            assertThat(seen.inputs().stream().map(Field::name)).containsExactly("pair", "pair_segments");
            try (ExampleStream.Flow flow = seen.flow(null, 1)) {
                for (int i = 1; i < 9; i++) {
                    Example example = flow.next();
                    assertThat(example.values()).hasSize(3);
                    assertThat((long[]) example.values().get(0)).isEqualTo(ids(expected, i % 4, 0));
                    assertThat((long[]) example.values().get(1)).isEqualTo(ids(expected, i % 4, 1));
                    assertThat((long[]) example.values().get(2)).containsExactly(LABELS[i % 4]);
                }
            }
        }
    }

    @Test
    void an_example_of_a_stream_that_cannot_be_transformed_is_told_with_its_place() {
        StreamDataset raw = stream()
                .through(Map.of("pair", new TokenPair(List.of("first", "second"), Tokenize.words(20), 5, false)));
        try (ExampleStream.Flow flow = ((ExampleStream) Transformed.fitted(raw)).flow(null, 0)) {
            flow.next();
            flow.next();
            assertThatThrownBy(flow::next)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("example 2 of the stream: pair: expected two texts of at most 5 tokens");
        }
    }
}
