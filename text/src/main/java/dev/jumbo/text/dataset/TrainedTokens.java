package dev.jumbo.text.dataset;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.config.Records;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.split.WordRules;
import dev.jumbo.text.train.TokenizerTrainer;
import dev.jumbo.text.train.TokenizerType;
import dev.jumbo.text.train.TrainedTokenizer;
import dev.jumbo.text.train.WordCounts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A tokenizer that is trained on the training texts of its dataset, in the run's folder {@code tokenizer}. The same texts in any order give the same
 * one. A run that has a checkpoint keeps the one that it learned with, whatever has become of the texts.
 *
 * @param type which pieces
 * @param vocabSize the most tokens, special ones included
 * @param minFrequency what occurs less often gives no token
 * @param specialTokens in the place of the type's own, in the order of their ids
 * @param words of bpe: the rules that divide a text first
 */
@Kind("trained")
@Doc("A tokenizer that is trained on the training texts of its dataset.")
public record TrainedTokens(
        @Doc("Which pieces: bpe, unigram, wordpiece, characters or bytes.") @Default("bpe")
        TokenizerType type,

        @Doc("The most tokens, special ones included.") @Default("8000")
        int vocabSize,

        @Doc("What occurs less often gives no token.") @Default("0")
        long minFrequency,

        @Doc("Special tokens in the order of their ids; by default the type's own.") @Default("[]")
        List<String> specialTokens,

        @Doc("bpe: rules that divide a text first: gpt2, llama3, qwen2, cl100k, o200k, smollm or none.")
        @Default("gpt2")
        WordRules words)
        implements TokenizerConfig {
    /** The folder in the run's. */
    public static final String FOLDER = "tokenizer";

    /** What names the newest checkpoint of a run. */
    private static final String LATEST = "LATEST";

    private static final String SETTINGS = "trained.json";

    /** @throws InputException if there is no such tokenizer */
    public TrainedTokens {
        specialTokens = List.copyOf(specialTokens);
        trainer(type, vocabSize, minFrequency, specialTokens, words);
    }

    /** With the type's own special tokens. */
    public static TrainedTokens of(TokenizerType type, int vocabSize) {
        return new TrainedTokens(type, vocabSize, 0, List.of(), WordRules.GPT2);
    }

    private static TokenizerTrainer trainer(
            TokenizerType type, int size, long least, List<String> special, WordRules words) {
        TokenizerTrainer usual =
                TokenizerTrainer.of(type, size).minFrequency(least).words(words);
        return special.isEmpty() ? usual : usual.specialTokens(special);
    }

    /** @throws InputException always: it is there when its dataset has trained it */
    @Override
    public Tokenizer open() {
        throw new InputException(
                "tokenizer.trained: expected a dataset that trains it on its texts, as text, chats and seq2seq do;"
                        + " elsewhere train it first (jumbo tokenizer train) and name its folder by pretrained");
    }

    /**
     * A tokenizer that exists: the given one, or if that is to be trained what it learns.
     *
     * @param texts hands over all training texts
     * @param out the run's directory
     * @throws InputException if the run has a checkpoint, and a tokenizer that was trained with other settings
     */
    static TokenizerConfig settled(TokenizerConfig config, Consumer<Consumer<String>> texts, Path out) {
        if (!(config instanceof TrainedTokens trained)) {
            return config;
        }
        Path folder = out.resolve(FOLDER);
        Path file = folder.resolve("tokenizer.json");
        String settings = Records.of().write(TokenizerConfig.class, trained) + "\n";
        try {
            // A model that has learned knows the ids of this one alone.
            if (hasCheckpoint(out) && Files.isRegularFile(file)) {
                requireSame(settings, folder.resolve(SETTINGS));
                return PretrainedTokens.of(folder);
            }
            TrainedTokenizer learned = trained.train(texts);
            // Written once: a run that others look at does not change.
            if (!Files.isRegularFile(file) || !Files.readString(file).equals(learned.json())) {
                learned.save(folder);
            }
            Durable.write(folder.resolve(SETTINGS), settings);
        } catch (IOException e) {
            throw new FailureException("cannot read or write the tokenizer in " + folder + ": " + IoProblem.of(e), e);
        }
        return PretrainedTokens.of(folder);
    }

    /** As training knows it of a run, which is above this: a name of one, or one whose name is gone. */
    private static boolean hasCheckpoint(Path run) throws IOException {
        if (Files.isRegularFile(run.resolve(LATEST))) {
            return true;
        }
        Path all = run.resolve("checkpoints");
        if (!Files.isDirectory(all)) {
            return false;
        }
        try (DirectoryStream<Path> steps = Files.newDirectoryStream(all, "step-*")) {
            return steps.iterator().hasNext();
        }
    }

    private TrainedTokenizer train(Consumer<Consumer<String>> texts) {
        TokenizerTrainer trainer = trainer(type, vocabSize, minFrequency, specialTokens, words);
        WordCounts counts = new WordCounts();
        texts.accept(text -> trainer.count(text, counts));
        return trainer.train(counts);
    }

    private static void requireSame(String asked, Path file) throws IOException {
        if (Files.isRegularFile(file) && !Files.readString(file).equals(asked)) {
            throw new InputException("tokenizer: expected the settings with which the run's own was trained, "
                    + Files.readString(file).strip() + ", received " + asked.strip()
                    + "; put them back, or train into another directory");
        }
    }
}
