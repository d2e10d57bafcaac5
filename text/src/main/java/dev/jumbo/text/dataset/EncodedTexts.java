package dev.jumbo.text.dataset;

import dev.jumbo.data.packing.DocumentFlow;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.corpus.DocumentReader;
import dev.jumbo.text.corpus.TextDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents as ids, perhaps with the tokenizer's marks, each with that of the end of a document behind it. Some are encoded at a time, on several threads. Empty ones are left out. */
final class EncodedTexts implements DocumentFlow {
    private static final int MOST_TEXTS = 1024;
    private static final int MOST_CHARACTERS = 1 << 22;

    private final DocumentReader reader;
    private final Tokenizer tokenizer;
    private final boolean marked;
    private final Deque<Ids> ready = new ArrayDeque<>();
    private long bytes;
    private long empty;
    private @Nullable String firstEmpty;

    /** @param marked whether the tokenizer's marks stand around each document */
    EncodedTexts(DocumentReader reader, Tokenizer tokenizer, boolean marked) {
        this.reader = reader;
        this.tokenizer = tokenizer;
        this.marked = marked;
    }

    @Override
    public @Nullable Ids next() {
        if (ready.isEmpty()) {
            readAhead();
        }
        return ready.poll();
    }

    private void readAhead() {
        List<TextDocument> texts = new ArrayList<>();
        int characters = 0;
        while (texts.size() < MOST_TEXTS && characters < MOST_CHARACTERS) {
            TextDocument document = reader.next();
            if (document == null) {
                break;
            }
            if (document.text().isEmpty()) {
                empty++;
                firstEmpty = firstEmpty == null ? document.where() : firstEmpty;
                continue;
            }
            characters += document.text().length();
            bytes += utf8Length(document);
            texts.add(document);
        }
        ready.addAll(texts.parallelStream().map(this::encode).toList());
    }

    /** @throws InputException if the text has half of a surrogate pair, which JSON can say and UTF-8 cannot */
    private static long utf8Length(TextDocument document) {
        String text = document.text();
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.isLowSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InputException(document.where() + ": expected text that UTF-8 can say, received half of a"
                            + " surrogate pair at character " + i + "; mend the text");
                }
                i++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private Ids encode(TextDocument document) {
        int[] ids;
        try {
            ids = tokenizer.encode(document.text());
        } catch (InputException e) {
            throw new InputException(document.where() + ": " + e.getMessage(), e);
        }
        if (marked) {
            ids = tokenizer.marks().around(ids);
        }
        if (ids.length > 0 && ids[ids.length - 1] == tokenizer.endOfDocument()) {
            return new Ids(ids, null); // Its marks, or the text itself, end it already.
        }
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = tokenizer.endOfDocument();
        return new Ids(ended, null);
    }

    /** Bytes of UTF-8 that were encoded so far. */
    long bytes() {
        return bytes;
    }

    /** Empty documents so far. */
    long empty() {
        return empty;
    }

    /** Where the first of them was. */
    @Nullable
    String firstEmpty() {
        return firstEmpty;
    }

    @Override
    public void close() {
        reader.close();
    }
}
