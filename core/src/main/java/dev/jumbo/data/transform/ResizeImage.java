package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.data.image.Images;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;

/**
 * The content of a PNG or JPEG file to a picture {@code [C, H, W]} with values 0 to 255, as the source {@code image_folder} reads its files.
 * Boxes of the example follow.
 *
 * @param shape channels (1 or 3), height and width
 * @param fit what is done about other proportions
 * @param fill the value around a picture that is padded, 0 to 255
 */
@Kind("resize")
@Doc("The content of a PNG or JPEG file to a picture of one size, with values 0 to 255. Boxes of the example follow.")
public record ResizeImage(
        @Doc("Channels (1 or 3), height and width.") Shape shape,

        @Doc("Of other proportions: stretch, pad (all of it, in the middle), or crop (the middle).") @Default("stretch")
        Fit fit,

        @Doc("The value around a picture that is padded, 0 to 255.") @Default("0")
        int fill)
        implements UnaryTransform {
    /** What is done with a picture of other proportions. */
    public enum Fit {
        /** Width and height are scaled each on its own. */
        STRETCH,
        /** Scaled until it fits in, the rest filled on both sides. */
        PAD,
        /** Scaled until it covers all, what reaches over on both sides cut off. */
        CROP
    }

    /** @throws InputException if it is no shape of a picture, or a fill no value of one */
    public ResizeImage {
        Images.requireShape(shape);
        if (fill < 0 || fill > 255) {
            throw new InputException("resize.fill: expected a value from 0 to 255, received " + fill);
        }
    }

    /** Width and height are scaled each on its own. */
    public ResizeImage(Shape shape) {
        this(shape, Fit.STRETCH, 0);
    }

    @Override
    public Field raw(String name) {
        return Field.bytes(name, new Meaning.Image());
    }

    @Override
    public Field output(Field raw) {
        if (!raw.isBytes() || raw.meaning() instanceof Meaning.Text) {
            throw new InputException("resize: expected a field with the bytes of image files, received " + raw);
        }
        return new Field(raw.name(), Spec.of(shape, DType.FLOAT32), new Meaning.Image());
    }

    @Override
    public Applied open(Field raw) {
        return new Applied() {
            @Override
            public Object apply(Object file) {
                return picture((byte[]) file);
            }

            @Override
            public PictureMap placed(Object file) {
                return place((byte[]) file).map(shape);
            }
        };
    }

    /** Where a picture comes to stand. @param width to which it is scaled @param right where its left edge is */
    private record Place(int fromWidth, int fromHeight, int width, int height, int right, int down) {
        PictureMap map(Shape onto) {
            return PictureMap.resized(fromWidth, fromHeight, width, height)
                    .then(PictureMap.moved(width, height, right, down, onto.size(2), onto.size(1)));
        }
    }

    private Place place(byte[] file) {
        int[] size = Images.size(file);
        int height = (int) shape.size(1);
        int width = (int) shape.size(2);
        if (fit == Fit.STRETCH) {
            return new Place(size[0], size[1], width, height, 0, 0);
        }
        double across = (double) width / size[0];
        double down = (double) height / size[1];
        double scale = fit == Fit.PAD ? Math.min(across, down) : Math.max(across, down);
        int toWidth = scale == across ? width : (int) Math.max(1, Math.round(size[0] * scale));
        int toHeight = scale == down ? height : (int) Math.max(1, Math.round(size[1] * scale));
        return new Place(size[0], size[1], toWidth, toHeight, middle(width - toWidth), middle(height - toHeight));
    }

    /** Half of what is left on both sides, or of what reaches over, rounded as torchvision's {@code center_crop} does. */
    private static int middle(int left) {
        return left >= 0 ? left / 2 : (int) Math.rint(left / 2.0);
    }

    private float[] picture(byte[] file) {
        if (fit == Fit.STRETCH) {
            return Images.example(file, shape);
        }
        Place place = place(file);
        int channels = (int) shape.size(0);
        if ((long) place.width() * place.height() > Images.PIXEL_LIMIT) {
            throw new InputException("resize: expected proportions nearer to those of " + shape
                    + ", received a picture of " + place.fromWidth() + " by " + place.fromHeight());
        }
        float[] scaled = Images.example(file, Shape.of(channels, place.height(), place.width()));
        int height = (int) shape.size(1);
        int width = (int) shape.size(2);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            int x = i % width - place.right();
            int y = i / width % height - place.down();
            int c = i / (width * height);
            boolean inside = x >= 0 && x < place.width() && y >= 0 && y < place.height();
            values[i] = inside ? scaled[(c * place.height() + y) * place.width() + x] : fill;
        }
        return values;
    }
}
