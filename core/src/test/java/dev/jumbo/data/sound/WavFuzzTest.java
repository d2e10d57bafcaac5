package dev.jumbo.data.sound;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;

/** Sounds of a stranger. */
class WavFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(1 << 20, 64);

    @Fuzzed
    void samples(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> {
            Wav sound = Wav.read(bytes);
            sound.samples(Channels.FIRST);
            return sound.samples(Channels.MIX);
        });
    }
}
