package dev.jumbo.text.dataset;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.data.packing.DocumentFlow;
import dev.jumbo.data.packing.DocumentPacking;
import dev.jumbo.data.packing.MemoryTokens;
import dev.jumbo.data.packing.PackedFields;
import dev.jumbo.data.packing.StreamedDocuments;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.corpus.CorpusFiles;
import dev.jumbo.text.corpus.DocumentReader;
import dev.jumbo.text.corpus.TextDocument;
import dev.jumbo.text.transform.TokenizerTransform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts to predict the next token: files in UTF-8, JSON lines, JSON arrays and Parquet. Each document is tokenized, with the marks that the
 * tokenizer's own files say, such as {@code <s>} before it, and ends with the tokenizer's end of a document; the tokenizer goes along with the
 * checkpoint.
 */
@Kind("text")
@Doc("Texts to predict the next token: files in UTF-8, JSON lines and Parquet, tokenized and packed into blocks.")
public record TextSource(
        @Doc("Files of the training documents: paths, patterns such as part-*.jsonl, or folders; seen from data.dir.")
        List<String> train,

        @Doc("Which tokenizer.") TokenizerConfig tokenizer,
        @Doc("Tokens of a block.") int context,

        @Doc("Files of the validation documents.") @Default("[]")
        List<String> validation,

        @Doc("Files of the test documents.") @Default("[]") List<String> test,

        @Doc("Share of the training tokens, at their end, that is held out to validate on.") @Default("0.0")
        double validationShare,

        @Doc("What a document is in a text file: file, line or paragraph (what stands between blank lines).")
        @Default("file")
        DocumentReader.Unit documents,

        @Doc("The key of JSON and Parquet files that has the text.") @Default("text")
        String column,

        @Doc("How documents become examples: wrapped, best_fit or none.") @Default("wrapped")
        DocumentPacking packing,

        @Doc("Whether documents of a block are kept apart: positions begin anew, and attention does not cross.")
        @Default("false")
        boolean documentMasks,

        @Doc("Whether a document that is longer than the context loses its end, where it is not wrapped; if not, it is"
                + " an error.")
        @Default("false")
        boolean truncate,

        @Doc("Whether training documents are read while the model trains: set train.steps_per_epoch or max_steps.")
        @Default("false")
        boolean stream,

        @Doc("Examples of a stream that are in memory and shuffled among themselves.") @Default("1000")
        int shuffleBuffer,

        @Doc(
                "Whether the marks that the tokenizer's files say (post_processor), such as <s> or [CLS] and [SEP], stand around each document.")
        @Default("true")
        boolean addSpecialTokens)
        implements DataSource {
    private static final Logger LOG = LoggerFactory.getLogger(TextSource.class);

    /** The name under which a checkpoint has the tokenizer. */
    public static final String NAME = "text";

    /** @throws InputException if settings do not fit each other */
    public TextSource {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        if (train.isEmpty()) {
            throw new InputException("text.train: expected a file or more, received none");
        }
        if (!(validationShare >= 0 && validationShare < 1)) {
            throw new InputException(
                    "text.validation_share: expected a share from 0 to below 1, received " + validationShare);
        }
        if (validationShare > 0 && (stream || !validation.isEmpty())) {
            throw new InputException("text.validation_share: expected no "
                    + (stream ? "stream, of which no share can be held out" : "files of validation beside it")
                    + "; leave one of them out");
        }
        new TokenizedPart(NAME, context, packing, documentMasks, truncate);
    }

    /** With the marks that the tokenizer's files say. */
    public TextSource(
            List<String> train,
            TokenizerConfig tokenizer,
            int context,
            List<String> validation,
            List<String> test,
            double validationShare,
            DocumentReader.Unit documents,
            String column,
            DocumentPacking packing,
            boolean documentMasks,
            boolean truncate,
            boolean stream,
            int shuffleBuffer) {
        this(
                train,
                tokenizer,
                context,
                validation,
                test,
                validationShare,
                documents,
                column,
                packing,
                documentMasks,
                truncate,
                stream,
                shuffleBuffer,
                true);
    }

    /** Packed without masks, everything else as files have it by default. */
    public static TextSource of(List<String> train, TokenizerConfig tokenizer, int context) {
        return new TextSource(
                train,
                tokenizer,
                context,
                List.of(),
                List.of(),
                0,
                DocumentReader.Unit.FILE,
                "text",
                DocumentPacking.WRAPPED,
                false,
                false,
                false,
                1000);
    }

    private TokenizedPart part() {
        return new TokenizedPart(NAME, context, packing, documentMasks, truncate);
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        TokenizerConfig settled = TrainedTokens.settled(tokenizer, texts -> texts(dir, texts), out);
        Tokenizer opened = settled.open();
        boolean keeps = false;
        try {
            Map<String, Transform> madeBy =
                    Map.of(NAME, new TokenizerTransform(settled, context, truncate, opened.vocabularySize()));
            Dataset held = held(validation, dir, "validation", opened, madeBy);
            Dataset tested = held(test, dir, "test", opened, madeBy);
            if (stream) {
                keeps = true; // A stream encodes as long as the process trains.
                return DataParts.of(stream(dir, opened, madeBy), held, tested);
            }
            MemoryTokens all = encode(train, dir, "train", opened);
            if (validationShare == 0) {
                return DataParts.of(part().of(all, madeBy, "train"), held, tested);
            }
            long cut = (long) (all.tokens() * (1 - validationShare));
            return DataParts.of(
                    part().of(all.part(0, cut), madeBy, "train"),
                    part().of(all.part(cut, all.tokens()), madeBy, "validation_share"),
                    tested);
        } finally {
            if (!keeps) {
                opened.close();
            }
        }
    }

    /** Hands over the training documents, of which a tokenizer learns. */
    private void texts(@Nullable Path dir, Consumer<String> texts) {
        try (DocumentReader reader = new DocumentReader(CorpusFiles.of(train, dir, "text.train"), column, documents)) {
            for (TextDocument document = reader.next(); document != null; document = reader.next()) {
                texts.accept(document.text());
            }
        }
    }

    private @Nullable Dataset held(
            List<String> files, @Nullable Path dir, String key, Tokenizer opened, Map<String, Transform> madeBy) {
        return files.isEmpty() ? null : part().of(encode(files, dir, key, opened), madeBy, key);
    }

    private MemoryTokens encode(List<String> named, @Nullable Path dir, String key, Tokenizer opened) {
        List<Path> files = CorpusFiles.of(named, dir, "text." + key);
        MemoryTokens.Builder tokens = MemoryTokens.builder(opened.vocabularySize(), opened.endOfDocument());
        try (EncodedTexts texts =
                new EncodedTexts(new DocumentReader(files, column, documents), opened, addSpecialTokens)) {
            for (DocumentFlow.Ids document = texts.next(); document != null; document = texts.next()) {
                tokens.add(document.ids());
            }
            if (tokens.documents() == 0) {
                throw new InputException("text." + key + ": expected documents in " + named + ", received "
                        + (texts.empty() == 0 ? "none" : "empty ones alone, the first in " + texts.firstEmpty()));
            }
            if (texts.empty() > 0) {
                LOG.warn(
                        "text.{}: {} empty documents are left out, the first in {}",
                        key,
                        texts.empty(),
                        texts.firstEmpty());
            }
            LOG.info(
                    "text.{}: {} documents of {} files, {} bytes, {} tokens",
                    key,
                    tokens.documents(),
                    files.size(),
                    texts.bytes(),
                    tokens.tokens());
        }
        return tokens.build();
    }

    private Dataset stream(@Nullable Path dir, Tokenizer opened, Map<String, Transform> madeBy) {
        List<Path> files = CorpusFiles.of(train, dir, "text.train");
        Supplier<DocumentFlow> pass =
                () -> new EncodedTexts(new DocumentReader(files, column, documents), opened, addSpecialTokens);
        PackedFields fields = new PackedFields(context, opened.vocabularySize(), opened.endOfDocument(), documentMasks);
        return StreamedDocuments.of(pass, fields, packing, madeBy, StreamFingerprint.of(files))
                .shuffleBuffer(shuffleBuffer);
    }
}
