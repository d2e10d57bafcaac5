package dev.jumbo.data.source;

import dev.jumbo.data.prepare.TableData;
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
                TarShardsSource.class);
    }
}
