package dev.jumbo.models.llama2c;

import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ByteSource;
import dev.jumbo.models.imports.FloatPieces;
import dev.jumbo.models.imports.ImportedModel;
import dev.jumbo.models.language.HiddenAct;
import dev.jumbo.models.language.Llama;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A model of llama2.c (Karpathy, 2023), {@code export.py}'s versions 0 to 2: Llama 2 with {@code rope_theta} 10000 and an epsilon of 1e-5. In version 2
 * a weight is {@code int8 * scale}, with a scale for each group of values, which stand behind each matrix, or, in files of the first export of this
 * version, behind all of them.
 */
public final class Llama2cFile {
    private static final double EPSILON = 1e-5;
    private static final double THETA = 10000;

    private static final int SCALES_LOOKED_AT = 4096;

    /** Of a weight of 127 times as much. */
    private static final float LARGEST_SCALE = 1e4f;

    private static final String BLOCK = "model.layers.";

    private final ByteSource file;
    private final Llama2cHeader header;
    private final Map<String, TensorSource.Stored> tensors = new LinkedHashMap<>();
    private long at;

    /** Of files whose scales stand together: where those of the next matrix are; 0 of others. */
    private long scalesAt;

    private Llama2cFile(ByteSource file) {
        this.file = file;
        header = Llama2cHeader.read(file);
        at = header.bytes();
    }

    /**
     * Reads what there is; values are read when they are asked for.
     *
     * @param tokenizer its file, or null for none
     * @throws InputException if it is none, or has more or fewer bytes than its sizes say
     */
    public static ImportedModel read(Path file, @Nullable Path tokenizer) {
        ByteSource source = ByteSource.of(file);
        ImportedModel model = read(source, List.of(file));
        return tokenizer == null
                ? model
                : new ImportedModel(
                        model.format(),
                        model.model(),
                        model.weights(),
                        Llama2cTokenizer.read(
                                ByteSource.of(tokenizer), model.model().vocabSize()),
                        Map.of());
    }

    /** As {@link #read(Path, Path)}, without a tokenizer. @param files that a checkpoint says it is made of */
    static ImportedModel read(ByteSource file, List<Path> files) {
        Llama2cFile read = new Llama2cFile(file);
        read.layout();
        Llama2cHeader h = read.header;
        Llama model = new Llama(
                h.vocabulary(),
                h.dim(),
                h.hidden(),
                h.layers(),
                h.heads(),
                h.kvHeads(),
                null,
                HiddenAct.SILU,
                h.context(),
                EPSILON,
                THETA,
                null,
                false,
                false,
                0,
                h.shared());
        TensorSource weights =
                TensorSource.named(file.name(), files, read.tensors).finite();
        return new ImportedModel("llama2.c version " + h.version(), model, weights, null, Map.of());
    }

    private void layout() {
        requireLength();
        if (header.version() == 0) {
            first();
        } else {
            later();
        }
    }

    /** Before anything is made of sizes that may lie. */
    private void requireLength() {
        Llama2cHeader h = header;
        long kv = (long) h.kvHeads() * h.headDim();
        // In double: sizes that lie overflow a long.
        double layer = 2.0 * h.dim() * h.dim() + 2.0 * kv * h.dim() + 3.0 * h.hidden() * h.dim();
        double matrices = (h.shared() ? 1.0 : 2.0) * h.vocabulary() * h.dim() + h.layers() * layer;
        double norms = (2.0 * h.layers() + 1) * h.dim();
        double angles = h.version() == 0 ? (double) h.context() * h.headDim() : 0;
        double bytes = h.bytes()
                + 4 * (norms + angles)
                + (h.group() > 0 ? matrices + 4 * (matrices / h.group()) : 4 * matrices);
        if (bytes != file.size()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: expected %.0f bytes, which a model of llama2.c of version %d with %d layers of %d has, received"
                            + " %d; the file is truncated or none of llama2.c",
                    file.name(),
                    bytes,
                    h.version(),
                    h.layers(),
                    h.dim(),
                    file.size()));
        }
        long[] counts = {
            (long) h.vocabulary() * h.dim(), (long) h.dim() * h.dim(), kv * h.dim(), (long) h.hidden() * h.dim()
        };
        for (long count : counts) {
            if (h.group() > 0 && count % h.group() != 0) {
                throw new InputException(file.name() + ": expected weights of a multiple of " + h.group()
                        + " values, as a group has, received one of " + count);
            }
        }
    }

    private void first() {
        Llama2cHeader h = header;
        int kv = h.kvHeads() * h.headDim();
        Shape norm = Shape.of(h.dim());
        plain("model.embed_tokens.weight", Shape.of(h.vocabulary(), h.dim()), 0);
        each("input_layernorm.weight", norm, 0);
        each("self_attn.q_proj.weight", Shape.of(h.dim(), h.dim()), h.heads());
        each("self_attn.k_proj.weight", Shape.of(kv, h.dim()), h.kvHeads());
        each("self_attn.v_proj.weight", Shape.of(kv, h.dim()), 0);
        each("self_attn.o_proj.weight", Shape.of(h.dim(), h.dim()), 0);
        each("post_attention_layernorm.weight", norm, 0);
        each("mlp.gate_proj.weight", Shape.of(h.hidden(), h.dim()), 0);
        each("mlp.down_proj.weight", Shape.of(h.dim(), h.hidden()), 0);
        each("mlp.up_proj.weight", Shape.of(h.hidden(), h.dim()), 0);
        plain("model.norm.weight", norm, 0);
        // Cosines and sines of positions, which follow from the sizes.
        at += (long) Float.BYTES * h.context() * h.headDim();
        if (!h.shared()) {
            plain("lm_head.weight", Shape.of(h.vocabulary(), h.dim()), 0);
        }
    }

    private void later() {
        Llama2cHeader h = header;
        int kv = h.kvHeads() * h.headDim();
        Shape norm = Shape.of(h.dim());
        each("input_layernorm.weight", norm, 0);
        each("post_attention_layernorm.weight", norm, 0);
        plain("model.norm.weight", norm, 0);
        if (h.group() > 0) {
            scalesAt = placeOfAllScales();
        }
        matrix("model.embed_tokens.weight", Shape.of(h.vocabulary(), h.dim()), 0);
        matrices("self_attn.q_proj.weight", Shape.of(h.dim(), h.dim()), h.heads());
        matrices("self_attn.k_proj.weight", Shape.of(kv, h.dim()), h.kvHeads());
        matrices("self_attn.v_proj.weight", Shape.of(kv, h.dim()), 0);
        matrices("self_attn.o_proj.weight", Shape.of(h.dim(), h.dim()), 0);
        matrices("mlp.gate_proj.weight", Shape.of(h.hidden(), h.dim()), 0);
        matrices("mlp.down_proj.weight", Shape.of(h.dim(), h.hidden()), 0);
        matrices("mlp.up_proj.weight", Shape.of(h.hidden(), h.dim()), 0);
        if (!h.shared()) {
            matrix("lm_head.weight", Shape.of(h.vocabulary(), h.dim()), 0);
        }
    }

    private void each(String name, Shape shape, int turned) {
        for (int i = 0; i < header.layers(); i++) {
            plain(BLOCK + i + "." + name, shape, turned);
        }
    }

    private void matrices(String name, Shape shape, int turned) {
        for (int i = 0; i < header.layers(); i++) {
            matrix(BLOCK + i + "." + name, shape, turned);
        }
    }

    private void matrix(String name, Shape shape, int turned) {
        if (header.group() == 0) {
            plain(name, shape, turned);
            return;
        }
        long from = at;
        int group = header.group();
        boolean together = scalesAt > 0;
        long scales = together ? scalesAt : from + shape.elements();
        long bytes = shape.elements() / group * Float.BYTES;
        put(name, shape, turned, group, (first, count) -> {
            ByteBuffer q = file.read(from + first, count);
            ByteBuffer s = file.read(scales + first / group * Float.BYTES, count / group * Float.BYTES);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = q.get(i) * s.getFloat(i / group * Float.BYTES);
            }
            return values;
        });
        at = from + shape.elements() + (together ? 0 : bytes);
        scalesAt += together ? bytes : 0;
    }

    /**
     * Both forms have the same header and length: where one has scales, which are 0 or more and small, the other has bytes of weights, every
     * second of which is a negative number.
     *
     * @return 0 where scales stand behind their matrices
     * @throws InputException if neither place has scales
     */
    private long placeOfAllScales() {
        long embedding = (long) header.vocabulary() * header.dim();
        int count = (int) Math.min(embedding / header.group(), SCALES_LOOKED_AT);
        if (areScales(at + embedding, count)) {
            return 0;
        }
        // As many bytes of weights as four times their scales leave.
        long weights = (file.size() - at) / (header.group() + Float.BYTES) * header.group();
        if (areScales(at + weights, count)) {
            return at + weights;
        }
        throw new InputException(
                file.name() + ": expected the scales of " + header.group()
                        + " values each behind the embedding's, or behind all values, found neither: a scale is 0 or more; the file is damaged");
    }

    private boolean areScales(long from, int count) {
        ByteBuffer read = file.read(from, count * Float.BYTES);
        for (int i = 0; i < count; i++) {
            float scale = read.getFloat();
            if (!(scale >= 0 && scale < LARGEST_SCALE)) {
                return false;
            }
        }
        return true;
    }

    private void plain(String name, Shape shape, int turned) {
        long from = at;
        put(name, shape, turned, 1, (first, count) -> {
            float[] values = new float[count];
            file.read(from + first * Float.BYTES, count * Float.BYTES)
                    .asFloatBuffer()
                    .get(values);
            return values;
        });
        at += shape.elements() * Float.BYTES;
    }

    private interface Piece extends BiFunction<Long, Integer, float[]> {}

    /** @param turned heads whose positions are neighbours; 0 where nothing is turned */
    private void put(String name, Shape shape, int turned, int block, Piece piece) {
        tensors.put(name, new TensorSource.Stored(DType.FLOAT32, shape, () -> {
            Tensor read = FloatPieces.of(shape, block, piece);
            return turned == 0 ? read : FloatPieces.halves(read, turned);
        }));
    }
}
