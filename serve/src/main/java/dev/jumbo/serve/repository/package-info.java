/**
 * The models that a server has: {@link dev.jumbo.serve.repository.ServedModels} hands out a {@link dev.jumbo.serve.repository.Lease} on a
 * version for as long as a request needs it.
 */
@NullMarked
package dev.jumbo.serve.repository;

import org.jspecify.annotations.NullMarked;
