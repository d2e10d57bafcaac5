package dev.jumbo.serve.repository.load;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.fuzz.FakeModels;

/** {@code golden.json} of a version. */
class GoldenFileFuzzTest {
    @Fuzzed
    void file(byte[] data) {
        GoldenFile read = AnyBytes.read(data, () -> GoldenFile.of(data));
        if (read != null) {
            AnyBytes.read(data, () -> {
                try {
                    return read.requireAgreement(FakeModels.ALL.get(0));
                } catch (FailureException e) {
                    throw new InputException(String.valueOf(e.getMessage()), e); // it does not agree
                }
            });
        }
    }
}
