package dev.jumbo.models.llama2c;

import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ByteSource;
import dev.jumbo.models.imports.ImportedTokenizer;
import dev.jumbo.models.imports.SentencePieceFile;
import dev.jumbo.models.imports.SentencePieceFile.Piece;
import dev.jumbo.text.MarkedTokens;
import dev.jumbo.text.SentencePieceTokens;
import dev.jumbo.text.TokenizerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokenizer of llama2.c ({@code tokenizer.bin}): the length of the longest token, then of each its score, its length and its bytes. The first three are
 * the unknown one, the beginning and the end; it merges pairs as SentencePiece's bpe does, so that is what it becomes.
 */
final class Llama2cTokenizer implements ImportedTokenizer {
    private static final int UNKNOWN = 0;
    private static final int BEGIN = 1;
    private static final int END = 2;
    private static final int LEAST = 8;

    private final List<Piece> pieces;

    private Llama2cTokenizer(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /** @param vocabulary tokens of the model @throws InputException if it is none, or of another vocabulary */
    static Llama2cTokenizer read(ByteSource file, int vocabulary) {
        if (file.size() > Integer.MAX_VALUE || file.size() - Integer.BYTES < (long) LEAST * vocabulary) {
            throw new InputException(file.name() + ": expected a tokenizer of llama2.c with " + vocabulary
                    + " tokens, as the model has, received a file of " + file.size() + " bytes");
        }
        ByteBuffer bytes = file.read(0, (int) file.size());
        bytes.getInt();
        List<Piece> pieces = new ArrayList<>();
        while (bytes.hasRemaining()) {
            if (pieces.size() == vocabulary || bytes.remaining() < LEAST) {
                throw other(file, vocabulary, "more");
            }
            float score = bytes.getFloat();
            int length = bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                throw new InputException(file.name() + ": expected a token of up to " + bytes.remaining()
                        + " bytes, the rest of the file, received the length " + length + " for the token "
                        + pieces.size());
            }
            byte[] text = new byte[length];
            bytes.get(text);
            pieces.add(piece(file, pieces.size(), text, score));
        }
        if (pieces.size() != vocabulary) {
            throw other(file, vocabulary, String.valueOf(pieces.size()));
        }
        return new Llama2cTokenizer(pieces);
    }

    private static InputException other(ByteSource file, int vocabulary, String received) {
        return new InputException(file.name() + ": expected " + vocabulary + " tokens, as the model has, received "
                + received + "; it is the tokenizer of another model, or none of llama2.c");
    }

    private static Piece piece(ByteSource file, int id, byte[] bytes, float score) {
        if (id == UNKNOWN) {
            return new Piece("<unk>", 0, SentencePieceFile.UNKNOWN);
        }
        if (id <= END) {
            return new Piece(id == BEGIN ? "<s>" : "</s>", 0, SentencePieceFile.CONTROL);
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(file.name() + ": expected UTF-8 in the token " + id + ", received other bytes", e);
        }
        if (text.isEmpty() || Float.isNaN(score)) {
            throw new InputException(
                    file.name() + ": expected a text and a score for the token " + id + ", received none");
        }
        boolean single = text.matches("<0x[0-9A-F]{2}>");
        return new Piece(
                text.replace(' ', '\u2581'), score, single ? SentencePieceFile.BYTE : SentencePieceFile.NORMAL);
    }

    @Override
    public TokenizerConfig write(Path directory) throws IOException {
        Path file = directory.resolve("tokenizer.model");
        Files.write(file, SentencePieceFile.of(pieces, true));
        // Documents were joined by the mark of a beginning: that is where llama2.c's own program ends as well.
        return new MarkedTokens(new SentencePieceTokens(file, "</s>"), BEGIN, List.of(BEGIN, END));
    }
}
