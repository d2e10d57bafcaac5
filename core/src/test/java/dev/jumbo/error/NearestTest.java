package dev.jumbo.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void counts_edits_as_levenshtein_does() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("same", "same")).isZero();
    }
}
