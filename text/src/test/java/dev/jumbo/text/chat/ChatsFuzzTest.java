package dev.jumbo.text.chat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Chats of a stranger, and what stands of templates in {@code tokenizer_config.json}. */
class ChatsFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);
    private static final ChatTemplate CHATML = ChatTemplate.of(ChatTemplates.CHATML, "", "");

    /** Templates are read and not filled in: that is {@code JinjaFuzzTest}'s. */
    @Fuzzed
    void tokenizerConfig(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes,
                "tokenizer_config.json",
                file -> ChatTemplates.of(Map.of("tokenizer_config.json", file)).orElse(null));
    }

    @Fuzzed
    void babi(byte[] bytes) {
        written(bytes, "dialogues.txt", ChatFormat.BABI);
    }

    @Fuzzed
    void records(byte[] bytes) {
        written(bytes, "chats.jsonl", ChatFormat.RECORDS);
    }

    /** A list of chats. */
    @Fuzzed
    void array(byte[] bytes) {
        written(bytes, "chats.json", ChatFormat.RECORDS);
    }

    private static void written(byte[] bytes, String name, ChatFormat format) {
        UNTRUSTED.parseFile(bytes, name, file -> {
            List<String> texts = new ArrayList<>();
            try (RecordStream records = format.open(List.<Path>of(file))) {
                for (CorpusRecord record = records.next(); record != null; record = records.next()) {
                    texts.add(CHATML.text(Chat.of(record)));
                }
            }
            return texts;
        });
    }
}
