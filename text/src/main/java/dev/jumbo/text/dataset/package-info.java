/** What language models learn from, by name: texts, chats and preference pairs, tokenized. */
@NullMarked
package dev.jumbo.text.dataset;

import org.jspecify.annotations.NullMarked;
