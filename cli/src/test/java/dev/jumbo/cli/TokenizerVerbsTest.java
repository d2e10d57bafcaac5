package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerVerbsTest {
    @Test
    void a_tokenizer_is_trained_and_its_tokens_are_shown_with_their_places(@TempDir Path dir) throws Exception {
        Path text = Files.writeString(dir.resolve("text.txt"), "low lower lowest low low\n");
        String out = dir.resolve("tokenizer").toString();
        Command trained =
                Command.run("tokenizer", "train", text.toString(), "--vocab-size", "260", "--out", out, "--json");
        assertThat(trained.status()).as(trained.err()).isZero();
        JsonNode result = new ObjectMapper().readTree(trained.out());
        assertThat(result.get("tokens").intValue()).isEqualTo(260);
        assertThat(result.get("merges").intValue()).isEqualTo(3);
        Command encoded = Command.run("tokenizer", "encode", out, "lowest low", "--json");
        JsonNode tokens = new ObjectMapper().readTree(encoded.out());
        assertThat(tokens.get("tokens").toString()).isEqualTo("[\"low\",\"e\",\"s\",\"t\",\"\u0120low\"]");
        assertThat(tokens.get("offsets").get(4).toString()).isEqualTo("[6,10]");
        String ids = Command.run("tokenizer", "encode", out, "lowest low").out().strip();
        String[] decode = ("tokenizer decode " + out + " " + ids).split(" ");
        assertThat(Command.run(decode).out().strip()).isEqualTo("lowest low");
    }

    @Test
    void mistakes_are_told_in_a_line(@TempDir Path dir) throws Exception {
        Command none = Command.run("tokenizer", "train", dir.resolve("none").toString(), "--out", dir.toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).hasLineCount(1).contains("found none at");
        Path text = Files.writeString(dir.resolve("text.txt"), "low");
        Command small = Command.run(
                "tokenizer",
                "train",
                text.toString(),
                "--vocab-size",
                "20",
                "--out",
                dir.resolve("t").toString());
        assertThat(small.status()).isEqualTo(2);
        assertThat(small.err()).hasLineCount(1).contains("at least 257 tokens");
        assertThat(dir.resolve("t")).doesNotExist();
        Command verb = Command.run("tokenizer", "trian");
        assertThat(verb.status()).isEqualTo(2);
        assertThat(verb.err()).contains("did you mean train?");
        assertThat(Command.run("tokenizer", "encode", dir.toString(), "x").err())
                .hasLineCount(1)
                .contains("tokenizer.json, vocab.json with merges.txt");
    }
}
