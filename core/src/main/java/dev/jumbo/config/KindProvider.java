package dev.jumbo.config;

import java.util.Collection;

/**
 * Kinds of a program's own, beside Jumbo's: layers, losses, metrics, optimizers, schedules, preprocessing, data sources,
 * augmentations, models. They are found by {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/dev.jumbo.config.KindProvider} of the jar that has it. Configurations may then name its kinds, and
 * checkpoints save and load them.
 *
 * <pre>{@code
 * public final class OurKinds implements KindProvider {
 *     @Override
 *     public Collection<Class<?>> kinds() {
 *         return List.of(Swish.class, FocalLoss.class); // records, each with a @Kind
 *     }
 * }
 * }</pre>
 *
 * A record belongs to every interface that it implements. The names are those of files, so a kind that was saved under a
 * name must keep it. No class that is not listed is ever made from a file.
 */
public interface KindProvider {
    /** Records with a {@link Kind} each, by which no other kind of the same interface is named. */
    Collection<Class<?>> kinds();
}
