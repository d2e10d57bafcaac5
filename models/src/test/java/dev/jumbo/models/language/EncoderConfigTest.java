package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What config.json of an encoder, or of a decoder behind one, says and leaves out, and weights that say something else. */
class EncoderConfigTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({
        "bert_mlm, bert.embeddings.word_embeddings.weight, cls.predictions.decoder.weight",
        "roberta_mlm, roberta.embeddings.word_embeddings.weight, lm_head.decoder.weight",
        "t5, shared.weight, lm_head.weight"
    })
    void a_tied_head_may_be_there_too_and_is_refused_where_it_has_other_values(String name, String shared, String head)
            throws IOException {
        Path directory = Fixtures.copy(name, dir);
        Fixtures.rewrite(directory, tensors -> tensors.put(head, tensors.get(shared)));
        assertThat(HuggingFace.read(directory).model())
                .isEqualTo(HuggingFace.read(Fixtures.of(name)).model());
        // Given this, transformers 5 computes with the head, and transformers 4 with the embedding.
        Fixtures.rewrite(directory, tensors -> tensors.computeIfPresent(head, (key, value) -> value.mul(2)));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(head, shared, "to which the model ties it");
    }

    @ParameterizedTest
    @CsvSource({
        "bert_mlm, cls.predictions.decoder.weight",
        "roberta_mlm, lm_head.decoder.weight",
        "t5_gated, lm_head.weight"
    })
    void a_head_that_is_not_tied_and_not_there_is_missing(String name, String head) throws IOException {
        Path directory = Fixtures.copy(name, dir);
        Fixtures.change(directory, config -> config.put("tie_word_embeddings", false));
        Fixtures.rewrite(directory, tensors -> tensors.remove(head));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a tensor \"" + head + "\" [40, 16], found none");
    }

    /** Values of RobertaConfig() of transformers 5.18, which are not those of roberta-base. */
    @Test
    void what_a_file_of_roberta_does_not_say_is_what_the_library_takes() throws IOException {
        Path directory = Fixtures.copy("roberta_mlm", dir);
        Fixtures.change(
                directory,
                config -> config.remove(List.of("layer_norm_eps", "max_position_embeddings", "type_vocab_size")));
        Roberta read = (Roberta) Families.of(ConfigJson.read(directory.resolve("config.json")))
                .read(ConfigJson.read(directory.resolve("config.json")));
        assertThat(read.layerNormEps()).isEqualTo(1e-12);
        assertThat(read.maxPositionEmbeddings()).isEqualTo(512);
        assertThat(read.typeVocabSize()).isEqualTo(2);
    }

    @Test
    void keys_of_the_program_that_first_made_bert_are_passed_over() throws IOException {
        Path directory = Fixtures.copy("bert_mlm", dir);
        Fixtures.change(
                directory,
                config -> config.put("directionality", "bidi")
                        .put("pooler_fc_size", 768)
                        .put("pooler_num_attention_heads", 12)
                        .put("pooler_num_fc_layers", 3)
                        .put("pooler_size_per_head", 128)
                        .put("pooler_type", "first_token_transform")
                        .put("output_past", true));
        assertThat(HuggingFace.read(directory).model())
                .isEqualTo(HuggingFace.read(Fixtures.of("bert_mlm")).model());
    }

    @ParameterizedTest
    @CsvSource({
        "bert_mlm, position_embedding_type, relative_key, absolute",
        "bert_mlm, is_decoder, true, every token sees all others",
        "bert_mlm, add_cross_attention, true, add_cross_attention",
        "bert_mlm, hidden_act, quick_gelu, expected one of",
        "bert_mlm, type_vocab_size, 0, token_type_embeddings",
        "bert_mlm, type_vocab_size, 1, token_type_embeddings",
        "bert_classes, id2label, '{\"0\": \"a\", \"1\": \"b\"}', classifier",
        "t5, feed_forward_proj, relu-gated, feed_forward_proj",
        "t5, feed_forward_proj, gated-relu, is_gated_act",
        "t5, feed_forward_proj, gelu, dense_act_fn",
        "t5, dense_act_fn, silu, feed_forward_proj says",
        "t5_gated, is_gated_act, false, feed_forward_proj says"
    })
    void what_is_not_computed_or_contradicts_itself_is_refused_by_name(
            String name, String key, String value, String message) throws IOException {
        Path directory = Fixtures.copy(name, dir);
        Fixtures.change(directory, config -> config.set(key, Fixtures.value(value)));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(directory.toString(), message);
    }
}
