/**
 * A safe subset of Jinja: what chat templates use, as Python's jinja2 renders it with the settings of transformers ({@code trim_blocks}, {@code
 * lstrip_blocks}, {@code loopcontrols}, {@code generation} blocks). A template sees the values that it is given and nothing of this program; its
 * loops, its output and its recursion are bounded.
 */
@NullMarked
package dev.jumbo.text.jinja;

import org.jspecify.annotations.NullMarked;
