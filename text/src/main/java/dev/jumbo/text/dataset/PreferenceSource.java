package dev.jumbo.text.dataset;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.chat.ChatTemplates;
import dev.jumbo.text.chat.ChatTransform;
import dev.jumbo.text.corpus.CorpusFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of answers, one chosen and one rejected, as trl has them: JSON lines, JSON arrays or Parquet with {@code prompt}, {@code chosen} and {@code
 * rejected}, each a text or a list of messages; without {@code prompt}, the messages that both begin with are it. Texts are as they are, with the
 * tokenizer's marks before them and its end of a document behind them, as trl has them; messages are written out by a template.
 *
 * <p>Fields: the inputs {@code chosen} and {@code rejected}, ids {@code [T]} of the prompt with each answer, and the targets {@code chosen_next} and
 * {@code rejected_next}, the ids that follow, -100 in the prompt.
 */
@Kind("preferences")
@Doc("Pairs of a chosen and a rejected answer to a prompt, as JSON lines or Parquet, as trl has them.")
public record PreferenceSource(
        @Doc("Files of the training pairs: paths, patterns such as part-*.jsonl, or folders; seen from data.dir.")
        List<String> train,

        @Doc("Which tokenizer.") TokenizerConfig tokenizer,
        @Doc("The most tokens of a prompt with an answer.") int context,

        @Doc(
                "The chat template of messages: chatml, plain, a file, or its text; by default what stands beside the tokenizer's files.")
        @Default("null")
        @Nullable
        String template,

        @Doc("Files of the validation pairs.") @Default("[]")
        List<String> validation,

        @Doc("Files of the test pairs.") @Default("[]") List<String> test,

        @Doc("Whether what is longer than the context loses its end; if not, it is an error.") @Default("false")
        boolean truncate,

        @Doc("What the template is given as bos_token; by default what tokenizer_config.json says.")
        @Default("null")
        @Nullable
        String bosToken,

        @Doc("What the template is given as eos_token; by default what tokenizer_config.json says.")
        @Default("null")
        @Nullable
        String eosToken,

        @Doc(
                "Whether the marks that the tokenizer's files say (post_processor), such as <s>, stand before a prompt that is a text; a template writes its own.")
        @Default("true")
        boolean addSpecialTokens)
        implements DataSource {
    /** @throws InputException if there are no files, or no context */
    public PreferenceSource {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        if (train.isEmpty() || context < 1) {
            throw new InputException("preferences: expected files to train on and a context of 1 or more, received "
                    + train + " and " + context);
        }
    }

    /** With the marks that the tokenizer's files say. */
    public PreferenceSource(
            List<String> train,
            TokenizerConfig tokenizer,
            int context,
            @Nullable String template,
            List<String> validation,
            List<String> test,
            boolean truncate,
            @Nullable String bosToken,
            @Nullable String eosToken) {
        this(train, tokenizer, context, template, validation, test, truncate, bosToken, eosToken, true);
    }

    /** Everything else as files have it by default. */
    public static PreferenceSource of(List<String> train, TokenizerConfig tokenizer, int context, String template) {
        return new PreferenceSource(train, tokenizer, context, template, List.of(), List.of(), false, null, null);
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        ChatTransform format =
                ChatFormats.of(tokenizer, template == null ? none() : template, bosToken, eosToken, context);
        try (Tokenizer opened = tokenizer.open()) {
            EncodedPairs pairs = new EncodedPairs(
                    format.chatTemplate(),
                    opened,
                    addSpecialTokens,
                    context,
                    truncate,
                    Map.of(ChatSource.NAME, ChatFormats.with(format, opened.vocabularySize())));
            return DataParts.of(
                    pairs.of(CorpusFiles.of(train, dir, "preferences.train"), "preferences.train"),
                    held(validation, dir, "validation", pairs),
                    held(test, dir, "test", pairs));
        }
    }

    /** What stands beside the tokenizer; texts need none, so that one that refuses is none. */
    private String none() {
        String beside = ChatTemplates.beside(tokenizer.files());
        return beside == null ? ChatTemplates.NONE : beside;
    }

    private static @Nullable Dataset held(List<String> files, @Nullable Path dir, String key, EncodedPairs pairs) {
        String name = "preferences." + key;
        return files.isEmpty() ? null : pairs.of(CorpusFiles.of(files, dir, name), name);
    }
}
