package dev.jumbo.data.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenDatasetTest {
    private static final int END = 99;
    private static final int PAD = (int) TokenDataset.IGNORED;

    @TempDir
    Path dir;

    private TokenShards shards(int... lengths) {
        return shards(IntStream.of(lengths).boxed().toList());
    }

    /** Documents of these lengths whose tokens count on from 0, in shards of a few. */
    private TokenShards shards(List<Integer> lengths) {
        TokenFormat format = TokenFormat.of("numbers", "0".repeat(64), 70_000, END, 0);
        int next = 0;
        try (TokenSetWriter set = TokenSetWriter.create(dir, format, 80)) {
            for (int length : lengths) {
                set.add(IntStream.range(next, next + length).toArray());
                next += length;
            }
            set.finish();
        }
        return TokenShards.open(dir);
    }

    private static long[][] example(Dataset dataset, int index) {
        Row row = Row.single(dataset);
        dataset.read(index, row);
        return new long[][] {row.longs(0), row.longs(1)};
    }

    @Test
    void windows_of_the_stream_cross_documents_and_shards() {
        Dataset dataset = TokenDataset.of(shards(3, 2, 18, 4), 5, Windows.STREAM);

        // 0 1 2 E 3 4 E 5 ... 22 E 23 24 25 26 E: 31 tokens, 30 targets.
        assertThat(dataset.size()).isEqualTo(6);
        assertThat(example(dataset, 0)).isDeepEqualTo(new long[][] {{0, 1, 2, END, 3}, {1, 2, END, 3, 4}});
        assertThat(example(dataset, 1)).isDeepEqualTo(new long[][] {{4, END, 5, 6, 7}, {END, 5, 6, 7, 8}});
        assertThat(example(dataset, 5)).isDeepEqualTo(new long[][] {{END, 23, 24, 25, 26}, {23, 24, 25, 26, END}});
    }

    @Test
    void windows_of_documents_do_not_cross_them_and_are_filled_up() {
        Dataset dataset = TokenDataset.of(shards(3, 0, 6, 1), 4, Windows.DOCUMENT);

        assertThat(dataset.size()).isEqualTo(4);
        assertThat(example(dataset, 0)).isDeepEqualTo(new long[][] {{0, 1, 2, END}, {1, 2, END, PAD}});
        assertThat(example(dataset, 1)).isDeepEqualTo(new long[][] {{3, 4, 5, 6}, {4, 5, 6, 7}});
        assertThat(example(dataset, 2)).isDeepEqualTo(new long[][] {{7, 8, END, END}, {8, END, PAD, PAD}});
        assertThat(example(dataset, 3)).isDeepEqualTo(new long[][] {{9, END, END, END}, {END, PAD, PAD, PAD}});
    }

    @Test
    void every_token_behind_the_first_of_its_document_is_a_target_once() {
        SplittableRandom random = new SplittableRandom(1);
        List<Integer> lengths =
                random.ints(1500, 0, 19).map(n -> n < 6 ? 0 : n).boxed().toList();
        Dataset dataset = TokenDataset.of(shards(lengths), 7, Windows.DOCUMENT);

        List<Long> targets = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            Arrays.stream(example(dataset, i)[1]).filter(t -> t != PAD).forEach(targets::add);
        }

        List<Long> expected = new ArrayList<>();
        long next = 0;
        for (int length : lengths) {
            for (long token = next + 1; token < next + length; token++) {
                expected.add(token);
            }
            if (length > 0) {
                expected.add((long) END);
            }
            next += length;
        }
        assertThat(targets).isEqualTo(expected);
    }

    @Test
    void any_number_of_threads_reads_the_same_batches_and_a_resume_goes_on_with_them() {
        Dataset dataset = TokenDataset.of(
                shards(IntStream.range(0, 300).map(i -> i % 19).boxed().toList()), 8, Windows.STREAM);

        List<long[]> one = batches(dataset, 1, 0);
        List<long[]> four = batches(dataset, 4, 0);
        List<long[]> rest = batches(dataset, 2, 11);

        assertThat(one).hasSizeGreaterThan(20);
        assertThat(four).usingRecursiveComparison().isEqualTo(one);
        assertThat(rest).usingRecursiveComparison().isEqualTo(one.subList(2 * 11, one.size()));
    }

    private static List<long[]> batches(Dataset dataset, int threads, int from) {
        Loader loader = Loader.of(dataset)
                .batchSize(16)
                .threads(threads)
                .shuffle(RandomState.of(4))
                .preprocessing(dataset.preprocessing())
                .build();
        List<long[]> all = new ArrayList<>();
        try (Loader.Epoch epoch = loader.epoch(2, from)) {
            while (epoch.hasNext()) {
                Batch batch = epoch.next();
                all.add(batch.inputs().get(0).longs());
                all.add(batch.targets().get(0).longs());
            }
        }
        return all;
    }

    @Test
    void refuses_a_context_longer_than_the_stream() {
        TokenShards shards = shards(3, 4);

        assertThat(TokenDataset.of(shards, 8, Windows.STREAM).size()).isEqualTo(1);
        assertThatThrownBy(() -> TokenDataset.of(shards, 9, Windows.STREAM))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least one window of 9");
        assertThatThrownBy(() -> TokenDataset.of(shards, 0, Windows.STREAM))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("context of 1");
    }

    @Test
    void the_fingerprint_tells_other_windows_and_other_tokens_apart() {
        TokenShards shards = shards(15, 16);

        assertThat(TokenDataset.of(shards, 8, Windows.STREAM).fingerprint())
                .isEqualTo(TokenDataset.of(TokenShards.open(dir), 8, Windows.STREAM)
                        .fingerprint())
                .isNotEqualTo(TokenDataset.of(shards, 9, Windows.STREAM).fingerprint())
                .isNotEqualTo(TokenDataset.of(shards, 8, Windows.DOCUMENT).fingerprint())
                .startsWith(shards.fingerprint());
    }
}
