package dev.jumbo.text.sentencepiece;

import dev.jumbo.text.sentencepiece.PieceModel.Kind;
import dev.jumbo.text.sentencepiece.PieceModel.Piece;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The most likely division of a text by a language model of pieces (Kudo, 2018), found by Viterbi's algorithm in the order and in the precision of {@code
 * Model::EncodeOptimized} of {@code unigram_model.cc}, so that ties fall the same way.
 */
final class Unigram {
    /** How much less likely a character of no piece is than the least likely piece. */
    private static final float PENALTY = 10;

    private final PieceModel model;
    private final ByteTrie trie = new ByteTrie();
    private final int unknown;
    private final float unknownScore;
    private final float largest;

    Unigram(PieceModel model) {
        this.model = model;
        unknown = model.unknown();
        float least = Float.MAX_VALUE;
        float most = -Float.MAX_VALUE;
        for (int id = 0; id < model.pieces().size(); id++) {
            Piece piece = model.pieces().get(id);
            if (piece.kind() == Kind.NORMAL) {
                least = Math.min(least, piece.score());
                most = Math.max(most, piece.score());
            }
            if (piece.kind() == Kind.NORMAL || piece.kind() == Kind.USER_DEFINED || piece.kind() == Kind.UNUSED) {
                trie.put(piece.text().getBytes(StandardCharsets.UTF_8), id);
            }
        }
        unknownScore = least - PENALTY;
        largest = most;
    }

    /** Pieces of a normalised text, with unknown ones one character long. */
    Pieces of(byte[] text) {
        int[] best = new int[text.length + 1];
        int[] from = new int[text.length + 1];
        float[] scores = new float[text.length + 1];
        Arrays.fill(from, -1);
        for (int start = 0; start < text.length; ) {
            int character = Math.max(1, Utf8.length(text, start)); // 0 where a replacement is no sound UTF-8
            boolean single = false;
            int node = ByteTrie.root();
            for (int end = start; end < text.length; ) {
                node = trie.next(node, text[end++]);
                if (node < 0) {
                    break;
                }
                int id = trie.id(node);
                if (id < 0 || model.pieces().get(id).kind() == Kind.UNUSED) {
                    continue;
                }
                int length = end - start;
                // A user-defined piece is better than whatever else it could be.
                float score = model.pieces().get(id).kind() == Kind.USER_DEFINED
                        ? (float) (length * largest - 0.1)
                        : model.pieces().get(id).score();
                relax(best, from, scores, start, end, id, score);
                single |= length == character;
            }
            if (!single) {
                relax(best, from, scores, start, start + character, unknown, unknownScore);
            }
            start += character;
        }
        Pieces pieces = new Pieces();
        for (int end = text.length; end > 0; end = from[end]) {
            pieces.add(best[end], end);
        }
        pieces.reverse();
        return pieces;
    }

    private static void relax(int[] best, int[] from, float[] scores, int start, int end, int id, float score) {
        float candidate = score + scores[start];
        if (from[end] < 0 || candidate > scores[end]) {
            scores[end] = candidate;
            from[end] = start;
            best[end] = id;
        }
    }
}
