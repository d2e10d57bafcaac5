package dev.jumbo.text.transform;

import dev.jumbo.config.KindProvider;
import java.util.Collection;
import java.util.List;

/** What this module adds to files: found by {@link java.util.ServiceLoader} where it is on the class path. */
public final class TextKinds implements KindProvider {
    @Override
    public Collection<Class<?>> kinds() {
        return List.of(TokenizerTransform.class);
    }
}
