/**
 * The errors of the house: below every other room, because each of them may have to say that something is wrong.
 *
 * <ul>
 *   <li>{@link dev.jumbo.error.InputException}: the caller's mistake. The command line ends with status 2.
 *   <li>{@link dev.jumbo.error.FailureException}: the work itself failed. The command line ends with status 1.
 *   <li>{@link dev.jumbo.error.StoppedException}: the work was told to end, and saved what it had. The command line ends with
 *       the status of a process that SIGTERM ended, 143.
 * </ul>
 *
 * All carry one clear line: what was expected, what was received, what to do. Neither is ever printed with a stack
 * trace to a user.
 */
@NullMarked
package dev.jumbo.error;

import org.jspecify.annotations.NullMarked;
