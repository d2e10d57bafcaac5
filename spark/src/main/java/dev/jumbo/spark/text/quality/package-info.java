/**
 * Rules that tell prose from the rest of the web, by counting: Gopher's (Rae et al. 2021, appendix A), C4's (Raffel et
 * al. 2020, section 2.2) and FineWeb's (Penedo et al. 2024, section 3.6). Words, tokens and lines are those of {@link
 * dev.jumbo.spark.text.Words}. Rules are asked in the order in which their parameters are declared, and the first that
 * fails gives the reason.
 */
@NullMarked
package dev.jumbo.spark.text.quality;

import org.jspecify.annotations.NullMarked;
