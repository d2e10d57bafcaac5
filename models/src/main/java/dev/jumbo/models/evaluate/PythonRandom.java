package dev.jumbo.models.evaluate;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Python's {@code random.Random}: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998) with Python's seeds and its {@code sample}, so that few-shot
 * examples are those that lm-evaluation-harness draws.
 */
final class PythonRandom {
    private static final int SIZE = 624;
    private static final int MIDDLE = 397;

    private final int[] state = new int[SIZE];
    private int at = SIZE;

    PythonRandom(long seed) {
        initialise(words(seed));
    }

    /** The size of the seed in words of 32 bits, the lowest first. */
    private static int[] words(long seed) {
        BigInteger left = BigInteger.valueOf(seed).abs();
        List<Integer> words = new ArrayList<>();
        do {
            words.add(left.intValue());
            left = left.shiftRight(Integer.SIZE);
        } while (left.signum() > 0);
        return words.stream().mapToInt(Integer::intValue).toArray();
    }

    private void initialise(int[] key) {
        state[0] = 19650218;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
        int i = 1;
        int j = 0;
        for (int k = Math.max(SIZE, key.length); k > 0; k--) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1664525)) + key[j] + j;
            i = next(i);
            j = (j + 1) % key.length;
        }
        for (int k = SIZE - 1; k > 0; k--) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1566083941)) - i;
            i = next(i);
        }
        state[0] = 0x80000000;
    }

    private int next(int i) {
        if (i + 1 < SIZE) {
            return i + 1;
        }
        state[0] = state[SIZE - 1];
        return 1;
    }

    /** 32 bits. */
    private int word() {
        if (at == SIZE) {
            for (int i = 0; i < SIZE; i++) {
                int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
                state[i] = state[(i + MIDDLE) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
            }
            at = 0;
        }
        int y = state[at++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    /** {@code getrandbits}. @param count from 1 to 32 */
    long bits(int count) {
        return (word() & 0xffffffffL) >>> (Integer.SIZE - count);
    }

    private int below(int n) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(n);
        long drawn = bits(bits);
        while (drawn >= n) {
            drawn = bits(bits);
        }
        return (int) drawn;
    }

    /** {@code sample(range(n), k)}. @param k at most n */
    List<Integer> sample(int n, int k) {
        List<Integer> drawn = new ArrayList<>();
        // From there on a set of those drawn is smaller than a list of those left.
        long set = 21;
        if (k > 5) {
            set += 1L << (2 * (int) Math.ceil(Math.log(k * 3.0) / Math.log(4)));
        }
        if (n <= set) {
            int[] pool = new int[n];
            for (int i = 0; i < n; i++) {
                pool[i] = i;
            }
            for (int i = 0; i < k; i++) {
                int j = below(n - i);
                drawn.add(pool[j]);
                pool[j] = pool[n - i - 1];
            }
            return drawn;
        }
        Set<Integer> seen = new HashSet<>();
        while (drawn.size() < k) {
            int j = below(n);
            if (seen.add(j)) {
                drawn.add(j);
            }
        }
        return drawn;
    }
}
