/**
 * What leaves the build with a model in it: a self-contained archive, a container image, manifests for a cluster.
 *
 * <p>{@link dev.jumbo.ship.Bundle} lists the files: a launcher, the jars of one platform, the model. {@link dev.jumbo.ship.TarBundle} and {@link
 * dev.jumbo.ship.ImageBundle} write them; {@link dev.jumbo.ship.ServiceManifest} says to Kubernetes how the image is run. Nothing here knows
 * what a model is.
 */
@NullMarked
package dev.jumbo.ship;

import org.jspecify.annotations.NullMarked;
