/** Files, one way for all rooms: written so that a crash leaves all or nothing ({@code Durable}), and hashed ({@code Sha256}). */
@NullMarked
package dev.jumbo.files;

import org.jspecify.annotations.NullMarked;
