/**
 * Who may ask for what, from where: tokens, origins, hosts.
 */
@NullMarked
package dev.jumbo.serve.access;

import org.jspecify.annotations.NullMarked;
