package dev.jumbo.models.generate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.chat.Chat;
import dev.jumbo.text.chat.ChatFormat;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Preference pairs from a model's own answers: what a chat says was chosen, what the model says in its place is rejected, wherever the two differ
 * (Chen et al., Self-Play Fine-Tuning Converts Weak Language Models to Strong Language Models, 2024, algorithm 1). The file is what the dataset {@code
 * preferences} reads, as trl does.
 *
 * @param model stays the caller's
 * @param template how conversations are written
 * @param config how answers are generated
 * @param limit the most pairs, 1 or more
 */
public record SelfPlay(TextGenerator model, ChatTemplate template, GenerationConfig config, int limit) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What came of it. @param asked answers that were generated @param pairs those that differ @param longer those left out, as no answer fits behind what was said before */
    public record Counts(long asked, long pairs, long longer) {}

    /** @throws InputException for a limit below 1, or more than one answer for each conversation */
    public SelfPlay {
        if (limit < 1) {
            throw new InputException("expected a limit of 1 pair or more, received " + limit);
        }
        if (config.numReturnSequences() != 1) {
            throw new InputException(
                    "expected one answer for each turn, received num_return_sequences " + config.numReturnSequences());
        }
    }

    /**
     * Asks for each answer of the assistant behind what was really said before it, conversation by conversation, until there are enough pairs.
     *
     * @param format of the files
     * @param pair takes {@code prompt} (messages), {@code chosen} and {@code rejected} (one message each)
     * @throws InputException for a file that has no chats, with its place
     */
    public Counts over(List<Path> files, ChatFormat format, Consumer<ObjectNode> pair) {
        long asked = 0;
        long pairs = 0;
        long longer = 0;
        try (RecordStream records = format.open(files)) {
            for (CorpusRecord record = records.next(); record != null && pairs < limit; record = records.next()) {
                Chat chat = Chat.of(record);
                List<Map<String, Object>> messages = chat.messages();
                for (int i = 1; i < messages.size() && pairs < limit; i++) {
                    if (!AnswerEvaluation.isAsked(chat, i, record.where())) {
                        continue;
                    }
                    Chat before = chat.with(messages.subList(0, i));
                    Optional<String> own = own(before, record.where());
                    if (own.isEmpty()) {
                        longer++;
                        continue;
                    }
                    asked++;
                    String said = String.valueOf(messages.get(i).get("content")).strip();
                    if (!own.get().equals(said)) {
                        pairs++;
                        pair.accept(pair(before, said, own.get()));
                    }
                }
            }
        }
        return new Counts(asked, pairs, longer);
    }

    /** What the model says; empty where it does not fit into the context. */
    private Optional<String> own(Chat before, String where) {
        try {
            return model.tokens(before, template).length + config.maxNewTokens() > model.context()
                    ? Optional.empty()
                    : Optional.of(model.answer(before, template, config, piece -> {})
                            .text()
                            .strip());
        } catch (InputException e) {
            throw new InputException(where + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode pair(Chat before, String chosen, String rejected) {
        ObjectNode pair = JSON.createObjectNode();
        pair.set("prompt", JSON.valueToTree(before.messages()));
        pair.set("chosen", JSON.valueToTree(List.of(Chat.message("assistant", chosen))));
        pair.set("rejected", JSON.valueToTree(List.of(Chat.message("assistant", rejected))));
        before.more().forEach((key, value) -> pair.set(key, JSON.valueToTree(value)));
        return pair;
    }
}
