/**
 * Training workers on a Spark cluster. {@link dev.jumbo.spark.gang.SparkLauncher} runs a barrier stage, which starts all
 * tasks or none; each task, {@link dev.jumbo.spark.gang.GangTask}, forks a worker on its node and holds a connection to
 * the driver's {@link dev.jumbo.spark.gang.GangServer}:
 *
 * <ul>
 *   <li>lines of the worker go to the driver as they are written, and at last how it ended;
 *   <li>the end of the connection, for whatever reason, ends the worker.
 * </ul>
 *
 * A task ends well whatever its worker did: who starts again is decided by the driver, from the last checkpoint, and
 * never by Spark. Of a lost executor the driver hears by the connection's end; the executor's worker by its standard
 * input's.
 */
@NullMarked
package dev.jumbo.spark.gang;

import org.jspecify.annotations.NullMarked;
