/**
 * Encrypted connections: certificates and keys from files, checked before they are used.
 */
@NullMarked
package dev.jumbo.serve.access.tls;

import org.jspecify.annotations.NullMarked;
