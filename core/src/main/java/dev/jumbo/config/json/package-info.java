/** What is wrong with JSON that users send, in words of their own and not of a parser. */
@NullMarked
package dev.jumbo.config.json;

import org.jspecify.annotations.NullMarked;
