package dev.jumbo.models.language;

import dev.jumbo.config.KindProvider;
import java.util.Collection;
import java.util.List;

/** Models of text that files may name, under the keys of their {@code config.json}. */
public final class LanguageKinds implements KindProvider {
    @Override
    public Collection<Class<?>> kinds() {
        return List.of(
                Llama.class,
                Mistral.class,
                Qwen2.class,
                Qwen3.class,
                SmolLm3.class,
                Bert.class,
                Roberta.class,
                T5.class,
                FromConfig.class);
    }
}
