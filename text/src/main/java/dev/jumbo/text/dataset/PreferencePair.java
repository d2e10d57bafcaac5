package dev.jumbo.text.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.chat.Chat;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.chat.LearnedIds;
import dev.jumbo.text.corpus.CorpusRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A prompt with the answer that was chosen, and with the one that was rejected.
 *
 * @param chosen of which the answer is learned
 * @param rejected likewise
 */
record PreferencePair(LearnedIds chosen, LearnedIds rejected) {
    /** As trl reads it, with the marks before a prompt that is a text if asked for: texts, lists of messages, or two conversations whose first messages are the prompt. */
    static PreferencePair of(CorpusRecord record, ChatTemplate template, Tokenizer tokenizer, boolean marked) {
        JsonNode chosen = record.require("chosen");
        JsonNode rejected = record.require("rejected");
        JsonNode prompt = record.get("prompt");
        if (chosen.isTextual() && rejected.isTextual()) {
            String before = prompt == null || !prompt.isTextual() ? record.text("prompt") : prompt.textValue();
            if (chosen.equals(rejected)) {
                throw twice(record);
            }
            int[] begin = marked ? tokenizer.marks().before() : new int[0];
            return new PreferencePair(
                    written(record, begin, before, chosen.textValue(), tokenizer),
                    written(record, begin, before, rejected.textValue(), tokenizer));
        }
        List<Map<String, Object>> first = Chat.messages(chosen, record, "chosen");
        List<Map<String, Object>> second = Chat.messages(rejected, record, "rejected");
        List<Map<String, Object>> shared = new ArrayList<>();
        if (prompt != null) {
            shared.addAll(
                    prompt.isTextual()
                            ? List.of(Chat.message("user", prompt.textValue()))
                            : Chat.messages(prompt, record, "prompt"));
            // Some repeat the prompt in both.
            boolean repeated = startsWith(first, shared) && startsWith(second, shared);
            first = repeated ? first.subList(shared.size(), first.size()) : first;
            second = repeated ? second.subList(shared.size(), second.size()) : second;
        } else {
            while (shared.size() < Math.min(first.size(), second.size())
                    && first.get(shared.size()).equals(second.get(shared.size()))) {
                shared.add(first.get(shared.size()));
            }
            first = first.subList(shared.size(), first.size());
            second = second.subList(shared.size(), second.size());
        }
        if (!first.isEmpty() && first.equals(second)) {
            throw twice(record);
        }
        Chat before = new Chat(shared, Chat.more(record));
        return new PreferencePair(
                answer(record, before, first, template, tokenizer),
                answer(record, before, second, template, tokenizer));
    }

    private static InputException twice(CorpusRecord record) {
        return record.wrong("two answers that differ", "twice the same, from which nothing is learned");
    }

    /** An answer that says its end itself has no other. */
    private static LearnedIds written(
            CorpusRecord record, int[] begin, String before, String answer, Tokenizer tokenizer) {
        LearnedIds ids = answer(record, before, before + answer, tokenizer).begun(begin);
        int end = tokenizer.endOfDocument();
        return ids.ids()[ids.ids().length - 1] == end ? ids : ids.ended(end);
    }

    private static boolean startsWith(List<Map<String, Object>> all, List<Map<String, Object>> first) {
        return all.size() > first.size() && all.subList(0, first.size()).equals(first);
    }

    private static LearnedIds answer(
            CorpusRecord record,
            Chat before,
            List<Map<String, Object>> answer,
            ChatTemplate template,
            Tokenizer tokenizer) {
        if (answer.isEmpty() || before.messages().isEmpty()) {
            throw record.wrong(
                    "a prompt, and two answers that differ",
                    before.messages().isEmpty() ? "no prompt" : "an answer without messages, or twice the same");
        }
        List<Map<String, Object>> all = new ArrayList<>(before.messages());
        all.addAll(answer);
        try {
            String prompt = template.prompt(before);
            String text = template.text(before.with(all));
            int same = 0;
            while (same < Math.min(prompt.length(), text.length()) && prompt.charAt(same) == text.charAt(same)) {
                same++;
            }
            return answer(record, prompt.substring(0, same), text, tokenizer);
        } catch (InputException e) {
            throw new InputException(record.where() + ": " + e.getMessage(), e);
        }
    }

    private static LearnedIds answer(CorpusRecord record, String before, String text, Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(text);
        int from = LearnedIds.boundary(tokenizer, text, before.length(), ids);
        if (before.isEmpty() || from >= ids.length) {
            throw record.wrong("a prompt and an answer", before.isEmpty() ? "an empty prompt" : "an empty answer");
        }
        boolean[] learned = new boolean[ids.length];
        Arrays.fill(learned, from, ids.length, true);
        return new LearnedIds(ids, learned);
    }
}
