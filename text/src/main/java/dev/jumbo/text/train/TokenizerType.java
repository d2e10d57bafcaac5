package dev.jumbo.text.train;

import java.util.List;

/** Which pieces a tokenizer that is trained has. */
public enum TokenizerType {
    /** Byte-level byte-pair encoding (Radford et al. 2019): every text has tokens, none is unknown. */
    BPE,
    /** BERT's WordPiece: pieces within a word begin with {@code ##}. */
    WORDPIECE,
    /** SentencePiece's language model of pieces (Kudo 2018). */
    UNIGRAM,
    /** The characters of the texts. */
    CHARACTERS,
    /** The 256 bytes. */
    BYTES;

    /** Those that it has where none are named. */
    public List<String> specialTokens() {
        return switch (this) {
            case WORDPIECE -> List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
            case UNIGRAM -> List.of("<pad>", "</s>", "<unk>");
            case BPE, CHARACTERS, BYTES -> List.of("<|endoftext|>");
        };
    }
}
