package dev.jumbo.text.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import dev.jumbo.text.HuggingFaceTokens;
import dev.jumbo.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A tokenizer that was trained, before it has a file. */
public final class TrainedTokenizer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TokenizerTrainer trainer;
    private final Vocabulary vocabulary;

    TrainedTokenizer(TokenizerTrainer trainer, Vocabulary vocabulary) {
        this.trainer = trainer;
        this.vocabulary = vocabulary;
    }

    /** Tokens in the order of their ids; fewer than were asked for where the texts have no more. */
    public List<String> tokens() {
        return List.copyOf(vocabulary.tokens());
    }

    /** Merges in the order of their rank, as lines of a {@code merges.txt}; empty where tokens are not merged, and for WordPiece, which does not keep them. */
    public List<String> merges() {
        return trainer.type() == TokenizerType.WORDPIECE
                ? List.of()
                : vocabulary.merges().stream()
                        .map(pair -> vocabulary.tokens().get(pair[0]) + " "
                                + vocabulary.tokens().get(pair[1]))
                        .toList();
    }

    /** The {@code tokenizer.json}. */
    public String json() {
        return text(TokenizerJson.of(trainer, vocabulary));
    }

    /** The tokenizer at work, without a file. */
    public Tokenizer open() {
        return HuggingFaceTokens.open(json(), "the tokenizer that was trained", trainer.endOfDocument());
    }

    private static String text(ObjectNode node) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new FailureException("cannot write a tokenizer: " + e.getMessage(), e);
        }
    }

    /** What {@code transformers} reads beside it to know special tokens by their part. */
    private ObjectNode roles() {
        ObjectNode roles = JSON.createObjectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
        String[][] names = {
            {"unk_token", "[UNK]", "<unk>"},
            {"pad_token", "[PAD]", "<pad>"},
            {"cls_token", "[CLS]"},
            {"sep_token", "[SEP]"},
            {"mask_token", "[MASK]", "<mask>"},
            {"bos_token", "<s>", "<bos>", "<|begin_of_text|>"}
        };
        for (String[] role : names) {
            for (int i = 1; i < role.length; i++) {
                if (trainer.specialTokens().contains(role[i])) {
                    roles.put(role[0], role[i]);
                }
            }
        }
        if (trainer.type() != TokenizerType.WORDPIECE) {
            roles.put("eos_token", trainer.endOfDocument());
        }
        return roles.put("clean_up_tokenization_spaces", false);
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json} into a folder, which is made if it is not there; both load in Python's {@code
     * AutoTokenizer}.
     *
     * @return the {@code tokenizer.json}
     * @throws FailureException if it cannot be written
     */
    public Path save(Path directory) {
        try {
            Files.createDirectories(directory);
            Durable.write(directory.resolve("tokenizer_config.json"), text(roles()) + "\n");
            Path file = directory.resolve("tokenizer.json");
            Durable.write(file, json());
            return file;
        } catch (IOException e) {
            throw new FailureException("cannot write the tokenizer to " + directory + ": " + e.getMessage(), e);
        }
    }
}
