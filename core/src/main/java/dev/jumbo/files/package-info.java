/**
 * Files, one way for all rooms: written so that a crash leaves all or nothing ({@code Durable}), hashed ({@code Sha256}), and found by the names that
 * texts give them ({@code NamedFiles}).
 */
@NullMarked
package dev.jumbo.files;

import org.jspecify.annotations.NullMarked;
