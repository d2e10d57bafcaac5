package dev.jumbo.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.jumbo.error.InputException;
import dev.jumbo.text.bpe.MissingLetters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hugging Face's library behind {@link Tokenizer}. */
final class NativeTokenizer implements Tokenizer {
    /** What the library otherwise does when it is first used: it tells its makers, over the network, that it runs. */
    private static final String NO_CALLS_HOME = "OPT_OUT_TRACKING";

    /** Where it sees a GPU it otherwise looks for a build for it, over the network. */
    private static final String FLAVOR = "RUST_FLAVOR";

    static {
        if (System.getProperty(NO_CALLS_HOME) == null) {
            System.setProperty(NO_CALLS_HOME, "true");
        }
        if (System.getenv(FLAVOR) == null && System.getProperty(FLAVOR) == null) {
            System.setProperty(FLAVOR, "cpu");
        }
    }

    private final TokenizerDescription description;
    private final HuggingFaceTokenizer library;
    private final @Nullable MissingLetters missing;

    private NativeTokenizer(TokenizerDescription description, HuggingFaceTokenizer library) {
        this.description = description;
        this.library = library;
        missing = MissingLetters.of(description.json(), description.name()).orElse(null);
    }

    /** Opens what a tokenizer.json says, by our own encoder where it is one that we have. */
    static Tokenizer of(String json, String name, String endOfDocument) {
        NativeTokenizer opened = library(json, name, endOfDocument);
        return WordPieceTokenizer.of(opened.description, opened)
                .orElseGet(() -> BytePairTokenizer.of(opened.description, opened));
    }

    /** Opens what a tokenizer.json says, by the library whatever it is. */
    static NativeTokenizer library(String json, String name, String endOfDocument) {
        TokenizerDescription description = TokenizerDescription.of(json, name, endOfDocument);
        // What was checked is what the library reads, whatever it makes of keys that are there twice.
        return new NativeTokenizer(description, library(description));
    }

    private static HuggingFaceTokenizer library(TokenizerDescription description) {
        String json = description.json().toString();
        Map<String, String> options =
                Map.of("addSpecialTokens", "false", "truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options);
        } catch (RuntimeException e) { // the native library throws nothing narrower
            throw new InputException(
                    "the tokenizer " + description.name() + " does not open: "
                            + description.inPart(String.valueOf(e.getMessage())),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // It is read from memory.
        }
    }

    /** Only the ids cross over: places, texts and masks of tokens, which the library's own call fetches as well, take longer than encoding does. */
    @Override
    public int[] encode(String text) {
        long encoding = 0;
        try {
            encoding = encoded(text);
            return ints(TokenizersLibrary.LIB.getTokenIds(encoding));
        } catch (InputException e) {
            throw e;
        } catch (RuntimeException e) { // as above: of a vocabulary without its own unknown token, for one
            throw cannot("encode a text", e);
        } finally {
            if (encoding != 0) {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        }
    }

    @Override
    public Encoding tokens(String text) {
        long encoding = 0;
        try {
            encoding = encoded(text);
            int[] ids = ints(TokenizersLibrary.LIB.getTokenIds(encoding));
            CharSpan[] spans = TokenizersLibrary.LIB.getTokenCharSpans(encoding);
            int[] starts = new int[ids.length];
            int[] ends = new int[ids.length];
            int[] places = Texts.places(text);
            for (int i = 0; i < ids.length; i++) {
                CharSpan span = spans[i];
                if (span != null) { // null of a token that stands for nothing
                    starts[i] = places[span.getStart()];
                    ends[i] = places[span.getEnd()];
                }
            }
            return Encoding.of(ids, starts, ends);
        } catch (InputException e) {
            throw e;
        } catch (RuntimeException e) {
            throw cannot("encode a text", e);
        } finally {
            if (encoding != 0) {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        }
    }

    private long encoded(String text) {
        String whole = Texts.whole(text);
        if (missing != null) {
            missing.requireNone(whole);
        }
        return TokenizersLibrary.LIB.encode(library.getHandle(), whole, false);
    }

    private static int[] ints(long[] ids) {
        int[] tokens = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = (int) ids[i];
        }
        return tokens;
    }

    private static InputException cannot(String what, RuntimeException e) {
        return new InputException(
                "the tokenizer cannot " + what + ": " + e.getMessage() + "; mend its tokenizer.json or vocabulary", e);
    }

    @Override
    public String decode(int[] tokens) {
        long[] ids = new long[tokens.length];
        for (int i = 0; i < ids.length; i++) {
            description.requireKnown(tokens[i]);
            ids[i] = tokens[i];
        }
        try {
            return library.decode(ids, true);
        } catch (RuntimeException e) {
            throw cannot("decode tokens", e);
        }
    }

    @Override
    public Marks marks() {
        return description.marks();
    }

    @Override
    public String token(int id) {
        return description.token(id);
    }

    @Override
    public int id(String token) {
        return description.ids().getOrDefault(token, -1);
    }

    @Override
    public boolean isSpecial(int id) {
        return description.special().contains(id);
    }

    @Override
    public int vocabularySize() {
        return description.tokens().size();
    }

    @Override
    public int endOfDocument() {
        return description.endOfDocument();
    }

    @Override
    public void close() {
        library.close();
    }
}
