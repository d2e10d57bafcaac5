package dev.jumbo.text.dataset;

import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.chat.ChatTemplates;
import dev.jumbo.text.chat.ChatTransform;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokenizer and template as a checkpoint has them. */
final class ChatFormats {
    private ChatFormats() {}

    /** @param template as files name it @param bosToken null for what stands beside the tokenizer */
    static ChatTransform of(
            TokenizerConfig tokenizer,
            @Nullable String template,
            @Nullable String bosToken,
            @Nullable String eosToken,
            int context) {
        List<Path> files = tokenizer.files();
        return new ChatTransform(
                tokenizer,
                ChatTemplates.text(template, files),
                bosToken == null ? ChatTemplates.token("bos_token", files) : bosToken,
                eosToken == null ? ChatTemplates.token("eos_token", files) : eosToken,
                context,
                0);
    }

    static ChatTransform with(ChatTransform format, int vocabularySize) {
        return new ChatTransform(
                format.tokenizer(),
                format.template(),
                format.bosToken(),
                format.eosToken(),
                format.maxLength(),
                vocabularySize);
    }
}
