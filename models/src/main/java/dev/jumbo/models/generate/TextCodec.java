package dev.jumbo.models.generate;

import dev.jumbo.data.Transform;
import dev.jumbo.data.transform.Tokenize;
import dev.jumbo.error.InputException;
import dev.jumbo.text.MarkedTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.chat.ChatTemplates;
import dev.jumbo.text.chat.ChatTransform;
import dev.jumbo.text.dataset.SourceIds;
import dev.jumbo.text.transform.TokenizerTransform;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Between texts and the ids of a model. */
interface TextCodec extends AutoCloseable {
    /** The ids of a text, without marks. */
    int[] encode(String text);

    /** The ids of a text that an encoder reads, with the marks that it learned with. */
    default int[] source(String text) {
        return encode(text);
    }

    /** The text of ids; half a character is U+FFFD, what has no text gives none. */
    String decode(int[] ids);

    /** Ids that there are. */
    int size();

    /** What stands before a prompt, often no id or one. */
    List<Integer> beginning();

    /** What an answer to no prompt at all goes on from. */
    List<Integer> anything();

    /** Ids that end an answer. */
    List<Integer> ends();

    /** Whether an id is a mark, of which {@link #decode} gives nothing. */
    default boolean isMark(int id) {
        return false;
    }

    @Override
    void close();

    /** Whether the checkpoint took a tokenizer along. */
    static boolean isIn(ModelFile description) {
        return Stream.of(description.transforms(), description.madeBy())
                        .flatMap(transforms -> transforms.values().stream())
                        .anyMatch(TokenizerTransform.class::isInstance)
                || KeptTokenizer.isIn(description.files());
    }

    /** What the checkpoint took along, or the characters that its classes are. */
    static Optional<TextCodec> of(ModelFile description) {
        for (Transform transform : transforms(description)) {
            if (transform instanceof TokenizerTransform tokens) {
                return Optional.of(of(tokens.tokenizer()));
            }
            if (transform instanceof ChatTransform chat) {
                return Optional.of(of(chat.tokenizer()));
            }
            if (transform instanceof Tokenize words && words.unit() == Tokenize.Unit.CHARACTERS) {
                return Optional.of(new Characters(words.entries(), 2));
            }
        }
        if (KeptTokenizer.isIn(description.files())) {
            return Optional.of(KeptTokenizer.open(description.files()));
        }
        List<String> classes = description.targets().get(0).classes();
        boolean characters = !classes.isEmpty() && classes.stream().allMatch(c -> c.codePointCount(0, c.length()) == 1);
        return characters ? Optional.of(new Characters(classes, 0)) : Optional.empty();
    }

    private static List<Transform> transforms(ModelFile description) {
        List<Transform> made = new ArrayList<>(description.transforms().values());
        made.addAll(description.madeBy().values());
        return made;
    }

    /**
     * The form of conversations that the checkpoint took along; none where its data needed none.
     *
     * @param tokenizer in the place of the checkpoint's, beside which one may stand; or null
     */
    static Optional<ChatTemplate> template(ModelFile description, @Nullable TokenizerConfig tokenizer) {
        Optional<ChatTemplate> beside = tokenizer == null ? Optional.empty() : ChatTemplates.of(tokenizer);
        if (beside.isPresent()) {
            return beside;
        }
        for (Transform transform : transforms(description)) {
            if (transform instanceof ChatTransform chat && !chat.template().equals(ChatTemplates.NONE)) {
                return Optional.of(chat.chatTemplate());
            }
        }
        return ChatTemplates.of(description.files());
    }

    /** A tokenizer, with the marks that are known of it. */
    static TextCodec of(TokenizerConfig config) {
        return of(config, List.of());
    }

    /** As {@link #of(TokenizerConfig)}. @param ends ids that the model's own files say end an answer; none for the tokenizer's */
    static TextCodec of(TokenizerConfig config, List<Integer> ends) {
        Tokenizer tokenizer = config.open();
        List<Integer> document = List.of(tokenizer.endOfDocument());
        if (config instanceof MarkedTokens marked) {
            List<Integer> begin = marked.bosTokenId() == null ? List.of() : List.of(marked.bosTokenId());
            return new Tokens(
                    tokenizer,
                    begin,
                    begin.isEmpty() ? document : begin,
                    marked.eosTokenIds().isEmpty() ? document : marked.eosTokenIds());
        }
        // What stands behind a text would end the answer before it begins.
        List<Integer> begin = Arrays.stream(tokenizer.marks().before()).boxed().toList();
        return new Tokens(tokenizer, begin, begin.isEmpty() ? document : begin, ends.isEmpty() ? document : ends);
    }

    /** A tokenizer's. */
    record Tokens(Tokenizer tokenizer, List<Integer> beginning, List<Integer> anything, List<Integer> ends)
            implements TextCodec {
        @Override
        public int[] encode(String text) {
            return tokenizer.encode(text);
        }

        @Override
        public int[] source(String text) {
            return SourceIds.source(tokenizer, tokenizer.encode(text));
        }

        @Override
        public String decode(int[] ids) {
            return tokenizer.decode(ids);
        }

        @Override
        public boolean isMark(int id) {
            return tokenizer.isSpecial(id);
        }

        @Override
        public int size() {
            return tokenizer.vocabularySize();
        }

        @Override
        public void close() {
            tokenizer.close();
        }
    }

    /** A vocabulary of characters. @param first id of the first one */
    record Characters(List<String> entries, int first, Map<String, Integer> ids) implements TextCodec {
        Characters(List<String> entries, int first) {
            this(entries, first, new HashMap<>());
            for (int i = 0; i < entries.size(); i++) {
                ids.put(entries.get(i), first + i);
            }
        }

        @Override
        public int[] encode(String text) {
            return text.codePoints()
                    .map(character -> {
                        Integer id = ids.get(Character.toString(character));
                        if (id == null) {
                            throw new InputException(
                                    "expected characters of the text that the model was trained on, received \""
                                            + Character.toString(character) + "\" (U+"
                                            + String.format("%04X", character) + "), which it does not have");
                        }
                        return id;
                    })
                    .toArray();
        }

        @Override
        public String decode(int[] tokens) {
            StringBuilder text = new StringBuilder();
            for (int token : tokens) {
                if (token >= first && token < first + entries.size()) {
                    text.append(entries.get(token - first));
                }
            }
            return text.toString();
        }

        @Override
        public int size() {
            return first + entries.size();
        }

        @Override
        public List<Integer> beginning() {
            return List.of();
        }

        @Override
        public List<Integer> anything() {
            return List.of();
        }

        @Override
        public List<Integer> ends() {
            return List.of();
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
