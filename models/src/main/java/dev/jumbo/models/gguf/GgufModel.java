package dev.jumbo.models.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.models.Gpt2;
import dev.jumbo.models.imports.ByteSource;
import dev.jumbo.models.imports.FloatPieces;
import dev.jumbo.models.imports.ImportedModel;
import dev.jumbo.models.language.ConfigJson;
import dev.jumbo.models.language.Families;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF file as a model: architectures {@code llama} (Llama, Mistral without windows, SmolLM), {@code qwen2}, {@code qwen3} and {@code gpt2}. Llama's queries and
 * keys are brought back to Hugging Face's order of rotary pairs, which llama.cpp changes for this architecture alone.
 */
public final class GgufModel {
    private static final String FREQUENCIES = "rope_freqs.weight";
    private static final String HEAD = "output.weight";
    private static final String EMBEDDING = "token_embd.weight";
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");

    private static final Map<String, String> LLAMA_BLOCK = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private static final Map<String, String> LLAMA = Map.of(
            EMBEDDING, "model.embed_tokens.weight", "output_norm.weight", "model.norm.weight", HEAD, "lm_head.weight");

    private static final Map<String, String> GPT2_BLOCK = Map.of(
            "attn_norm", "norm1.",
            "attn_qkv", "self_attn.in_proj_",
            "attn_output", "self_attn.out_proj.",
            "ffn_norm", "norm2.",
            "ffn_up", "linear1.",
            "ffn_down", "linear2.");

    private static final Map<String, String> GPT2 = Map.of(
            EMBEDDING,
            "transformer.wte.weight",
            "position_embd.weight",
            "transformer.wpe.weight",
            "output_norm.weight",
            "transformer.ln_f.weight",
            "output_norm.bias",
            "transformer.ln_f.bias",
            HEAD,
            "lm_head.weight");

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String architecture;

    private GgufModel(GgufFile file) {
        this.file = file;
        metadata = file.metadata();
        architecture = metadata.requireText("general.architecture");
    }

    /**
     * Reads what there is; values are read when they are asked for.
     *
     * @throws dev.jumbo.error.InputException if it is no sound GGUF file, or of an architecture, a type of tensors or a tokenizer that is not read
     */
    public static ImportedModel read(Path path) {
        return read(ByteSource.of(path), List.of(path));
    }

    /** As {@link #read(Path)}. @param files that a checkpoint says it is made of */
    static ImportedModel read(ByteSource source, List<Path> files) {
        GgufFile file = GgufFile.read(source);
        GgufModel model = new GgufModel(file);
        return switch (model.architecture) {
            case "llama", "qwen2", "qwen3" -> model.llama(files);
            case "gpt2" -> model.gpt2(files);
            default ->
                throw model.metadata.wrong("expected the architecture llama, qwen2, qwen3 or gpt2, received \""
                        + model.architecture + "\"");
        };
    }

    private String key(String name) {
        return architecture + "." + name;
    }

    /** Rows of the embedding: a file need not say the size of the vocabulary elsewhere. */
    private int vocabulary() {
        GgufFile.Place embedding = file.tensors().get(EMBEDDING);
        if (embedding == null
                || embedding.shape().rank() != 2
                || embedding.shape().size(0) > Integer.MAX_VALUE / 4) {
            throw metadata.wrong("expected a tensor \"" + EMBEDDING + "\" [vocabulary, width], found "
                    + (embedding == null ? "none" : embedding.shape()));
        }
        return (int) embedding.shape().size(0);
    }

    private ImportedModel llama(List<Path> files) {
        requirePlain();
        int heads = metadata.size(key("attention.head_count"));
        int kvHeads =
                metadata.has(key("attention.head_count_kv")) ? metadata.size(key("attention.head_count_kv")) : heads;
        int width = metadata.size(key("embedding_length"));
        int headDim =
                metadata.has(key("attention.key_length")) ? metadata.size(key("attention.key_length")) : width / heads;
        requireWholeHeads(headDim);
        requireQueries((long) heads * headDim, width);
        int layers = metadata.size(key("block_count"));
        requireBlocks(layers);
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("model_type", architecture);
        config.put("vocab_size", vocabulary());
        config.put("hidden_size", width);
        config.put("intermediate_size", metadata.size(key("feed_forward_length")));
        config.put("num_hidden_layers", layers);
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", kvHeads);
        config.put("max_position_embeddings", metadata.size(key("context_length")));
        config.put("rms_norm_eps", metadata.real(key("attention.layer_norm_rms_epsilon"), 1e-5));
        config.put("rope_theta", metadata.real(key("rope.freq_base"), 10000));
        double stretched = stretched();
        if (stretched != 1) {
            config.putObject("rope_scaling").put("rope_type", "linear").put("factor", stretched);
        }
        config.put("tie_word_embeddings", !file.tensors().containsKey(HEAD));
        if (!architecture.equals(
                "qwen2")) { // Which says neither: its heads share the width, and its products always add biases.
            config.put("head_dim", headDim);
            config.put("attention_bias", file.tensors().containsKey("blk.0.attn_q.bias"));
        }
        config.put("mlp_bias", file.tensors().containsKey("blk.0.ffn_up.bias"));
        ConfigJson described = ConfigJson.of(file.file().name(), config);
        LanguageModel model = Families.of(described).read(described);
        boolean neighbours = architecture.equals("llama");
        Map<String, TensorSource.Stored> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, place) -> {
            Matcher block = BLOCK.matcher(name);
            TensorSource.Stored stored = file.stored(place);
            if (!block.matches()) {
                tensors.put(LLAMA.getOrDefault(name, name), stored);
                return;
            }
            String part = block.group(2);
            int turned = !neighbours ? 0 : part.equals("attn_q") ? heads : part.equals("attn_k") ? kvHeads : 0;
            tensors.put(
                    "model.layers." + block.group(1) + "." + LLAMA_BLOCK.getOrDefault(part, part) + "."
                            + block.group(3),
                    turned == 0 ? stored : turned(stored, turned, name));
        });
        return imported(files, model, tensors);
    }

    private TensorSource.Stored turned(TensorSource.Stored stored, int heads, String name) {
        if (stored.shape().size(0) % (2L * heads) != 0) {
            throw metadata.wrong("tensor \"" + name + "\": expected rows for " + heads
                    + " heads of even width, received " + stored.shape());
        }
        return new TensorSource.Stored(
                stored.dtype(),
                stored.shape(),
                () -> FloatPieces.halves(stored.read().get(), heads));
    }

    /** Options of this architecture that change what is computed, and that are not read. */
    private void requirePlain() {
        if (metadata.number(key("expert_count"), 0) != 0) {
            throw metadata.wrong("expected a model without experts, received " + key("expert_count") + " "
                    + metadata.number(key("expert_count"), 0));
        }
        boolean own = file.tensors().containsKey(FREQUENCIES);
        if (own || !rule().equals("linear") && stretched() != 1) {
            throw metadata.wrong("expected rotary positions that are not stretched, or all by one factor, received "
                    + (own ? "frequencies of their own (" + FREQUENCIES + ")" : key("rope.scaling.type") + " " + rule())
                    + "; take the model's Hugging Face directory, which says by which rule");
        }
        double factor = metadata.real(key("rope.scaling.attn_factor"), 1);
        if (factor != 1) {
            throw metadata.wrong("expected rotary positions of the length 1, received "
                    + key("rope.scaling.attn_factor") + " " + factor + "; take the model's Hugging Face directory");
        }
        if (metadata.number(key("attention.sliding_window"), 0) != 0) {
            throw metadata.wrong("expected attention to all steps, received " + key("attention.sliding_window")
                    + "; take the model's Hugging Face directory");
        }
    }

    /** As llama.cpp: a file that does not say means linear. */
    private String rule() {
        return metadata.text(key("rope.scaling.type")).orElse("linear");
    }

    /** By how much positions are divided, which old files say under another name; 0 means not at all. */
    private double stretched() {
        double factor = metadata.real(key("rope.scaling.factor"), metadata.real(key("rope.scale_linear"), 0));
        return factor == 0 || rule().equals("none") ? 1 : factor;
    }

    private void requireWholeHeads(int headDim) {
        long turned = metadata.number(key("rope.dimension_count"), headDim);
        long values = metadata.number(key("attention.value_length"), headDim);
        if (turned != headDim || values != headDim) {
            throw metadata.wrong(
                    "expected heads of one width whose rotary positions turn all of it, received a width of " + headDim
                            + ", values of " + values + " and " + turned + " that are turned");
        }
    }

    /** Before angles are made of a width that lies. */
    private void requireQueries(long rows, int width) {
        String name = "blk.0.attn_q.weight";
        GgufFile.Place queries = file.tensors().get(name);
        if (queries == null || !queries.shape().equals(Shape.of(rows, width))) {
            throw metadata.wrong("expected a tensor \"" + name + "\" " + Shape.of(rows, width) + ", found "
                    + (queries == null ? "none" : queries.shape()));
        }
    }

    /** Before layers are made of a number that lies. */
    private void requireBlocks(int layers) {
        if (!file.tensors().keySet().stream().anyMatch(name -> name.startsWith("blk." + (layers - 1) + "."))) {
            throw metadata.wrong("expected tensors of " + layers + " blocks, as " + key("block_count")
                    + " says, found none of blk." + (layers - 1));
        }
        if (layers > file.tensors().size()) {
            throw metadata.wrong("expected tensors of " + layers + " blocks, received "
                    + file.tensors().size());
        }
    }

    private ImportedModel gpt2(List<Path> files) {
        int width = metadata.size(key("embedding_length"));
        int units = metadata.size(key("feed_forward_length"));
        double epsilon = metadata.real(key("attention.layer_norm_epsilon"), 1e-5);
        GgufFile.Place head = file.tensors().get(HEAD);
        GgufFile.Place embedding = file.tensors().get(EMBEDDING);
        // A head of its own, where the file has it in another type than the embedding.
        boolean apart = head != null && embedding != null && head.type() != embedding.type();
        int layers = metadata.size(key("block_count"));
        requireBlocks(layers);
        Gpt2 model = new Gpt2(
                vocabulary(),
                metadata.size(key("context_length")),
                width,
                layers,
                metadata.size(key("attention.head_count")),
                0.1,
                units == 4L * width ? null : Integer.valueOf(units),
                Activation.GELU_TANH,
                epsilon,
                null,
                null,
                !apart);
        Map<String, TensorSource.Stored> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, place) -> {
            Matcher block = BLOCK.matcher(name);
            String own = block.matches()
                    ? "transformer.h." + block.group(1) + "."
                            + GPT2_BLOCK.getOrDefault(block.group(2), block.group(2) + ".") + block.group(3)
                    : GPT2.getOrDefault(name, name);
            tensors.put(own, file.stored(place));
        });
        return imported(files, LanguageModel.of(model), tensors);
    }

    private ImportedModel imported(List<Path> files, LanguageModel model, Map<String, TensorSource.Stored> tensors) {
        return new ImportedModel(
                "GGUF " + file.version() + " (" + architecture + ")",
                model,
                TensorSource.named(file.file().name(), files, tensors).finite(),
                GgufTokenizer.read(metadata, model.vocabSize()),
                Map.of());
    }
}
