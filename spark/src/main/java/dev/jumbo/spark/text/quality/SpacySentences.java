package dev.jumbo.spark.text.quality;

/** Sentences of a line, as spaCy's sentencizer and datatrove count them: a word behind a mark that ends sentences begins the next. */
final class SpacySentences {
    private SpacySentences() {}

    static int count(String line) {
        SpacyWords words = SpacyWords.of(line);
        int sentences = 1;
        boolean ended = false;
        int at = 0;
        for (int word = 0; word < words.count(); word++) {
            int start = words.start(word);
            int end = words.end(word);
            // White space is a word too, but for a single blank.
            boolean blank = start - at > 1 || start > at && line.charAt(at) != ' ';
            boolean terminal = end - start == 1 && DatatroveMarks.endsSentence(line.charAt(start));
            if (ended && (blank || !terminal && !SpacyCharacters.isPunctuation(line, start, end))) {
                sentences++;
                ended = false;
            }
            ended |= terminal;
            at = end;
        }
        boolean tail = line.length() - at > 1 || at < line.length() && line.charAt(at) != ' ';
        return ended && tail ? sentences + 1 : sentences;
    }
}
