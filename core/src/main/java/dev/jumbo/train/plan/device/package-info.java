/**
 * Devices that are not here: {@link DeviceSpec} holds what a data sheet says, {@code devices.yaml} beside it the ones known
 * by name, with the sources of their figures.
 */
@NullMarked
package dev.jumbo.train.plan.device;

import org.jspecify.annotations.NullMarked;
