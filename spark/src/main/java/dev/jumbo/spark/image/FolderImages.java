package dev.jumbo.spark.image;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.image.PictureFolders;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Pictures in a folder for each class, by the rules of {@link dev.jumbo.data.image.ImageFolder}. */
@Kind("folder")
@Doc("PNG and JPEG files in a folder for each class.")
record FolderImages(
        @Doc("The folder with the folders of the classes.") Path path) implements ImageInput {
    /** Parts for each core, so that the last ones do not wait for a long one. */
    private static final int PARTS_PER_CORE = 4;
    /** Bytes of files for a task at most. */
    private static final long TASK_BYTES = 64L << 20;

    /** A file. @param id its place in the order of the paths */
    private record Picture(long id, String file, String source, String label, long bytes, long modified)
            implements Serializable {}

    @Override
    public Found find(SparkSession spark) {
        List<Path> folders = PictureFolders.list(path).stream()
                .filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) && !PictureFolders.isHidden(each))
                .toList();
        List<Picture> pictures = new ArrayList<>();
        for (Path folder : folders) {
            for (Path file : PictureFolders.walk(folder)) {
                pictures.add(picture(pictures.size(), file, folder.getFileName().toString()));
            }
        }
        if (pictures.isEmpty()) {
            throw new InputException("expected PNG or JPEG files in a folder for each class in " + path
                    + ", found none; put the pictures in folders named as their classes");
        }
        return new Folder(
                spark, folders.stream().map(f -> f.getFileName().toString()).toList(), pictures);
    }

    private Picture picture(long id, Path file, String label) {
        try {
            // Of a link its own: what it points to may not be there.
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Picture(
                    id,
                    file.toAbsolutePath().toString(),
                    path.relativize(file).toString(),
                    label,
                    found.size(),
                    found.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }

    /** All files of a folder. */
    private record Folder(SparkSession spark, List<String> classes, List<Picture> pictures) implements Found {
        @Override
        public String key() {
            return classes + "\n" + pictures.stream().map(Picture::toString).collect(Collectors.joining("\n"));
        }

        @Override
        public Dataset<Row> examples(Decoding decoding) {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            long bytes = pictures.stream().mapToLong(Picture::bytes).sum();
            long wanted = Math.max(PARTS_PER_CORE * (long) context.defaultParallelism(), bytes / TASK_BYTES);
            return spark.createDataset(
                    context.parallelize(pictures, (int) Math.min(pictures.size(), wanted))
                            .map(picture -> decoding.file(
                                    picture.id(), picture.source(), picture.label(), Path.of(picture.file())))
                            .rdd(),
                    Example.encoder());
        }

        /** All folders are classes, as those of {@code image_folder}. */
        @Override
        public List<String> classes(List<String> labels) {
            return classes;
        }
    }
}
