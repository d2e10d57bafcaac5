package dev.jumbo.data.prepare;

import dev.jumbo.data.language.CharactersSource;
import dev.jumbo.data.source.ArraysSource;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.source.DigitsSource;
import dev.jumbo.data.source.ImageFolderSource;
import dev.jumbo.data.source.MixSource;
import dev.jumbo.data.source.MnistSource;
import dev.jumbo.data.source.NoData;
import dev.jumbo.data.source.TarShardsSource;
import dev.jumbo.data.source.TokenShardsSource;
import java.util.List;

/** The data sources that a configuration may name. */
public final class Sources {
    private Sources() {}

    public static List<Class<? extends DataSource>> kinds() {
        return List.of(
                DigitsSource.class,
                MnistSource.class,
                ImageFolderSource.class,
                TableData.class,
                TokenShardsSource.class,
                CharactersSource.class,
                TarShardsSource.class,
                ArraysSource.class,
                SequencesSource.class,
                RecordsSource.class,
                StreamSource.class,
                MixSource.class,
                NoData.class);
    }
}
