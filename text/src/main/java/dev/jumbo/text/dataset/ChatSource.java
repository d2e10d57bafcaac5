package dev.jumbo.text.dataset;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.data.packing.DocumentPacking;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.chat.Chat;
import dev.jumbo.text.chat.ChatFormat;
import dev.jumbo.text.chat.ChatTransform;
import dev.jumbo.text.corpus.CorpusFiles;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Chats to learn answers from: JSON lines, JSON arrays or Parquet with {@code messages} (role, content) or ShareGPT's {@code conversations} (from,
 * value), or the text of bAbI dialogues. Each is written out by a template and tokenized; targets of what the assistant did not say are -100, which {@code cross_entropy} leaves
 * out. Tokenizer and template go along with the checkpoint.
 */
@Kind("chats")
@Doc("Chats as JSON lines or Parquet, written out by a chat template; the loss is on the assistant's answers.")
public record ChatSource(
        @Doc("Files of the training chats: paths, patterns such as part-*.jsonl, or folders; seen from data.dir.")
        List<String> train,

        @Doc("Which tokenizer.") TokenizerConfig tokenizer,

        @Doc("The most tokens of an example, or of a block.")
        int context,

        @Doc(
                "The chat template: chatml, plain, a file, or its text; by default what stands beside the tokenizer's files.")
        @Default("null")
        @Nullable
        String template,

        @Doc("Files of the validation chats.") @Default("[]")
        List<String> validation,

        @Doc("Files of the test chats.") @Default("[]") List<String> test,

        @Doc("What is learned: answers, last_answer or all.") @Default("answers")
        Learn learn,

        @Doc("How chats become examples: none, best_fit or wrapped.") @Default("none")
        DocumentPacking packing,

        @Doc("Whether chats of a block are kept apart: positions begin anew, and attention does not cross.")
        @Default("false")
        boolean documentMasks,

        @Doc("Whether a chat that is longer than the context loses its end; if not, it is an error.") @Default("false")
        boolean truncate,

        @Doc("Whether the tokenizer's end of a document stands behind each chat, and is learned.") @Default("false")
        boolean end,

        @Doc("What the template is given as bos_token; by default what tokenizer_config.json says.")
        @Default("null")
        @Nullable
        String bosToken,

        @Doc("What the template is given as eos_token; by default what tokenizer_config.json says.")
        @Default("null")
        @Nullable
        String eosToken,

        @Doc(
                "How files have chats: records (JSON lines, JSON, Parquet), or babi, the numbered lines of bAbI dialogues.")
        @Default("records")
        ChatFormat format)
        implements DataSource {
    /** The name under which a checkpoint has tokenizer and template. */
    public static final String NAME = "chat";

    private static final String KIND = "chats";

    /** What of a chat is learned. */
    public enum Learn {
        /** What the assistant said. */
        ANSWERS,
        /** What it said last. */
        LAST_ANSWER,
        /** Every token. */
        ALL
    }

    /** @throws InputException if settings do not fit each other */
    public ChatSource {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        if (train.isEmpty()) {
            throw new InputException("chats.train: expected a file or more, received none");
        }
        new TokenizedPart(KIND, context, packing, documentMasks, truncate);
    }

    /** Answers are learned, each chat is an example, everything else as files have it by default. */
    public static ChatSource of(List<String> train, TokenizerConfig tokenizer, int context, String template) {
        return new ChatSource(
                train,
                tokenizer,
                context,
                template,
                List.of(),
                List.of(),
                Learn.ANSWERS,
                DocumentPacking.NONE,
                false,
                false,
                false,
                null,
                null,
                ChatFormat.RECORDS);
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        TokenizerConfig settled =
                TrainedTokens.settled(tokenizer, texts -> said(CorpusFiles.of(train, dir, "chats.train"), texts), out);
        ChatTransform made = ChatFormats.of(settled, template, bosToken, eosToken, context);
        TokenizedPart part = new TokenizedPart(KIND, context, packing, documentMasks, truncate);
        try (Tokenizer opened = settled.open()) {
            boolean cuts = truncate && packing != DocumentPacking.WRAPPED;
            EncodedChats chats = new EncodedChats(format, made.chatTemplate(), opened, learn, end, context, cuts);
            Map<String, Transform> madeBy = Map.of(NAME, ChatFormats.with(made, opened.vocabularySize()));
            return DataParts.of(
                    part.of(chats.of(CorpusFiles.of(train, dir, "chats.train"), "chats.train"), madeBy, "train"),
                    held(validation, dir, "validation", chats, part, madeBy),
                    held(test, dir, "test", chats, part, madeBy));
        }
    }

    /** Hands over what is said in messages, text by text. */
    private void said(List<Path> files, Consumer<String> texts) {
        try (RecordStream records = format.open(files)) {
            for (CorpusRecord record = records.next(); record != null; record = records.next()) {
                for (Map<String, Object> message : Chat.of(record).messages()) {
                    if (message.get("content") instanceof String text) {
                        texts.accept(text);
                    }
                }
            }
        }
    }

    /**
     * The chats of some files that the source names, as they are.
     *
     * @param named {@link #train}, {@link #validation} or {@link #test}
     */
    public List<Path> files(List<String> named, @Nullable Path dir) {
        return CorpusFiles.of(named, dir, KIND);
    }

    private static @Nullable Dataset held(
            List<String> files,
            @Nullable Path dir,
            String key,
            EncodedChats chats,
            TokenizedPart part,
            Map<String, Transform> madeBy) {
        String name = KIND + "." + key;
        return files.isEmpty() ? null : part.of(chats.of(CorpusFiles.of(files, dir, name), name), madeBy, key);
    }
}
