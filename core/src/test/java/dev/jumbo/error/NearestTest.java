package dev.jumbo.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KEYS = List.of("epochs", "batch_size", "learning_rate");

    @Test
    void names_the_key_that_was_probably_meant() {
        assertThat(Nearest.to("epoch", KEYS)).contains("epochs");
        assertThat(Nearest.to("lerning_rat", KEYS)).contains("learning_rate");
        assertThat(Nearest.hint("batchsize", KEYS)).isEqualTo(" (did you mean \"batch_size\"?)");
    }

    @Test
    void lists_all_keys_where_none_is_near() {
        assertThat(Nearest.to("zebra_crossing", KEYS)).isEmpty();
        assertThat(Nearest.hint("zebra_crossing", KEYS)).isEqualTo(" (known: batch_size, epochs, learning_rate)");
    }

    @Test
    void three_thousand_known_names_are_cut_to_ten_with_a_count() {
        List<String> prices =
                IntStream.range(0, 3000).mapToObj(i -> "1." + (1000 + i)).toList();
        assertThat(Nearest.hint("x".repeat(30), prices))
                .isEqualTo(" (known: 1.1000, 1.1001, 1.1002, 1.1003, 1.1004, 1.1005, 1.1006, 1.1007, 1.1008, 1.1009"
                        + " and 2,990 more)");
        assertThat(Nearest.list(List.of("b".repeat(1000)))).hasSize(40).endsWith("\u2026");
    }

    @Test
    void counts_edits_as_levenshtein_does() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("same", "same")).isZero();
    }
}
