/**
 * Answers, errors and bodies over HTTP, for every route: no answer is written in another form.
 */
@NullMarked
package dev.jumbo.serve.http;

import org.jspecify.annotations.NullMarked;
