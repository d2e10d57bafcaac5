/**
 * What the server says of its routes: an OpenAPI 3.1 document made from the table by which they are served.
 */
@NullMarked
package dev.jumbo.serve.openapi;

import org.jspecify.annotations.NullMarked;
