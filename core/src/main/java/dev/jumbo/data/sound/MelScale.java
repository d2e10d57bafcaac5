package dev.jumbo.data.sound;

/** How high a tone seems, in mel. */
public enum MelScale {
    /** {@code 2595 log10(1 + f / 700)} (O'Shaughnessy, 1987; HTK). */
    HTK {
        @Override
        double mel(double hertz) {
            return 2595 * Math.log10(1 + hertz / 700);
        }

        @Override
        double hertz(double mel) {
            return 700 * (Math.pow(10, mel / 2595) - 1);
        }
    },
    /** Linear up to 1000 Hz, 200/3 Hz a mel; then 27 mel for a factor of 6.4 (Slaney, 1998, Auditory Toolbox). */
    SLANEY {
        @Override
        double mel(double hertz) {
            return hertz < KNEE ? hertz / STEP : KNEE / STEP + Math.log(hertz / KNEE) / LOG_STEP;
        }

        @Override
        double hertz(double mel) {
            return mel < KNEE / STEP ? mel * STEP : KNEE * Math.exp((mel - KNEE / STEP) * LOG_STEP);
        }
    };

    private static final double KNEE = 1000;
    private static final double STEP = 200.0 / 3;
    private static final double LOG_STEP = Math.log(6.4) / 27;

    abstract double mel(double hertz);

    abstract double hertz(double mel);
}
