package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The same text in one spelling: Unicode form, blanks around it, case, runs of blanks. Blanks are what Python's {@code
 * str.isspace} has, no-break spaces among them.
 */
@Kind("normalize_text")
public record NormalizeText(
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns,

        @Doc("Blanks around the text are dropped.") @Default("true")
        boolean trim,

        @Doc("Letters become lower case.") @Default("false") boolean lowerCase,

        @Doc("Runs of blanks become one blank.") @Default("true")
        boolean collapseBlanks,

        @Doc(
                "Unicode form: nfc (composed), nfd, nfkc (composed, with the usual form of full-width letters, ligatures and"
                        + " the like), nfkd, or none.")
        @Default("none")
        UnicodeForm unicode)
        implements CleaningStep {
    private static final String BLANK = "[\\p{IsWhite_Space}\\x1c-\\x1f]";
    private static final Pattern BLANKS = Pattern.compile(BLANK + "+");

    /** A normal form of Unicode (UAX 15). */
    public enum UnicodeForm {
        NONE,
        NFC,
        NFD,
        NFKC,
        NFKD
    }

    public NormalizeText {
        columns = List.copyOf(columns);
    }

    /** Without a Unicode form. */
    public NormalizeText(List<String> columns, boolean trim, boolean lowerCase, boolean collapseBlanks) {
        this(columns, trim, lowerCase, collapseBlanks, UnicodeForm.NONE);
    }

    @Override
    public void apply(Table table, Edits edits) {
        for (int column : CleaningStep.positions(table, columns)) {
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text == null) {
                    continue;
                }
                if (unicode != UnicodeForm.NONE) {
                    text = Normalizer.normalize(text, Normalizer.Form.valueOf(unicode.name()));
                    edits.set(row, column, text, "another Unicode form");
                }
                if (trim) {
                    text = stripped(text);
                    edits.set(row, column, text, "blanks around the text");
                }
                if (collapseBlanks) {
                    text = BLANKS.matcher(text).replaceAll(" ");
                    edits.set(row, column, text, "several blanks");
                }
                if (lowerCase) {
                    edits.set(row, column, text.toLowerCase(Locale.ROOT), "upper case");
                }
            }
        }
    }

    private static String stripped(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
