package dev.jumbo.text.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.DocumentReader;
import dev.jumbo.text.corpus.RecordStream;
import dev.jumbo.text.corpus.TextDocument;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dialogues as the bAbI dialogue tasks have them (Bordes and Weston, 2017), gzip or not: a line is a number that counts from 1 in each dialogue, a
 * blank, what the user says, a tab and what the assistant says; a line without a tab is a fact that the assistant found. A blank line stands
 * between dialogues. Facts that follow each other become one message of the role {@code tool}, a line each.
 *
 * <pre>
 * 1 hi	hello what can i help you with today
 * 2 &lt;SILENCE&gt;	api_call italian paris two cheap
 * 3 resto_1 R_rating 6
 * </pre>
 */
public final class NumberedDialogues implements RecordStream {
    private final DocumentReader dialogues;

    /** From the first dialogue of the first file on. */
    public NumberedDialogues(List<Path> files) {
        dialogues = new DocumentReader(files, "text", DocumentReader.Unit.PARAGRAPH);
    }

    @Override
    public @Nullable CorpusRecord next() {
        TextDocument dialogue = dialogues.next();
        return dialogue == null ? null : new CorpusRecord(record(dialogue), dialogue.where());
    }

    private static ObjectNode record(TextDocument dialogue) {
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        ArrayNode messages = record.putArray("messages");
        StringBuilder facts = new StringBuilder();
        List<String> lines = dialogue.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String said = said(lines.get(i), i + 1, dialogue.where());
            int tab = said.indexOf('\t');
            if (tab < 0) {
                facts.append(facts.length() == 0 ? "" : "\n").append(said);
                continue;
            }
            told(facts, messages);
            message("user", said.substring(0, tab), messages);
            message("assistant", said.substring(tab + 1), messages);
        }
        told(facts, messages);
        return record;
    }

    /** What stands behind the number. */
    private static String said(String line, int number, String where) {
        String counted = number + " ";
        if (!line.startsWith(counted) || line.indexOf('\t') != line.lastIndexOf('\t')) {
            throw new InputException(where + ": expected as line " + number + " of the dialogue \"" + counted
                    + "\" and what the user says, a tab and the answer, or a fact, and a blank line between dialogues,"
                    + " received \"" + (line.length() > 60 ? line.substring(0, 60) + "..." : line) + "\"");
        }
        return line.substring(counted.length());
    }

    private static void told(StringBuilder facts, ArrayNode messages) {
        if (facts.length() > 0) {
            message("tool", facts.toString(), messages);
            facts.setLength(0);
        }
    }

    private static void message(String role, String content, ArrayNode messages) {
        messages.addObject().put("role", role).put("content", content);
    }

    @Override
    public void close() {
        dialogues.close();
    }
}
