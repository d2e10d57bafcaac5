package dev.jumbo.models.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens are bytes here: every character beyond ASCII comes in several. */
class TextStreamTest {
    private static final String TEXT = "a\u00e9 \u6d77\ud83d\udea2\ud83d\udc69\u200d\ud83d\ude80 end";

    private static List<String> pieces(String prompt, byte[] answer, List<String> stops) {
        try (Tokenizer tokenizer = new ByteTokens().open()) {
            TextStream stream = new TextStream(tokenizer::decode, tokenizer.encode(prompt), stops);
            List<String> pieces = new ArrayList<>();
            for (byte each : answer) {
                pieces.add(stream.add(each & 0xff));
                if (stream.stopped()) {
                    break;
                }
            }
            pieces.add(stream.end());
            return pieces;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void no_piece_has_half_a_character_and_together_they_are_the_text() {
        for (String prompt : List.of("", "x", "\ud83d\udea2")) {
            List<String> pieces = pieces(prompt, utf8(TEXT), List.of());
            assertThat(String.join("", pieces)).isEqualTo(TEXT);
            assertThat(pieces).allSatisfy(piece -> {
                assertThat(piece).doesNotContain("\uFFFD");
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(piece)).isTrue();
            });
        }
    }

    @Test
    void bytes_that_are_no_text_do_not_hold_back_what_follows() {
        byte[] broken = utf8("ok____________________go on");
        for (int i = 2; i < 22; i++) {
            broken[i] = (byte) 0xff;
        }
        List<String> pieces = pieces("", broken, List.of());
        assertThat(String.join("", pieces)).startsWith("ok\uFFFD").endsWith("\uFFFDgo on");
        assertThat(String.join("", pieces.subList(0, 20))).contains("\uFFFD");
    }

    @Test
    void half_a_character_at_the_end_is_said_to_be_broken() {
        byte[] bytes = utf8("end\u6d77");
        assertThat(String.join("", pieces("", Arrays.copyOf(bytes, bytes.length - 1), List.of())))
                .isEqualTo("end\uFFFD");
    }

    @Test
    void a_stop_is_found_across_tokens_and_none_of_it_is_ever_given() {
        List<String> pieces = pieces("", utf8("one\n\nUse\n\nUser: two"), List.of("\n\nUser:", "never"));
        assertThat(String.join("", pieces)).isEqualTo("one\n\nUse");
        // What might have begun one is given as soon as it did not.
        assertThat(pieces.subList(0, 4)).containsExactly("o", "", "", "ne");
        assertThat(String.join("", pieces("", utf8("nev"), List.of("never")))).isEqualTo("nev");
    }

    @Test
    void of_several_stops_the_first_in_the_text_ends_it() {
        assertThat(String.join("", pieces("", utf8("abcdef"), List.of("de", "bcd"))))
                .isEqualTo("a");
    }
}
