/** BERT's WordPiece at work: {@link dev.jumbo.text.wordpiece.WordPieces} divides words of ASCII and remembers them. */
@NullMarked
package dev.jumbo.text.wordpiece;

import org.jspecify.annotations.NullMarked;
