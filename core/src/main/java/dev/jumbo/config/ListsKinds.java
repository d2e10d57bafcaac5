package dev.jumbo.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a static method of an interface, without arguments: the list of records that files may name for it, where they lie in
 * several packages. Kinds that are registered with {@link Records#with} go before.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ListsKinds {}
