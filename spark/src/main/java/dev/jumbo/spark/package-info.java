/**
 * Many machines, by Apache Spark: data preparation at scale, and the launch of training workers. Nothing else of Jumbo
 * depends on this module; the command line finds it through {@link java.util.ServiceLoader} where it is on the path.
 */
@NullMarked
package dev.jumbo.spark;

import org.jspecify.annotations.NullMarked;
