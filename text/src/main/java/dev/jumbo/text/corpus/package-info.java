/** Documents and records of files: texts, JSON lines, JSON arrays and Parquet, file after file, with the place of each for errors. */
@NullMarked
package dev.jumbo.text.corpus;

import org.jspecify.annotations.NullMarked;
