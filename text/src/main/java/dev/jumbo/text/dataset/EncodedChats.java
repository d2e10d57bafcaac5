package dev.jumbo.text.dataset;

import dev.jumbo.data.packing.MemoryTokens;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.chat.Chat;
import dev.jumbo.text.chat.ChatFormat;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.chat.LearnedIds;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordStream;
import dev.jumbo.text.jinja.TextSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chats of files as ids, with which of them are learned.
 *
 * @param format of the files
 * @param end whether the end of a document stands behind each, and is learned
 * @param steps the most inputs of an example; what is beyond is cut
 */
record EncodedChats(
        ChatFormat format,
        ChatTemplate template,
        Tokenizer tokenizer,
        ChatSource.Learn learn,
        boolean end,
        int steps,
        boolean cuts) {
    private static final Logger LOG = LoggerFactory.getLogger(EncodedChats.class);
    private static final int AT_ONCE = 512;

    MemoryTokens of(List<Path> files, String what) {
        MemoryTokens.Builder tokens = MemoryTokens.builder(tokenizer.vocabularySize(), tokenizer.endOfDocument());
        long unlearned = 0;
        String first = "";
        try (RecordStream reader = format.open(files)) {
            for (List<CorpusRecord> records = next(reader); !records.isEmpty(); records = next(reader)) {
                List<LearnedIds> encoded =
                        records.parallelStream().map(this::encode).toList();
                for (int i = 0; i < encoded.size(); i++) {
                    LearnedIds each = encoded.get(i);
                    // Of a document that is refused for its length, that is what is said.
                    if (cuts && !each.learns(steps)) {
                        first = unlearned++ == 0 ? records.get(i).where() : first;
                    } else {
                        tokens.add(each.ids(), each.learned());
                    }
                }
            }
        }
        if (unlearned > 0) {
            String left = unlearned + " chats whose answers begin behind the context of " + steps
                    + " tokens, the first in " + first;
            if (tokens.documents() == 0) {
                throw new InputException(
                        what + ": expected chats whose answers are within the context, received none but " + left
                                + "; raise context");
            }
            LOG.warn("{}: left out: {}; raise context to learn them", what, left);
        }
        if (tokens.documents() == 0) {
            throw new InputException(what + ": expected chats in " + files + ", received none");
        }
        MemoryTokens made = tokens.build();
        LOG.info(
                "{}: {} chats, {} tokens, of which {} are learned",
                what,
                made.documents(),
                made.tokens(),
                made.learned());
        return made;
    }

    private static List<CorpusRecord> next(RecordStream reader) {
        List<CorpusRecord> records = new ArrayList<>();
        while (records.size() < AT_ONCE) {
            CorpusRecord record = reader.next();
            if (record == null) {
                break;
            }
            records.add(record);
        }
        return records;
    }

    private LearnedIds encode(CorpusRecord record) {
        Chat chat = Chat.of(record);
        if (!chat.hasAnswer()) {
            throw record.wrong(
                    "a chat with an answer of the assistant, which is what is learned",
                    chat.messages().size() + " messages of "
                            + chat.messages().stream()
                                    .map(m -> m.get("role"))
                                    .distinct()
                                    .toList());
        }
        try {
            Chat prompt = Chat.promptOf(record);
            LearnedIds ids = prompt == null || learn == ChatSource.Learn.ALL ? ids(chat) : completion(prompt, chat);
            return end ? ids.ended(tokenizer.endOfDocument()) : ids;
        } catch (InputException e) {
            throw new InputException(record.where() + ": " + e.getMessage(), e);
        }
    }

    /** As trl's completion_mask: what is behind the prompt with the words before an answer is learned, to the end. */
    private LearnedIds completion(Chat prompt, Chat chat) {
        String before = template.prompt(prompt);
        String text = template.text(chat);
        int same = 0;
        while (same < Math.min(before.length(), text.length()) && before.charAt(same) == text.charAt(same)) {
            same++;
        }
        return LearnedIds.of(tokenizer, text, List.of(new TextSpan(-1, same, text.length())));
    }

    private LearnedIds ids(Chat chat) {
        if (learn == ChatSource.Learn.ALL) {
            String text = template.text(chat);
            return LearnedIds.of(tokenizer, text, List.of(new TextSpan(-1, 0, text.length())));
        }
        ChatTemplate.Answered answered = template.answered(chat);
        List<TextSpan> answers = answered.answers();
        boolean last = learn == ChatSource.Learn.LAST_ANSWER && !answers.isEmpty();
        return LearnedIds.of(
                tokenizer, answered.text(), last ? answers.subList(answers.size() - 1, answers.size()) : answers);
    }
}
