package dev.jumbo.text.dataset;

import dev.jumbo.config.KindProvider;
import dev.jumbo.text.chat.ChatTransform;
import java.util.Collection;
import java.util.List;

/** Datasets of texts that files may name: found by {@link java.util.ServiceLoader} where this module is on the class path. */
public final class LanguageDataKinds implements KindProvider {
    @Override
    public Collection<Class<?>> kinds() {
        return List.of(
                TextSource.class,
                ChatSource.class,
                PreferenceSource.class,
                TaggedWordsSource.class,
                Seq2SeqSource.class,
                TrainedTokens.class,
                ChatTransform.class);
    }
}
