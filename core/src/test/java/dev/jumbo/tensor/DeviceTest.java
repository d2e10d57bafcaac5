package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;

class DeviceTest {
    @Test
    void each_process_of_a_machine_has_a_device_of_its_own() {
        assertThat(Device.ofProcess(0, 4)).isEqualTo("cuda:0");
        assertThat(Device.ofProcess(3, 4)).isEqualTo("cuda:3");
    }

    @Test
    void a_process_that_sees_only_its_own_device_takes_that() {
        assertThat(Device.ofProcess(3, 1)).isEqualTo("cuda:0");
    }

    @Test
    void the_processor_is_the_same_for_all() {
        assertThat(Device.of("cpu", 3)).isEqualTo(Device.CPU);
        assertThatThrownBy(() -> Device.of("gpu", 1)).isInstanceOf(InputException.class);
    }
}
