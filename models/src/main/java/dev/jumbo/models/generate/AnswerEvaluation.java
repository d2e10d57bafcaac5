package dev.jumbo.models.generate;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.chat.Chat;
import dev.jumbo.text.chat.ChatFormat;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Per-response and per-dialogue accuracy (Bordes and Weston, 2017): each answer is generated behind what was really said before it, and is right if
 * it is the same text, but for blanks around it.
 *
 * @param model stays the caller's
 * @param template how conversations are written
 * @param config how answers are generated
 * @param lastOnly whether the last answer of each conversation alone is asked for
 */
public record AnswerEvaluation(TextGenerator model, ChatTemplate template, GenerationConfig config, boolean lastOnly) {
    /**
     * Asks for the answers of the conversations of some files.
     *
     * @throws InputException if a file has no conversation with an answer in words, or one is longer than the model's context, with its place
     */
    public AnswersReport of(List<Path> files, ChatFormat format) {
        List<AnswerCounts> counts = new ArrayList<>();
        List<WrongAnswer> wrong = new ArrayList<>();
        for (Path file : files) {
            AnswerCounts count = AnswerCounts.none(String.valueOf(file.getFileName()));
            try (RecordStream records = format.open(List.of(file))) {
                for (CorpusRecord record = records.next(); record != null; record = records.next()) {
                    Chat chat = Chat.of(record);
                    List<Integer> answers = answers(chat, record.where());
                    if (!answers.isEmpty()) {
                        count = count.with(answers.size(), right(chat, answers, record.where(), wrong));
                    }
                }
            }
            if (count.answers() == 0) {
                throw new InputException(
                        "expected conversations with an answer of the assistant in " + file + ", received none");
            }
            counts.add(count);
        }
        return new AnswersReport(counts, wrong);
    }

    /** The messages that are asked for. */
    private List<Integer> answers(Chat chat, String where) {
        List<Integer> all = IntStream.range(0, chat.messages().size())
                .filter(i -> isAsked(chat, i, where))
                .boxed()
                .toList();
        return lastOnly && !all.isEmpty() ? all.subList(all.size() - 1, all.size()) : all;
    }

    /** Whether a message is the assistant's in words, which a call of a tool is not. @throws InputException for one of parts, with its place */
    static boolean isAsked(Chat chat, int message, String where) {
        Object content = chat.messages().get(message).get("content");
        if (!"assistant".equals(chat.messages().get(message).get("role"))) {
            return false;
        }
        if (content instanceof List) {
            throw new InputException(where + ": expected a text as \"content\" of message " + message
                    + ", as answers are generated as texts, received a list of parts");
        }
        return content instanceof String;
    }

    private int right(Chat chat, List<Integer> answers, String where, List<WrongAnswer> wrong) {
        int right = 0;
        try {
            model.foresee(chat, template, answers.get(0));
            for (int answer : answers) {
                String expected = String.valueOf(chat.messages().get(answer).get("content"));
                Chat before = chat.with(chat.messages().subList(0, answer));
                String received =
                        model.answer(before, template, config, piece -> {}).text();
                if (received.strip().equals(expected.strip())) {
                    right++;
                } else {
                    wrong.add(new WrongAnswer(where, answer, expected.strip(), received.strip()));
                }
            }
            return right;
        } catch (InputException e) {
            throw new InputException(where + ": " + e.getMessage(), e);
        }
    }
}
