package dev.jumbo.text.sentencepiece;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Models of SentencePiece of a stranger, and texts of one. */
class SentencePieceFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);
    private static final String TEXT = " a  Ab\u00e4\ufb01 \u2581\u65e5\u672c aaaa\ud83d\ude42</s>\u0000 ";
    private static final List<SentencePiece> SOUND = Stream.of("unigram_bytes", "bpe", "unigram_folded")
            .map(SentencePieceFuzzTest::model)
            .toList();

    private static SentencePiece model(String name) {
        try (InputStream in =
                SentencePieceFuzzTest.class.getResourceAsStream("/fixtures/sentencepiece/" + name + ".model")) {
            return SentencePiece.read(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A model that is taken divides every text and joins every piece. */
    @Fuzzed
    void model(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> {
            SentencePiece model = SentencePiece.read(bytes);
            model.decode(model.encode(TEXT));
            return model.decode(IntStream.range(0, model.size()).toArray());
        });
    }

    @Fuzzed
    void text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (SentencePiece model : SOUND) {
            assertThat(UNTRUSTED.parse(bytes, () -> model.decode(model.encode(text))))
                    .isPresent();
        }
    }
}
