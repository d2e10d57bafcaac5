package dev.jumbo.models.language;

import dev.jumbo.data.Field;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.List;

/**
 * An encoder and a decoder that looks at what it made. The network takes {@code source} and {@code decoder_tokens},
 * the target one step later, and gives logits of the target's next token.
 */
interface EncoderDecoderModel extends LanguageModel {
    /** Name of the encoder's input. */
    String encoderInput();

    /** Name of the decoder's input. */
    String decoderInput();

    /** Id that fills up short texts. */
    int padTokenId();

    @Override
    default List<Field> inputs() {
        return List.of(
                Field.tokens(encoderInput(), vocabSize(), padTokenId(), maxPositionEmbeddings()),
                Field.tokens(decoderInput(), vocabSize(), padTokenId(), maxPositionEmbeddings()));
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
