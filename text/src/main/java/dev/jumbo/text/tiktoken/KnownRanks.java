package dev.jumbo.text.tiktoken;

import dev.jumbo.text.split.WordRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Vocabularies that are known by the number of their ranks, with the special tokens that their makers publish beside them.
 *
 * @param special contents with their ids
 */
public record KnownRanks(WordRules words, Map<String, Integer> special, String endOfDocument) {
    /** What a file of so many ranks is, if it is known. */
    public static Optional<KnownRanks> of(int ranks) {
        Map<String, Integer> special = new LinkedHashMap<>();
        switch (ranks) {
            case 50_256 -> {
                special.put("<|endoftext|>", 50_256);
                return Optional.of(new KnownRanks(WordRules.GPT2, special, "<|endoftext|>"));
            }
            case 100_256 -> {
                special.put("<|endoftext|>", 100_257);
                special.put("<|fim_prefix|>", 100_258);
                special.put("<|fim_middle|>", 100_259);
                special.put("<|fim_suffix|>", 100_260);
                special.put("<|endofprompt|>", 100_276);
                return Optional.of(new KnownRanks(WordRules.CL100K, special, "<|endoftext|>"));
            }
            case 199_998 -> {
                special.put("<|endoftext|>", 199_999);
                special.put("<|endofprompt|>", 200_018);
                return Optional.of(new KnownRanks(WordRules.O200K, special, "<|endoftext|>"));
            }
            case 128_000 -> {
                return Optional.of(new KnownRanks(WordRules.LLAMA3, llama3(), "<|end_of_text|>"));
            }
            case 151_643 -> {
                int next = ranks;
                for (String token : new String[] {"<|endoftext|>", "<|im_start|>", "<|im_end|>"}) {
                    special.put(token, next++);
                }
                return Optional.of(new KnownRanks(WordRules.QWEN2, special, "<|endoftext|>"));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    /** Llama 3's 256. */
    private static Map<String, Integer> llama3() {
        Map<String, Integer> special = new LinkedHashMap<>();
        int next = 128_000;
        for (String token : new String[] {
            "<|begin_of_text|>",
            "<|end_of_text|>",
            "<|reserved_special_token_0|>",
            "<|reserved_special_token_1|>",
            "<|reserved_special_token_2|>",
            "<|reserved_special_token_3|>",
            "<|start_header_id|>",
            "<|end_header_id|>",
            "<|reserved_special_token_4|>",
            "<|eot_id|>"
        }) {
            special.put(token, next++);
        }
        for (int i = 5; next < 128_256; i++) {
            special.put("<|reserved_special_token_" + i + "|>", next++);
        }
        return special;
    }
}
