package dev.jumbo.spark.image;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Where images come from. */
sealed interface ImageInput permits FolderImages, ParquetImages {
    /**
     * Finds what is there.
     *
     * @throws dev.jumbo.error.InputException if there is nothing to read
     */
    Found find(SparkSession spark);

    /** What an input has. */
    interface Found {
        /** Everything that decides what is read. */
        String key();

        /** The examples, as rows of {@link Example}. */
        Dataset<Row> examples(Decoding decoding);

        /**
         * Names of the classes in the order of their numbers; empty where labels are numbers.
         *
         * @param labels of the examples that were kept
         */
        List<String> classes(List<String> labels);
    }
}
