package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.digits.Digits;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link Digits}, drawn by the program. */
@Kind("digits")
@Doc("Grey images of digits, drawn by the program: nothing to download.")
public record DigitsSource(
        @Doc("Training examples.") @Default("12000") int train,
        @Doc("Test examples.") @Default("2000") int test,
        @Doc("The drawings derive from it.") @Default("0") long seed)
        implements DataSource {
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        Digits digits = Digits.draw(train, test, seed);
        return DataParts.of(digits.train(), null, digits.test());
    }
}
