package dev.jumbo.data.language;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A text as ids of its characters (code points), which are numbered in the order of Unicode from 0. It is in memory, four bytes a character.
 */
public final class CharacterIds {
    private final int[] vocabulary;
    private final int[] ids;
    private final String sha256;

    private CharacterIds(int[] text, String sha256) {
        vocabulary = Arrays.stream(text).sorted().distinct().toArray();
        ids = Arrays.stream(text)
                .map(character -> Arrays.binarySearch(vocabulary, character))
                .toArray();
        this.sha256 = sha256;
    }

    /**
     * The characters of a file in UTF-8.
     *
     * @throws InputException if there is no such file, it is empty or it is not UTF-8, with the place of the first byte that is not
     */
    public static CharacterIds read(Path file) {
        byte[] bytes;
        String sha256;
        try {
            bytes = Files.readAllBytes(file);
            sha256 = Sha256.of(file);
        } catch (IOException e) {
            throw new InputException("cannot read the text " + file + ": " + IoProblem.of(e), e);
        } catch (OutOfMemoryError e) {
            throw new InputException(file + ": expected a text of less than 2 GB, which memory holds; make token shards"
                    + " of a larger one (jumbo prepare), and read them by token_shards");
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(rest)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(
                    file + ": expected UTF-8, received a byte that is none at " + rest.position()
                            + "; convert the file",
                    e);
        }
        if (text.isEmpty()) {
            throw new InputException(file + ": expected a text, received an empty file");
        }
        return new CharacterIds(text.codePoints().toArray(), sha256);
    }

    /** What the ids stand for. */
    public List<String> entries() {
        return Arrays.stream(vocabulary).mapToObj(Character::toString).toList();
    }

    /** How many characters the text has. */
    public int length() {
        return ids.length;
    }

    /** The characters from one place up to another, without that. */
    public TokenSequence part(int from, int to) {
        return new TokenSequence() {
            @Override
            public long tokens() {
                return (long) to - from;
            }

            @Override
            public void read(long first, int length, long[] out, int offset) {
                int start = Math.toIntExact(from + first);
                for (int i = 0; i < length; i++) {
                    out[offset + i] = ids[start + i];
                }
            }

            @Override
            public String fingerprint() {
                return sha256 + "[" + from + " to " + to + "]";
            }
        };
    }
}
