/** What a step of training makes small: {@link dev.jumbo.train.objective.Objective}; supervised learning is one, a program's own are others. */
@NullMarked
package dev.jumbo.train.objective;

import org.jspecify.annotations.NullMarked;
