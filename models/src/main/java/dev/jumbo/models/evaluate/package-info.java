/**
 * Language models on tasks, as lm-evaluation-harness measures them, from its own task files: {@link dev.jumbo.models.evaluate.TaskFile} reads
 * one, {@link dev.jumbo.models.evaluate.Harness} runs it.
 *
 * <pre>{@code
 * try (TextGenerator model = TextGenerator.open(Checkpoint.best(run))) {
 *     TaskResult result = Harness.of(model).run(TaskFile.read(Path.of("arc.yaml")));
 * }
 * }</pre>
 *
 * <p>Each request is computed by itself, so a document's answer does not depend on the others.
 */
@NullMarked
package dev.jumbo.models.evaluate;

import org.jspecify.annotations.NullMarked;
