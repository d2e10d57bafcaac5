package dev.jumbo.examples;

import dev.jumbo.config.KindProvider;
import java.util.Collection;
import java.util.List;

/** What {@code META-INF/services} names: the objectives of these examples, so that files and checkpoints may name them. */
public final class ExampleObjectives implements KindProvider {
    @Override
    public Collection<Class<?>> kinds() {
        return List.of(
                VariationalAutoEncoder.EvidenceBound.class, TwoPlayers.Discriminates.class, TwoPlayers.Generates.class);
    }
}
