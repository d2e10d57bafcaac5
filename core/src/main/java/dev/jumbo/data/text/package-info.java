/** Text files: lines, with or without a label. */
@NullMarked
package dev.jumbo.data.text;

import org.jspecify.annotations.NullMarked;
