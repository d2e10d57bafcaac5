package dev.jumbo.models.llama2c;

import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ByteSource;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the first bytes of a file say.
 *
 * @param version 0 (the first form, without a number), 1 (float32), 2 (int8 in groups)
 * @param dim width of a step
 * @param hidden width inside the gated dense layers
 * @param layers blocks
 * @param heads of queries
 * @param kvHeads of keys and values
 * @param vocabulary number of tokens
 * @param context longest sequence
 * @param shared whether the logits are made by the embedding's weight
 * @param group values of a weight that share a scale; 0 where they are not quantized
 * @param bytes of the header
 */
record Llama2cHeader(
        int version,
        int dim,
        int hidden,
        int layers,
        int heads,
        int kvHeads,
        int vocabulary,
        int context,
        boolean shared,
        int group,
        int bytes) {
    private static final int MAGIC = 0x616b3432;
    private static final int NUMBERS = 7;
    private static final int FIRST_FORM = NUMBERS * Integer.BYTES;
    private static final int LATER_FORMS = 256;

    /** Far more than any model has, and few enough that no size overflows. */
    private static final int MOST = 1 << 24;

    /** @throws InputException if it is none, or its sizes cannot be */
    static Llama2cHeader read(ByteSource file) {
        if (file.size() < FIRST_FORM) {
            throw new InputException(
                    file.name() + ": expected a model of llama2.c, received a file of " + file.size() + " bytes");
        }
        if (file.read(0, Integer.BYTES).getInt() != MAGIC) {
            ByteBuffer n = file.read(0, FIRST_FORM);
            int[] sizes = sizes(n);
            // A negative vocabulary says that the logits have a weight of their own.
            boolean shared = sizes[5] > 0;
            sizes[5] = Math.abs(sizes[5]);
            return checked(file, 0, sizes, shared, 0, FIRST_FORM);
        }
        ByteBuffer n = file.read(0, LATER_FORMS);
        n.getInt();
        int version = n.getInt();
        if (version != 1 && version != 2) {
            throw new InputException(
                    file.name() + ": expected a model of llama2.c of version 0, 1 or 2, received version " + version);
        }
        int[] sizes = sizes(n);
        boolean shared = n.get() != 0;
        int group = version == 2 ? n.getInt() : 0;
        if (version == 2 && group < 1) {
            throw new InputException(file.name() + ": expected groups of 1 value or more, received " + group);
        }
        return checked(file, version, sizes, shared, group, LATER_FORMS);
    }

    private static int[] sizes(ByteBuffer n) {
        int[] sizes = new int[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            sizes[i] = n.getInt();
        }
        return sizes;
    }

    private static Llama2cHeader checked(ByteSource file, int version, int[] s, boolean shared, int group, int bytes) {
        boolean fits = s[4] > 0 && s[3] > 0 && s[3] % s[4] == 0 && s[0] > 0 && s[0] % (2L * s[3]) == 0;
        for (int size : s) {
            fits &= size > 0 && size <= MOST;
        }
        if (!fits) {
            throw new InputException(file.name() + ": expected a model of llama2.c, whose first numbers are dim, hidden"
                    + " dim, layers, heads, kv heads, vocabulary and longest sequence, received "
                    + Arrays.toString(s) + "; a GGUF file begins with GGUF, other files are not read");
        }
        return new Llama2cHeader(version, s[0], s[1], s[2], s[3], s[4], s[5], s[6], shared, group, bytes);
    }

    int headDim() {
        return dim / heads;
    }
}
