package dev.jumbo.serve.repository.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.fuzz.OneFile;
import java.util.List;

/** {@code models/NAME/config.yaml}. */
class ModelSettingsFuzzTest {
    private static final OneFile FILE = new OneFile("config.yaml");

    @Fuzzed
    void file(byte[] data) {
        FILE.write(data);
        ModelSettings read = AnyBytes.read(data, () -> ModelSettings.read(FILE.path()));
        if (read != null && read.versions() != null) {
            assertThat(List.of("1", "2", "3")).containsAll(read.versions().choose(List.of("1", "2", "3")));
        }
    }
}
