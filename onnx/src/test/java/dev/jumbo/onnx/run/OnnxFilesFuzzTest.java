package dev.jumbo.onnx.run;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;

/** Models of ONNX of a stranger, before a runtime is given them. */
class OnnxFilesFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    @Fuzzed
    void scan(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "model.onnx", FileScan::of);
    }

    @Fuzzed
    void labels(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "labels.txt", Labels::beside);
    }
}
