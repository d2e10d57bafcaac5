package dev.jumbo.text.sentencepiece;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replacements of characters as SentencePiece compiles them: four bytes with the length of a double-array trie (Aoe, 1989; the units of Darts-clone), the
 * trie, whose keys are bytes of UTF-8 and whose values are places in the rest: replacements that end in a zero.
 */
final class Precompiled {
    private final int[] units;
    private final byte[] replacements;

    private Precompiled(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * What stands in the place of some bytes.
     *
     * @param length of these bytes
     * @param from where the replacement begins
     */
    record Match(int length, int from) {}

    /** @param blob of the file; empty for no replacements */
    static Precompiled read(byte[] blob) {
        if (blob.length == 0) {
            return new Precompiled(new int[0], blob);
        }
        ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        long size = blob.length < 4 ? -1 : Integer.toUnsignedLong(in.getInt());
        if (size < 4 || size % 4 != 0 || size > blob.length - 4) {
            throw new InputException(
                    "expected a table of replacements (precompiled_charsmap) with a trie, received one of "
                            + blob.length + " bytes that says " + size);
        }
        int[] units = new int[(int) size / 4];
        in.asIntBuffer().get(units);
        return new Precompiled(units, Arrays.copyOfRange(blob, 4 + (int) size, blob.length));
    }

    /**
     * Also walks all of the trie, for readers that trust it: Hugging Face's ends the process where a step leads out of it, or a value to no
     * character of the replacements.
     *
     * @throws InputException if one does
     */
    static void requireSound(byte[] blob) {
        Precompiled map = read(blob);
        if (map.units.length == 0) {
            throw new InputException("expected a table of replacements (precompiled_charsmap), received none");
        }
        map.requireText();
        BitSet seen = new BitSet(map.units.length);
        Deque<Integer> open = new ArrayDeque<>(List.of(map.require(offset(map.units[0]))));
        while (!open.isEmpty()) {
            int base = open.pop();
            if (seen.get(base)) {
                continue;
            }
            seen.set(base);
            for (int label = 1; label <= 0xff; label++) {
                int node = map.require(base ^ label);
                int unit = map.units[node];
                if ((unit & (1 << 31 | 0xff)) != label) {
                    continue;
                }
                int next = map.require(node ^ offset(unit));
                if ((unit >>> 8 & 1) == 1) {
                    map.requireStart(map.units[next] & 0x7fffffff);
                }
                open.push(next);
            }
        }
    }

    private int require(int node) {
        if (node < 0 || node >= units.length) {
            throw new InputException("expected a table of replacements (precompiled_charsmap) of " + units.length
                    + " units, received one that leads to unit " + Integer.toUnsignedString(node));
        }
        return node;
    }

    private void requireText() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw new InputException("expected replacements (precompiled_charsmap) in UTF-8, received other bytes", e);
        }
    }

    private void requireStart(int from) {
        boolean inside = from < replacements.length && (replacements[from] & 0xc0) == 0x80;
        if (from > replacements.length || inside) {
            throw new InputException("expected replacements (precompiled_charsmap) that begin with a character within "
                    + replacements.length + " bytes, received one at " + from);
        }
    }

    /** The longest key that begins at a place; null where there is none. */
    @Nullable
    Match longest(byte[] text, int at) {
        if (units.length == 0) {
            return null;
        }
        Match found = null;
        int node = offset(units[0]);
        for (int i = at; i < text.length; i++) {
            int label = Byte.toUnsignedInt(text[i]);
            node ^= label;
            if (node < 0 || node >= units.length) {
                return found;
            }
            int unit = units[node];
            if ((unit & (1 << 31 | 0xff)) != label) {
                return found;
            }
            node ^= offset(unit);
            if ((unit >>> 8 & 1) == 1 && node >= 0 && node < units.length) {
                found = new Match(i + 1 - at, units[node] & 0x7fffffff);
            }
        }
        return found;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    /** Bytes of a replacement. */
    byte[] replacement(Match match) {
        int end = Math.min(match.from(), replacements.length);
        int from = end;
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(replacements, from, end);
    }
}
