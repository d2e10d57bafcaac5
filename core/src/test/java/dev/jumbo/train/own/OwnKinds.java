package dev.jumbo.train.own;

import dev.jumbo.config.KindProvider;
import java.util.Collection;
import java.util.List;

/** What a program's own jar would name in META-INF/services. */
public final class OwnKinds implements KindProvider {
    @Override
    public Collection<Class<?>> kinds() {
        return List.of(
                Scaled.class,
                Tripled.class,
                Variational.class,
                Discriminates.class,
                Generates.class,
                Restores.class,
                Recodes.class,
                CountsBoxes.class);
    }
}
