package dev.jumbo.train.metrics.text;

import java.util.List;
import java.util.regex.Pattern;

/** Answers as SQuAD's script compares them: small letters, no ASCII punctuation, none of the words a, an and the, one blank between words. */
final class AnswerWords {
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);

    private AnswerWords() {}

    static List<String> of(String answer) {
        StringBuilder letters = new StringBuilder();
        PythonText.lower(answer)
                .codePoints()
                .filter(c -> !PythonText.isPunctuation(c))
                .forEach(letters::appendCodePoint);
        return PythonText.split(ARTICLES.matcher(letters).replaceAll(" "));
    }
}
