package dev.jumbo.text.sentencepiece;

import dev.jumbo.text.sentencepiece.PieceModel.Kind;
import dev.jumbo.text.sentencepiece.PieceModel.Piece;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding (Sennrich et al., 2016) as {@code bpe_model.cc} has it: of all neighbours that are a piece together the ones with the best score are
 * joined, the leftmost of several, until none is left. User-defined pieces are never joined.
 */
final class PairMerges {
    private final PieceModel model;
    private final Map<String, Integer> ids = new HashMap<>();
    private final ByteTrie userDefined = new ByteTrie();
    private final int unknown;

    PairMerges(PieceModel model) {
        this.model = model;
        unknown = model.unknown();
        for (int id = 0; id < model.pieces().size(); id++) {
            Piece piece = model.pieces().get(id);
            if (piece.kind() == Kind.NORMAL || piece.kind() == Kind.USER_DEFINED || piece.kind() == Kind.UNUSED) {
                ids.put(piece.text(), id);
            }
            if (piece.kind() == Kind.USER_DEFINED) {
                userDefined.put(piece.text().getBytes(StandardCharsets.UTF_8), id);
            }
        }
    }

    /**
     * Two neighbours that may be joined.
     *
     * @param size bytes of both together: another one means that one of them is something else by now
     */
    private record Pair(int left, int right, float score, int size) {}

    /** Pieces of a normalised text, with unknown ones as they were left. */
    Pieces of(byte[] text) {
        int[] start = new int[text.length];
        int[] length = new int[text.length];
        boolean[] frozen = new boolean[text.length];
        int count = 0;
        for (int at = 0; at < text.length; count++) {
            int own = userDefined.longest(text, at);
            start[count] = at;
            length[count] = own > 0 ? own : Math.max(1, Utf8.length(text, at)); // 0 where no sound UTF-8
            frozen[count] = own > 0;
            at += length[count];
        }
        int[] before = new int[count];
        int[] behind = new int[count];
        for (int i = 0; i < count; i++) {
            before[i] = i - 1;
            behind[i] = i + 1 < count ? i + 1 : -1;
        }
        PriorityQueue<Pair> queue = new PriorityQueue<>((a, b) ->
                a.score() != b.score() ? Float.compare(b.score(), a.score()) : Integer.compare(a.left(), b.left()));
        Map<String, String[]> unused = new HashMap<>();
        for (int i = 1; i < count; i++) {
            offer(queue, unused, text, start, length, frozen, i - 1, i);
        }
        while (!queue.isEmpty()) {
            Pair top = queue.remove();
            int left = top.left();
            int right = top.right();
            if (length[left] == 0 || length[right] == 0 || length[left] + length[right] != top.size()) {
                continue;
            }
            length[left] += length[right];
            length[right] = 0;
            behind[left] = behind[right];
            if (behind[right] >= 0) {
                before[behind[right]] = left;
            }
            offer(queue, unused, text, start, length, frozen, before[left], left);
            offer(queue, unused, text, start, length, frozen, left, behind[left]);
        }
        Pieces pieces = new Pieces();
        for (int i = count > 0 ? 0 : -1; i >= 0; i = behind[i]) {
            emit(new String(text, start[i], length[i], StandardCharsets.UTF_8), start[i] + length[i], unused, pieces);
        }
        return pieces;
    }

    private void offer(
            PriorityQueue<Pair> queue,
            Map<String, String[]> unused,
            byte[] text,
            int[] start,
            int[] length,
            boolean[] frozen,
            int left,
            int right) {
        if (left < 0 || right < 0 || frozen[left] || frozen[right]) {
            return;
        }
        int size = length[left] + length[right];
        String joined = new String(text, start[left], size, StandardCharsets.UTF_8);
        Integer id = ids.get(joined);
        if (id == null) {
            return;
        }
        queue.add(new Pair(left, right, model.pieces().get(id).score(), size));
        if (model.pieces().get(id).kind() == Kind.UNUSED) {
            unused.put(joined, new String[] {
                new String(text, start[left], length[left], StandardCharsets.UTF_8),
                new String(text, start[right], length[right], StandardCharsets.UTF_8)
            });
        }
    }

    /** A piece that is not to be used is what it was joined of. */
    private void emit(String piece, int end, Map<String, String[]> unused, Pieces into) {
        Integer id = ids.get(piece);
        if (id == null || model.pieces().get(id).kind() != Kind.UNUSED || !unused.containsKey(piece)) {
            into.add(id == null ? unknown : id, end);
            return;
        }
        String[] parts = unused.get(piece);
        emit(parts[0], end - parts[1].getBytes(StandardCharsets.UTF_8).length, unused, into);
        emit(parts[1], end, unused, into);
    }
}
