package dev.jumbo.text.sentencepiece;

import dev.jumbo.error.InputException;
import dev.jumbo.text.sentencepiece.PieceModel.Kind;
import dev.jumbo.text.sentencepiece.PieceModel.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** A model at work: the ids that SentencePiece's own {@code encode} gives, without marks of beginning and end. Several threads may use it. */
public final class SentencePiece {
    private static final int BYTES = 256;

    private final PieceModel model;
    private final Normalizer normalizer;
    private final Unigram unigram;
    private final PairMerges pairs;
    private final int unknown;
    /** Ids of the 256 bytes; empty where the model has none. */
    private final int[] bytes;

    private SentencePiece(PieceModel model) {
        this.model = model;
        normalizer = new Normalizer(model);
        unigram = new Unigram(model);
        pairs = new PairMerges(model);
        unknown = model.unknown();
        bytes = model.byteFallback() ? bytes(model) : new int[0];
        if (Arrays.stream(bytes).anyMatch(id -> id < 0)) {
            throw new InputException(
                    "expected a model of SentencePiece with a piece for each byte (byte_fallback), received one that lacks some");
        }
    }

    /** In one walk over the pieces: one for each byte would take 256. */
    private static int[] bytes(PieceModel model) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < model.pieces().size(); id++) {
            String text = model.pieces().get(id).text();
            if (text.startsWith("<0x")) {
                ids.putIfAbsent(text, id);
            }
        }
        return IntStream.range(0, BYTES)
                .map(b -> ids.getOrDefault("<0x%02X>".formatted(b), -1))
                .toArray();
    }

    /** Reads a {@code .model} file. @throws InputException if it is none, or of a kind that is not read */
    public static SentencePiece read(byte[] file) {
        return new SentencePiece(PieceModel.read(file));
    }

    /**
     * Checks a table of replacements ({@code precompiled_charsmap}) that is to be given to another library.
     *
     * @throws InputException if it leads out of itself anywhere
     */
    public static void requireSoundMap(byte[] charsMap) {
        Precompiled.requireSound(charsMap);
    }

    /** The ids of a text. */
    public int[] encode(String text) {
        byte[] normal = normalizer.apply(text);
        Pieces pieces = model.unigram() ? unigram.of(normal) : pairs.of(normal);
        Pieces made = new Pieces();
        int start = 0;
        boolean behindUnknown = false;
        for (int i = 0; i < pieces.size(); i++) {
            int id = pieces.id(i);
            int end = pieces.end(i);
            if (id == unknown && bytes.length > 0) {
                for (int at = start; at < end; at++) {
                    made.add(bytes[Byte.toUnsignedInt(normal[at])], end);
                }
            } else if (id != unknown || !behindUnknown) {
                // Unknown pieces beside each other are one.
                made.add(id, end);
            }
            behindUnknown = id == unknown;
            start = end;
        }
        return IntStream.range(0, made.size()).map(made::id).toArray();
    }

    /** The text of ids, as {@code decode} gives it: control pieces are nothing. @throws InputException if there is no such id */
    public String decode(int[] tokens) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        boolean blankSeen = false;
        for (int token : tokens) {
            if (token < 0 || token >= model.pieces().size()) {
                throw new InputException(
                        "expected tokens from 0 to " + (model.pieces().size() - 1) + ", received " + token);
            }
            Piece piece = model.pieces().get(token);
            if (piece.kind() == Kind.CONTROL) {
                continue;
            }
            if (piece.kind() == Kind.BYTE) {
                pending.write(Integer.parseInt(piece.text().substring(3, 5), 16));
                continue;
            }
            flush(pending, out);
            String text = piece.kind() == Kind.UNKNOWN ? model.unknownSurface() : piece.text();
            if (piece.kind() != Kind.UNKNOWN) {
                boolean begins = out.size() == 0 && !blankSeen;
                if (begins && (model.dummyPrefix() || model.oneBlank()) && text.startsWith("\u2581")) {
                    // It was put there; where blanks are made one, so may the next one have been.
                    text = text.substring(1);
                    blankSeen = !model.oneBlank();
                }
                text = text.replace('\u2581', ' ');
            }
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        flush(pending, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Bytes that are no sound UTF-8 become U+FFFD, each of them. */
    private static void flush(ByteArrayOutputStream pending, ByteArrayOutputStream out) {
        byte[] bytes = pending.toByteArray();
        pending.reset();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.max(1, Utf8.length(bytes, at));
            byte[] character = Arrays.copyOfRange(bytes, at, at + length);
            byte[] again = new String(character, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            boolean sound = Arrays.equals(character, again);
            out.writeBytes(sound ? character : "\ufffd".getBytes(StandardCharsets.UTF_8));
            at += sound ? length : 1;
        }
    }

    /**
     * The text of a piece.
     *
     * @throws InputException if there is no such id
     */
    public String piece(int id) {
        if (id < 0 || id >= size()) {
            throw new InputException("expected tokens from 0 to " + (size() - 1) + ", received " + id);
        }
        return model.pieces().get(id).text();
    }

    /** Whether a piece is one that no text gives: a control piece, or the unknown one. */
    public boolean isMark(int id) {
        return id >= 0
                && id < size()
                && (model.pieces().get(id).kind() == Kind.CONTROL
                        || model.pieces().get(id).kind() == Kind.UNKNOWN);
    }

    /** Number of pieces. */
    public int size() {
        return model.pieces().size();
    }

    /** The id of a piece; -1 where there is none of the text. */
    public int id(String piece) {
        return model.id(piece);
    }
}
