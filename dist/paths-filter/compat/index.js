// Runs paths-filter and sets, beside its own outputs, one output per filter: <filter>, <filter>_count, <filter>_files.
'use strict';
const { spawnSync } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const env = { ...process.env };
// The runner names inputs of JavaScript actions with dashes; the binary reads them with underscores.
for (const name of Object.keys(env).filter((name) => name.startsWith('INPUT_') && name.includes('-'))) {
  env[name.replaceAll('-', '_')] = env[name];
  delete env[name];
}
const folder = fs.mkdtempSync(path.join(env.RUNNER_TEMP || require('node:os').tmpdir(), 'paths-filter-'));
env.GITHUB_OUTPUT = path.join(folder, 'output');
fs.writeFileSync(env.GITHUB_OUTPUT, '');
const run = spawnSync('sh', [path.join(__dirname, '..', 'run')], { env, stdio: 'inherit' });

// Only what the binary itself writes is read here: NAME<<END, the value, END; or NAME=VALUE.
const outputs = new Map();
const lines = fs.readFileSync(env.GITHUB_OUTPUT, 'utf8').split('\n');
for (let at = 0; at < lines.length; at++) {
  const [, name, sign, rest] = /^(.*?)(<<|=)(.*)$/.exec(lines[at]) ?? [];
  if (sign === '=') outputs.set(name, rest);
  if (sign !== '<<') continue;
  const end = lines.indexOf(rest, at + 1);
  if (end < 0) throw new Error(`the output ${name} has no end`);
  outputs.set(name, lines.slice(at + 1, end).join('\n'));
  at = end;
}
const result = outputs.get('result-file') ? fs.readFileSync(outputs.get('result-file'), 'utf8') : outputs.get('result');
for (const [name, value] of Object.entries(JSON.parse(result || '{}'))) {
  outputs.set(name, typeof value === 'string' ? value : JSON.stringify(value));
}

let text = '';
for (const [name, value] of outputs) {
  const end = randomUUID();
  if (/[\r\n=]|<</.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of an output`);
  text += `${name}<<${end}\n${value}\n${end}\n`;
}
fs.appendFileSync(process.env.GITHUB_OUTPUT, text);
process.exitCode = run.status ?? 3;
