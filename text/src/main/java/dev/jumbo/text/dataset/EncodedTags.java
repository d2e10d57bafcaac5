package dev.jumbo.text.dataset;

import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.transform.RawDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.text.Encoding;
import dev.jumbo.text.EncodingOptions;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.transform.TokenizerTransform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts of labelled words as examples: the text itself, and a class for each of the tokens that its transform makes.
 *
 * @param classes names of the labels, in the order of their ids
 */
record EncodedTags(Tokenizer tokenizer, TokenizerTransform transform, List<String> classes) {
    private static final Logger LOG = LoggerFactory.getLogger(EncodedTags.class);
    private static final String INPUT = "text";
    private static final String TARGET = "labels";

    /** What does not count. */
    private static final long IGNORED = -100;

    Dataset of(List<TaggedWordsSource.Tagged> texts, String part) {
        String[] joined = new String[texts.size()];
        long[][] labels = new long[texts.size()][];
        Cut cut = new Cut();
        for (int i = 0; i < joined.length; i++) {
            joined[i] = String.join(" ", texts.get(i).words());
            labels[i] = labels(joined[i], texts.get(i), part, cut);
        }
        if (cut.texts > 0) {
            LOG.warn(
                    "tagged_words.{}: {} texts are longer than {} tokens and lose their ends with {} labels, the first in {}",
                    part,
                    cut.texts,
                    transform.maxLength(),
                    cut.labels,
                    cut.first);
        }
        LOG.info("tagged_words.{}: {} texts", part, joined.length);
        Field target = Field.classIds(TARGET, transform.maxLength(), classes);
        return RawDataset.of(
                RaggedDataset.of(
                        List.of(Column.Bytes.of(Field.text(INPUT), joined)),
                        List.of(RaggedDataset.column(target, labels))),
                Map.of(INPUT, transform));
    }

    /** What was cut off. */
    private static final class Cut {
        long texts;
        long labels;
        String first = "";
    }

    private long[] labels(String text, TaggedWordsSource.Tagged tagged, String part, Cut cut) {
        Encoding whole = tokenizer.encoding(text, options());
        int most = transform.maxLength();
        if (whole.length() > most && !transform.truncate()) {
            throw new InputException(
                    "tagged_words." + part + ": " + tagged.where() + ": expected a text of at most " + most
                            + " tokens with marks, received " + whole.length()
                            + "; raise max_length, or write truncate: true, which cuts the ends off");
        }
        Encoding encoding =
                whole.length() > most ? tokenizer.encoding(text, options().truncatedTo(most)) : whole;
        List<WordPlaces.Word> words = new ArrayList<>();
        int at = 0;
        for (String word : tagged.words()) {
            words.add(new WordPlaces.Word(at, at + word.length()));
            at += word.length() + 1;
        }
        int[] first = WordPlaces.firstTokens(encoding, words);
        if (whole.length() > most) {
            cut.first = cut.texts++ == 0 ? tagged.where() : cut.first;
            cut.labels += said(WordPlaces.firstTokens(whole, words)) - said(first);
        }
        long[] labels = new long[encoding.length()];
        Arrays.fill(labels, IGNORED);
        for (int w = 0; w < first.length; w++) {
            String label = tagged.labels().get(w);
            int id = classes.indexOf(label);
            if (id < 0) {
                throw new InputException(
                        "tagged_words." + part + ": " + tagged.where() + ": expected labels of the training"
                                + " texts, " + classes + ", received " + label + Nearest.hint(label, classes));
            }
            if (first[w] >= 0) {
                labels[first[w]] = id;
            }
        }
        return labels;
    }

    private static long said(int[] firstTokens) {
        return Arrays.stream(firstTokens).filter(token -> token >= 0).count();
    }

    private EncodingOptions options() {
        return transform.addSpecialTokens() ? EncodingOptions.marked() : EncodingOptions.plain();
    }
}
