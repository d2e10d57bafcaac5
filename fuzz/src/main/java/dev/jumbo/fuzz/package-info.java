/**
 * Tests that hand a parser the bytes of a stranger.
 *
 * <pre>{@code
 * class WavFuzzTest {
 *     private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);
 *
 *     @Fuzzed
 *     void read(byte[] bytes) {
 *         UNTRUSTED.parse(bytes, () -> Wav.read(bytes).samples(Channels.FIRST));
 *     }
 * }
 * }</pre>
 *
 * <p>In the suite a {@link dev.jumbo.fuzz.Fuzzed} method is a plain JUnit test, once for each file of its corpus. {@code fuzz/run
 * WavFuzzTest 1000000} hands it to Jazzer ({@link dev.jumbo.fuzz.JazzerTarget}), which looks for new inputs by coverage.
 */
@NullMarked
package dev.jumbo.fuzz;

import org.jspecify.annotations.NullMarked;
