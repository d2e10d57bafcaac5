/** Conversations: read from records, written out by a template, and what of the text the assistant said. */
@NullMarked
package dev.jumbo.text.chat;

import org.jspecify.annotations.NullMarked;
