/** The main text of web pages, without menus, advertisements and footers. */
@NullMarked
package dev.jumbo.spark.text.extract;

import org.jspecify.annotations.NullMarked;
