package dev.jumbo.text.transform;

import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.text.Tokenizer;
import java.util.List;

/** What the ids of a tokenizer mean as text. */
public record TokenizerTexts(Tokenizer tokenizer) implements TokenTexts {
    @Override
    public int[] ids(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public String text(int[] ids) {
        return tokenizer.decode(ids);
    }

    @Override
    public List<Integer> ends() {
        return List.of(tokenizer.endOfDocument());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
