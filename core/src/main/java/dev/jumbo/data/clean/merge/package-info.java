/** Values that are likely the same in several spellings: proposed to a person, and merged when accepted. */
@NullMarked
package dev.jumbo.data.clean.merge;

import org.jspecify.annotations.NullMarked;
