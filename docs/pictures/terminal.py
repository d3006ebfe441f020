#!/usr/bin/env python3
"""Draws docs/pictures/terminal.svg from real runs of the command line tool. Python 3 standard library only.

    mvn -q package -DskipTests && python3 docs/pictures/terminal.py
"""
import html, os, shlex, subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUNS = [
    ['generate', '-p', 'Once upon a time', '-n', '72', '--temp', '0'],
    ['generate', '--chat', '-p', 'What is 23 + 45?', '--temp', '0'],
    ['generate', '--chat', '-p', 'Tell me about Anna.', '--temp', '0', '--json-schema',
     '{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"]}'],
]
WIDTH, LINE, CHAR = 96, 19, 8.4


def wrap(text, width):
    for line in text.split('\n'):
        while len(line) > width:
            cut = line.rfind(' ', 1, width + 1)
            cut = cut if cut > 0 else width
            yield line[:cut]; line = line[cut:].lstrip()
        yield line


def main():
    rows = []                                       # (colour, text)
    for run in RUNS:
        p = subprocess.run([os.path.join(ROOT, 'llm-samples/cli/jllm'), *run], capture_output=True, text=True, env={**os.environ, 'NO_COLOR': '1'})
        if p.returncode: raise SystemExit(p.stderr)
        for i, line in enumerate(wrap('$ jllm ' + ' '.join(shlex.quote(a) for a in run), WIDTH - 4)): rows.append(('#7ee787', line if i == 0 else '    ' + line))
        thought = p.stderr.replace('WARNING: Using incubator modules: jdk.incubator.vector\n', '').strip()
        for line in wrap(thought, WIDTH) if thought else []: rows.append(('#8b949e', line))
        for line in wrap(p.stdout.rstrip(), WIDTH): rows.append(('#e6edf3', line))
        rows.append(('#e6edf3', ''))
    rows.pop()
    w, h = int(WIDTH * CHAR) + 40, LINE * len(rows) + 62
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="The command line tool at work">',
           f'<rect width="{w}" height="{h}" rx="10" fill="#0d1117"/>']
    out += [f'<circle cx="{22 + 20 * i}" cy="20" r="6" fill="{c}"/>' for i, c in enumerate(('#ff5f56', '#ffbd2e', '#27c93f'))]
    out.append('<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" xml:space="preserve">')
    for i, (colour, text) in enumerate(rows):
        if text: out.append(f'<text x="20" y="{54 + LINE * i}" fill="{colour}">{html.escape(text)}</text>')
    out += ['</g>', '</svg>']
    with open(os.path.join(ROOT, 'docs/pictures/terminal.svg'), 'w', encoding='utf-8') as f: f.write('\n'.join(out) + '\n')


if __name__ == '__main__': main()
