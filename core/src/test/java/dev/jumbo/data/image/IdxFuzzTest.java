package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;

/** Files of MNIST, of a stranger: what a header announces takes no more memory than gzip could have packed. */
class IdxFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(1 << 20, 2 << 10);

    @Fuzzed
    void images(byte[] bytes) {
        UNTRUSTED
                .parseFile(bytes, "images-idx3-ubyte", file -> IdxFile.read(file, 3))
                .ifPresent(read ->
                        assertThat(read.values()).hasSize((int) read.shape().elements()));
    }

    @Fuzzed
    void labels(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "labels-idx1-ubyte", file -> IdxFile.read(file, 1));
    }
}
