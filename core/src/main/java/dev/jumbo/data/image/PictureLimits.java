package dev.jumbo.data.image;

import dev.jumbo.error.InputException;

/**
 * How much work a picture may be, told from its header before anything is decoded. Work is pixels times what each costs: a channel of 16
 * bits twice what one of 8 does, an interlaced PNG twice, and each further scan of a progressive JPEG a {@value #SCANS_A_DECODING}th of
 * decoding it (a scan may hold next to nothing, and still passes over all pixels).
 *
 * @param pixels most pixels of a usual picture: 8 bits, four channels at most, not interlaced
 * @param scans most scans of a JPEG; encoders write 10 or so
 */
public record PictureLimits(long pixels, int scans) {
    private static final int SCANS_A_DECODING = 32;
    private static final int MOST_SCANS = 100;
    private static final int USUAL_BITS = 32;

    /** Limits for pictures of so many pixels. */
    public static PictureLimits ofPixels(long pixels) {
        return new PictureLimits(pixels, MOST_SCANS);
    }

    /** @throws InputException if the file is no PNG or JPEG, is cut short, or is more work than that */
    public void require(byte[] file) {
        ImageHeader header = ImageHeader.of(file);
        String size = header.width() + " by " + header.height();
        long all = (long) header.width() * header.height();
        if (all > pixels) {
            throw new InputException("expected an image of at most " + pixels + " pixels, received one of " + size
                    + "; make it smaller");
        }
        if (header.scans() > scans) {
            throw new InputException("expected a JPEG of at most " + scans + " scans, received one of " + header.scans()
                    + "; write it as a baseline JPEG");
        }
        double each = Math.max(1, header.bits() / (double) USUAL_BITS)
                * (header.interlaced() ? 2 : 1)
                * (1 + Math.max(0, header.scans() - 1) / (double) SCANS_A_DECODING);
        if (all * each > pixels && header.scans() <= 1) {
            throw new InputException("expected an image of at most " + (long) (pixels / each) + " pixels with "
                    + header.bits() + " bits each" + (header.interlaced() ? ", interlaced" : "") + ", received one of "
                    + size + "; make it smaller, or write 8 bits a channel");
        }
        // A usual progressive picture of the most pixels passes: its scans are what the format is about.
        if (all * each > 2 * pixels) {
            throw new InputException("expected at most " + (int) (SCANS_A_DECODING * (2.0 * pixels / all - 1))
                    + " scans in a JPEG of " + size + ", received " + header.scans()
                    + "; make it smaller, or write it as a baseline JPEG");
        }
    }
}
