package dev.jumbo.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.text.sentencepiece.SentencePiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@code .model} file of SentencePiece, unigram or bpe, as Llama 2, T5, ALBERT and XLNet have it. Ids are those of {@code
 * SentencePieceProcessor.encode}; control pieces in a text, such as {@code </s>}, are text.
 */
@Kind("sentencepiece")
public record SentencePieceTokens(
        @Doc("The .model file.") Path file,

        @Doc("The piece that ends a document.") @Default("</s>")
        String endOfDocument)
        implements TokenizerConfig {
    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public SentencePieceTokens withFiles(List<Path> places) {
        return new SentencePieceTokens(places.get(0), endOfDocument);
    }

    @Override
    public Tokenizer open() {
        try {
            SentencePiece model = SentencePiece.read(Files.readAllBytes(file));
            int end = model.id(endOfDocument);
            if (end < 0) {
                throw new InputException("there is no piece \"" + endOfDocument
                        + "\"; name in end_of_document the one that ends a document");
            }
            return new AtWork(model, end);
        } catch (InputException e) {
            throw new InputException("the tokenizer " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InputException(
                    "cannot read the tokenizer " + file + " (" + e.getMessage()
                            + "); expected a .model of SentencePiece",
                    e);
        }
    }

    private record AtWork(SentencePiece model, int endOfDocument) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return model.encode(text);
        }

        @Override
        public String decode(int[] tokens) {
            return model.decode(tokens);
        }

        @Override
        public String token(int id) {
            return model.piece(id);
        }

        @Override
        public int id(String token) {
            return model.id(token);
        }

        @Override
        public boolean isSpecial(int id) {
            return model.isMark(id);
        }

        @Override
        public int vocabularySize() {
            return model.size();
        }

        @Override
        public void close() {
            // Nothing but Java's own memory.
        }
    }
}
