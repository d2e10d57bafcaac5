package dev.jumbo.models.language;

import dev.jumbo.data.Field;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.List;

/**
 * An encoder and a decoder that looks at what it made. The network takes {@code input_ids}, the source, and {@code decoder_input_ids},
 * the target one step later, and gives logits of the target's next token.
 */
interface EncoderDecoderModel extends LanguageModel {
    /** The input of the encoder. */
    String SOURCE = "input_ids";

    /** The input of the decoder. */
    String TARGET = "decoder_input_ids";

    /** Id that fills up short texts. */
    int padTokenId();

    @Override
    default List<Field> inputs() {
        return List.of(
                Field.tokens(SOURCE, vocabSize(), padTokenId(), maxPositionEmbeddings()),
                Field.tokens(TARGET, vocabSize(), padTokenId(), maxPositionEmbeddings()));
    }

    @Override
    default List<Field> targets() {
        return List.of(Field.ids("next", Shape.of(maxPositionEmbeddings())).ragged(maxPositionEmbeddings()));
    }

    @Override
    default Specs input() {
        return Field.specs(inputs());
    }
}
