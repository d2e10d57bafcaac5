package dev.jumbo.train.metrics.text;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** How {@link Bleu} divides texts into words: the rules of NIST's {@code mteval}, whose names are those of sacreBLEU. */
enum BleuTokenizer {
    /** {@code mteval-v13a}: punctuation of ASCII by itself, but for periods and commas inside numbers. */
    V13A("13a") {
        @Override
        List<String> words(String text) {
            String line = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
            return PythonText.split(numbers(signs(line)));
        }
    },
    /** {@code mteval-v14 --international-tokenization}: punctuation and symbols of Unicode by themselves, but for those inside numbers. */
    INTERNATIONAL("intl") {
        @Override
        List<String> words(String text) {
            String line = BEHIND_NO_NUMBER.matcher(text).replaceAll("$1 $2 ");
            line = BEFORE_NO_NUMBER.matcher(line).replaceAll(" $1 $2");
            return PythonText.split(SYMBOL.matcher(line).replaceAll(" $0 "));
        }
    },
    /** Each character is a word. */
    CHARACTER("char") {
        @Override
        List<String> words(String text) {
            return PythonText.split(String.join(" ", PythonText.characters(text)));
        }
    },
    /** Words are what blanks divide. */
    NONE("none") {
        @Override
        List<String> words(String text) {
            return PythonText.split(text);
        }
    };

    /** ASCII's signs but for the apostrophe, the comma, the dash and the period. */
    private static final Pattern SIGNS = Pattern.compile("[ !-&(-+/:-@\\[-`{-~]");

    private static final Pattern BEHIND_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
    private static final Pattern BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH = Pattern.compile("([0-9])(-)");
    private static final Pattern BEHIND_NO_NUMBER = Pattern.compile("(\\P{N})(\\p{P})");
    private static final Pattern BEFORE_NO_NUMBER = Pattern.compile("(\\p{P})(\\P{N})");
    private static final Pattern SYMBOL = Pattern.compile("\\p{S}");

    private final String label;

    BleuTokenizer(String label) {
        this.label = label;
    }

    abstract List<String> words(String text);

    /** ASCII's signs by themselves, but for those that {@link #numbers} looks at; marks of SGML are the signs that they stand for. */
    static String signs(String text) {
        String line = text.replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
        return SIGNS.matcher(" " + line + " ").replaceAll(" $0 ");
    }

    /** Periods and commas by themselves where no digit is on one of their sides, and dashes behind digits. */
    static String numbers(String text) {
        String line = BEHIND_NO_DIGIT.matcher(text).replaceAll("$1 $2 ");
        line = BEFORE_NO_DIGIT.matcher(line).replaceAll(" $1 $2");
        return DASH.matcher(line).replaceAll("$1 $2 ");
    }

    static BleuTokenizer of(String label) {
        for (BleuTokenizer one : values()) {
            if (one.label.equals(label)) {
                return one;
            }
        }
        List<String> known = Arrays.stream(values()).map(one -> one.label).toList();
        throw new InputException("bleu: tokenize: expected one of " + known + ", received \"" + label + "\""
                + Nearest.hint(label, known));
    }
}
