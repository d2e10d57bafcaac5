package dev.jumbo.text.train;

import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusFiles;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordReader;
import dev.jumbo.text.split.BertWords;
import dev.jumbo.text.split.MarkedWords;
import dev.jumbo.text.split.WordRules;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * Makes a tokenizer from texts, the same one whatever the order of the texts and the number of threads.
 *
 * <pre>{@code
 * TokenizerTrainer.bpe(8000).trainFiles(List.of(Path.of("corpus"))).save(Path.of("tokenizer"));
 * }</pre>
 *
 * <p>Byte-pair merges are those of Hugging Face's {@code BpeTrainer} with the same settings, of {@code train(files)} for files (a line with its end is a text)
 * and of {@code train_from_iterator} for texts.
 *
 * @param type which pieces
 * @param vocabularySize the most tokens, special ones included; for characters and bytes it is what it is, and this one does not count
 * @param minFrequency a pair, or a character of a vocabulary of characters, that occurs less often gives no token; 0 for all
 * @param specialTokens tokens that no training gives, in the order of their ids; they come first, behind characters and bytes last
 * @param endOfDocument the one of them that ends a document
 * @param words what bytes are divided by (BPE)
 * @param lowercase whether capitals and accents go (WordPiece)
 * @param limitAlphabet of the characters that occur, so many of the commonest have tokens (WordPiece); 0 for all
 * @param maxTokenLength a token that merging gives is shorter than that, in letters (BPE: bytes); 0 for no limit. As {@code max_token_length} of the trainer that it follows
 */
public record TokenizerTrainer(
        TokenizerType type,
        int vocabularySize,
        long minFrequency,
        List<String> specialTokens,
        String endOfDocument,
        WordRules words,
        boolean lowercase,
        int limitAlphabet,
        int maxTokenLength) {
    private static final int BERT_ALPHABET = 1000;
    private static final String TEXT = "text";

    public TokenizerTrainer {
        specialTokens = List.copyOf(specialTokens);
        if (vocabularySize < 1 || minFrequency < 0 || limitAlphabet < 0 || maxTokenLength < 0) {
            throw new InputException("expected a vocabulary of at least 1 token and no negative numbers, received "
                    + vocabularySize + ", a least frequency of " + minFrequency + ", an alphabet of " + limitAlphabet
                    + ", tokens of at most " + maxTokenLength);
        }
        if (specialTokens.contains("") || new HashSet<>(specialTokens).size() < specialTokens.size()) {
            throw new InputException(
                    "expected special tokens that differ and are not empty, received " + specialTokens);
        }
        if (!specialTokens.contains(endOfDocument)) {
            throw new InputException("expected the token that ends a document among the special tokens " + specialTokens
                    + ", received \"" + endOfDocument + "\"");
        }
        String unknown = TokenizerJson.unknown(type);
        if (!unknown.isEmpty() && !specialTokens.contains(unknown)) {
            throw new InputException("expected \"" + unknown + "\" among the special tokens, received " + specialTokens
                    + ": it stands for what has no piece");
        }
    }

    /** A type with its defaults: its own special tokens, GPT-2's words, small letters. */
    public static TokenizerTrainer of(TokenizerType type, int vocabularySize) {
        List<String> special = type.specialTokens();
        return new TokenizerTrainer(
                type,
                vocabularySize,
                0,
                special,
                end(special),
                WordRules.GPT2,
                true,
                type == TokenizerType.WORDPIECE ? BERT_ALPHABET : 0,
                0);
    }

    /** Byte-level byte-pair encoding. */
    public static TokenizerTrainer bpe(int vocabularySize) {
        return of(TokenizerType.BPE, vocabularySize);
    }

    /** The token among special ones that ends a document by its name; the first where none does. */
    public static String end(List<String> specialTokens) {
        for (String known : List.of("<|endoftext|>", "</s>", "[SEP]", "<eos>", "<|end_of_text|>")) {
            if (specialTokens.contains(known)) {
                return known;
            }
        }
        return specialTokens.isEmpty() ? "" : specialTokens.get(0);
    }

    /** With other special tokens; {@link #end} says which one ends a document. */
    public TokenizerTrainer specialTokens(List<String> tokens) {
        return new TokenizerTrainer(
                type,
                vocabularySize,
                minFrequency,
                tokens,
                end(tokens),
                words,
                lowercase,
                limitAlphabet,
                maxTokenLength);
    }

    /** With other rules for words. */
    public TokenizerTrainer words(WordRules rules) {
        return new TokenizerTrainer(
                type,
                vocabularySize,
                minFrequency,
                specialTokens,
                endOfDocument,
                rules,
                lowercase,
                limitAlphabet,
                maxTokenLength);
    }

    /** With another least frequency. */
    public TokenizerTrainer minFrequency(long least) {
        return new TokenizerTrainer(
                type,
                vocabularySize,
                least,
                specialTokens,
                endOfDocument,
                words,
                lowercase,
                limitAlphabet,
                maxTokenLength);
    }

    /**
     * Adds the words of a text to counts: on many machines each counts its own, and {@link WordCounts#addAll} adds them up.
     */
    public void count(String text, WordCounts into) {
        switch (type) {
            case BPE -> words.splitter().split(text.toCharArray(), 0, text.length(), into);
            case WORDPIECE -> {
                BertWords bert = new BertWords(lowercase);
                char[] normal = bert.normalize(text).toCharArray();
                bert.split(normal, 0, normal.length, into);
            }
            case UNIGRAM -> {
                MarkedWords marked = new MarkedWords();
                char[] normal = marked.normalize(text).toCharArray();
                marked.split(normal, 0, normal.length, into);
            }
            case CHARACTERS -> {
                char[] all = text.toCharArray();
                for (int at = 0; at < all.length; ) {
                    int end = at + Character.charCount(Character.codePointAt(all, at));
                    into.piece(all, at, end);
                    at = end;
                }
            }
            case BYTES -> {
                // All are there.
            }
        }
    }

    /** As {@link #trainFiles(List, String)}, of the column {@code text}. */
    public TrainedTokenizer trainFiles(List<Path> paths) {
        return trainFiles(paths, TEXT);
    }

    /**
     * Trains from files; a folder names all that it holds, and the output of {@code jumbo prepare} its documents. Of text in UTF-8, {@code .gz} or not, a line
     * with its end is a text; of Parquet ({@code .parquet}) and JSON ({@code .jsonl}, {@code .ndjson}, {@code .json}) what a column has, as {@code
     * train_from_iterator} would be given it.
     *
     * @param column of Parquet and JSON files that has the text
     * @throws InputException if a file is missing, is damaged, is not UTF-8 (file and line) or has no such column, or the vocabulary is too small for what must
     *     be in it
     */
    public TrainedTokenizer trainFiles(List<Path> paths, String column) {
        WordCounts counts = new WordCounts();
        if (type != TokenizerType.BYTES) {
            for (Path file : TextFiles.of(paths)) {
                if (CorpusFiles.Format.of(file) == CorpusFiles.Format.TEXT) {
                    TextFiles.lines(file, line -> count(line, counts));
                } else {
                    countRecords(file, column, counts);
                }
            }
        }
        return train(counts);
    }

    private void countRecords(Path file, String column, WordCounts counts) {
        try (RecordReader records = new RecordReader(List.of(file))) {
            for (CorpusRecord record = records.next(); record != null; record = records.next()) {
                if (record.get(column) == null) {
                    throw record.wrong(
                            "a text in \"" + column + "\"",
                            (record.node().has(column) ? "null" : "the keys " + record.keys())
                                    + "; name the column that has the text");
                }
                count(record.text(column), counts);
            }
        }
    }

    /** Trains from texts; no word goes from one to the next. */
    public TrainedTokenizer train(Iterable<String> texts) {
        WordCounts counts = new WordCounts();
        texts.forEach(text -> count(text, counts));
        return train(counts);
    }

    /** Trains from what {@link #count} counted. */
    public TrainedTokenizer train(WordCounts counts) {
        if (counts.size() == 0 && type != TokenizerType.BYTES) {
            throw new InputException("expected text to train a tokenizer from, received none");
        }
        Vocabulary vocabulary = switch (type) {
            case BPE -> PairVocabulary.ofBytes(this, counts);
            case WORDPIECE -> PairVocabulary.ofLetters(this, counts);
            case UNIGRAM -> UnigramLearner.learn(this, counts);
            case CHARACTERS -> Vocabulary.ofCharacters(this, counts);
            case BYTES -> Vocabulary.ofBytes(this);
        };
        return new TrainedTokenizer(this, vocabulary);
    }
}
