package dev.jumbo.data.sound;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The content of a WAV file (RIFF, Microsoft and IBM, 1991; WAVE_FORMAT_EXTENSIBLE, 2001): whole numbers of 8, 16, 24 or 32 bits, or floats of 32 or 64
 * bits, of any number of channels. Samples are from -1 to 1, as {@code torchaudio.load} and {@code soundfile.read} give them; floats stay as they are.
 *
 * <p>What the header says is compared with what is there before memory is taken, which is at most eight bytes for each of the file's.
 */
public final class Wav {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int EXTENSIBLE = 0xfffe;
    private static final int MOST_CHANNELS = 256;
    private static final int FORMAT_BYTES = 16;
    private static final int EXTENSIBLE_BYTES = 26;
    private static final int HEAD = 12;
    private static final int CHUNK_HEAD = 8;

    private final ByteBuffer bytes;
    private final int tag;
    private final int channels;
    private final int sampleRate;
    private final int width;
    private final int from;
    private final int length;

    private Wav(ByteBuffer bytes, int format, int dataAt, int dataBytes) {
        this.bytes = bytes;
        int said = Short.toUnsignedInt(bytes.getShort(format));
        tag = said == EXTENSIBLE ? Short.toUnsignedInt(bytes.getShort(format + EXTENSIBLE_BYTES - 2)) : said;
        channels = Short.toUnsignedInt(bytes.getShort(format + 2));
        sampleRate = bytes.getInt(format + 4);
        int block = Short.toUnsignedInt(bytes.getShort(format + 12));
        int bits = Short.toUnsignedInt(bytes.getShort(format + 14));
        boolean whole = tag == PCM && (bits == 8 || bits == 16 || bits == 24 || bits == 32);
        if (!whole && !(tag == FLOAT && (bits == 32 || bits == 64))) {
            throw new InputException("expected a WAV file of 8, 16, 24 or 32 bits (PCM), or of floats, received format "
                    + tag + " of " + bits + " bits; ffmpeg -i IN -c:a pcm_s16le OUT.wav makes one");
        }
        width = bits / Byte.SIZE;
        if (channels < 1 || channels > MOST_CHANNELS || sampleRate < 1 || block != channels * width) {
            throw damaged(
                    "a header of 1 to " + MOST_CHANNELS + " channels, a rate of 1 or more and " + width
                            + " bytes for each channel's sample",
                    channels + " channels, a rate of " + sampleRate + " and " + block
                            + " bytes for a sample of all channels");
        }
        if (dataBytes == 0 || dataBytes % block != 0) {
            throw damaged("one or more samples of " + block + " bytes", dataBytes + " bytes of sound");
        }
        from = dataAt;
        length = dataBytes / block;
    }

    /** Whether the content begins as such a file's; what follows may still be damaged. */
    public static boolean isWav(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        return file.length >= HEAD
                && name(bytes, 0).equals("RIFF")
                && name(bytes, CHUNK_HEAD).equals("WAVE");
    }

    /** Reads the header. @throws InputException if it is no such file, is cut off, or says what is not so */
    public static Wav read(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (!isWav(file)) {
            throw new InputException("expected a WAV file, received " + shown(file)
                    + "; ffmpeg -i IN -c:a pcm_s16le OUT.wav makes one of other sound files");
        }
        int format = -1;
        Wav found = null;
        long at = HEAD;
        while (at + CHUNK_HEAD <= file.length) {
            String name = name(bytes, (int) at);
            long size = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
            long content = at + CHUNK_HEAD;
            if (size > file.length - content && found != null) {
                break; // What stands behind the sound, such as a title, need not be whole.
            }
            if (size > file.length - content) {
                throw damaged(
                        "a part \"" + printable(name) + "\" of " + size + " bytes, as its header says",
                        (file.length - content)
                                + " bytes (cut off, or written by a program that did not know the length beforehand)");
            }
            if (name.equals("fmt ")) {
                boolean extensible = size >= 2 && Short.toUnsignedInt(bytes.getShort((int) content)) == EXTENSIBLE;
                long least = extensible ? EXTENSIBLE_BYTES : FORMAT_BYTES;
                if (size < least) {
                    throw damaged("a part \"fmt \" of " + least + " bytes or more", size + " bytes");
                }
                format = (int) content;
            } else if (name.equals("data")) {
                if (format < 0) {
                    throw damaged("a part \"fmt \" before the sound", "none");
                }
                if (found != null) {
                    throw damaged("one part \"data\" with the sound", "several");
                }
                found = new Wav(bytes, format, (int) content, (int) size);
            }
            at = content + size + (size & 1);
        }
        if (found == null) {
            throw damaged("a part \"data\" with the sound", "none");
        }
        return found;
    }

    private static InputException damaged(String expected, String received) {
        return new InputException(
                "expected in the WAV file " + expected + ", received " + received + "; the file is damaged");
    }

    private static String name(ByteBuffer bytes, int at) {
        byte[] name = new byte[4];
        bytes.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static String shown(byte[] file) {
        if (file.length == 0) {
            return "an empty one";
        }
        String start = new String(file, 0, Math.min(4, file.length), StandardCharsets.ISO_8859_1);
        return file.length + " bytes that begin with \"" + printable(start) + "\"";
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** Samples a second. */
    public int sampleRate() {
        return sampleRate;
    }

    public int channels() {
        return channels;
    }

    /** Samples of each channel, 1 or more. */
    public int length() {
        return length;
    }

    /** One channel, or the mean of all. @throws InputException if there are several and it is not said which counts, or a sample is no number */
    public double[] samples(Channels which) {
        if (channels > 1 && which == Channels.MONO) {
            throw new InputException("expected sound of one channel, received " + channels
                    + "; channels: mix takes their mean, channels: first the first one");
        }
        int taken = which == Channels.MIX ? channels : 1;
        double[] samples = new double[length];
        for (int i = 0; i < length; i++) {
            double sum = 0;
            for (int c = 0; c < taken; c++) {
                sum += sample(from + (i * channels + c) * width);
            }
            samples[i] = sum / taken;
            if (!Double.isFinite(samples[i])) {
                throw new InputException(
                        "expected numbers in the WAV file, received " + samples[i] + " at sample " + i);
            }
        }
        return samples;
    }

    private double sample(int at) {
        if (tag == FLOAT) {
            return width == Float.BYTES ? bytes.getFloat(at) : bytes.getDouble(at);
        }
        return switch (width) {
            case 1 -> (Byte.toUnsignedInt(bytes.get(at)) - 128) / 128.0;
            case 2 -> bytes.getShort(at) / 0x1p15;
            case 3 ->
                (Byte.toUnsignedInt(bytes.get(at))
                                | Byte.toUnsignedInt(bytes.get(at + 1)) << 8
                                | bytes.get(at + 2) << 16)
                        / 0x1p23;
            default -> bytes.getInt(at) / 0x1p31;
        };
    }
}
