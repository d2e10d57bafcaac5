package dev.jumbo.data.image;

import dev.jumbo.error.InputException;

/**
 * What a PNG or JPEG says of itself, read without decoding: a decoder would take memory for the pixels that a header
 * announces, and fill a truncated picture with grey without a word.
 *
 * @param format {@code png} or {@code jpeg}
 * @param width pixels
 * @param height pixels
 * @param bits of a pixel, all channels together
 * @param interlaced whether a PNG comes in seven passes
 * @param scans of a JPEG, 1 for a PNG
 */
record ImageHeader(String format, int width, int height, int bits, boolean interlaced, int scans) {
    private static final long PNG_MAGIC = 0x89504E470D0A1A0AL;
    private static final int IHDR = 0x49484452;
    private static final int IEND = 0x49454E44;
    private static final int START_OF_IMAGE = 0xD8;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int START_OF_SCAN = 0xDA;

    /** @throws InputException if it is neither format or is cut short */
    static ImageHeader of(byte[] file) {
        if (isPng(file)) {
            return png(file);
        }
        if (isJpeg(file)) {
            return jpeg(file);
        }
        throw new InputException("expected a PNG or JPEG image, received " + file.length + " bytes of something else");
    }

    /** Whether a file begins as one of both does. */
    static boolean isPicture(byte[] file) {
        return isPng(file) || isJpeg(file);
    }

    private static boolean isPng(byte[] file) {
        return file.length >= 8 && (int32(file, 0) << 32 | int32(file, 4)) == PNG_MAGIC;
    }

    private static boolean isJpeg(byte[] file) {
        return file.length >= 3 && marker(file, 0) == START_OF_IMAGE;
    }

    /** Walks the chunks (length, type, data, checksum) to the last. */
    private static ImageHeader png(byte[] file) {
        if (file.length < 33 || int32(file, 12) != IHDR) {
            throw cut("PNG");
        }
        long width = int32(file, 16);
        long height = int32(file, 20);
        long at = 8;
        while (at + 12 <= file.length) {
            long length = int32(file, (int) at);
            if (int32(file, (int) at + 4) == IEND) {
                int channels = switch (file[25]) {
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default -> 1;
                };
                return header("png", width, height, channels * (file[24] & 0xFF), file[28] != 0, 1);
            }
            at += 12 + length;
        }
        throw cut("PNG");
    }

    /** Walks the segments (marker, length, data); behind a start of scan looks for the next marker that is not data. */
    private static ImageHeader jpeg(byte[] file) {
        int width = 0;
        int height = 0;
        int bits = 0;
        int scans = 0;
        int at = 2;
        while (at + 1 < file.length) {
            int marker = marker(file, at);
            if (marker == END_OF_IMAGE) {
                return header("jpeg", width, height, bits, false, scans);
            }
            if (marker <= 0 || marker == 0xFF || marker >= 0xD0 && marker <= 0xD7) {
                at += marker > 0 && marker != 0xFF ? 2 : 1; // scan data, a fill byte, or a restart within the scan
                continue;
            }
            if (at + 4 > file.length) {
                break;
            }
            scans += marker == START_OF_SCAN ? 1 : 0;
            // SOF0 to SOF15 but for DHT, JPG and DAC, which have numbers between them.
            if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                if (at + 10 > file.length) {
                    break;
                }
                bits = (file[at + 4] & 0xFF) * (file[at + 9] & 0xFF);
                height = int16(file, at + 5);
                width = int16(file, at + 7);
            }
            at += 2 + Math.max(2, int16(file, at + 2));
        }
        throw cut("JPEG");
    }

    private static ImageHeader header(String format, long width, long height, int bits, boolean interlaced, int scans) {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new InputException("expected a " + format + " image of at least one pixel, received a header of "
                    + width + " by " + height);
        }
        return new ImageHeader(format, (int) width, (int) height, bits, interlaced, scans);
    }

    private static InputException cut(String format) {
        return new InputException("the " + format + " image is cut short: it ends before its end mark; copy it again");
    }

    /** The second byte of a marker, or -1 where none begins. */
    private static int marker(byte[] file, int at) {
        return (file[at] & 0xFF) == 0xFF ? file[at + 1] & 0xFF : -1;
    }

    private static int int16(byte[] file, int at) {
        return (file[at] & 0xFF) << 8 | file[at + 1] & 0xFF;
    }

    private static long int32(byte[] file, int at) {
        return (long) int16(file, at) << 16 | int16(file, at + 2);
    }
}
