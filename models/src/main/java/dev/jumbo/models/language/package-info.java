/**
 * Language models of Hugging Face directories: {@code config.json}, {@code model.safetensors} (one, or shards with an index), the
 * tokenizer's files and {@code generation_config.json}.
 *
 * <pre>{@code
 * HuggingFaceModel read = HuggingFace.read(Path.of("SmolLM2-135M"));
 * read.model().layer();     // the description: what model.json of a checkpoint holds
 * read.weights();           // under the description's names; nothing is read before it is asked for
 * read.files();             // tokenizer.json, generation_config.json ...: kept beside the model, byte for byte
 *
 * HuggingFace.write(dir, layer, inputs, targets, weights, files, DType.FLOAT32, 5_000_000_000L);
 * }</pre>
 *
 * {@code jumbo import} makes a checkpoint of the first, {@code jumbo export --format hf} makes the second of a checkpoint.
 *
 * <h2>A family</h2>
 *
 * What is peculiar to an architecture is one {@link dev.jumbo.models.language.Family} in the list of {@link
 * dev.jumbo.models.language.Families}. It goes both ways:
 *
 * <ul>
 *   <li>{@code read}: {@code config.json} to a {@link dev.jumbo.models.language.LanguageModel}, a record whose components are the keys
 *       of {@code config.json}, so that a run's file can say {@code model: {name: {llama: {hidden_size: 576}}}} too. A key that the
 *       record does not have is refused by name ({@link dev.jumbo.models.language.ConfigJson#options} knows those that change
 *       nothing), and so is a value that cannot be computed.
 *   <li>{@code recognise}: a description, of a checkpoint that was trained here, to that record again.
 *   <li>{@code write}: the record to the keys of {@code config.json}.
 *   <li>{@code toOwn} and {@code toPublic}: the names and shapes of tensors, by rules; one that fits no tensor of a file is passed over.
 * </ul>
 *
 * To add one: a record that implements {@link dev.jumbo.models.language.LanguageModel}, named in {@link
 * dev.jumbo.models.language.LanguageKinds}; a {@code Family}; its line in {@code Families}; a fixture of {@code
 * make_decoder_fixtures.py}'s form. Models of Llama's form need the record alone ({@link dev.jumbo.models.language.Decoder} is
 * what they have in common). Readers of other formats (GGUF, llama2.c) make such a record too, and a {@link
 * dev.jumbo.nn.weights.TensorSource} under the description's names, and return a {@link dev.jumbo.models.language.HuggingFaceModel}
 * or what {@code jumbo import} makes of one.
 */
@NullMarked
package dev.jumbo.models.language;

import org.jspecify.annotations.NullMarked;
