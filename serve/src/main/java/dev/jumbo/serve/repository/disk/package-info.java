/**
 * What lies in the directory of a repository, {@code NAME/VERSION/}, as it is found at one moment: {@link
 * dev.jumbo.serve.repository.disk.RepositoryScan} reads it, follows no link out of it, and opens no model.
 */
@NullMarked
package dev.jumbo.serve.repository.disk;

import org.jspecify.annotations.NullMarked;
