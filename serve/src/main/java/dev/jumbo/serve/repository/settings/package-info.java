/**
 * What is said about a repository in files: {@link dev.jumbo.serve.repository.settings.RepositoryConfig} of the whole, {@link
 * dev.jumbo.serve.repository.settings.ModelSettings} of one model in its {@code config.yaml}.
 */
@NullMarked
package dev.jumbo.serve.repository.settings;

import org.jspecify.annotations.NullMarked;
