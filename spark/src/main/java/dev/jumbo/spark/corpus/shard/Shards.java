package dev.jumbo.spark.corpus.shard;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.Records;
import dev.jumbo.data.shards.TokenFormat;
import dev.jumbo.data.shards.TokenManifest;
import dev.jumbo.data.shards.TokenShard;
import dev.jumbo.data.shards.TokenShardWriter;
import dev.jumbo.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Writes the token shards of a corpus. */
public final class Shards {
    private final TokenOutput output;
    private final String tokenizer;
    private final String tokenizerSha256;
    private final long seed;

    /**
     * @param tokenizer name of the tokenizer
     * @param tokenizerSha256 of its files
     * @param seed of the order of the documents
     */
    public Shards(TokenOutput output, String tokenizer, String tokenizerSha256, long seed) {
        this.output = output;
        this.tokenizer = tokenizer;
        this.tokenizerSha256 = tokenizerSha256;
        this.seed = seed;
    }

    /** The columns of {@link #tokenize}. */
    public static StructType schema() {
        return Tokenizing.SCHEMA;
    }

    /** The documents' tokens and their places in the shuffled order, to be written before {@link #write}. */
    public Dataset<Row> tokenize(Dataset<Row> documents) {
        return documents.select("id", "text").map(Tokenizing.of(output.requireTokenizer(), seed), Tokenizing.encoder());
    }

    /**
     * Writes the shards and their manifest.
     *
     * @param directory new, on a file system that all machines share
     * @param name of the document with an id, for people
     */
    public TokenManifest write(Dataset<Row> tokenized, Path directory, LongFunction<String> name) {
        TokenFormat format = format();
        long limit = output.limit();
        ShardPlan plan = ShardPlan.of(tokenized, limit / format.dtype().bytes(), name);
        String dir = directory.toString();
        List<String> written = tokenized
                .map((MapFunction<Row, Row>) row -> inShard(row, plan), inShards())
                .repartition(col("shard"))
                .sortWithinPartitions("shard", "place", "id")
                .mapPartitions(
                        (MapPartitionsFunction<Row, String>) rows -> writeSorted(rows, Path.of(dir), format, limit),
                        Encoders.STRING())
                .collectAsList();
        List<TokenShard> shards = written.stream().map(Shards::parse).toList();
        if (shards.isEmpty()) {
            try (TokenShardWriter empty = TokenShardWriter.create(directory, 0, format, limit)) {
                shards = List.of(empty.finish());
            }
        }
        return TokenManifest.publish(directory, format, shards);
    }

    private TokenFormat format() {
        try (Tokenizer made = output.requireTokenizer().open()) {
            return TokenFormat.of(tokenizer, tokenizerSha256, made.vocabularySize(), made.endOfDocument(), seed);
        }
    }

    private static Encoder<Row> inShards() {
        return Encoders.row(Tokenizing.SCHEMA.add("shard", DataTypes.IntegerType, false));
    }

    private static Row inShard(Row row, ShardPlan plan) {
        return RowFactory.create(
                row.getLong(0), row.getLong(1), row.getLong(2), row.get(3), plan.shard(row.getLong(0), row.getLong(1)));
    }

    /** Several shards may lie in a partition, one after the other. @return their entries in JSON */
    private static Iterator<String> writeSorted(Iterator<Row> rows, Path directory, TokenFormat format, long limit) {
        List<String> entries = new ArrayList<>();
        int number = -1;
        TokenShardWriter shard = null;
        try {
            while (rows.hasNext()) {
                Row row = rows.next();
                if (shard == null || row.getInt(4) != number) {
                    finish(shard, entries);
                    number = row.getInt(4);
                    shard = TokenShardWriter.create(directory, number, format, limit);
                }
                shard.add(Tokenizing.tokens(row.getAs(3)));
            }
            finish(shard, entries);
        } finally {
            if (shard != null) {
                shard.close();
            }
        }
        return entries.iterator();
    }

    private static void finish(@Nullable TokenShardWriter shard, List<String> entries) {
        if (shard != null) {
            entries.add(Records.of().write(TokenShard.class, shard.finish()).toString());
            shard.close();
        }
    }

    private static TokenShard parse(String json) {
        try {
            return Records.of().read(TokenShard.class, "shard", new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was just written", e);
        }
    }
}
