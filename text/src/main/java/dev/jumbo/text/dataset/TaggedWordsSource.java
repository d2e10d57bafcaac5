package dev.jumbo.text.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.corpus.CorpusFiles;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordReader;
import dev.jumbo.text.transform.TokenizerTransform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Texts of words that have a label each, such as names of persons and places: JSON lines, JSON arrays or Parquet with a list of words and a list of
 * labels. What a model that classifies tokens learns from, with {@code cross_entropy}.
 *
 * <p>Fields: the input "text", the words with a blank between them, of which the tokenizer makes ids {@code [T]} with its marks; and the target
 * {@code labels}, {@code [T]}: a word's label stands at its first token, -100 at its other tokens and at marks, which do not count.
 *
 * @param maxLength the most tokens of a text, marks included
 * @param truncate whether a longer text loses its end; if not, it is an error
 */
@Kind("tagged_words")
@Doc(
        "Texts of words that have a label each, such as entities: JSON lines or Parquet with a list of words and a list of labels.")
public record TaggedWordsSource(
        @Doc("Files of the training texts: paths, patterns such as part-*.jsonl, or folders; seen from data.dir.")
        List<String> train,

        @Doc("Which tokenizer.") TokenizerConfig tokenizer,

        @Doc("The most tokens of a text, marks included.") @Default("512")
        int maxLength,

        @Doc("Files of the validation texts.") @Default("[]")
        List<String> validation,

        @Doc("Files of the test texts.") @Default("[]") List<String> test,

        @Doc("The key that has the words.") @Default("tokens")
        String wordsColumn,

        @Doc("The key that has their labels.") @Default("labels")
        String labelsColumn,

        @Doc("The labels, in the order of their classes; by default those of the training texts, sorted.")
        @Default("[]")
        List<String> labels,

        @Doc("Whether a longer text loses its end; if not, it is an error.") @Default("false")
        boolean truncate,

        @Doc("Whether the tokenizer's marks, such as [CLS] and [SEP], stand around a text.") @Default("true")
        boolean addSpecialTokens)
        implements DataSource {
    /** @throws InputException if there are no files to train on */
    public TaggedWordsSource {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        labels = List.copyOf(labels);
        if (train.isEmpty() || maxLength < 1) {
            throw new InputException("tagged_words: expected files to train on and a max_length of 1 or more, received "
                    + train + " and " + maxLength);
        }
    }

    /** A text. */
    record Tagged(List<String> words, List<String> labels, String where) {}

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        TokenizerTransform transform =
                new TokenizerTransform(tokenizer, maxLength, truncate, 0, addSpecialTokens, null);
        List<Tagged> learned = read(train, dir, "train");
        List<String> classes = labels.isEmpty()
                ? List.copyOf(new TreeSet<>(
                        learned.stream().flatMap(text -> text.labels().stream()).toList()))
                : labels;
        try (Tokenizer opened = tokenizer.open()) {
            EncodedTags encoded = new EncodedTags(opened, transform, classes);
            return DataParts.of(
                    encoded.of(learned, "train"),
                    held(validation, dir, "validation", encoded),
                    held(test, dir, "test", encoded));
        }
    }

    private @Nullable Dataset held(List<String> files, @Nullable Path dir, String key, EncodedTags encoded) {
        return files.isEmpty() ? null : encoded.of(read(files, dir, key), key);
    }

    private List<Tagged> read(List<String> files, @Nullable Path dir, String key) {
        List<Tagged> texts = new ArrayList<>();
        try (RecordReader reader = new RecordReader(CorpusFiles.of(files, dir, "tagged_words." + key))) {
            for (CorpusRecord record = reader.next(); record != null; record = reader.next()) {
                List<String> words = list(record, wordsColumn);
                List<String> own = list(record, labelsColumn);
                if (words.size() != own.size() || words.isEmpty()) {
                    throw record.wrong(
                            "a label for each of one or more words",
                            words.size() + " words and " + own.size() + " labels");
                }
                if (!labels.isEmpty()) {
                    for (String label : own) {
                        if (!labels.contains(label)) {
                            throw record.wrong("labels of " + labels, label + Nearest.hint(label, labels));
                        }
                    }
                }
                texts.add(new Tagged(words, own, record.where()));
            }
        }
        if (texts.isEmpty()) {
            throw new InputException("tagged_words." + key + ": expected texts in " + files + ", received none");
        }
        return texts;
    }

    private static List<String> list(CorpusRecord record, String key) {
        JsonNode values = record.require(key);
        List<String> texts = new ArrayList<>();
        for (JsonNode value : values) {
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw record.wrong("a list of texts in \"" + key + "\"", CorpusRecord.shown(values));
            }
            texts.add(value.textValue().strip());
        }
        if (!values.isArray()) {
            throw record.wrong("a list of texts in \"" + key + "\"", CorpusRecord.shown(values));
        }
        return texts;
    }
}
