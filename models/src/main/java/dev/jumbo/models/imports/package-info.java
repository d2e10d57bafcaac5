/** Models of other programs' files, and the run that is made of one. */
@NullMarked
package dev.jumbo.models.imports;

import org.jspecify.annotations.NullMarked;
