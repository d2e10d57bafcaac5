package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.shards.TokenDataset;
import dev.jumbo.data.shards.TokenShards;
import dev.jumbo.data.shards.Windows;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link TokenDataset}s of the shards in {@code data.dir}, or in its folders for training, validation and test. */
@Kind("token_shards")
@Doc("Windows of tokens to predict the next one, from the shards in data.dir or its folders train, validation and"
        + " test.")
public record TokenShardsSource(
        @Doc("Tokens of an example.") int context,

        @Doc("Whether windows run through the whole stream, or begin anew with each document.") @Default("stream")
        Windows windows,

        @Doc("The folder of the training shards, where there are several.") @Default("train")
        String train,

        @Doc("The folder of the validation shards, if it is there; val, valid and dev are understood.")
        @Default("validation")
        String validation,

        @Doc("The folder of the test shards, if it is there.") @Default("test")
        String test)
        implements DataSource {
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        return new Folders("token_shards", dir, train, validation, test).load(this::open);
    }

    private Dataset open(Path dir) {
        return TokenDataset.of(TokenShards.open(dir), context, windows);
    }
}
