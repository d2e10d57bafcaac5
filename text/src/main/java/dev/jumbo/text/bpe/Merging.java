package dev.jumbo.text.bpe;

import java.util.Arrays;

/** Merges the ids of a word, those of the lowest rank first, the leftmost of several, until none is left. For one thread. */
final class Merging {
    /** From here on a heap is faster than looking at all pairs. */
    private static final int MANY = 96;

    private final MergeTable merges;
    int[] ids = new int[64];
    private long[] pairs = new long[64];
    private int[] before = new int[0];
    private int[] behind = new int[0];
    private long[] heap = new long[0];
    private int heapSize;

    Merging(MergeTable merges) {
        this.merges = merges;
    }

    /** Room for so many ids. */
    void room(int count) {
        if (ids.length < count) {
            ids = new int[Math.max(count, 2 * ids.length)];
            pairs = new long[ids.length];
        }
    }

    /** Merges the first ids; gives how many are left. */
    int merge(int count) {
        return count < MANY ? mergeFew(count) : mergeMany(count);
    }

    private int mergeFew(int given) {
        int count = given;
        for (int i = 0; i + 1 < count; i++) {
            pairs[i] = merges.get(ids[i], ids[i + 1]);
        }
        while (count > 1) {
            long best = MergeTable.NONE;
            int at = -1;
            for (int i = 0; i + 1 < count; i++) {
                if (pairs[i] < best) {
                    best = pairs[i];
                    at = i;
                }
            }
            if (at < 0) {
                break;
            }
            ids[at] = (int) best;
            count--;
            System.arraycopy(ids, at + 2, ids, at + 1, count - at - 1);
            System.arraycopy(pairs, at + 1, pairs, at, count - at);
            if (at + 1 < count) {
                pairs[at] = merges.get(ids[at], ids[at + 1]);
            }
            if (at > 0) {
                pairs[at - 1] = merges.get(ids[at - 1], ids[at]);
            }
        }
        return count;
    }

    private int mergeMany(int count) {
        if (before.length < count) {
            before = new int[count];
            behind = new int[count];
            heap = new long[2 * count];
        }
        heapSize = 0;
        for (int i = 0; i < count; i++) {
            before[i] = i - 1;
            behind[i] = i + 1 < count ? i + 1 : -1;
        }
        for (int i = 0; i + 1 < count; i++) {
            offer(i);
        }
        while (heapSize > 0) {
            long top = take();
            int at = (int) top;
            int next = ids[at] < 0 ? -1 : behind[at];
            if (next < 0) {
                continue;
            }
            long merge = merges.get(ids[at], ids[next]);
            if (merge == MergeTable.NONE || merge >>> 32 != top >>> 32) {
                continue; // One of them is another by now.
            }
            ids[at] = (int) merge;
            ids[next] = -1;
            behind[at] = behind[next];
            if (behind[at] >= 0) {
                before[behind[at]] = at;
                offer(at);
            }
            if (before[at] >= 0) {
                offer(before[at]);
            }
        }
        int left = 0;
        for (int i = 0; i >= 0; i = behind[i]) {
            ids[left++] = ids[i];
        }
        return left;
    }

    private void offer(int at) {
        long merge = merges.get(ids[at], ids[behind[at]]);
        if (merge == MergeTable.NONE) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, 2 * heap.length);
        }
        long value = (merge & 0xffffffff00000000L) | at;
        int i = heapSize++;
        while (i > 0 && heap[(i - 1) / 2] > value) {
            heap[i] = heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        heap[i] = value;
    }

    private long take() {
        long top = heap[0];
        long last = heap[--heapSize];
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = last;
        return top;
    }
}
