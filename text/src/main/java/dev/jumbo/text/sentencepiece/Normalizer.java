package dev.jumbo.text.sentencepiece;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Brings a text into the form that a model was trained on ({@code normalizer.cc}): replacements of characters, one blank between words, none at the ends,
 * one before the text, and U+2581 in the place of blanks. User-defined pieces stay as they are.
 */
final class Normalizer {
    private static final byte[] BLANK = "\u2581".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SPACE = {' '};
    private static final byte[] DAMAGED = "\ufffd".getBytes(StandardCharsets.UTF_8);

    private final PieceModel model;
    private final ByteTrie userDefined;

    Normalizer(PieceModel model) {
        this.model = model;
        userDefined = new ByteTrie();
        for (int id = 0; id < model.pieces().size(); id++) {
            if (model.pieces().get(id).kind() == PieceModel.Kind.USER_DEFINED) {
                userDefined.put(model.pieces().get(id).text().getBytes(StandardCharsets.UTF_8), id);
            }
        }
    }

    /** UTF-8 of the text in the model's form. */
    byte[] apply(String given) {
        byte[] text = given.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        if (model.oneBlank()) {
            while (at < text.length) {
                Prefix prefix = prefix(text, at);
                if (!isSpace(prefix.bytes())) {
                    break;
                }
                at += prefix.length();
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length * 3 + BLANK.length);
        if (at == text.length) {
            return out.toByteArray();
        }
        if (!model.suffixBlanks() && model.dummyPrefix()) {
            out.writeBytes(BLANK);
        }
        boolean behindBlank = model.oneBlank();
        while (at < text.length) {
            Prefix prefix = prefix(text, at);
            byte[] bytes = prefix.bytes();
            int from = 0;
            while (behindBlank && from < bytes.length && bytes[from] == ' ') {
                from++;
            }
            if (from < bytes.length) {
                for (int i = from; i < bytes.length; i++) {
                    if (bytes[i] == ' ') {
                        out.writeBytes(BLANK);
                    } else {
                        out.write(bytes[i]);
                    }
                }
                behindBlank = bytes[bytes.length - 1] == ' ';
            }
            at += prefix.length();
            behindBlank = behindBlank && model.oneBlank();
        }
        byte[] made = out.toByteArray();
        int end = made.length;
        if (model.oneBlank()) {
            while (endsInBlank(made, end)) {
                end -= BLANK.length;
            }
        }
        if (model.suffixBlanks() && model.dummyPrefix()) {
            byte[] behind = Arrays.copyOf(made, end + BLANK.length);
            System.arraycopy(BLANK, 0, behind, end, BLANK.length);
            return behind;
        }
        return Arrays.copyOf(made, end);
    }

    private static boolean isSpace(byte[] bytes) {
        return bytes.length == 1 && bytes[0] == ' ';
    }

    private static boolean endsInBlank(byte[] made, int end) {
        if (end < BLANK.length) {
            return false;
        }
        for (int i = 0; i < BLANK.length; i++) {
            if (made[end - BLANK.length + i] != BLANK[i]) {
                return false;
            }
        }
        return true;
    }

    /** What some bytes at a place become. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Prefix(byte[] bytes, int length) {}

    private Prefix prefix(byte[] text, int at) {
        int own = userDefined.longest(text, at);
        if (own > 0) {
            return new Prefix(Arrays.copyOfRange(text, at, at + own), own);
        }
        Precompiled.Match match = model.charsMap().longest(text, at);
        if (match != null) {
            return new Prefix(model.charsMap().replacement(match), match.length());
        }
        int length = Utf8.length(text, at);
        if (length == 1 && text[at] == ' ') {
            return new Prefix(SPACE, 1);
        }
        return length == 0 ? new Prefix(DAMAGED, 1) : new Prefix(Arrays.copyOfRange(text, at, at + length), length);
    }
}
