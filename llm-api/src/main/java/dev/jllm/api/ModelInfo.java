package dev.jllm.api;

/**
 * What a file says of its model.
 *
 * @param name the model's name, or the file's
 * @param architecture the GGUF architecture, such as {@code llama}
 * @param parameters number of weights
 * @param fileBytes bytes of the file (of all shards)
 * @param quantization the format most weights have, such as {@code Q4_0}
 * @param layers number of layers
 * @param embeddingLength width of the hidden state
 * @param vocabularySize number of tokens
 * @param trainedContextLength the context the model was trained for, in tokens
 * @param contextLength the context this model was loaded with, in tokens
 */
public record ModelInfo(
    String name,
    String architecture,
    long parameters,
    long fileBytes,
    String quantization,
    int layers,
    int embeddingLength,
    int vocabularySize,
    int trainedContextLength,
    int contextLength) {}
