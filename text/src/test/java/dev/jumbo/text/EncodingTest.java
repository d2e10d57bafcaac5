package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Encoding.Side;
import dev.jumbo.text.EncodingOptions.Truncation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Places, marks, truncation and padding as in Hugging Face's library ({@code make_tokenizer_fixtures.py}). */
class EncodingTest {
    private static JsonNode fixture;
    private static final Map<String, Tokenizer> TOKENIZERS = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = EncodingTest.class.getResourceAsStream("/fixtures/tokenizers/places.json")) {
            fixture = new ObjectMapper()
                    .readTree(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
        for (var file : fixture.get("files").properties()) {
            TOKENIZERS.put(file.getKey(), HuggingFaceTokens.open(file.getValue().toString(), file.getKey(), "[SEP]"));
        }
    }

    @AfterAll
    static void close() {
        TOKENIZERS.values().forEach(Tokenizer::close);
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    private static Tokenizer tokenizer(String name) {
        return Objects.requireNonNull(TOKENIZERS.get(name));
    }

    @Test
    void ids_segments_masks_and_places_of_one_text_and_two_are_as_there_at_every_limit() {
        int compared = 0;
        for (JsonNode each : fixture.get("cases")) {
            Tokenizer tokenizer = tokenizer(each.get("template").asText());
            EncodingOptions options = new EncodingOptions(
                    true,
                    each.get("most").intValue(),
                    Truncation.valueOf(each.get("strategy").asText().toUpperCase(Locale.ROOT)),
                    Side.valueOf(each.get("side").asText().toUpperCase(Locale.ROOT)));
            String first = each.get("texts").get(0).asText();
            String second = each.get("texts").get(1).isNull()
                    ? null
                    : each.get("texts").get(1).asText();
            if (each.has("error")) {
                assertThatThrownBy(() -> encode(tokenizer, first, second, options))
                        .as(each.toString())
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("longest_first");
                continue;
            }
            Encoding made = encode(tokenizer, first, second, options);
            assertThat(made.ids()).as(each.toString()).isEqualTo(ints(each.get("ids")));
            assertThat(made.types()).as(each.toString()).isEqualTo(ints(each.get("types")));
            assertThat(made.specialTokensMask()).as(each.toString()).isEqualTo(ints(each.get("mask")));
            Encoding points = made.inCodePoints(first, second == null ? "" : second);
            int[] offsets = new int[2 * made.length()];
            for (int i = 0; i < made.length(); i++) {
                offsets[2 * i] = points.starts()[i];
                offsets[2 * i + 1] = points.ends()[i];
                assertThat(tokenizer.token(made.ids()[i]))
                        .isEqualTo(each.get("tokens").get(i).asText());
            }
            assertThat(offsets).as(each.toString()).isEqualTo(ints(each.get("offsets")));
            compared++;
        }
        assertThat(compared).isGreaterThan(80);
    }

    private static Encoding encode(
            Tokenizer tokenizer, String first, @Nullable String second, EncodingOptions options) {
        return second == null ? tokenizer.encoding(first, options) : tokenizer.encoding(first, second, options);
    }

    @Test
    void texts_are_filled_up_to_the_longest_and_a_multiple() {
        List<Encoding> all = new ArrayList<>();
        for (JsonNode text : fixture.get("texts")) {
            all.add(tokenizer("roberta").encoding(text.asText(), EncodingOptions.marked()));
        }
        List<Encoding> padded = Encoding.pad(all, 0, 8, Side.RIGHT);
        for (int i = 0; i < padded.size(); i++) {
            assertThat(padded.get(i).ids())
                    .isEqualTo(ints(fixture.get("padded").get("ids").get(i)));
            assertThat(padded.get(i).attentionMask())
                    .isEqualTo(ints(fixture.get("padded").get("mask").get(i)));
            Encoding left = all.get(i).pad(30, 0, Side.LEFT);
            assertThat(left.length()).isEqualTo(30);
            assertThat(left.attentionMask()[29]).isEqualTo(1);
        }
    }

    @Test
    void places_are_those_of_java_and_part_the_text() {
        String text = "Gr\u00fc\u00df \ud83d\ude42 b\u00e4r";
        try (Tokenizer bytes = new ByteTokens().open()) {
            Encoding made = bytes.encoding(text, EncodingOptions.plain());
            for (int i = 0; i < made.length(); i++) {
                String part = text.substring(made.starts()[i], made.ends()[i]);
                assertThat(part.codePointCount(0, part.length())).isEqualTo(1);
            }
            assertThat(made.ends()[made.length() - 1]).isEqualTo(text.length());
        }
        Encoding words = tokenizer("bert").encoding(text, EncodingOptions.plain());
        assertThat(text.substring(words.starts()[words.length() - 1], words.ends()[words.length() - 1]))
                .isEqualTo("r");
    }

    @Test
    void a_limit_without_permission_to_cut_is_an_error_and_so_is_a_model_with_fewer_tokens() {
        Tokenizer bert = tokenizer("bert");
        EncodingOptions tight = new EncodingOptions(true, 4, Truncation.NONE, Side.RIGHT);
        assertThatThrownBy(() -> bert.encoding("the cat's on the mat", tight))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 4 tokens");
        assertThatThrownBy(() -> bert.encoding("a", EncodingOptions.marked().truncatedTo(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 marks");
        assertThatThrownBy(() -> bert.requireFits(100, "the model"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(bert.vocabularySize() + " tokens and the model only 100");
        bert.requireFits(bert.vocabularySize(), "the model");
        assertThatThrownBy(() -> bert.decode(new int[] {bert.vocabularySize()}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no others");
    }

    @Test
    void tokens_have_names_and_marks_are_known() {
        Tokenizer bert = tokenizer("bert");
        for (int id = 0; id < bert.vocabularySize(); id++) {
            assertThat(bert.id(bert.token(id))).isEqualTo(id);
        }
        assertThat(bert.id("no such token")).isEqualTo(-1);
        assertThat(bert.isSpecial(bert.id("[CLS]"))).isTrue();
        assertThat(bert.isSpecial(bert.id("a"))).isFalse();
        assertThat(bert.padding()).isEqualTo(bert.id("[PAD]"));
        Encoding marked = bert.encoding("a", EncodingOptions.marked());
        assertThat(bert.decode(marked.ids())).isEqualTo("a");
        assertThat(bert.decodeAll(marked.ids())).isEqualTo("[CLS]a[SEP]");
        assertThat(bert.marks().around(bert.encode("a"))).isEqualTo(marked.ids());
    }
}
