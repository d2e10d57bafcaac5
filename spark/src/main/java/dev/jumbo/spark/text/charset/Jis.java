package dev.jumbo.spark.text.charset;

/** JIS X 0208 with the extensions of NEC and IBM. */
final class Jis {
    static final int[] X0208 = Tables.index("jis0208.txt");
    static final int SIZE = 94;

    private Jis() {}
}
