package dev.jllm.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes an argument of a {@link ToolMethod}, or a component of a record that is one. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.RECORD_COMPONENT})
public @interface ToolParam {
  /** What the argument means. */
  String value() default "";

  /**
   * Its name; by default the parameter's, which needs the compiler's option {@code -parameters}.
   */
  String name() default "";

  /** Whether a call must have it; what is absent is null, zero or false. */
  boolean required() default true;
}
