package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.ForeignKinds;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.BatchAugmentation;
import dev.jumbo.data.Normalizer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code data} section of a configuration: what is learned from, and what is done to it. */
@Doc("What is learned from, and what is done to it.")
public record DataConfig(
        @Doc("Where the examples come from.") DataSource dataset,

        @Doc("The directory of the dataset's files, seen from the current directory.") @Default("null") @Nullable
        Path dir,

        @Doc("How values are scaled, fitted on the training split alone; by default as the dataset needs it.")
        @Default("null")
        @Nullable
        Normalizer normalization,

        @Doc("Random changes of training examples, one after the other.") @Default("[]")
        List<Augmentation> augmentation,

        @Doc("A random mix of the examples of a training batch: mixup or cutmix.") @Default("null") @Nullable
        BatchAugmentation mixing) {
    public DataConfig {
        augmentation = List.copyOf(augmentation);
    }

    /** With another normalization. */
    public DataConfig with(Normalizer other) {
        return new DataConfig(dataset, dir, other, augmentation, mixing);
    }

    /** With another dataset. */
    public DataConfig with(DataSource other) {
        return new DataConfig(other, dir, normalization, augmentation, mixing);
    }

    /** Reads the examples. @param out a directory for records that cannot be read */
    public DataParts load(Path out) {
        return ForeignKinds.given(dataset.load(dir, out), dataset, "load");
    }
}
