package dev.jumbo.spark.text.quality;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.jumbo.spark.text.Words;

/** How many parts of a text came before, and the characters in them. */
record Repeats(int parts, int repeated, long characters, long repeatedCharacters) {
    private static final Hasher64 HASHER = Hashing.komihash5_0();

    double share() {
        return Rules.ratio(repeated, parts);
    }

    double characterShare() {
        return Rules.ratio(repeatedCharacters, characters);
    }

    static Repeats ofLines(Words words) {
        return of(words, false);
    }

    /** Of lines up to an empty one. */
    static Repeats ofParagraphs(Words words) {
        return of(words, true);
    }

    private static Repeats of(Words words, boolean paragraphs) {
        LongCounter seen = new LongCounter(words.lines());
        int parts = 0;
        int repeated = 0;
        long characters = 0;
        long repeatedCharacters = 0;
        for (int line = 0; line < words.lines(); ) {
            long hash = 0;
            int length = 0;
            do {
                hash = HASHER.hashLongLongToLong(hash, HASHER.hashCharsToLong(words.line(line)));
                length += words.lineEnd(line) - words.lineStart(line);
                line++;
            } while (paragraphs && line < words.lines() && adjacent(words, line));
            parts++;
            characters += length;
            if (seen.add(hash) > 1) {
                repeated++;
                repeatedCharacters += length;
            }
        }
        return new Repeats(parts, repeated, characters, repeatedCharacters);
    }

    /** Whether one line feed alone stands before a line. */
    private static boolean adjacent(Words words, int line) {
        int feeds = 0;
        for (int i = words.lineEnd(line - 1); i < words.lineStart(line); i++) {
            feeds += words.text().charAt(i) == '\n' ? 1 : 0;
        }
        return feeds == 1;
    }
}
