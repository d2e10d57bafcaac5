/** What a table is, before anything is learned from it: types, gaps, ranges, and columns that harm or give the target away. */
@NullMarked
package dev.jumbo.data.profile;

import org.jspecify.annotations.NullMarked;
