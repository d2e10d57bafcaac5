package dev.jumbo.data.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static final int END = 999;

    /** Documents of unlike lengths whose ids are all different, but for their ends. */
    private static MemoryTokens documents(int... lengths) {
        MemoryTokens.Builder builder = MemoryTokens.builder(1000, END);
        int id = 0;
        for (int length : lengths) {
            int[] ids = new int[length];
            for (int i = 0; i < length - 1; i++) {
                ids[i] = id++;
            }
            if (length > 0) {
                ids[length - 1] = END;
            }
            builder.add(ids);
        }
        return builder.build();
    }

    private static long[] field(Dataset data, int example, int field) {
        Row row = Row.single(data);
        data.read(example, row);
        return row.longs(field).clone();
    }

    @Test
    void texts_of_which_other_ids_are_learned_have_another_fingerprint() {
        boolean[] first = new boolean[600];
        boolean[] second = new boolean[600];
        Arrays.fill(first, true);
        Arrays.fill(second, true);
        first[5] = false;
        second[5 + 256] = false;
        assertThat(MemoryTokens.builder(10, 0).add(new int[600], first).build().fingerprint())
                .isNotEqualTo(MemoryTokens.builder(10, 0)
                        .add(new int[600], second)
                        .build()
                        .fingerprint());
    }

    @Test
    void wrapped_blocks_have_every_token_but_the_first_as_a_target_once() {
        MemoryTokens tokens = documents(5, 1, 9, 3, 0, 7);
        Dataset blocks = WrappedDocuments.of(tokens, 4, false, Map.of());
        long[] all = new long[25];
        tokens.read(0, 25, all, 0);
        List<Long> targets = new ArrayList<>();
        List<Long> inputs = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            long[] given = field(blocks, i, 0);
            long[] next = field(blocks, i, 1);
            for (int t = 0; t < 4; t++) {
                if (next[t] != DocumentTokens.IGNORED) {
                    inputs.add(given[t]);
                    targets.add(next[t]);
                }
            }
        }
        assertThat(targets)
                .containsExactlyElementsOf(Arrays.stream(all).skip(1).boxed().toList());
        assertThat(inputs)
                .containsExactlyElementsOf(Arrays.stream(all).limit(24).boxed().toList());
    }

    @Test
    void with_document_masks_positions_restart_and_no_target_is_of_another_document() {
        Dataset blocks = WrappedDocuments.of(documents(3, 5, 2), 4, true, Map.of());
        assertThat(blocks.inputs()).extracting(f -> f.name()).containsExactly("tokens", "positions", "documents");
        assertThat(field(blocks, 0, 0)).containsExactly(0, 1, END, 2);
        assertThat(field(blocks, 0, 1)).containsExactly(0, 1, 2, 0);
        assertThat(field(blocks, 0, 2)).containsExactly(0, 0, 0, 1);
        assertThat(field(blocks, 0, 3)).containsExactly(1, END, -100, 3);
        // The second document goes on in the second block, as a document of its own.
        assertThat(field(blocks, 1, 0)).containsExactly(3, 4, 5, END);
        assertThat(field(blocks, 1, 1)).containsExactly(0, 1, 2, 3);
        assertThat(field(blocks, 1, 3)).containsExactly(4, 5, END, -100);
        assertThat(field(blocks, 2, 0)).containsExactly(6, END, END, END);
        assertThat(field(blocks, 2, 1)).containsExactly(0, 0, 1, 2);
        assertThat(field(blocks, 2, 2)).containsExactly(0, 1, 1, 1);
        assertThat(field(blocks, 2, 3)).containsExactly(END, -100, -100, -100);
    }

    @Test
    void best_fit_keeps_documents_whole_and_puts_each_into_the_fullest_block_that_has_room() {
        // Steps 6, 4, 3, 2, 1 in blocks of 6: [6], [4, 2], [3, 1].
        Dataset blocks = BestFitDocuments.of(documents(4, 7, 2, 5, 3, 1), 6, true, Map.of());
        assertThat(blocks.size()).isEqualTo(3);
        List<Integer> filled = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            filled.add((int) Arrays.stream(field(blocks, i, 3))
                    .filter(id -> id != DocumentTokens.IGNORED)
                    .count());
        }
        assertThat(filled).containsExactlyInAnyOrder(6, 6, 4);
    }

    @Test
    void best_fit_has_every_target_of_documents_that_fit_and_as_few_blocks_as_first_fit_may_need() {
        SplittableRandom random = new SplittableRandom(3);
        int[] lengths = random.ints(400, 2, 18).toArray();
        MemoryTokens tokens =
                documents(Arrays.stream(lengths).map(l -> Math.min(l, 3)).toArray());
        assertThat(tokens.documents()).isEqualTo(400);
        Dataset blocks = BestFitDocuments.of(MemoryOf.lengths(lengths), 16, true, Map.of());
        long steps = Arrays.stream(lengths).map(l -> l - 1).sum();
        long learned = 0;
        for (int i = 0; i < blocks.size(); i++) {
            learned += Arrays.stream(field(blocks, i, 3))
                    .filter(id -> id != DocumentTokens.IGNORED)
                    .count();
        }
        assertThat(learned).isEqualTo(steps);
        // 11/9 of the best and 6/9 (Dosa, 2007), which is at least the steps by the size of a block.
        assertThat(blocks.size()).isLessThanOrEqualTo((int) (11.0 / 9 * (steps / 16 + 1) + 1));
    }

    /** Documents of these lengths, of the id 1. */
    private static final class MemoryOf {
        static MemoryTokens lengths(int[] lengths) {
            MemoryTokens.Builder builder = MemoryTokens.builder(0, null);
            for (int length : lengths) {
                int[] ids = new int[length];
                Arrays.fill(ids, 1);
                builder.add(ids);
            }
            return builder.build();
        }
    }

    @Test
    void what_is_not_to_be_learned_is_an_ignored_target() {
        MemoryTokens tokens = MemoryTokens.builder(10, 9)
                .add(new int[] {1, 2, 3, 4, 9}, new boolean[] {false, false, false, true, true})
                .build();
        assertThat(tokens.learned()).isEqualTo(2);
        Dataset single = SingleDocuments.of(tokens, 8, Map.of());
        assertThat(single.length(0, 0)).isEqualTo(4);
        assertThat(Arrays.copyOf(field(single, 0, 0), 4)).containsExactly(1, 2, 3, 4);
        assertThat(Arrays.copyOf(field(single, 0, 1), 4)).containsExactly(-100, -100, 4, 9);
        assertThat(field(WrappedDocuments.of(tokens, 4, false, Map.of()), 0, 1)).containsExactly(-100, -100, 4, 9);
    }

    @Test
    void a_part_has_the_ids_of_its_range_and_their_masks() {
        MemoryTokens tokens = documents(5, 4, 6);
        MemoryTokens part = tokens.part(3, 12);
        long[] ids = new long[9];
        long[] expected = new long[9];
        part.read(0, 9, ids, 0);
        tokens.read(3, 9, expected, 0);
        assertThat(ids).isEqualTo(expected);
        assertThat(part.documents()).isEqualTo(3);
        assertThat(part.start(1)).isEqualTo(2);
        assertThat(part.fingerprint()).isNotEqualTo(tokens.fingerprint());
    }

    @Test
    void too_little_text_and_ids_beyond_the_vocabulary_are_refused() {
        assertThatThrownBy(() -> WrappedDocuments.of(documents(1), 4, false, Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 1; give a longer text");
        assertThatThrownBy(() -> SingleDocuments.of(documents(1, 1), 4, Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a document of two tokens or more");
        assertThatThrownBy(() -> MemoryTokens.builder(10, null).add(new int[] {10}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected ids from 0 to 9, received 10");
    }
}
