package dev.jumbo.data.packing;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Blocks of whole documents, {@link DocumentPacking#BEST_FIT}. A document of L ids takes L - 1 steps, as its last id is only learned; of one that is longer
 * than a block, the first {@code context} steps are kept.
 */
public final class BestFitDocuments implements Dataset {
    private final DocumentTokens tokens;
    private final PackedFields fields;
    private final Map<String, Transform> madeBy;
    /** Documents block after block. */
    private final int[] order;
    /** Where each block begins in {@link #order}, and where the last ends. */
    private final int[] starts;

    private BestFitDocuments(DocumentTokens tokens, PackedFields fields, Map<String, Transform> madeBy) {
        this.tokens = tokens;
        this.fields = fields;
        this.madeBy = madeBy;
        int documents = Math.toIntExact(tokens.documents());
        int[] lengths = new int[documents];
        Arrays.setAll(lengths, this::steps);
        int[] block = new int[documents];
        int blocks = place(lengths, block);
        if (blocks == 0) {
            throw new InputException("expected a document of two tokens or more, received " + tokens.tokens()
                    + " tokens in " + documents + " documents");
        }
        starts = new int[blocks + 1];
        for (int document = 0; document < documents; document++) {
            if (lengths[document] > 0) {
                starts[block[document] + 1]++;
            }
        }
        for (int i = 0; i < blocks; i++) {
            starts[i + 1] += starts[i];
        }
        order = new int[starts[blocks]];
        int[] next = Arrays.copyOf(starts, blocks);
        for (int document = 0; document < documents; document++) {
            if (lengths[document] > 0) {
                order[next[block[document]]++] = document;
            }
        }
    }

    /** As {@link WrappedDocuments#of}. */
    public static BestFitDocuments of(
            DocumentTokens tokens, int context, boolean documentMasks, Map<String, Transform> madeBy) {
        return new BestFitDocuments(tokens, PackedFields.of(tokens, context, documentMasks), madeBy);
    }

    private int steps(int document) {
        long length = tokens.start(document + 1L) - tokens.start(document);
        return (int) Math.max(0, Math.min(fields.context(), length - 1));
    }

    /** @param block receives the block of each document @return how many there are */
    private int place(int[] lengths, int[] block) {
        int context = fields.context();
        int[] counts = new int[context + 2];
        for (int length : lengths) {
            counts[context - length + 1]++;
        }
        for (int i = 0; i <= context; i++) {
            counts[i + 1] += counts[i];
        }
        int[] longestFirst = new int[lengths.length];
        for (int document = 0; document < lengths.length; document++) {
            longestFirst[counts[context - lengths[document]]++] = document;
        }
        // Blocks with room, by how much: the last of those that have the least that is enough.
        TreeMap<Integer, int[]> open = new TreeMap<>();
        int blocks = 0;
        for (int document : longestFirst) {
            int length = lengths[document];
            if (length == 0) {
                break;
            }
            Map.Entry<Integer, int[]> room = open.ceilingEntry(length);
            int chosen = room == null ? blocks++ : pop(open, room);
            block[document] = chosen;
            int left = (room == null ? context : room.getKey()) - length;
            if (left > 0) {
                push(open, left, chosen);
            }
        }
        return blocks;
    }

    /** A stack: its height, then its entries. */
    private static void push(TreeMap<Integer, int[]> open, int room, int block) {
        int[] stack = open.computeIfAbsent(room, none -> new int[4]);
        if (stack[0] + 1 == stack.length) {
            stack = Arrays.copyOf(stack, stack.length * 2);
            open.put(room, stack);
        }
        stack[++stack[0]] = block;
    }

    private static int pop(TreeMap<Integer, int[]> open, Map.Entry<Integer, int[]> room) {
        int[] stack = room.getValue();
        int block = stack[stack[0]--];
        if (stack[0] == 0) {
            open.remove(room.getKey());
        }
        return block;
    }

    @Override
    public int size() {
        return starts.length - 1;
    }

    @Override
    public List<Field> inputs() {
        return fields.inputs();
    }

    @Override
    public List<Field> targets() {
        return fields.targets();
    }

    @Override
    public void read(int index, Row into) {
        Block block = new Block(fields, tokens, into);
        for (int i = starts[index]; i < starts[index + 1]; i++) {
            int steps = steps(order[i]);
            block.add(tokens.start(order[i]), steps, steps);
        }
        block.finish();
    }

    @Override
    public Map<String, Transform> madeBy() {
        return madeBy;
    }

    @Override
    public String fingerprint() {
        return tokens.fingerprint() + "[" + fields.context() + " best fit" + (fields.masks() ? ", masked" : "") + "]";
    }

    @Override
    public String toString() {
        return size() + " blocks of " + fields.context() + " from " + order.length + " whole documents";
    }
}
