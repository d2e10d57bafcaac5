/**
 * Images that are decoded, resized and packed into tar shards on Spark: {@code jumbo prepare --master} of files with a
 * section {@code images}.
 *
 * <p>A folder for each class, or rows of Parquet, become rows of one stage, {@link dev.jumbo.spark.image.Example}: the
 * resized image as a PNG, whose pixels are those that {@link dev.jumbo.data.image.ImageFolder} has, or why there is none.
 * Numbers that depend on the input alone decide the order and where shards begin, so shards have the same bytes however
 * the work was divided.
 */
@NullMarked
package dev.jumbo.spark.image;

import org.jspecify.annotations.NullMarked;
