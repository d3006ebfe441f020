package dev.jllm.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a public method that a model may call, or a record whose components are a tool's arguments
 * and which is a {@link java.util.concurrent.Callable}. {@link Tool#annotated} makes tools of them.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ToolMethod {
  /** What it does and when to use it. */
  String value();

  /** The name the model calls it by; by default the method's, or the record's in lower case. */
  String name() default "";
}
