package dev.jumbo.serve.limits;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.Column;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.image.PictureLimits;
import dev.jumbo.error.InputException;
import java.util.List;

/** The most that one request may ask for. */
@Doc("The most that one request may ask for.")
public record Limits(
        @Doc(
                "Pixels of a picture, 16 bits a channel and interlaced ones counting more; a larger one gets 400. Several in one request have four times as many at most.")
        @Default("4000000")
        long maxPixels,

        @Doc("Rows of a request; more get 400.") @Default("16384")
        int maxRows) {
    private static final int PICTURES = 4;
    private static final PictureLimits SMALL = new PictureLimits(64 * 64, 1);

    public Limits {
        require(
                maxPixels >= 1 && maxPixels <= Images.PIXEL_LIMIT,
                "max_pixels",
                "1 to " + Images.PIXEL_LIMIT,
                maxPixels);
        require(maxRows >= 1, "max_rows", "1 or more", maxRows);
    }

    /** What is used where nothing is said. */
    public static Limits standard() {
        return new Limits(4_000_000, 16_384);
    }

    /** @throws InputException if there are more rows than one request may have */
    public void requireRows(long rows) {
        if (rows > maxRows) {
            throw new InputException(
                    "expected at most " + maxRows + " rows in a request, received " + rows + "; send several requests");
        }
    }

    /** Refuses a picture that takes too long to decode, by its header. Anything but a PNG or JPEG is let pass. */
    public void requirePicture(byte[] file) {
        if (Images.isPicture(file)) {
            PictureLimits.ofPixels(maxPixels).require(file);
        }
    }

    /**
     * As {@link #requirePicture}, of several in one request, together no more than {@value #PICTURES} of the most pixels.
     *
     * @param inputs files, or columns; what else is among them is let pass
     */
    public void requirePictures(List<?> inputs) {
        long pixels = 0;
        for (Object input : inputs) {
            if (input instanceof byte[] file) {
                pixels += pixels(file);
            } else if (input instanceof Column.Bytes column && !(column.field().meaning() instanceof Meaning.Text)) {
                for (byte[] file : column.values()) {
                    pixels += pixels(file);
                }
            }
        }
        if (pixels > PICTURES * maxPixels) {
            throw new InputException("expected pictures of at most " + PICTURES * maxPixels
                    + " pixels together, received " + pixels + "; send several requests");
        }
    }

    /**
     * Refuses sizes that a caller has chosen: of one row no more values beside its channels than a picture has pixels, of all {@value
     * #PICTURES} times that.
     *
     * @param input its name
     * @param free the product of the sizes of a row that are the caller's
     */
    public void requireSizes(String input, long free, long rows) {
        boolean one = free > maxPixels;
        if (one || free * rows > PICTURES * maxPixels) {
            throw new InputException("input \"" + input + "\": expected sizes whose product is at most "
                    + (one ? maxPixels + " in a row" : PICTURES * maxPixels + " in all rows together") + ", received "
                    + (one ? free : free * rows) + (one ? "; make it smaller" : "; send several requests"));
        }
    }

    private long pixels(byte[] file) {
        requirePicture(file);
        return Images.isPicture(file) ? Images.pixels(file) : 0;
    }

    /** Whether a picture is decoded within a millisecond or so, by its header. */
    public static boolean isSmallPicture(byte[] file) {
        try {
            SMALL.require(file);
            return true;
        } catch (InputException e) {
            return false; // who decodes it says why it is none
        }
    }

    private static void require(boolean right, String key, String expected, Object received) {
        if (!right) {
            throw new InputException("serve.limits." + key + ": expected " + expected + ", received " + received);
        }
    }
}
