package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors live: {@code cpu}, or {@code cuda:0} where the GPU build of the natives is on the class path and a
 * driver is present. CUDA is never assumed.
 *
 * @param type the kind of device
 * @param index which one of its kind, from 0
 */
public record Device(Type type, int index) {
    /** Kinds of devices. */
    public enum Type {
        CPU,
        CUDA
    }

    public static final Device CPU = new Device(Type.CPU, 0);

    /** @throws InputException unless the text is {@code cpu}, {@code cuda} or {@code cuda:N} with device N present */
    public static Device of(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        if (!text.matches("cuda(:\\d{1,3})?")) {
            throw new InputException("expected a device \"cpu\", \"cuda\" or \"cuda:N\", received \"" + text + "\"");
        }
        int index = text.contains(":") ? Integer.parseInt(text.substring(5)) : 0;
        if (index >= cudaDevices()) {
            throw new InputException("the device " + text + " is not there: " + cudaDevices()
                    + " CUDA devices found; build with -Pgpu beside an installed CUDA 13, or use \"cpu\"");
        }
        return new Device(Type.CUDA, index);
    }

    /**
     * As {@link #of(String)}, for one of several processes of a machine: {@code cuda} alone is the device of its own, that of the
     * same number. Where fewer are visible, as when the launcher shows each process only its own, they are counted round.
     *
     * @param process its number among those of the machine, from 0
     */
    public static Device of(String text, int process) {
        return of(text.equals("cuda") ? ofProcess(process, cudaDevices()) : text);
    }

    static String ofProcess(int process, int devices) {
        return "cuda:" + process % Math.max(1, devices);
    }

    /** Number of CUDA devices that this build can use: 0 for the CPU build. */
    public static int cudaDevices() {
        Native.start();
        return torch.hasCUDA() ? torch.cuda_device_count() : 0;
    }

    org.bytedeco.pytorch.Device torch() {
        return new org.bytedeco.pytorch.Device(toString());
    }

    @Override
    public String toString() {
        return type == Type.CPU ? "cpu" : type.name().toLowerCase(Locale.ROOT) + ":" + index;
    }
}
