package dev.jumbo.data.table.read;

import dev.jumbo.error.InputException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The share of malformed records that a source may have. */
final class BadShare {
    private static final String CHARSET = "bytes that are not ";

    private BadShare() {}

    /** The reason of a record in another charset. */
    static String notIn(String charset) {
        return CHARSET + charset;
    }

    /** What to write where a record is in another charset; otherwise nothing. */
    static String charsetHint(Malformed first) {
        return first.reason().startsWith(CHARSET)
                ? "; if it comes from Windows, write charset: windows-1252, or the charset it has"
                : "";
    }

    static void require(String source, double most, long bad, long good, @Nullable Malformed first, String details) {
        if (bad > most * (bad + good)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%d of %d records of %s are malformed, more than max_bad_share %s allows%s%s",
                    bad,
                    bad + good,
                    source,
                    most,
                    first == null ? "" : "; the first is line " + first.line() + ": " + first.reason(),
                    details));
        }
    }
}
