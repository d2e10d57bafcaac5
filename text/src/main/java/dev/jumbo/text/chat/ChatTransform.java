package dev.jumbo.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.transform.TextLength;
import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.transform.TokenizerTexts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A conversation to the ids of a prompt: what a model that learned chats is asked. A checkpoint takes the tokenizer and the template along.
 *
 * @param template its text in Jinja
 * @param vocabularySize ids that there are; found out when it is fitted where it is 0
 */
@Kind("chat")
@Doc("A chat, as JSON with messages, to the ids of a prompt by a chat template and a tokenizer.")
public record ChatTransform(
        @Doc("Which tokenizer.") TokenizerConfig tokenizer,
        @Doc("The text of the template.") String template,

        @Doc("What the template is given as bos_token.") @Default("\"\"")
        String bosToken,

        @Doc("What the template is given as eos_token.") @Default("\"\"")
        String eosToken,

        @Doc("The most tokens of a prompt.") @Default("512") int maxLength,

        @Doc("Ids that the tokenizer has; 0: found out from it.") @Default("0")
        int vocabularySize)
        implements UnaryTransform, TokenTexts.Source {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws InputException if the template is none */
    public ChatTransform {
        if (maxLength < 1 || vocabularySize < 0) {
            throw new InputException(
                    "chat: expected a max_length of 1 or more and no negative vocabulary_size, received " + maxLength
                            + " and " + vocabularySize);
        }
        ChatTemplate.of(template, bosToken, eosToken);
    }

    /** The template, read. */
    public ChatTemplate chatTemplate() {
        return ChatTemplate.of(template, bosToken, eosToken);
    }

    @Override
    public Field raw(String name) {
        return Field.text(name);
    }

    @Override
    public Field output(Field raw) {
        if (!raw.isBytes() || !(raw.meaning() instanceof Meaning.Text)) {
            throw new InputException("chat: expected a field of text, received " + raw);
        }
        return Field.tokens(raw.name(), vocabularySize, 0, maxLength);
    }

    @Override
    public ChatTransform fit(Field raw, Iterable<?> training) {
        try (Tokenizer opened = tokenizer.open()) {
            return new ChatTransform(tokenizer, template, bosToken, eosToken, maxLength, opened.vocabularySize());
        }
    }

    @Override
    public Applied open(Field raw) {
        Tokenizer opened = tokenizer.open();
        ChatTemplate ready = chatTemplate();
        return new Applied() {
            @Override
            public Object apply(Object text) {
                String prompt = ready.prompt(chat(new String((byte[]) text, StandardCharsets.UTF_8)));
                int[] ids = opened.encode(prompt);
                return TextLength.of(Arrays.stream(ids).asLongStream().toArray(), maxLength, false, "chat");
            }

            @Override
            public void close() {
                opened.close();
            }
        };
    }

    @Override
    public TokenTexts openTexts() {
        return new TokenizerTexts(tokenizer.open());
    }

    private static Chat chat(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node != null && node.isObject()) {
                return Chat.of(new CorpusRecord(node, "the chat"));
            }
        } catch (JsonProcessingException e) {
            throw new InputException("expected a chat as JSON, {\"messages\": [...]}, received what is none", e);
        }
        throw new InputException("expected a chat as a JSON object, {\"messages\": [...]}, received another value");
    }

    @Override
    public ChatTransform ofAnyLength() {
        return new ChatTransform(tokenizer, template, bosToken, eosToken, Integer.MAX_VALUE, vocabularySize);
    }

    @Override
    public List<Path> files() {
        return tokenizer.files();
    }

    @Override
    public ChatTransform withFiles(List<Path> places) {
        return new ChatTransform(tokenizer.withFiles(places), template, bosToken, eosToken, maxLength, vocabularySize);
    }
}
