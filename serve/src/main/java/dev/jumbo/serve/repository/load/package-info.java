/**
 * From files to a model that may answer: opened ({@link dev.jumbo.serve.repository.load.VersionOpener}), within a budget of memory
 * ({@link dev.jumbo.serve.repository.load.ModelMemory}), tried before anybody is answered by it ({@link
 * dev.jumbo.serve.repository.load.Trial}).
 */
@NullMarked
package dev.jumbo.serve.repository.load;

import org.jspecify.annotations.NullMarked;
