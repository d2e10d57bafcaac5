package dev.jumbo.data.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The characters of one text, to predict the next one. The vocabulary is every character of the file; the last share of the text is held
 * out, and measured as a whole by {@link AllWindows}.
 */
@Kind("characters")
@Doc("Windows of the characters of one text, to predict the next one; the end of the text is held out to validate on.")
public record CharactersSource(
        @Doc("The text in UTF-8, seen from data.dir.") Path file,
        @Doc("Characters of a window.") int context,

        @Doc("Share of the text, at its end, that is held out to validate on.") @Default("0.1")
        double validationShare,

        @Doc(
                "random: windows at random places, drawn again and again, with train.steps_per_epoch or max_steps; all: one window"
                        + " behind the other, each once in an epoch.")
        @Default("random")
        Draw windows)
        implements DataSource {
    /** Which windows training sees. */
    public enum Draw {
        /** {@link RandomWindows}. */
        RANDOM,
        /** {@link AllWindows}. */
        ALL
    }

    /** @throws InputException if the share is not from 0 to below 1 */
    public CharactersSource {
        if (!(validationShare >= 0 && validationShare < 1)) {
            throw new InputException(
                    "characters.validation_share: expected a share from 0 to below 1, received " + validationShare);
        }
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        Path path = dir == null ? file : dir.resolve(file);
        CharacterIds text = CharacterIds.read(path);
        // As nanoGPT cuts it: the first int(n (1 - share)) characters are learned.
        int cut = (int) (text.length() * (1 - validationShare));
        NextTokens window = new NextTokens(context, text.entries());
        try {
            TokenSequence learned = text.part(0, cut);
            Dataset train =
                    windows == Draw.RANDOM ? new RandomWindows(learned, window) : new AllWindows(learned, window);
            Dataset held = validationShare == 0 ? null : new AllWindows(text.part(cut, text.length()), window);
            return DataParts.of(train, held, null);
        } catch (InputException e) {
            throw new InputException(path + ": " + e.getMessage(), e);
        }
    }
}
