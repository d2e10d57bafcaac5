/** Files of tiktoken, and what is known of the vocabularies that they come with. */
@NullMarked
package dev.jumbo.text.tiktoken;

import org.jspecify.annotations.NullMarked;
