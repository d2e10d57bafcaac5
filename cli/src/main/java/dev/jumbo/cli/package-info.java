/**
 * The {@code jumbo} command: one class for each verb, thin. {@link dev.jumbo.cli.RunConfig} is what a YAML file says.
 *
 * <p>Results go to stdout, progress and logs to stderr. Exit status: 0 done, 1 failed, 2 the caller's mistake.
 */
@NullMarked
package dev.jumbo.cli;

import org.jspecify.annotations.NullMarked;
