package dev.jumbo.spark.corpus.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.Records;
import dev.jumbo.spark.Absolute;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Documents to rows of their place in the shuffled order, their id, and their tokens. The tokenizer travels as its
 * configuration, and each process makes it once.
 *
 * @param configuration of the tokenizer, in JSON
 */
record Tokenizing(String configuration, long seed) implements MapFunction<Row, Row> {
    /** Columns: {@code place} (then {@code id}) orders the documents; {@code size} counts tokens and the end of the document. */
    static final StructType SCHEMA = new StructType()
            .add("place", DataTypes.LongType, false)
            .add("id", DataTypes.LongType, false)
            .add("size", DataTypes.LongType, false)
            .add("tokens", DataTypes.BinaryType, false);

    private static final Map<String, Tokenizer> MADE = new ConcurrentHashMap<>();

    static Tokenizing of(TokenizerConfig tokenizer, long seed) {
        return new Tokenizing(
                Records.of()
                        .write(TokenizerConfig.class, Absolute.of(tokenizer))
                        .toString(),
                seed);
    }

    static Encoder<Row> encoder() {
        return Encoders.row(SCHEMA);
    }

    /** @param document columns {@code id} and {@code text} */
    @Override
    public Row call(Row document) {
        int[] tokens = MADE.computeIfAbsent(configuration, Tokenizing::make).encode(document.getString(1));
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * tokens.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(tokens);
        long id = document.getLong(0);
        return RowFactory.create(ShardPlan.place(id, seed), id, tokens.length + 1L, bytes.array());
    }

    static int[] tokens(byte[] stored) {
        IntBuffer ints = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        int[] tokens = new int[ints.remaining()];
        ints.get(tokens);
        return tokens;
    }

    private static Tokenizer make(String json) {
        try {
            return Records.of()
                    .read(TokenizerConfig.class, "tokenizer", new ObjectMapper().readTree(json))
                    .open();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was just written", e);
        }
    }
}
