/** The arithmetic by means of the Vector API, for whatever width the machine prefers. */
package dev.jllm.core.kernel.vector;
