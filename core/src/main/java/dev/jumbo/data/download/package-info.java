/**
 * Files of public datasets, downloaded once to a cache: resumed where a download broke off, checked by SHA-256, and
 * visible under their name only when complete and right.
 */
@NullMarked
package dev.jumbo.data.download;

import org.jspecify.annotations.NullMarked;
