package dev.jumbo.text;

/** An encoder of our own; all else that a tokenizer does is the library's. */
abstract class OwnEncoder implements Tokenizer {
    final NativeTokenizer library;

    OwnEncoder(NativeTokenizer library) {
        this.library = library;
    }

    @Override
    public Encoding tokens(String text) {
        return library.tokens(text);
    }

    @Override
    public String decode(int[] tokens) {
        return library.decode(tokens);
    }

    @Override
    public Marks marks() {
        return library.marks();
    }

    @Override
    public String token(int id) {
        return library.token(id);
    }

    @Override
    public int id(String token) {
        return library.id(token);
    }

    @Override
    public boolean isSpecial(int id) {
        return library.isSpecial(id);
    }

    @Override
    public int vocabularySize() {
        return library.vocabularySize();
    }

    @Override
    public int endOfDocument() {
        return library.endOfDocument();
    }

    @Override
    public void close() {
        library.close();
    }
}
