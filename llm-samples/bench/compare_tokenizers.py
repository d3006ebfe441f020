#!/usr/bin/env python3
"""Tokenizer throughput beside libllama's: same text, same documents, one thread, one after the other.

    compare_tokenizers.py MODULE TEXT VOCABULARY.gguf ...

MODULE is the directory of llamacpp.py, a ctypes binding of libllama (Model, lib). The JMH jar is llm-samples/bench's
(mvn package). Prints a Markdown table in MB/s; JAVA names the java to use.
"""
import ctypes, json, os, subprocess, sys, tempfile, time

DOCUMENT = 8192



def documents(text):
    """As TokenizerBenchmark cuts them: at most 8192 UTF-16 units, at a line end where there is one."""
    data = text.encode('utf-16-le'); at = 0
    while at < len(data):
        end = min(len(data), at + 2 * DOCUMENT); line = end
        while line > at and data[line - 2:line] != b'\n\0': line -= 2
        if line > at: end = line
        yield data[at:end].decode('utf-16-le', 'replace').encode(); at = end


def libllama(module, vocabulary, docs):
    sys.path.insert(0, module); import llamacpp
    model = llamacpp.Model(vocabulary, vocab_only=True); lib = llamacpp.lib(); handle = model.vocab.h
    room = 8 * DOCUMENT; out = (ctypes.c_int32 * room)(); best = None
    for _ in range(3):
        start = time.perf_counter()
        for d in docs: lib.llama_tokenize(handle, d, len(d), out, room, False, False)
        seconds = time.perf_counter() - start; best = seconds if best is None else min(best, seconds)
    model.close(); return best


def jmh(jar, vocabulary, text):
    with tempfile.NamedTemporaryFile(suffix='.json') as result:
        subprocess.run([os.environ.get('JAVA', 'java'), '-jar', jar, 'TokenizerBenchmark.encode', '-p', 'vocabulary=' + vocabulary,
                        '-p', 'text=' + text, '-rf', 'json', '-rff', result.name], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return json.load(open(result.name))[0]['primaryMetric']['score'] / 1000


def main(module, text, *vocabularies):
    jar = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'target', 'jllm-bench.jar')
    docs = list(documents(open(text, encoding='utf-8').read())); size = sum(map(len, docs)) / 1e6
    print('| vocabulary | jllm MB/s | libllama MB/s | ratio |\n| --- | --- | --- | --- |')
    for v in vocabularies:
        a, b = size / jmh(jar, v, text), size / libllama(module, v, docs)
        print(f'| {os.path.basename(v)[:-5]} | {a:.1f} | {b:.1f} | {a / b:.1f} |', flush=True)


if __name__ == '__main__':
    if len(sys.argv) < 4: sys.exit(__doc__)
    main(*sys.argv[1:])
