package dev.jumbo.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.text.SharedData;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedDialoguesTest {
    @TempDir
    Path temp;

    private List<Chat> read(String text) throws IOException {
        return chats(Files.writeString(temp.resolve("dialogues.txt"), text));
    }

    private static List<Chat> chats(Path file) {
        List<Chat> chats = new ArrayList<>();
        try (RecordStream records = ChatFormat.BABI.open(List.of(file))) {
            for (CorpusRecord record = records.next(); record != null; record = records.next()) {
                chats.add(Chat.of(record));
            }
        }
        return chats;
    }

    private static List<String> said(Chat chat) {
        return chat.messages().stream()
                .map(message -> message.get("role") + ": " + message.get("content"))
                .toList();
    }

    @Test
    void lines_with_a_tab_are_two_turns_and_facts_that_follow_each_other_one_message_of_a_tool() throws IOException {
        List<Chat> chats = read("1 hi\thello\n2 <SILENCE>\tapi_call rome\n3 r_1 R_rating 6\n4 r_2 R_rating 7\n"
                + "5 <SILENCE>\tr_2\n\n\n1 again\tyes\n");
        assertThat(chats).hasSize(2);
        assertThat(said(chats.get(0)))
                .containsExactly(
                        "user: hi",
                        "assistant: hello",
                        "user: <SILENCE>",
                        "assistant: api_call rome",
                        "tool: r_1 R_rating 6\nr_2 R_rating 7",
                        "user: <SILENCE>",
                        "assistant: r_2");
        assertThat(said(chats.get(1))).containsExactly("user: again", "assistant: yes");
    }

    @Test
    void a_line_whose_number_does_not_count_is_refused_with_its_dialogue() {
        assertThatThrownBy(() -> read("1 a\tb\n\n1 c\td\n1 e\tf\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("dialogues.txt, line 3: expected as line 2 of the dialogue \"2 \"")
                .hasMessageContaining("received \"1 e\tf\"");
        assertThatThrownBy(() -> read("1 a\tb\tc\n")).hasMessageContaining("a tab and the answer");
        assertThatThrownBy(() -> read("{\"messages\": []}\n")).hasMessageContaining("expected as line 1");
    }

    @Test
    void the_dialogues_of_the_bAbI_tasks_are_as_many_as_they_say() {
        List<Chat> chats = chats(SharedData.require("babi-dialog/dialog-babi-task3-options-dev.txt.gz"));
        assertThat(chats).hasSize(1000).allMatch(Chat::hasAnswer);
        assertThat(chats.get(0).messages().get(0).get("role")).isEqualTo("tool");
    }
}
