package dev.jumbo.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer with the marks that its model expects, where its files do not say them: what stands before a prompt and what ends an answer.
 *
 * @param bosTokenId the token before a prompt, or null
 * @param eosTokenIds tokens that end an answer; by default the tokenizer's end of a document
 */
@Kind("marked")
public record MarkedTokens(
        @Doc("The tokenizer.") TokenizerConfig tokenizer,

        @Doc("The token before a prompt.") @Default("null") @Nullable
        Integer bosTokenId,

        @Doc("Tokens that end an answer; by default the tokenizer's end of a document.") @Default("[]")
        List<Integer> eosTokenIds)
        implements TokenizerConfig {
    public MarkedTokens {
        eosTokenIds = List.copyOf(eosTokenIds);
        if ((bosTokenId != null && bosTokenId < 0) || eosTokenIds.stream().anyMatch(id -> id < 0)) {
            throw new InputException("marked: expected ids of 0 or more, received a bos_token_id of " + bosTokenId
                    + " and eos_token_ids of " + eosTokenIds);
        }
    }

    @Override
    public List<Path> files() {
        return tokenizer.files();
    }

    @Override
    public MarkedTokens withFiles(List<Path> places) {
        return new MarkedTokens(tokenizer.withFiles(places), bosTokenId, eosTokenIds);
    }

    @Override
    public Tokenizer open() {
        return tokenizer.open();
    }
}
