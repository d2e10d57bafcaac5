package dev.jumbo.data.transform;

import dev.jumbo.data.Transform;
import java.util.List;

/** The transforms that a file may name; a {@link dev.jumbo.config.KindProvider} adds others. */
public final class Transforms {
    private Transforms() {}

    public static List<Class<? extends Transform>> kinds() {
        return List.of(
                Tokenize.class,
                NGrams.class,
                Tfidf.class,
                ResizeImage.class,
                Spectrogram.class,
                TokenPair.class,
                RowNumbers.class);
    }
}
