package dev.jumbo.text.sentencepiece;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code .model} file of SentencePiece says ({@code sentencepiece_model.proto}): pieces with scores, how they were trained, how texts are normalised.
 *
 * @param pieces by id
 * @param unigram whether a text is divided by a language model of pieces; otherwise by merging pairs
 * @param byteFallback whether what no piece has becomes its bytes
 * @param suffixBlanks whether blanks stand behind words
 * @param charsMap replacements of characters, as SentencePiece compiles them; empty for none
 * @param dummyPrefix whether a text begins with a blank
 * @param oneBlank whether blanks at the ends go, and several are one
 * @param unknownSurface what an unknown piece is in a text
 */
record PieceModel(
        List<Piece> pieces,
        boolean unigram,
        boolean byteFallback,
        boolean suffixBlanks,
        Precompiled charsMap,
        boolean dummyPrefix,
        boolean oneBlank,
        String unknownSurface) {
    /** Kinds of pieces, with the numbers of the file. */
    enum Kind {
        NONE,
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    /** A piece. */
    record Piece(String text, float score, Kind kind) {}

    private static final int UNIGRAM = 1;
    private static final int PAIRS = 2;

    /** @throws InputException if it is no such file, or a model that divides words or characters */
    static PieceModel read(byte[] file) {
        List<Piece> pieces = new ArrayList<>();
        int type = UNIGRAM;
        boolean bytes = false;
        boolean suffix = false;
        String unknown = " \u2047 ";
        byte[] map = {};
        boolean dummy = true;
        boolean one = true;
        boolean escape = true;
        Protobuf model = Protobuf.of(file);
        for (int field = model.next(); field != 0; field = model.next()) {
            switch (field) {
                case 1 -> pieces.add(piece(model.message()));
                case 2 -> {
                    Protobuf trainer = model.message();
                    for (int f = trainer.next(); f != 0; f = trainer.next()) {
                        switch (f) {
                            case 3 -> type = (int) trainer.number();
                            case 24 -> suffix = trainer.truth();
                            case 35 -> bytes = trainer.truth();
                            case 44 -> unknown = trainer.text();
                            default -> trainer.skip();
                        }
                    }
                }
                case 3 -> {
                    Protobuf normalizer = model.message();
                    for (int f = normalizer.next(); f != 0; f = normalizer.next()) {
                        switch (f) {
                            case 2 -> map = normalizer.raw();
                            case 3 -> dummy = normalizer.truth();
                            case 4 -> one = normalizer.truth();
                            case 5 -> escape = normalizer.truth();
                            default -> normalizer.skip();
                        }
                    }
                }
                default -> model.skip();
            }
        }
        if (pieces.isEmpty()) {
            throw new InputException("expected a model of SentencePiece, received a file without pieces");
        }
        if (type != UNIGRAM && type != PAIRS) {
            throw new InputException("expected a model of SentencePiece of the type unigram or bpe, received "
                    + (type == 3 ? "word" : type == 4 ? "char" : "type " + type));
        }
        if (!escape) {
            throw new InputException(
                    "expected a model of SentencePiece that writes blanks as \u2581 (escape_whitespaces),"
                            + " received one that does not");
        }
        long unknowns =
                pieces.stream().filter(piece -> piece.kind() == Kind.UNKNOWN).count();
        if (unknowns != 1) {
            throw new InputException("expected a model of SentencePiece with one unknown piece, received " + unknowns);
        }
        return new PieceModel(
                List.copyOf(pieces), type == UNIGRAM, bytes, suffix, Precompiled.read(map), dummy, one, unknown);
    }

    private static Piece piece(Protobuf message) {
        String text = "";
        float score = 0;
        int kind = 1; // As Protocol Buffers has it where nothing is written: a normal piece.
        for (int field = message.next(); field != 0; field = message.next()) {
            switch (field) {
                case 1 -> text = message.text();
                case 2 -> score = message.real();
                case 3 -> kind = (int) message.number();
                default -> message.skip();
            }
        }
        if (kind < 1 || kind >= Kind.values().length || text.isEmpty()) {
            throw new InputException("expected pieces of SentencePiece, received \"" + text + "\" of the type " + kind);
        }
        Kind of = Kind.values()[kind];
        if (of == Kind.BYTE && !text.matches("<0x[0-9A-Fa-f]{2}>")) {
            throw new InputException("expected bytes of SentencePiece such as <0x0A>, received \"" + text + "\"");
        }
        return new Piece(text, score, of);
    }

    /** The id of a piece. @return -1 where there is none */
    int id(String text) {
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i).text().equals(text)) {
                return i;
            }
        }
        return -1;
    }

    /** The piece for what is in no other. */
    int unknown() {
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i).kind() == Kind.UNKNOWN) {
                return i;
            }
        }
        return 0;
    }
}
