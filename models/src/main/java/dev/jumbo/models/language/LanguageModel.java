package dev.jumbo.models.language;

import dev.jumbo.data.Field;
import dev.jumbo.models.Gpt2;
import dev.jumbo.models.NamedModel;
import dev.jumbo.models.PublicModel;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.List;

/**
 * A model of text, described under the keys of Hugging Face's {@code config.json}: what it takes, what it gives and by which loss it was
 * trained. By default a decoder: ids of tokens to logits of the next one.
 */
public interface LanguageModel extends PublicModel {
    /** GPT-2, whose record has names of its own. */
    static LanguageModel of(Gpt2 gpt2) {
        return new Gpt2Family.Model(gpt2);
    }

    /** Number of tokens. */
    int vocabSize();

    /** The longest sequence. */
    int maxPositionEmbeddings();

    /** The model as a configuration names it. */
    default NamedModel named() {
        return this;
    }

    /** Whether what it answers is about a text as a whole, around which it expects the tokenizer's marks. */
    default boolean readsWholeTexts() {
        return false;
    }

    /** What the network takes: {@code tokens}, of each example as many as it has. */
    default List<Field> inputs() {
        return List.of(Field.tokens("tokens", vocabSize(), 0, maxPositionEmbeddings()));
    }

    /** What it was trained to give: {@code next}, an id for each step. */
    default List<Field> targets() {
        return List.of(Field.ids("next", Shape.of(maxPositionEmbeddings())).ragged(maxPositionEmbeddings()));
    }

    /** What it was trained by: the cross-entropy of the next token. */
    default Loss loss() {
        return new CrossEntropy(0, ClassWeights.of(List.of()), -100, true, -1);
    }

    @Override
    default Specs input() {
        return Specs.of(inputs().get(0).spec());
    }
}
