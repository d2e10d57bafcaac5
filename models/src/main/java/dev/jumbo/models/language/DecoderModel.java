package dev.jumbo.models.language;

import dev.jumbo.nn.Layer;

/** A model of Llama's form. */
interface DecoderModel extends LanguageModel {
    Decoder decoder();

    @Override
    default Layer layer() {
        return decoder().layer();
    }
}
