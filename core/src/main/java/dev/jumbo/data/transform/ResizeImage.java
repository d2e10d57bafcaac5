package dev.jumbo.data.transform;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.image.Images;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;

/**
 * The content of a PNG or JPEG file to a picture {@code [C, H, W]} with values 0 to 255, as the source {@code image_folder} reads its files.
 *
 * @param shape channels (1 or 3), height and width
 */
@Kind("resize")
@Doc("The content of a PNG or JPEG file to a picture of one size, with values 0 to 255.")
public record ResizeImage(
        @Doc("Channels (1 or 3), height and width.") Shape shape) implements UnaryTransform {
    /** @throws InputException if it is no shape of a picture */
    public ResizeImage {
        Images.requireShape(shape);
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
        return file -> Images.example((byte[]) file, shape);
    }
}
