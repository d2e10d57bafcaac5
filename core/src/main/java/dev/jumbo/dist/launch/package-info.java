/**
 * Starting the workers of a run, and starting them again. A launcher forks one process for each rank and speaks a small
 * protocol with it, {@link dev.jumbo.dist.launch.WorkerProcess} on its side and {@link
 * dev.jumbo.dist.launch.LauncherLink} on the worker's:
 *
 * <ul>
 *   <li>The worker's place is in the environment, under the names that torchrun uses.
 *   <li>The worker halts when its standard input ends, so that no launcher's death leaves workers behind.
 *   <li>With {@code MASTER_PORT=0}, rank 0 listens on a free port and prints {@code @jumbo rendezvous HOST:PORT}; the
 *       others read {@code HOST:PORT} as a line of their standard input.
 * </ul>
 */
@NullMarked
package dev.jumbo.dist.launch;

import org.jspecify.annotations.NullMarked;
