package dev.jumbo.spark.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Records;
import dev.jumbo.data.shards.TarShardWriter;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;

/** The section {@code images} of a file: what is read, and what comes out. */
@Doc("Images: what is read, and what comes out.")
record ImagesConfig(
        @Doc("Where images come from.") ImageInput input,

        @Doc("What images are resized to: [1, height, width] grey or [3, height, width] colour.")
        Shape shape,

        @Doc("Decides the order of the images.") @Default("17")
        long seed,

        @Doc("Megabytes (2^20 bytes) of a shard at most.") @Default("256")
        int shardMb,

        @Doc("The share of images that cannot be used above which the run stops.") @Default("0.05")
        double maxBadShare,

        @Doc("Megabytes (2^20 bytes) of the longest file that is read.") @Default("64")
        int maxFileMb,

        @Doc("Keep the decoded images in .stages/, so that other shards need no decoding.") @Default("false")
        boolean keepStages) {
    private static final int MAX_FILE_MB = 1024;
    private static final int MAX_SHARD_MB = (int) (TarShardWriter.LIMIT >> 20);

    /** A file with one section. */
    @Doc("Preparation of images.")
    private record ImagesFile(@Doc("The images.") ImagesConfig images) {}

    ImagesConfig {
        if (shape.rank() != 3 || shape.size(0) != 1 && shape.size(0) != 3 || shape.elements() == 0) {
            throw new InputException(
                    "images.shape: expected [1, height, width] or [3, height, width], received " + shape);
        }
        require(shardMb, MAX_SHARD_MB, "shard_mb");
        require(maxFileMb, MAX_FILE_MB, "max_file_mb");
        if (!(maxBadShare >= 0 && maxBadShare <= 1)) {
            throw new InputException("images.max_bad_share: expected 0 to 1, received " + maxBadShare);
        }
    }

    private static void require(int value, int most, String name) {
        if (value < 1 || value > most) {
            throw new InputException("images." + name + ": expected 1 to " + most + ", received " + value);
        }
    }

    /** @throws InputException with file, line and key at what does not fit */
    static ImagesConfig read(ConfigDocument document) {
        return Records.of().read(ImagesFile.class, document).images();
    }

    /** JSON Schema of files with a section {@code images}. */
    static ObjectNode schema() {
        return Records.of().schema("Jumbo images", ImagesFile.class);
    }
}
