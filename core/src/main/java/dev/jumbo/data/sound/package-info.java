/**
 * Sound: files of samples ({@link dev.jumbo.data.sound.Wav}), another rate ({@link dev.jumbo.data.sound.Resampling}), and the way to what a network hears:
 * {@link dev.jumbo.data.sound.ShortTimeFourier}, {@link dev.jumbo.data.sound.MelFilters}, {@link dev.jumbo.data.sound.Cepstrum}.
 */
@NullMarked
package dev.jumbo.data.sound;

import org.jspecify.annotations.NullMarked;
